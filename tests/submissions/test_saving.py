"""Saving drafts: what may be typed where, by whom; nothing half stored, nothing overwritten unseen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from core.verdicts import Denied
from programmes.models import Figure
from submissions.actions import CellEdit, StaleError, return_submission, save_grid
from submissions.models import Cell, Submission
from submissions.queries import load_sheet
from tests.submissions.conftest import AUGUST, OCTOBER, SEPTEMBER, TODAY, World, figures


def stored() -> dict[str, Decimal | None]:
    return dict(Cell.objects.values_list("measure__code", "value"))


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> str:
    messages = error.value.messages
    assert len(messages) == 1
    return messages[0]


def test_a_draft_holds_what_was_typed_and_counts_nowhere(world: World) -> None:
    draft = world.save({world.members: 320, world.online: 1, world.score: "8.25"}, notes={world.members: "Theo sổ"})
    assert draft is not None
    assert (draft.state, draft.version, draft.unit, draft.period) == ("draft", 1, world.cast.tan_cuong, world.period())
    assert stored() == {"HV": 320, "TRANG": 1, "DIEM": Decimal("8.25")}
    assert Cell.objects.get(measure=world.members).note == "Theo sổ"
    assert not Figure.objects.exists()
    entry = AuditEntry.objects.get(action="submissions.save")
    assert (entry.actor, entry.unit_id, entry.after) == (
        world.cast.enterer, world.cast.tan_cuong.pk, {"HV": "320", "TRANG": "1", "DIEM": "8.25"},
    )  # fmt: skip


def test_saving_part_by_part_adds_up_to_one_report(world: World) -> None:
    world.save({world.members: 320})
    world.save({world.admitted: 5}, by=world.cast.officer)
    assert stored() == {"HV": 320, "KN": 5}
    assert Submission.objects.get().version == 2
    assert {cell.measure.code: cell.edited_by for cell in Cell.objects.select_related("measure")} == {
        "HV": world.cast.enterer,
        "KN": world.cast.officer,
    }


def test_the_same_again_changes_nothing(world: World) -> None:
    world.save({world.members: 320})
    assert world.save({world.members: 320}) is None
    assert Submission.objects.get().version == 1
    assert AuditEntry.objects.filter(action="submissions.save").count() == 1


def test_an_empty_cell_is_not_reported_and_no_zero(world: World) -> None:
    assert world.save({world.members: None}) is None
    assert not Submission.objects.exists()
    world.save({world.members: 320, world.admitted: 0})
    world.save({world.members: None})
    assert stored() == {"HV": None, "KN": 0}
    sheet = load_sheet(world.cast.tan_cuong, world.period())
    assert (sheet.value(world.members.pk), sheet.value(world.admitted.pk)) == (None, 0)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"members": -1}, "members", "“-1”: số không được nhỏ hơn 0."),
    ({"members": "12.5"}, "members", "“12,5” có quá nhiều chữ số thập phân."),
    ({"members": 10**14}, "members", "lớn hơn mức cao nhất"),
    ({"score": "10.01"}, "score", "“10,01” lớn hơn mức cao nhất là 10."),
    ({"score": "8.255"}, "score", "“8,255” có quá nhiều chữ số thập phân."),
    ({"online": 2}, "online", "Chọn Có hoặc Không."),
    ({"firms": 3}, "firms", "Số liệu này không nhập ở đơn vị này."),
    ({"fit": 1}, "fit", "Số liệu này không nhập ở đơn vị này."),
    ({"members": 10, "minority": 11}, "minority", "11 nhiều hơn “Tổng số hội viên” (10)"),
    ({"admitted": 3, "admitted_minority": 4}, "admitted_minority", "4 nhiều hơn “Hội viên kết nạp mới” (3)"),
]


@pytest.mark.parametrize(("values", "at", "words"), BAD)
def test_a_bad_value_is_refused_at_its_cell_and_nothing_is_stored(
    world: World, values: dict[str, Any], at: str, words: str
) -> None:
    good = {world.admitted: 1} if "admitted" not in values else {world.score: 5}
    with pytest.raises(ValidationError) as refused:
        world.save({**good, **{getattr(world, name): value for name, value in values.items()}})
    key = world.key(getattr(world, at))
    assert list(refused.value.message_dict) == [str(key)]
    assert words in refused.value.message_dict[str(key)][0]
    assert not Cell.objects.exists()
    assert not Submission.objects.exists()


def test_a_part_is_held_against_the_last_known_level(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=AUGUST)
    with pytest.raises(ValidationError, match="301 nhiều hơn “Tổng số hội viên” \\(300\\)"):
        world.save({world.minority: 301})
    world.save({world.minority: 300})


def test_a_part_of_a_flow_is_held_against_its_own_month_only(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.admitted: 5}, month=SEPTEMBER)
    world.save({world.admitted_minority: 9})
    with pytest.raises(ValidationError, match="8 ít hơn phần “Dân tộc thiểu số kết nạp mới” \\(9\\)"):
        world.save({world.admitted: 8})


def test_a_whole_cannot_fall_below_its_known_part(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300, world.minority: 120}, month=SEPTEMBER)
    with pytest.raises(ValidationError, match="100 ít hơn phần “Hội viên dân tộc thiểu số” \\(120\\)"):
        world.save({world.members: 100})
    world.save({world.members: 100, world.minority: 90})


@pytest.mark.parametrize(
    ("unit", "month", "words"),
    [
        ("tan_cuong", OCTOBER + 2, "Chưa đến kỳ Tháng 12/2026."),
        ("thinh_duc", OCTOBER, "đã kết thúc hoạt động ngày 30/06/2025"),
        ("tan_cuong", OCTOBER - 17, "chỉ có từ ngày 01/07/2025"),
    ],
)
def test_a_unit_reports_only_for_months_of_its_life(world: World, unit: str, month: int, words: str) -> None:
    if month not in world.reporting.periods:
        world.reporting.periods[month] = world.reporting.unbegun(month)
    with pytest.raises(ValidationError) as refused:
        world.save({world.members: 10}, unit=getattr(world.cast, unit), month=month, by=world.cast.officer)
    assert words in refusal(refused)
    assert not Submission.objects.exists()


def test_the_last_month_of_a_closed_unit_can_still_be_mended(world: World) -> None:
    june_2025 = OCTOBER - 16
    world.save({world.members: 10}, unit=world.cast.thinh_duc, month=june_2025, by=world.cast.officer)
    assert Submission.objects.get().unit == world.cast.thinh_duc


@pytest.mark.parametrize("name", ["stranger", "dai_phuc_enterer", "leader", "signer", "admin", "national", "nobody"])
def test_nobody_else_types_for_the_unit(world: World, name: str) -> None:
    with pytest.raises(Denied):
        world.save({world.members: 10}, by=getattr(world.cast, name))
    assert not Submission.objects.exists()


def test_one_foreign_unit_refuses_the_whole_grid(world: World) -> None:
    edits = [CellEdit(world.key(world.members, unit), Decimal(10))
             for unit in (world.cast.tan_cuong, world.cast.sam_son)]  # fmt: skip
    with pytest.raises(Denied):
        save_grid(edits=edits, by=world.cast.officer, today=TODAY)
    assert not Submission.objects.exists()


def test_a_grid_over_units_and_months_is_all_or_nothing(world: World) -> None:
    def edits(bad: int) -> list[CellEdit]:
        places = [(world.cast.tan_cuong, OCTOBER, 10), (world.cast.tan_cuong, SEPTEMBER, 9),
                  (world.cast.dai_phuc, OCTOBER, bad)]  # fmt: skip
        return [CellEdit(world.key(world.members, u, month), Decimal(value)) for u, month, value in places]

    with pytest.raises(ValidationError) as refused:
        save_grid(edits=edits(-3), by=world.cast.officer, today=TODAY)
    assert list(refused.value.message_dict) == [str(world.key(world.members, world.cast.dai_phuc))]
    assert not Submission.objects.exists()
    saved = save_grid(edits=edits(8), by=world.cast.officer, today=TODAY)
    assert [(row.unit, row.period.month) for row in saved] == [
        (world.cast.tan_cuong, SEPTEMBER), (world.cast.tan_cuong, OCTOBER), (world.cast.dai_phuc, OCTOBER),
    ]  # fmt: skip


def test_a_stale_save_names_both_values_and_stores_nothing(world: World) -> None:
    world.save({world.members: 320}, expected={world.members: 0})
    with pytest.raises(StaleError) as refused:
        world.save({world.members: 310, world.admitted: 4}, by=world.cast.officer,
                   expected={world.members: 0, world.admitted: 0})  # fmt: skip
    words = refusal(refused)
    assert all(part in words for part in ("Hoàng Thị Nhập", "“320”", "“310”"))
    assert stored() == {"HV": 320}
    world.save({world.members: 310}, by=world.cast.officer, expected={world.members: 1})
    assert stored() == {"HV": 310}


def test_two_who_typed_the_same_do_not_clash(world: World) -> None:
    world.save({world.members: 320}, expected={world.members: 0})
    assert world.save({world.members: 320}, by=world.cast.officer, expected={world.members: 0}) is None


@pytest.mark.parametrize(("accepted", "words"), [(False, "đang chờ duyệt"), (True, "Mở lại để đính chính")])
def test_a_report_that_left_cannot_be_typed_in(world: World, accepted: bool, words: str) -> None:
    report = world.send({world.members: 320})
    if accepted:
        world.accept(report)
    with pytest.raises(ValidationError) as refused:
        world.save({world.members: 330})
    assert words in refusal(refused)
    assert stored() == {"HV": 320}


def test_a_returned_report_is_open_again(world: World) -> None:
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Kiểm tra lại", by=world.cast.officer)
    world.save({world.members: 330})
    assert stored() == {"HV": 330}
    assert Submission.objects.get().state == "returned"


def test_what_was_recorded_another_way_stands_in_the_cell(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300})
    assert load_sheet(world.cast.tan_cuong, world.period()).value(world.members.pk) == 300
    world.save({world.members: 310})
    assert figures(world.cast.tan_cuong) == {"HV": 300}
    world.save({world.members: None})
    assert stored() == {"HV": None}


def test_the_database_holds_the_rules_too(world: World) -> None:
    draft = world.save({world.members: 320})
    assert draft is not None
    for values in ({"state": "returned"}, {"state": "accepted", "correction_reason": "x"}, {"moved_from": draft.unit}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.filter(pk=draft.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(unit=draft.unit, period=draft.period)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cell.objects.filter(submission=draft).get().__class__.objects.create(
            submission=draft, measure=world.members, edited_by=world.cast.enterer, edited_at=draft.created_at
        )
