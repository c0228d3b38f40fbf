"""Each room's importer: records are found, written by the room's own actions, shown old → new, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from equipment import starter as kinds
from equipment.actions.gifts import LineData, create_gift
from equipment.actions.items import NewItem, record_event, register_item
from equipment.choices import ItemEventKind
from equipment.models import Gift, Item, ItemKind, UnitEquipment
from imports.choices import ImportState
from imports.models import Import
from imports.registry import Importer, importers
from jobs.actions import execute
from programmes import starter
from programmes.models import Figure
from sponsors.actions import add_sponsor
from sponsors.models import Sponsor
from tests.imports.books import book
from tests.imports.conftest import World, fields, problems
from trainings.models import TrainingClass
from units.choices import UnitKind

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def catalogues(cast: Any) -> None:
    starter.load_registered()
    kinds.load()


def figures(unit: Any) -> dict[str, int]:
    return {
        code: int(value) for code, value in Figure.objects.filter(unit_id=unit.pk).values_list("measure__code", "value")
    }


def test_headings_of_a_form_are_unlike_each_other() -> None:
    for importer in importers():
        keys = [key for column in importer.columns for key in column.keys()]  # noqa: SIM118 - a method
        assert len(keys) == len(set(keys)), importer.kind


# --- sponsors ---

SPONSOR = ["Tên nhà tài trợ", "Mã số thuế", "Điện thoại", "Địa chỉ"]


def sponsors(world: World, *rows: list[Any], headings: list[str] = SPONSOR) -> Import:
    return world.send(book([headings, *rows]), kind="nha-tai-tro", by=world.cast.officer)


def test_sponsors_are_added_found_by_tax_code_or_name_and_taken_back(world: World) -> None:
    first = sponsors(
        world, ["Công ty VCI", "0101234567", "02438 123 456", "Hà Nội"], ["Quỹ Vì trẻ em", None, None, None]
    )
    assert (first.new, problems(first)) == (2, [])
    world.confirm(first)
    assert sorted(Sponsor.objects.values_list("name", "kept_by")) == [
        ("Công ty VCI", world.cast.thai_nguyen.pk),
        ("Quỹ Vì trẻ em", world.cast.thai_nguyen.pk),
    ]
    second = sponsors(
        world, ["Công ty cổ phần VCI", "0101-234-567", None, None], ["quỹ vì TRẺ EM", "0109999999", None, None]
    )
    assert (second.new, second.changed) == (0, 2)
    world.confirm(second)
    assert set(Sponsor.objects.values_list("name", "tax_code")) == {
        ("Công ty cổ phần VCI", "0101-234-567"),
        ("quỹ vì TRẺ EM", "0109999999"),
    }
    world.undo(second)
    assert world.undo(first).state == ImportState.UNDONE
    assert Sponsor.objects.count() == 0


def test_a_sponsor_that_gave_something_meanwhile_is_not_taken_back(world: World) -> None:
    upload = world.confirm(sponsors(world, ["Công ty VCI", "0101234567", None, None]))
    pledge(world, Sponsor.objects.get())
    kept = world.undo(upload)
    assert (kept.state, "giữ nguyên" in kept.message) == (ImportState.CONFIRMED, True)
    assert Sponsor.objects.count() == 1


def test_bad_sponsors_are_named_at_their_cells(world: World) -> None:
    found = dict(problems(sponsors(world, ["A", "123", "x", None], [None, None, None, "Hà Nội"])))
    assert set(found) == {"B2", "C2", "A3"}
    assert set(dict(problems(sponsors(world, ["A", "123", None, None])))) == {"B2"}


# --- gifts ---

GIFT = ["Mã", "Tên khoản tài trợ", "Nhà tài trợ", "Ngày tài trợ", "Hiện vật", "Số lượng", "Đơn giá", "Model"]


def pledge(world: World, sponsor: Sponsor) -> Gift:
    pc = ItemKind.objects.get(code="PC")
    return create_gift(
        unit=world.cast.thai_nguyen,
        sponsor=sponsor,
        title="5 máy tính",
        pledged_on=date(2026, 9, 1),
        by=world.cast.officer,
        lines=[LineData(kind=pc, quantity=5)],
    )


def gifts(world: World, *rows: list[Any], headings: list[str] = GIFT) -> Import:
    return world.send(book([headings, *rows]), kind="khoan-tai-tro", by=world.cast.officer)


@pytest.fixture
def vci(world: World) -> Sponsor:
    return add_sponsor(kept_by=world.cast.thai_nguyen, by=world.cast.officer, name="Công ty VCI")


def test_rows_of_one_pledge_make_one_gift_and_are_taken_back(world: World, vci: Sponsor) -> None:
    pc, laptop = ItemKind.objects.get(code="PC").name, ItemKind.objects.get(code="LAPTOP").name
    rows = [
        [None, "Máy tính cho xã", "công ty vci", date(2026, 9, 1), pc, 10, "12.000.000", "Dell"],
        [None, "Máy tính cho xã", "Công ty VCI", "1/9/2026", laptop, 2, 15000000, "HP"],
    ]
    upload = gifts(world, *rows)
    assert (upload.new, problems(upload)) == (2, [])
    world.confirm(upload)
    gift = Gift.objects.get()
    assert [(line.quantity, line.unit_value, line.model) for line in gift.lines.all()] == [
        (10, 12_000_000, "Dell"),
        (2, 15_000_000, "HP"),
    ]
    assert gifts(world, *rows).same == 2
    more = gifts(world, [gift.code, *rows[0][1:5], 12, None, "Dell"], [None, *rows[0][1:5], 3, None, "Asus"])
    assert (more.new, more.changed) == (0, 2)
    world.confirm(more)
    assert [line.quantity for line in Gift.objects.get().lines.order_by("pk")] == [12, 2, 3]
    world.undo(more)
    assert [line.quantity for line in Gift.objects.get().lines.order_by("pk")] == [10, 2]
    assert world.undo(upload).state == ImportState.UNDONE
    assert Gift.objects.count() == 0


def test_bad_gifts_are_named_at_their_cells(world: World, vci: Sponsor) -> None:
    pc = ItemKind.objects.get(code="PC").name
    day = date(2026, 9, 1)
    upload = gifts(
        world,
        [None, "A", "Công ty Lạ", day, pc, 1, None, None],
        [None, "B", "Công ty VCI", date(2999, 1, 1), pc, 1, None, None],
        [None, "C", "Công ty VCI", day, pc, 0, None, None],
        [None, "D", "Công ty VCI", day, None, None, None, None],
        ["TT-1", "E", "Công ty VCI", day, pc, 1, None, None],
        ["TT-1", "khác", "Công ty VCI", day, pc, 1, None, "Dell"],
    )
    assert {cell for cell, _text in problems(upload)} >= {"C2", "D3", "F4", "E5", "F5", "B7"}
    assert Gift.objects.count() == 0


# --- machines ---

ITEM = ["Đơn vị", "Loại máy", "Model", "Số serial", "Ngày nhận", "Tình trạng", "Từ ngày", "RAM", "Năm SX"]


def machines(world: World, *rows: list[Any], by: Any = None) -> Import:
    headings = [*ITEM[:6], "Ở tình trạng này từ ngày", *ITEM[7:]]
    return world.send(book([headings, *rows]), kind="thiet-bi", by=by or world.cast.officer)


def machine(unit: str = "Tân Cương", serial: Any = "SN-1", condition: Any = None, since: Any = None) -> list[Any]:
    pc = ItemKind.objects.get(code="PC").name
    return [unit, pc, "Dell Vostro", serial, date(2025, 8, 1), condition, since, 8, 2024]


def test_machines_are_registered_and_move_the_figures_of_their_unit(world: World) -> None:
    upload = machines(world, machine(), machine("Đại Phúc", None), machine("Đại Phúc", None))
    assert (upload.new, problems(upload)) == (3, [])
    world.confirm(upload)
    assert UnitEquipment.objects.get(unit=world.cast.dai_phuc).computers == 2
    assert UnitEquipment.objects.get(unit=world.cast.tan_cuong).computers == 1
    again = machines(world, machine(), machine("Đại Phúc", None), machine("Đại Phúc", None))
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    world.undo(upload)
    assert Item.objects.count() == 0
    assert UnitEquipment.objects.get(unit=world.cast.tan_cuong).computers == 0
    assert AuditEntry.objects.filter(action="equipment.item.take_back").count() == 3


def test_a_change_of_condition_is_an_event_and_is_cancelled_by_undoing(world: World) -> None:
    world.confirm(machines(world, machine()))
    without_day = machines(world, machine(condition="Hỏng"))
    assert [cell for cell, _text in problems(without_day)] == ["G2"]
    upload = machines(world, machine(condition="Hỏng", since="2/5/2026"))
    assert ("Tình trạng", "Đang dùng", "Hỏng") in [tuple(one) for one in fields(upload)[0]]
    world.confirm(upload)
    assert Item.objects.get().condition == "broken"
    assert machines(world, machine(condition="Hỏng", since="2/5/2026")).same == 1
    world.undo(upload)
    assert Item.objects.get().condition == "good"


def test_a_machine_to_which_something_happened_is_not_taken_back(world: World) -> None:
    upload = world.confirm(machines(world, machine()))
    item = Item.objects.get()
    record_event(item=item, kind=ItemEventKind.CHECKED, on=TODAY, by=world.cast.officer)
    assert world.undo(upload).state == ImportState.CONFIRMED
    assert Item.objects.count() == 1


def test_a_serial_number_elsewhere_is_refused_without_telling_where(world: World) -> None:
    pc = ItemKind.objects.get(code="PC")
    foreign = NewItem(unit=world.cast.sam_son, kind=pc, received_on=date(2026, 1, 1), model="Dell", serial="SN-9")
    register_item(entry=foreign, by=world.cast.foreign_officer)
    ((cell, text),) = problems(machines(world, machine(serial="sn-9")))
    assert cell == "D2"
    assert "Sầm Sơn" not in text
    near = NewItem(unit=world.cast.dai_phuc, kind=pc, received_on=date(2026, 1, 1), model="Dell", serial="SN-8")
    register_item(entry=near, by=world.cast.officer)
    ((_cell, text),) = problems(machines(world, machine(serial="SN-8")))
    assert "Đại Phúc" in text


def test_bad_machines_are_named_at_their_cells(world: World) -> None:
    bad = machine(serial="SN-3")
    bad[4], bad[7], bad[8] = date(2100, 1, 1), "8,5", 1980
    assert {cell for cell, _text in problems(machines(world, bad))} == {"E2", "H2", "I2"}
    bad[7], bad[8] = 8, 2024
    assert {cell for cell, _text in problems(machines(world, bad))} == {"E2"}
    other = machines(world, machine("Đại Phúc"), by=world.cast.officer)
    assert other.errors == 0


def test_who_enters_for_one_unit_imports_for_it_alone(world: World) -> None:
    upload = world.send(
        book([ITEM[:5], machine()[:5], machine("Đại Phúc", "SN-2")[:5]]),
        kind="thiet-bi",
        by=world.cast.enterer,
        scope=world.cast.tan_cuong,
    )
    assert [cell for cell, _text in problems(upload)] == ["A3"]


# --- trainings ---

CLASS = ["Đơn vị tổ chức", "Tên lớp", "Lĩnh vực", "Từ ngày", "Đến ngày", "Số lượt", "Nữ"]


def classes(world: World, *rows: list[Any], headings: list[str] = CLASS) -> Import:
    return world.send(book([headings, *rows]), kind="tap-huan", by=world.cast.officer)


def training(**values: Any) -> list[Any]:
    usual = {
        "unit": "Tân Cương",
        "title": "Kỹ năng số",
        "topic": "An toàn trên mạng",
        "start": date(2026, 10, 1),
        "end": None,
        "turns": 60,
        "women": 50,
    }
    return list((usual | values).values())


def test_trainings_flow_into_figures_and_out_again(world: World) -> None:
    upload = classes(world, training(), training(unit="Đại Phúc", turns="1.000", women=0))
    assert (upload.new, problems(upload)) == (2, [])
    world.confirm(upload)
    assert figures(world.cast.tan_cuong)["TR-TURNS"] == 60
    assert figures(world.cast.dai_phuc)["TR-TURNS"] == 1000
    assert classes(world, training(), training(unit="Đại Phúc", turns=1000, women=0)).same == 2
    changed = world.confirm(classes(world, training(turns=80)))
    assert figures(world.cast.tan_cuong)["TR-TURNS"] == 80
    world.undo(changed)
    assert figures(world.cast.tan_cuong)["TR-TURNS"] == 60
    world.undo(upload)
    assert "TR-TURNS" not in figures(world.cast.tan_cuong)
    assert set(TrainingClass.objects.values_list("state", flat=True)) == {"cancelled"}
    assert classes(world, training()).new == 1  # a cancelled one is no obstacle


def test_empty_is_not_zero(world: World) -> None:
    world.confirm(classes(world, training()))
    assert classes(world, training(turns=None, women=None)).same == 1
    upload = classes(world, training(women=0))
    assert fields(upload) == [[("Trong đó nữ", "50", "0")]]


def test_a_part_larger_than_its_whole_is_refused_at_the_part(world: World) -> None:
    ((cell, text),) = problems(classes(world, training(turns=50, women=51)))
    assert (cell, "51" in text, "50" in text) == ("G2", True, True)
    assert problems(classes(world, training(turns=50, women=50))) == []


def test_a_fall_of_nine_tenths_asks_for_a_note(world: World) -> None:
    world.confirm(classes(world, training()))
    upload = classes(world, training(turns=6, women=6))
    assert upload.warnings == 1
    assert "60" in upload.rows.get().warnings[0]
    with pytest.raises(Exception, match="lý do"):
        world.confirm(upload)
    assert world.confirm(upload, note="Ghi nhầm").state == ImportState.CONFIRMED
    entry = AuditEntry.objects.get(action="imports.confirm", reason="Ghi nhầm")
    assert entry.actor == world.cast.officer
    assert classes(world, training(turns=7, women=6)).warnings == 0


def test_a_training_of_the_past_names_the_unit_of_its_time(world: World) -> None:
    past = training(unit="Xã Thịnh Đức", start=date(2024, 5, 1))
    upload = classes(world, past)
    assert (upload.new, problems(upload)) == (1, [])
    ((cell, text),) = problems(classes(world, training(unit="Xã Thịnh Đức")))
    assert (cell, "Xã Tân Cương" in text) == ("A2", True)
    assert world.cast.thinh_duc.kind == UnitKind.COMMUNE


def test_many_rows_become_a_job_and_keep_all_or_nothing(world: World) -> None:
    rows = [training(title=f"Lớp {number}") for number in range(Importer.at_once + 1)]
    upload = world.confirm(classes(world, *rows))
    assert upload.state == ImportState.APPLYING
    assert TrainingClass.objects.count() == 0
    execute(upload.job_id)
    upload.refresh_from_db()
    assert (upload.state, TrainingClass.objects.count()) == (ImportState.CONFIRMED, Importer.at_once + 1)
    execute(world.undo(upload).job_id)
    upload.refresh_from_db()
    assert (upload.state, TrainingClass.objects.exclude(state="cancelled").count()) == (ImportState.UNDONE, 0)
