"""Lists as communes send them: titles above, any order, usual names; all that is wrong is named at its cell."""

from __future__ import annotations

import io

import openpyxl

from imports import actions
from imports.choices import ImportState
from imports.models import Import
from tests.imports.books import CONTACTS, book, contacts, saved, with_cell
from tests.imports.conftest import World, people, problems

LAN = ["05500", "Xã Tân Cương", "Nguyễn Thị Lan", "Chủ tịch", "0912 345 678", "lan@example.vn"]


def test_titles_above_merged_cells_any_order_and_usual_names(world: World) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"], sheet["A2"] = "HỘI LIÊN HIỆP PHỤ NỮ TỈNH", "DANH BẠ CÁN BỘ NĂM 2026"
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A2:F2")
    sheet.append([])
    sheet.append(["STT", "SĐT", "chức  danh *", "HỌ TÊN:", "Xã/phường"])
    sheet.append([1, 912345678, "Chủ tịch", "Nguyễn Thị Lan", "Tân Cương"])
    upload = world.send(saved(made))
    assert (upload.state, upload.new, upload.errors) == (ImportState.PREVIEW, 1, 0)
    world.confirm(upload)
    assert people(world.cast.tan_cuong) == [("Nguyễn Thị Lan", "Chủ tịch", "0912345678", "")]


def test_decomposed_and_oddly_spaced_headings_match(world: World) -> None:
    headings = ["Đơn vị", "Ho\u0323 va\u0300 te\u0302n", " chỨc \u00a0vụ "]
    assert world.send(contacts(["Tân Cương", "Lan", "Chủ tịch"], headings=headings)).errors == 0


def test_missing_repeated_and_unknown_columns_are_all_named_at_once(world: World) -> None:
    headings = ["Đơn vị", "Chức vụ", "Tên xã", "Số đo", None]
    upload = world.send(contacts(["Tân Cương", "Chủ tịch", "Tân Cương", "90", "lạc"], headings=headings))
    assert upload.state == ImportState.REFUSED
    found = dict(problems(upload))
    assert "Thiếu cột “Họ và tên”" in found["A1"]
    assert "lặp lại (đã có ở A1)" in found["C1"]
    assert "không có cột này" in found["D1"]
    assert "không có tiêu đề" in found["E1"]
    assert people(world.cast.tan_cuong) == []


def test_a_sheet_without_headings_is_told_and_a_file_without_any_is_refused(world: World) -> None:
    upload = world.send(book([CONTACTS, LAN], more={"Ghi chú": [["Danh sách lập ngày 1/11"]]}))
    assert (upload.state, upload.skipped_sheets) == (ImportState.PREVIEW, ["Ghi chú"])
    nothing = world.send(book([["abc"], ["def"]]))
    assert nothing.state == ImportState.REFUSED
    assert "dòng tiêu đề cột" in nothing.problems[0]["text"]
    empty = world.send(book([CONTACTS]))
    assert "không có dòng dữ liệu" in empty.problems[0]["text"]


def test_hidden_sheets_and_rows_without_data_are_passed_over(world: World) -> None:
    made = openpyxl.load_workbook(io.BytesIO(contacts(["05503", "Xã Đại Phúc"], [], LAN)))
    hidden = made.create_sheet("Cũ")
    hidden.sheet_state = "hidden"
    hidden.append(CONTACTS)
    hidden.append(["05500", "Xã Tân Cương", "Người cũ", "Chủ tịch", "", ""])
    upload = world.send(saved(made))
    assert (upload.state, upload.new, upload.skipped_sheets) == (ImportState.PREVIEW, 1, [])


