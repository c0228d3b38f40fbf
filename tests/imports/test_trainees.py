"""A list of trainees from Excel: into one class, seen by its sender alone, undone, and emptied with the names."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from core.verdicts import Denied
from imports import actions
from imports.choices import ImportState
from imports.models import Import
from jobs.actions import execute
from programmes import starter
from programmes.models import Figure
from tests.imports import books
from tests.imports.books import book
from tests.imports.conftest import World, fields, problems
from trainings.actions import add_trainees, erase_names, record_training
from trainings.choices import Topic
from trainings.models import TrainingClass
from trainings.rules import TrainingDetails
from trainings.trainee_rules import TraineeDetails

HEADINGS = ["STT", "Họ và tên", "Năm sinh", "Giới tính", "Dân tộc", "Đối tượng", "Chức vụ", "Đơn vị", "SĐT"]
HOA = [1, "Nguyễn Thị Hoa", 1985, "Nữ", "Kinh", "Cán bộ Hội", "Chủ tịch", "Chi hội 3", 912345678]
MAI = [2, "Lò Thị Mai", "03/02/1990", None, "Thái", None, None, None, None]
TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
NAMES = ("full_name", "birth_year", "gender", "ethnic_minority", "standing", "position", "branch", "phone")


def record(world: World, unit: Any, by: Any, title: str = "Kỹ năng số") -> TrainingClass:
    day = date(2026, 10, 14)
    details = TrainingDetails(title=title, topic=Topic.DIGITAL, organiser=unit, start=day, end=day, turns=2, women=2)
    return record_training(details=details, by=by, today=TODAY)


@pytest.fixture
def training(world: World) -> TrainingClass:
    starter.load_registered()
    return record(world, world.cast.tan_cuong, world.cast.enterer)


def send(world: World, training: TrainingClass, content: bytes, by: Any = None) -> Import:
    taken = actions.take_in(
        kind="hoc-vien", scope=training.organiser, file=books.upload(content), by=by or world.cast.enterer,
        options={"class": str(training.pk)},
    )  # fmt: skip
    return actions.check(Import.objects.select_related("scope", "asked_by").get(pk=taken.pk))


def in_list(training: TrainingClass) -> list[tuple[Any, ...]]:
    return list(training.trainees.values_list(*NAMES))


def test_a_list_as_a_commune_keeps_it_is_read_written_and_undone(world: World, training: TrainingClass) -> None:
    first = send(world, training, book([["DANH SÁCH HỌC VIÊN"], HEADINGS, HOA, MAI]))
    assert (first.new, problems(first)) == (2, [])
    world.confirm(first)
    assert in_list(training) == [
        ("Nguyễn Thị Hoa", 1985, "woman", False, "officer", "Chủ tịch", "Chi hội 3", "0912345678"),
        ("Lò Thị Mai", 1990, "woman", True, "member", "", "", ""),
    ]
    again = send(world, training, book([HEADINGS, HOA, MAI]))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    second = send(world, training, book([HEADINGS, [*HOA[:6], "Phó Chủ tịch", *HOA[7:]], [3, "Vũ Thị Lan", 2000]]))
    assert (second.new, second.changed) == (1, 1)
    assert fields(second)[0] == [("Chức vụ", "Chủ tịch", "Phó Chủ tịch")]
    world.confirm(second)
    assert [row[5] for row in in_list(training)] == ["Phó Chủ tịch", "", ""]
    world.undo(second)
    assert [(row[0], row[5]) for row in in_list(training)] == [("Nguyễn Thị Hoa", "Chủ tịch"), ("Lò Thị Mai", "")]
    world.undo(first)
    assert in_list(training) == []


def test_the_numbers_follow_the_list_into_the_figures(world: World, training: TrainingClass) -> None:
    TrainingClass.objects.filter(pk=training.pk).update(turns=0, women=0)
    world.confirm(send(world, training, book([HEADINGS, HOA, MAI, [3, "Trần Văn Bình", 1970, "Nam"]])))
    codes = ("TR-TURNS", "TR-WOMEN", "TR-MINORITY", "TR-OFFICERS", "TR-MEMBERS")
    found = dict(Figure.objects.filter(unit=training.organiser).values_list("measure__code", "value"))
    assert [found[code] for code in codes] == [3, 2, 1, 1, 2]


BAD = [
    ([[1, "Nguyễn Thị Hoa", "85"]], [("C2", "“85” không phải là năm")]),
    ([[1, "Nguyễn Thị Hoa", 2025]], [("C2", "1900–2020")]),
    ([[1, "", 1985]], [("B2", "trống")]),
    ([[1, "Nguyễn Thị Hoa", 1985, "Nữ", "Sao Hỏa"]], [("E2", "“Sao Hỏa”")]),
    ([[1, "Nguyễn Thị Hoa", 1985, "chưa rõ"]], [("D2", "Nữ; Nam")]),
    ([[1, "Nguyễn Thị Hoa", 1985], [2, "NGUYỄN THỊ HOA", 1985]], [("B3", "dòng 2")]),
    ([[1, "Nguyễn Thị Hoa", 1900, None, None, None, None, None, "gọi sau"]], [("I2", "gọi sau")]),
]


@pytest.mark.parametrize(("rows", "expected"), BAD)
def test_every_error_names_its_cell(
    world: World, training: TrainingClass, rows: list[list[Any]], expected: list[tuple[str, str]]
) -> None:
    refused = send(world, training, book([HEADINGS, *rows]))
    found = problems(refused)
    assert [cell for cell, _text in found] == [cell for cell, _words in expected]
    assert all(words in text for (_cell, text), (_same, words) in zip(found, expected, strict=True))
    assert refused.state == ImportState.REFUSED
    assert in_list(training) == []


def test_a_province_names_units_and_finds_one_person_at_two_of_them(world: World) -> None:
    starter.load_registered()
    own = record(world, world.cast.thai_nguyen, world.cast.officer)
    headings = ["Họ và tên", "Năm sinh", "Đơn vị", "Điện thoại"]
    rows = [
        ["Nguyễn Thị Hoa", 1985, "Tân Cương", "0912345678"],
        ["Nguyễn Thị Hoa", 1985, "Xã Đại Phúc", "0912 345 678"],
    ]
    twice = send(world, own, book([headings, *rows]), by=world.cast.officer)
    assert [(cell, "cùng số điện thoại" in text) for cell, text in problems(twice)] == [("D3", True)]
    rows[1][3] = "0988888888"
    good = send(world, own, book([headings, *rows, ["Vũ Thị Lan", 2000, None, None]]), by=world.cast.officer)
    world.confirm(good)
    units = [world.cast.tan_cuong.pk, world.cast.dai_phuc.pk, world.cast.thai_nguyen.pk]
    assert list(own.trainees.values_list("unit", flat=True)) == units
    foreign = send(world, own, book([headings, ["Vũ Thị Lý", 2000, "Sầm Sơn", None]]), by=world.cast.officer)
    assert [cell for cell, _text in problems(foreign)] == ["C2"]


def test_the_form_of_a_class_comes_back_filled_and_is_not_taken_for_another(
    world: World, training: TrainingClass, client_of: Any
) -> None:
    client = client_of(world.cast.enterer)
    add_trainees(
        training=training, people=[TraineeDetails("Nguyễn Thị Hoa", 1985, training.organiser)], by=world.cast.enterer
    )
    answer = client.get(reverse("trainings:list-blank", args=[training.pk]), {"du-lieu": "1"})
    content = b"".join(answer.streaming_content)
    same = send(world, training, content)
    assert (same.same, problems(same)) == (1, [])
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = made["Dữ liệu"]
    assert "Kỹ năng số (14/10/2026)" in sheet["A1"].value
    sheet["A5"], sheet["B5"], sheet["D5"] = "Lò Thị Mai", 1990, "Có"
    grown = send(world, training, books.saved(made))
    assert (grown.new, grown.same, problems(grown)) == (1, 1, [])
    other = record(world, world.cast.tan_cuong, world.cast.enterer, title="Lớp khác")
    wrong = send(world, other, books.saved(made))
    assert [("biểu mẫu của lớp khác" in text) for _cell, text in problems(wrong)] == [True]


def test_the_way_through_the_pages(world: World, training: TrainingClass, client_of: Any) -> None:
    client = client_of(world.cast.enterer)
    start = reverse("trainings:list-import", args=[training.pk])
    answer = client.post(start, {"file": books.upload(book([HEADINGS, HOA]))})
    one = Import.objects.get()
    assert answer.headers["Location"] == reverse("imports:detail", args=[one.pk])
    execute(one.job_id)
    html = client.get(reverse("imports:detail", args=[one.pk])).content.decode()
    assert "Nguyễn Thị Hoa" in html
    assert "Kỹ năng số (14/10/2026)" in html
    client.post(reverse("imports:confirm", args=[one.pk]), {})
    done = client.get(reverse("imports:detail", args=[one.pk])).content.decode()
    assert f'href="{reverse("trainings:trainees", args=[training.pk])}"' in done
    assert reverse("imports:start", args=["hoc-vien"]) not in client.get(reverse("imports:list")).content.decode()
    assert client.get(reverse("imports:start", args=["hoc-vien"])).status_code == 404


def test_files_with_names_are_seen_by_their_sender_alone_and_while_the_right_lasts(
    world: World, training: TrainingClass, client_of: Any
) -> None:
    one = send(world, training, book([HEADINGS, HOA]))
    usual = send(world, training, book([HEADINGS, HOA]))
    Import.objects.filter(pk=usual.pk).update(kind="tap-huan", options={})
    address = reverse("imports:detail", args=[one.pk])
    assert client_of(world.cast.enterer).get(address).status_code == 200
    assert list(Import.objects.visible_to(world.cast.admin)) == [usual]  # who reads the trail sees other imports
    assert client_of(world.cast.admin).get(address).status_code == 404
    world.cast.enterer.grants.all().delete()
    assert list(Import.objects.visible_to(world.cast.enterer)) == [usual]


def test_erasing_names_empties_the_files_that_brought_them(
    world: World, training: TrainingClass, django_capture_on_commit_callbacks: Any
) -> None:
    done, waiting = send(world, training, book([HEADINGS, HOA])), send(world, training, book([HEADINGS, MAI]))
    world.confirm(done)
    path = done.file.path
    with django_capture_on_commit_callbacks(execute=True):
        erase_names(training=training, reason="Hết hạn", by=world.cast.enterer, now=NOON)
    for upload in (done, waiting):
        upload.refresh_from_db()
        assert (upload.rows.count(), upload.file.name) == (0, "")
    assert not done.file.storage.exists(path)
    assert (done.state, waiting.state) == (ImportState.CONFIRMED, ImportState.REFUSED)
    undone = world.undo(done)
    assert undone.state == ImportState.CONFIRMED
    assert "đã được xóa" in undone.message
    assert training.trainees.count() == 1
    late = send(world, training, book([HEADINGS, MAI]))
    assert [("đã được xóa" in text) for _cell, text in problems(late)] == [True]


def test_what_somebody_corrected_since_is_not_undone(world: World, training: TrainingClass) -> None:
    one = send(world, training, book([HEADINGS, HOA]))
    world.confirm(one)
    training.trainees.update(position="Phó Chủ tịch")
    assert "đã được sửa sau khi nhập" in world.undo(one).message
    assert training.trainees.count() == 1


def test_a_class_counted_by_its_list_refuses_typed_numbers_from_excel(world: World, training: TrainingClass) -> None:
    world.confirm(send(world, training, book([HEADINGS, HOA, MAI])))
    headings = ["Đơn vị tổ chức", "Tên lớp", "Lĩnh vực", "Từ ngày", "Số lượt"]
    TrainingClass.objects.filter(pk=training.pk).update(counts_from="list")
    row = ["Xã Tân Cương", "Kỹ năng số", str(Topic.DIGITAL.label), date(2026, 10, 14)]
    same = world.send(book([headings, [*row, 2]]), kind="tap-huan", by=world.cast.enterer, scope=world.cast.tan_cuong)
    assert problems(same) == []
    other = world.send(book([headings, [*row, 9]]), kind="tap-huan", by=world.cast.enterer, scope=world.cast.tan_cuong)
    assert [("tính từ danh sách" in text) for _cell, text in problems(other)] == [True]


def test_who_lost_the_class_meanwhile_writes_nothing(world: World, training: TrainingClass) -> None:
    one = send(world, training, book([HEADINGS, HOA]))
    TrainingClass.objects.filter(pk=training.pk).update(organiser=world.cast.dai_phuc)
    with pytest.raises(Denied):
        world.confirm(one)
    assert in_list(training) == []
