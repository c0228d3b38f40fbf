"""The forms to download: the right units, drop-downs, notes, protected headings; filled in they are read back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from accounts.models import User
from equipment import starter as kinds
from equipment.actions.items import NewItem, register_item
from equipment.models import Item, ItemKind
from imports.blank_forms import FIRST_ROW, HEADING_ROW, build
from imports.desk import Desk
from imports.registry import importer, importers
from programmes import starter
from sponsors.actions import add_sponsor
from tests.imports.books import saved
from tests.imports.conftest import World, people, problems
from trainings.actions import record_training
from trainings.choices import Topic
from trainings.rules import TrainingDetails
from units.actions import ContactLine, set_contacts
from units.models import Unit

TODAY = timezone.localdate()


def form(kind: str, by: User, scope: Unit, *, filled: bool = False) -> openpyxl.Workbook:
    found = importer(kind)
    assert found is not None
    with build(found, Desk(by, scope, TODAY, found.right), filled=filled) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


@pytest.fixture(autouse=True)
def catalogues(cast: Any) -> None:
    starter.load_registered()
    kinds.load()


def by_heading(sheet: Any) -> dict[str, int]:
    return {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADING_ROW + 1]}


def test_the_form_offers_the_units_of_the_person_with_lists_notes_and_protection(world: World) -> None:
    made = form("danh-ba", world.cast.admin, world.cast.thai_nguyen)
    sheet = made["Dữ liệu"]
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 6)]
    assert rows[:5] == [
        ["05503", "Xã Đại Phúc"],
        ["19-CA", "Hội Phụ nữ Công an tỉnh"],
        ["05521", "Xã Phú Đình"],
        ["05500", "Xã Tân Cương"],
        ["19", "Tỉnh Thái Nguyên"],
    ]
    assert rows[5] == [None, None]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    assert sheet.cell(HEADING_ROW + 1, 2).protection.locked
    assert not sheet.cell(FIRST_ROW + 1, 3).protection.locked
    assert "Tên đơn vị" in sheet.cell(HEADING_ROW + 1, 2).comment.text
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == 1
    assert made["Danh mục"].sheet_state == "hidden"
    offered = [cell.value for cell in made["Danh mục"]["B"]]
    assert offered == [row[1] for row in rows[:5]]
    assert "Trang tính" not in made.sheetnames
    assert any("Điền trang tính" in str(cell.value) for cell in made["Hướng dẫn"]["A"])
    assert "Sầm Sơn" not in str(offered)


def test_a_form_that_is_filled_in_is_read_back(world: World) -> None:
    made = form("danh-ba", world.cast.admin, world.cast.thai_nguyen)
    sheet = made["Dữ liệu"]
    sheet.cell(FIRST_ROW + 4, 3, "Nguyễn Thị Lan")
    sheet.cell(FIRST_ROW + 4, 4, "Chủ tịch")
    upload = world.send(saved(made))
    assert (upload.new, upload.errors, upload.skipped_sheets) == (1, 0, ["Hướng dẫn"])
    world.confirm(upload)
    assert people(world.cast.tan_cuong) == [("Nguyễn Thị Lan", "Chủ tịch", "", "")]


def test_an_empty_form_changes_nothing(world: World) -> None:
    for one in (one for one in importers() if not one.own_start):
        by = world.cast.admin if one.kind == "danh-ba" else world.cast.officer
        upload = world.send(saved(form(one.kind, by, world.cast.thai_nguyen)), kind=one.kind, by=by)
        assert [problem["text"][:30] for problem in upload.problems] == ["Tệp không có dòng dữ liệu nào."], one.kind


def test_a_form_with_what_is_stored_changes_nothing_when_it_comes_back(world: World) -> None:
    cast = world.cast
    set_contacts(
        unit=cast.tan_cuong, contacts=[ContactLine("Lan", "Chủ tịch", "0912 345 678", "a@b.vn")], by=cast.admin
    )
    add_sponsor(kept_by=cast.thai_nguyen, by=cast.officer, name="=Công ty", tax_code="0101234567", note="một\nhai")
    pc = ItemKind.objects.get(code="PC")
    entry = NewItem(cast.tan_cuong, pc, date(2025, 8, 1), serial="00123", ram_gb=8, value=12_500_000, shared=True)
    register_item(entry=entry, by=cast.officer)
    details = TrainingDetails(
        "Lớp 1", Topic.DIGITAL, cast.tan_cuong, date(2026, 1, 5), date(2026, 1, 6), turns=1200, women=9
    )
    record_training(details=details, by=cast.officer, today=TODAY)
    for kind in ("danh-ba", "nha-tai-tro", "thiet-bi", "tap-huan"):
        by = cast.admin if kind == "danh-ba" else cast.officer
        upload = world.send(saved(form(kind, by, cast.thai_nguyen, filled=True)), kind=kind, by=by)
        assert (upload.new, upload.changed, upload.same, upload.errors) == (0, 0, 1, 0), problems(upload)
    assert Item.objects.get().serial == "00123"


def test_two_units_of_one_name_are_told_apart_in_the_list(world: World) -> None:
    Unit.objects.filter(pk=world.cast.phu_dinh.pk).update(name="Xã Tân Cương", short_name="Tân Cương")
    made = form("danh-ba", world.cast.admin, world.cast.thai_nguyen)
    names = [cell.value for cell in made["Danh mục"]["B"]]
    assert {"Xã Tân Cương (05500)", "Xã Tân Cương (05521)"} <= set(names)
    sheet = made["Dữ liệu"]
    sheet.cell(FIRST_ROW + 1, 1).value = None
    for column, value in ((2, "Xã Tân Cương (05521)"), (3, "Lan"), (4, "Chủ tịch")):
        sheet.cell(FIRST_ROW + 1, column, value)
    world.confirm(world.send(saved(made)))
    assert len(people(world.cast.phu_dinh)) == 1