def test_every_error_names_sheet_cell_value_and_what_to_do(world: World) -> None:
    upload = world.send(contacts(LAN, ["05503", "Đại Phúc", "Hoa", None, "gọi sau", "hoa@"]))
    (row,) = [row for row in upload.rows.all() if row.problems]
    assert {(one["sheet"], one["cell"], one["value"]) for one in row.problems} == {
        ("Dữ liệu", "D3", ""),
        ("Dữ liệu", "E3", "gọi sau"),
        ("Dữ liệu", "F3", "hoa@"),
    }
    assert all(one["text"] for one in row.problems)
    assert people(world.cast.tan_cuong) == []  # nothing of the sound row either


def test_a_formula_without_value_and_an_error_value_are_errors_at_their_cells(world: World) -> None:
    content = with_cell(contacts(LAN), "C2", '<c r="C2"><f>A1&amp;B1</f></c>')
    content = with_cell(content, "E2", '<c r="E2" t="e"><f>NA()</f><v>#N/A</v></c>')
    assert [
        (cell, "chưa được tính" in text, "lỗi của Excel" in text) for cell, text in problems(world.send(content))
    ] == [
        ("C2", True, False),
        ("E2", False, True),
    ]


def test_a_formula_with_its_value_is_read(world: World) -> None:
    content = with_cell(contacts(LAN), "D2", '<c r="D2" t="str"><f>"Chủ"</f><v>Chủ tịch</v></c>')
    world.confirm(world.send(content))
    assert people(world.cast.tan_cuong)[0][1] == "Chủ tịch"


def test_formula_like_text_stays_text_and_is_no_formula_in_the_file_that_comes_back(world: World) -> None:
    world.confirm(world.send(contacts([*LAN[:2], "=HYPERLINK(1)", *LAN[3:]])))
    world.confirm(world.send(contacts([*LAN[:2], "'=1+1", *LAN[3:]])))
    upload = world.send(contacts([*LAN[:4], "'+84 gọi", ""]))
    listed = openpyxl.load_workbook(upload.marked.path)["Danh sách lỗi"]
    assert all(cell.data_type != "f" for cells in listed.iter_rows() for cell in cells)


def test_the_same_person_twice_in_a_file_is_an_error_at_the_second_row(world: World) -> None:
    ((cell, text),) = problems(world.send(contacts(LAN, ["", "Tân Cương", "nguyễn thị lan", "Khác", "", ""])))
    assert cell == "A3"
    assert "dòng 2" in text


def test_the_file_comes_back_with_red_cells_and_notes_and_is_taken_once_mended(world: World) -> None:
    upload = world.send(contacts(LAN, ["05503", "Đại Phúc", "Hoa", "Chủ tịch", "gọi sau", ""]))
    made = openpyxl.load_workbook(upload.marked.path)
    cell = made["Dữ liệu"]["E3"]
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert "gọi sau" in cell.comment.text
    assert made["Dữ liệu"]["E2"].comment is None
    assert [made["Danh sách lỗi"].cell(2, column).value for column in (1, 2, 4)] == ["Dữ liệu", "E3", "gọi sau"]
    cell.value = "0987 654 321"
    made["Dữ liệu"]["F2"] = "sai"
    again = world.send(saved(made))
    marked = openpyxl.load_workbook(again.marked.path)["Dữ liệu"]
    assert marked["E3"].comment is None  # the mark of the first check is gone
    assert marked["E3"].fill.fill_type is None
    marked["F2"].value = None
    mended = world.send(saved(marked.parent))
    assert (mended.state, mended.new) == (ImportState.PREVIEW, 2)
    world.confirm(mended)
    assert people(world.cast.dai_phuc) == [("Hoa", "Chủ tịch", "0987 654 321", "")]


def test_the_broken_file_is_refused_in_the_worker_too(world: World) -> None:
    upload = world.send(contacts(LAN))
    with open(upload.file.path, "r+b") as file:
        file.truncate(2000)
    Import.objects.filter(pk=upload.pk).update(state=ImportState.CHECKING)
    checked = actions.check(upload)
    assert (checked.state, "bị hỏng" in checked.message) == (ImportState.REFUSED, True)
