"""The Excel form of one unit: filled with what is stored, read by the rules of typing, undone to what stood before."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import AuditEntry
from core.verdicts import Denied
from imports.choices import ImportState
from jobs import tasks
from programmes.models import Measure
from submissions.actions import give_permit, return_submission
from submissions.importing.of_unit import Names
from submissions.models import Cell, Submission
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World
from tests.submissions.excel import Excel, Paper, changes, told
from units.models import Grant

MEMBERS, MINORITY, ADMITTED = "Tổng số hội viên", "Hội viên dân tộc thiểu số", "Hội viên kết nạp mới"
ONLINE, SCORE = "Đơn vị có trang mạng", "Điểm đánh giá"
NOW = "Tháng 10/2026"
ALIKE = ("Hội viên", "Hội viên (nữ)", "Hội viên (dân tộc thiểu số)", "Số chi hội (thôn, tổ)")
LINES = {
    "hội viên": ["C0"], "1.2. Hội viên (nữ)": ["C1"], "- Trong đó: hội viên (dân tộc thiểu số)": ["C2"],
    "a) Số chi hội": ["C3"], "số chi hội (cuối kỳ)": ["C3"], "+ Chi hội": [], "": [],
}  # fmt: skip
HEADINGS = ["STT", "Nội dung", "Kết quả", "Ghi chú"]


@pytest.fixture(autouse=True)
def no_broker() -> Iterator[None]:
    """Jobs stay in the ledger: the tests do the work themselves."""
    with mock.patch.object(tasks.run, "apply_async"), translation.override("vi"):
        yield


@pytest.fixture
def excel(world: World) -> Excel:
    return Excel(world)


def test_the_form_shows_what_is_stored_and_opens_only_what_is_typed(excel: Excel, world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 100, world.fit: 1}, month=SEPTEMBER)
    world.report(world.cast.tan_cuong, {world.fit: 1})
    world.save({world.members: 120, world.online: 1}, notes={world.members: "thêm chi hội"})
    paper = excel.form()
    assert (paper.cell(MEMBERS, NOW).value, paper.cell(MEMBERS, "Kỳ trước").value) == (120, 100)
    assert paper.cell(MEMBERS, "Ghi chú").value == "thêm chi hội"
    assert (paper.cell(ONLINE, NOW).value, paper.cell(ADMITTED, NOW).value) == ("Có", None)
    assert paper.cell(SCORE, "Giới hạn").value == "Số, phần lẻ viết sau dấu phẩy, từ 0 đến 10."
    shut = {name: paper.cell(name, NOW).protection.locked for name in (MEMBERS, "Máy tính đạt yêu cầu")}
    assert shut == {MEMBERS: False, "Máy tính đạt yêu cầu": True}
    assert paper.sheet.protection.sheet
    lists = [one for one in paper.sheet.data_validations.dataValidation if one.type == "list"]
    assert [(one.formula1, str(one.sqref)) for one in lists] == [('"Có,Không"', paper.cell(ONLINE, NOW).coordinate)]


def test_filled_in_sent_previewed_confirmed_and_undone(excel: Excel, world: World) -> None:
    world.save({world.members: 120})
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = "1.250"
    paper.cell(MINORITY, NOW).value = 0
    paper.cell(ONLINE, NOW).value = "Không"
    paper.cell(SCORE, NOW).value = "8,5"
    upload = excel.send(paper)
    assert changes(upload) == [
        (MEMBERS, NOW, "120", "1.250"), (MINORITY, NOW, "", "0"), (ONLINE, NOW, "", "Không"), (SCORE, NOW, "", "8,5"),
    ]  # fmt: skip
    assert excel.values() == {"HV": 120}
    assert excel.confirm(upload).state == ImportState.CONFIRMED
    assert excel.values() == {"HV": 1250, "HV-DT": 0, "TRANG": 0, "DIEM": 8.5}
    again = excel.send(paper)
    assert (again.writes, again.errors) == (0, 0)
    assert excel.undo(upload).state == ImportState.UNDONE
    assert excel.values() == {"HV": 120}
    trail = AuditEntry.objects.filter(object_type="submissions.submission").order_by("pk")
    assert list(trail.values_list("action", flat=True))[:2] == ["submissions.save", "submissions.import"]
    assert trail[1].reason == "Tệp “bao-cao.xlsx”"


def test_undoing_the_first_import_removes_the_report_that_it_began(excel: Excel, world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 90})  # in force already, from another way
    paper = excel.form()
    assert paper.cell(MEMBERS, NOW).value == 90
    paper.cell(MEMBERS, NOW).value = 95
    upload = excel.confirm(excel.send(paper))
    assert Submission.objects.count() == 1
    excel.undo(upload)
    assert (Submission.objects.count(), Cell.objects.count()) == (0, 0)
    assert excel.form().cell(MEMBERS, NOW).value == 90


def test_what_was_changed_since_is_not_undone(excel: Excel, world: World) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 95
    upload = excel.confirm(excel.send(paper))
    world.save({world.members: 96})
    kept = excel.undo(upload)
    assert (kept.state, MEMBERS in kept.message) == (ImportState.CONFIRMED, True)
    assert excel.values() == {"HV": 96}


def test_a_deleted_number_is_emptied_and_an_untouched_one_keeps_what_was_typed_meanwhile(
    excel: Excel, world: World
) -> None:
    world.save({world.members: 120, world.admitted: 5})
    paper = excel.form()
    world.save({world.members: 130}, by=world.cast.officer)  # meanwhile, in the portal
    paper.cell(ADMITTED, NOW).value = None
    upload = excel.send(paper)
    assert changes(upload) == [(ADMITTED, NOW, "5", "")]
    excel.confirm(upload)
    assert excel.values() == {"HV": 130, "KN": None}


def test_two_values_of_one_cell_are_both_shown(excel: Excel, world: World) -> None:
    world.save({world.members: 120})
    paper = excel.form()
    world.save({world.members: 130}, by=world.cast.officer)
    paper.cell(MEMBERS, NOW).value = 125
    upload = excel.send(paper)
    (row,) = upload.rows.filter(state="changed")
    assert (row.fields[0]["old"], row.fields[0]["new"]) == ("130", "125")
    assert row.fields[0]["hint"].startswith("Lê Thị Chuyên đã lưu “130” lúc")


def test_what_is_typed_between_preview_and_confirmation_stops_the_writing(excel: Excel, world: World) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 125
    upload = excel.send(paper)
    world.save({world.members: 130}, by=world.cast.officer)
    outdated = excel.confirm(upload)
    assert outdated.state == ImportState.PREVIEW
    assert "vừa thay đổi" in outdated.message
    assert changes(outdated) == [(MEMBERS, NOW, "130", "125")]
    assert excel.values() == {"HV": 130}
    excel.confirm(outdated)
    assert excel.values() == {"HV": 125}


BAD = [
    (MEMBERS, "12,5", "không phải số nguyên"),
    (MEMBERS, "1e3", "không phải số nguyên"),
    (MEMBERS, -3, "không được nhỏ hơn 0"),
    (SCORE, "1.234", "hai cách"),
    (SCORE, 11, "lớn hơn mức cao nhất"),
    (SCORE, 1.234, "quá nhiều chữ số thập phân"),
    (ONLINE, "chắc vậy", "Có hoặc Không"),
    (MINORITY, 121, "là một phần"),
]


def test_a_bad_number_is_named_at_its_cell_and_nothing_is_written(excel: Excel, world: World) -> None:
    world.save({world.members: 120})
    for name, typed, words in BAD:
        paper = excel.form()
        cell = paper.cell(name, NOW)
        cell.value = typed
        paper.cell(ADMITTED, NOW).value = 3
        upload = excel.send(paper)
        assert upload.state == ImportState.REFUSED
        ((where, text),) = told(upload)
        assert (where, words in text) == (cell.coordinate, True), text
    assert excel.values() == {"HV": 120}
    marked = Paper(openpyxl.load_workbook(upload.marked.path))
    marked.cell(MINORITY, NOW).value = 12
    excel.confirm(excel.send(marked))
    assert excel.values() == {"HV": 120, "HV-DT": 12, "KN": 3}


def test_an_unusual_number_asks_for_a_note_in_the_file_or_at_the_confirmation(excel: Excel, world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 1000, world.admitted: 40}, month=SEPTEMBER)
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 90
    paper.cell(ADMITTED, NOW).value = 100
    paper.cell(ADMITTED, "Ghi chú").value = "đợt kết nạp 20/10"
    upload = excel.send(paper)
    assert [len(row.warnings) for row in upload.rows.filter(state="changed")] == [1, 0]
    with pytest.raises(ValidationError, match="bất thường"):
        excel.confirm(upload)
    excel.confirm(upload, note="sáp nhập chi hội")
    notes = dict(Cell.objects.values_list("measure__code", "note"))
    assert notes == {"HV": "sáp nhập chi hội", "KN": "đợt kết nạp 20/10"}


def test_a_fall_by_ninety_per_cent_of_what_stands_there_asks_for_a_note(excel: Excel, world: World) -> None:
    world.save({world.admitted: 50})
    paper = excel.form()
    paper.cell(ADMITTED, NOW).value = 5
    assert excel.send(paper).warnings == 1
    paper.cell(ADMITTED, NOW).value = 6
    assert excel.send(paper).warnings == 0


# --- closed reports --------------------------------------------------------------------------------------------


def test_a_sent_report_is_grey_and_a_change_of_it_is_refused_at_the_cell(excel: Excel, world: World) -> None:
    open_paper = excel.form()
    world.send({world.members: 120})
    paper = excel.form()
    assert paper.cell(MEMBERS, NOW).protection.locked
    assert "chờ duyệt" in paper.sheet["A3"].value
    assert excel.send(paper).writes == 0  # as it is, it changes nothing
    cell = open_paper.cell(MEMBERS, NOW)
    cell.value = 119
    ((where, text),) = told(excel.send(open_paper))
    assert (where, "chờ duyệt" in text) == (cell.coordinate, True)


def test_an_accepted_report_is_refused_until_it_is_reopened(excel: Excel, world: World) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 119
    world.accept(world.send({world.members: 120}))
    ((_cell, text),) = told(excel.send(paper))
    assert "đã được duyệt" in text


def test_of_a_returned_report_only_the_named_numbers_are_taken(excel: Excel, world: World) -> None:
    sent = world.send({world.members: 120, world.admitted: 5})
    return_submission(submission=sent, reason="xem lại", by=world.cast.officer, cells={world.members.pk: "số cũ"})
    paper = excel.form()
    assert [paper.cell(name, NOW).protection.locked for name in (MEMBERS, ADMITTED)] == [False, True]
    assert "số cũ" in paper.cell(MEMBERS, NOW).comment.text
    paper.cell(ADMITTED, NOW).value = 6
    paper.cell(MEMBERS, NOW).value = 121
    upload = excel.send(paper)
    assert list(told(upload)) == [(paper.cell(ADMITTED, NOW).coordinate, "Chỉ sửa được các ô bị trả lại.")]
    paper.cell(ADMITTED, NOW).value = 5
    excel.confirm(excel.send(paper))
    assert excel.values() == {"HV": 121, "KN": 5}


def test_a_locked_period_takes_nothing_and_a_permit_opens_it(excel: Excel, world: World) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 120
    period = world.period()
    type(period).objects.filter(pk=period.pk).update(locks_on=period.ends_on)
    ((_cell, text),) = told(excel.send(paper))
    assert "khóa" in text
    assert excel.form().cell(MEMBERS, NOW).protection.locked
    period.refresh_from_db()
    give_permit(period=period, unit=world.cast.tan_cuong, until=TODAY.replace(day=30), reason="máy hỏng",
                by=world.cast.officer, today=TODAY)  # fmt: skip
    excel.confirm(excel.send(paper))
    assert excel.values() == {"HV": 120}


# --- which file this is ----------------------------------------------------------------------------------------


def test_a_form_of_another_period_unit_or_version_is_refused_in_its_head(excel: Excel, world: World) -> None:
    paper = excel.form(month=SEPTEMBER)
    ((where, text),) = told(excel.send(paper, month=OCTOBER))
    assert (where, "kỳ khác" in text) == ("A4", True)
    other = excel.form(unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    ((_where, text),) = told(excel.send(other))
    assert "đơn vị khác" in text
    assert "Đại Phúc" not in text
    paper = excel.form()
    world.reporting.form.versions.update(number=2)
    ((_where, text),) = told(excel.send(paper))
    assert "bản 1, nay là bản 2" in text


def test_a_list_of_ones_own_is_met_half_way(excel: Excel, world: World) -> None:
    world.save({world.members: 120, world.minority: 7})
    rows = [
        ["I", "Tổ chức Hội", None, None],
        [1, "1. tổng số hội  viên", "1.300", None],
        [None, "- Trong đó: hội viên dân tộc thiểu số", None, None],
        [2, "KN", 4, None],
    ]
    ((where, text),) = told(excel.send(excel.list_of(*rows, headings=HEADINGS)))
    assert (where, "không có dòng “KN”" in text) == ("B5", True)
    rows[-1][1] = "HỘI VIÊN KẾT NẠP MỚI"
    upload = excel.send(excel.list_of(*rows, headings=HEADINGS))
    assert changes(upload) == [(MEMBERS, NOW, "120", "1.300"), (ADMITTED, NOW, "", "4")]
    excel.confirm(upload)
    assert excel.values() == {"HV": 1300, "HV-DT": 7, "KN": 4}  # an empty cell of such a list is not known to it


def test_a_line_is_found_by_its_exact_name_before_others_that_begin_alike() -> None:
    named = [Measure(code=f"C{place}", name=name) for place, name in enumerate(ALIKE)]
    names = Names(named)
    found = {text: [one.code for one in names.find("", text)] for text in LINES}
    assert found == LINES
    assert [one.code for one in names.find("c2", "Hội viên")] == ["C2"]


def test_computed_numbers_unknown_lines_and_repeated_lines_are_refused(excel: Excel, world: World) -> None:
    rows = [["", "Máy tính đạt yêu cầu", "Có"], ["", "Số lạ", 3], ["", MEMBERS, 3], ["", MEMBERS, 4], ["", None, 9]]
    found = dict(told(excel.send(excel.list_of(*rows, headings=HEADINGS[:3]))))
    assert "tính từ hồ sơ" in found["C2"]
    assert "không có dòng “Số lạ”" in found["B3"]
    assert "dòng 4" in found["B5"]
    assert "Số này là số nào" in found["B6"]


def test_a_list_without_the_column_of_the_period_is_refused(excel: Excel) -> None:
    headings = ["Mã", "Nội dung", "Tháng 9/2026"]
    found = dict(told(excel.send(excel.list_of(["HV", MEMBERS, 5], headings=headings))))
    assert ("Thiếu cột “Tháng 10/2026”" in found["A1"], "không có cột này" in found["C1"]) == (True, True)
    nothing = dict(told(excel.send(excel.list_of([1], headings=["STT"]))))
    assert "ít nhất: Số liệu, Tháng 10/2026" in nothing["A1"]


# --- who may ---------------------------------------------------------------------------------------------------


def test_the_right_is_asked_again_when_the_file_is_checked(excel: Excel, world: World) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 120
    with pytest.raises(Denied):
        excel.send(paper, by=world.cast.leader)
    with pytest.raises(Denied):
        excel.send(paper, by=world.cast.dai_phuc_enterer)
    upload = excel.send(paper)
    Grant.objects.filter(user=world.cast.enterer).update(valid_to=world.cast.tan_cuong.valid_from)
    with pytest.raises(Denied):
        excel.confirm(upload)
    assert excel.values() == {}


def test_the_words_of_the_page_do_not_change_how_a_file_is_read(excel: Excel) -> None:
    paper = excel.form()
    paper.cell(MEMBERS, NOW).value = 120
    upload = excel.send(paper)
    with translation.override("en"):
        assert excel.confirm(upload).state == ImportState.CONFIRMED
        assert excel.form().cell(MEMBERS, NOW).value == 120
