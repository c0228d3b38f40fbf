"""The Excel form of a province: a row for each commune, its cells by the same rules, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from imports import actions
from imports.choices import ImportState
from imports.models import Import
from jobs import tasks
from jobs.actions import execute
from submissions.importing.of_province import ProvinceReportImporter
from submissions.models import Cell, Submission
from tests.submissions.conftest import SEPTEMBER, World
from tests.submissions.excel import MANY, Excel, Paper, changes, told
from units.models import Grant

MEMBERS, MINORITY, ADMITTED, ONLINE = (
    "Tổng số hội viên", "Hội viên dân tộc thiểu số", "Hội viên kết nạp mới", "Đơn vị có trang mạng",
)  # fmt: skip
TAN_CUONG, DAI_PHUC, PHU_DINH = "Xã Tân Cương", "Xã Đại Phúc", "Xã Phú Đình"
HEADINGS = ["STT", "Xã/phường", MEMBERS, ADMITTED]


@pytest.fixture(autouse=True)
def no_broker() -> Iterator[None]:
    """Jobs stay in the ledger: the tests do the work themselves."""
    with mock.patch.object(tasks.run, "apply_async"), translation.override("vi"):
        yield


@pytest.fixture
def excel(world: World) -> Excel:
    return Excel(world)


def test_the_form_holds_the_units_that_owe_the_report_and_closes_what_is_on_its_way(excel: Excel, world: World) -> None:
    world.save({world.members: 120, world.online: 0})
    world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    paper = excel.form(MANY)
    names = [cells[1].value for cells in paper.sheet.iter_rows(min_row=7) if cells[1].value]
    assert names == [DAI_PHUC, "Hội Phụ nữ Công an tỉnh", PHU_DINH, TAN_CUONG]
    assert (paper.cell(TAN_CUONG, MEMBERS).value, paper.cell(TAN_CUONG, ONLINE).value) == (120, "Không")
    assert paper.cell(PHU_DINH, "Trạng thái").value == "Chưa nhập"
    shut = {name: paper.cell(name, MEMBERS).protection.locked for name in (TAN_CUONG, DAI_PHUC)}
    assert shut == {TAN_CUONG: False, DAI_PHUC: True}
    assert "chờ duyệt" in paper.cell(DAI_PHUC, "Trạng thái").comment.text
    back = excel.send(paper, MANY)
    assert (back.writes, back.errors, back.same) == (0, 0, 4)
    assert "Doanh nghiệp nữ (người)" not in [cell.value for cell in paper.sheet[6]]  # provinces only: not below
    assert [str(one) for one in paper.sheet.merged_cells.ranges] == ["D5:G5", "H5:I5"]


def test_every_change_is_shown_for_each_commune_written_together_and_undone(excel: Excel, world: World) -> None:
    world.save({world.members: 120})
    paper = excel.form(MANY)
    paper.cell(TAN_CUONG, MEMBERS).value = 125
    paper.cell(DAI_PHUC, ADMITTED).value = 0
    paper.cell(PHU_DINH, ONLINE).value = "x"
    upload = excel.send(paper, MANY)
    assert changes(upload) == [
        (DAI_PHUC, ADMITTED, "", "0"), (PHU_DINH, ONLINE, "", "Có"), (TAN_CUONG, MEMBERS, "120", "125"),
    ]  # fmt: skip
    assert Submission.objects.count() == 1
    excel.confirm(upload)
    assert [excel.values(unit) for unit in (world.cast.tan_cuong, world.cast.dai_phuc, world.cast.phu_dinh)] == [
        {"HV": 125}, {"KN": 0}, {"TRANG": 1},
    ]  # fmt: skip
    assert excel.send(paper, MANY).writes == 0
    excel.undo(upload)
    assert (excel.values(), Submission.objects.count(), Cell.objects.count()) == ({"HV": 120}, 1, 1)


def test_one_wrong_cell_refuses_the_file_and_marks_it(excel: Excel, world: World) -> None:
    paper = excel.form(MANY)
    paper.cell(TAN_CUONG, MEMBERS).value = 100
    wrong = paper.cell(DAI_PHUC, MINORITY)
    paper.cell(DAI_PHUC, MEMBERS).value, wrong.value = 10, 11
    upload = excel.send(paper, MANY)
    assert [where for where, _text in told(upload)] == [wrong.coordinate]
    assert (upload.state, Submission.objects.count()) == (ImportState.REFUSED, 0)
    marked = Paper(openpyxl.load_workbook(upload.marked.path))
    assert "là một phần" in marked.cell(DAI_PHUC, MINORITY).comment.text
    marked.cell(DAI_PHUC, MINORITY).value = 9
    excel.confirm(excel.send(marked, MANY))
    assert excel.values(world.cast.dai_phuc) == {"HV": 10, "HV-DT": 9}


def test_closed_and_foreign_units_are_refused_at_their_cells(excel: Excel, world: World) -> None:
    world.send({world.members: 120})
    rows = [
        [1, "Tân Cương", 121, None],
        [2, "Sầm Sơn", 5, None],
        [3, "Không có xã này", 5, None],
        [4, "Đại Phúc", 80, 2],
    ]
    found = dict(told(excel.send(excel.list_of(*rows, headings=HEADINGS), MANY)))
    assert sorted(found) == ["B3", "B4", "C2"]
    assert "chờ duyệt" in found["C2"]
    assert found["B3"].replace("Sầm Sơn", "…") == found["B4"].replace("Không có xã này", "…")


def test_lists_of_the_field_are_met_half_way(excel: Excel, world: World) -> None:
    world.save({world.members: 120, world.admitted: 3})
    headings = ["TT", "Xã, phường", "tổng số hội viên (người)", "KN", "Lý do"]
    content = excel.list_of([1, "tân cương", "1.120", None, None], [2, "X. Đại Phúc", 80, 4, None], headings=headings)
    upload = excel.send(content, MANY)
    assert changes(upload) == [
        (TAN_CUONG, MEMBERS, "120", "1.120"), (DAI_PHUC, MEMBERS, "", "80"), (DAI_PHUC, ADMITTED, "", "4"),
    ]  # fmt: skip
    unknown = excel.list_of([1, "Tân Cương", 5, 6], headings=["TT", "Đơn vị", MEMBERS, "Số lạ"])
    assert [(where, "không có cột này" in text) for where, text in told(excel.send(unknown, MANY))] == [("D1", True)]


def test_the_note_of_a_row_explains_what_changed_unusually_there(excel: Excel, world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 1000}, month=SEPTEMBER)
    paper = excel.form(MANY)
    paper.cell(TAN_CUONG, MEMBERS).value = 300
    paper.cell(TAN_CUONG, ADMITTED).value = 2
    upload = excel.send(paper, MANY)
    assert [row.warnings for row in upload.rows.filter(state="changed")] == [
        [f"“{MEMBERS}”: Giảm 70% so với 1.000 của 09/2026."]
    ]
    paper.cell(TAN_CUONG, "Ghi chú").value = "tách chi hội"
    upload = excel.send(paper, MANY)
    assert upload.warnings == 0
    excel.confirm(upload)
    assert dict(Cell.objects.values_list("measure__code", "note")) == {"HV": "tách chi hội", "KN": ""}


def test_many_rows_become_a_job_that_asks_for_the_right_again(excel: Excel, world: World) -> None:
    paper = excel.form(MANY)
    for name in (TAN_CUONG, DAI_PHUC):
        paper.cell(name, MEMBERS).value = 100
    upload = excel.send(paper, MANY)
    with mock.patch.object(ProvinceReportImporter, "at_once", 1):
        upload = excel.confirm(upload)
    assert upload.state == ImportState.APPLYING
    Grant.objects.filter(user=world.cast.officer).update(valid_to=world.cast.thai_nguyen.valid_from)
    execute(upload.job_id)
    assert Submission.objects.count() == 0
    Grant.objects.filter(user=world.cast.officer).update(valid_to=None)
    upload.refresh_from_db()
    assert (upload.state, upload.message) == (ImportState.PREVIEW, "Không có kỳ báo cáo này.")
    assert excel.confirm(upload).state == ImportState.CONFIRMED
    assert Submission.objects.count() == 2


def test_two_tabs_have_one_effect(excel: Excel, world: World) -> None:
    paper = excel.form(MANY)
    paper.cell(TAN_CUONG, MEMBERS).value = 100
    first, second = excel.send(paper, MANY), excel.send(paper, MANY)
    excel.confirm(first)
    assert excel.confirm(second).state == ImportState.PREVIEW
    assert (second.state, Cell.objects.get().version) == (ImportState.PREVIEW, 1)
    assert actions.confirm(upload=first, by=first.asked_by).state == ImportState.CONFIRMED


def test_the_number_of_queries_does_not_grow_with_the_units(excel: Excel, world: World) -> None:
    def sent(*names: str) -> Import:
        rows = [[place, name, 100 + place, 1] for place, name in enumerate(names)]
        return excel.send(excel.list_of(*rows, headings=HEADINGS), MANY)

    with CaptureQueriesContext(connection) as one:
        sent("Tân Cương")
    with CaptureQueriesContext(connection) as three:
        sent("Tân Cương", "Đại Phúc", "Phú Đình")
    assert len(three) == len(one)
