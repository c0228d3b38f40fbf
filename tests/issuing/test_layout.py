"""The Word file against annex I of Nghị định 30/2020/NĐ-CP, line by line: the file is opened and measured."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Pt

from issuing import word
from issuing.fields import SAMPLE


@pytest.fixture(scope="module")
def content() -> bytes:
    return word.render(word.STANDARD, SAMPLE)


@pytest.fixture(scope="module")
def letter(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def paragraphs(letter: Any) -> list[Any]:
    """Those of the letter, then those of its bare tables."""
    return [*letter.paragraphs, *(one for table in letter.tables for cell in cells(table) for one in cell.paragraphs)]


def cells(table: Any) -> list[Any]:
    return [cell for row in table.rows for cell in row.cells]


def find(letter: Any, start: str) -> Any:
    return next(one for one in paragraphs(letter) if one.text.startswith(start))


def look(paragraph: Any) -> tuple[float, bool, bool, str]:
    """Size in points, bold, italic, alignment of the words as they are seen."""
    run, style = paragraph.runs[0], paragraph.style
    size = run.font.size or style.font.size
    bold = run.bold if run.bold is not None else bool(style.font.bold)
    italic = run.italic if run.italic is not None else bool(style.font.italic)
    where = paragraph.alignment if paragraph.alignment is not None else style.paragraph_format.alignment
    return size.pt, bold, italic, {ALIGN.CENTER: "centre", ALIGN.JUSTIFY: "justified", ALIGN.LEFT: "left"}[where]


def test_page_and_margins(letter: Any) -> None:
    assert len(letter.sections) == 3  # the letter and two annexes
    for section in letter.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        allowed = ((20, 25), (20, 25), (30, 35), (15, 20))
        for side, (least, most) in zip(sides, allowed, strict=True):
            assert least <= round(side.mm, 1) <= most


def test_font_is_times_new_roman_for_every_script_and_black(letter: Any) -> None:
    used = {one.style.name: one.style for one in paragraphs(letter)}
    for section in letter.sections:
        used |= {one.style.name: one.style for part in (section.header, section.footer) for one in part.paragraphs}
    for name, style in used.items():
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "cs")} == {"Times New Roman"}, name
        assert str(style.font.color.rgb) == "000000", name
    assert not {name for name in used if name.startswith(("Heading", "List", "Title"))}


def test_page_number_is_centred_above_and_absent_on_first_pages(letter: Any) -> None:
    for section in letter.sections:
        assert section.different_first_page_header_footer
        (number,) = section.header.paragraphs
        assert "PAGE" in "".join(node.text or "" for node in number._p.iter(qn("w:instrText")))
        assert number.style.font.size == Pt(14)
        assert number.style.paragraph_format.alignment == ALIGN.CENTER
        assert "".join(one.text for one in section.first_page_header.paragraphs) == ""
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in letter.sections]
    assert [None if one is None else one.get(qn("w:start")) for one in starts] == [None, "1", "1"]


def test_country_and_motto(letter: Any) -> None:
    right = letter.tables[0].rows[0].cells[1].paragraphs
    assert [one.text for one in right] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""]
    assert look(right[0]) == (13, True, False, "centre")
    assert look(right[1]) == (14, True, False, "centre")


def test_bodies_number_and_date(letter: Any) -> None:
    left = letter.tables[0].rows[0].cells[0].paragraphs
    assert [look(one) for one in left[:2]] == [(13, False, False, "centre"), (13, True, False, "centre")]
    assert all(one.text.isupper() for one in left[:2])
    number, day = (cell.paragraphs[0] for cell in letter.tables[0].rows[1].cells)  # the same row
    assert (number.text, look(number)) == ("Số: 05/BC-BTV", (13, False, False, "centre"))
    assert day.text == "Thái Nguyên, ngày 05 tháng 10 năm 2026"
    assert look(day) == (14, False, True, "centre")


def test_title_and_subject(letter: Any) -> None:
    assert look(find(letter, "BÁO CÁO")) == (14, True, False, "centre")
    assert look(find(letter, "Kết quả thực hiện Kế hoạch")) == (14, True, False, "centre")


def rule_lengths(letter: Any) -> dict[str, float]:
    """Each line by the text above it, as a share of the estimated width of that text."""
    head = letter.tables[0].rows[0].cells
    places = [(head[0].paragraphs, 3800), (head[1].paragraphs, 5840), (letter.paragraphs, 9071)]
    found = {}
    for some, width in places:
        for above, line in pairwise(some):
            if line.style.name in (word.SHORT_RULE, word.LONG_RULE):
                form = line.paragraph_format
                length = width - form.left_indent.twips - form.right_indent.twips
                found[above.text] = length / word.text_width(above.text)
    return found


def test_lines_under_motto_body_and_subject(letter: Any) -> None:
    lengths = rule_lengths(letter)
    assert len(lengths) == 3
    motto = lengths.pop("Độc lập - Tự do - Hạnh phúc")
    assert motto == pytest.approx(1, abs=0.01)
    assert all(1 / 3 <= share <= 1 / 2 for share in lengths.values())
    border = letter.styles[word.SHORT_RULE].element.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert border.get(qn("w:val")) == "single"


def test_addressees(letter: Any) -> None:
    texts = [one.text for one in letter.paragraphs if one.style.name == "Kính gửi nhiều nơi"]
    assert texts == [
        "Kính gửi:", "- Đoàn Chủ tịch Trung ương Hội Liên hiệp Phụ nữ Việt Nam;", "- Ban Thường vụ Tỉnh ủy.",
    ]  # fmt: skip
    assert look(find(letter, "Kính gửi"))[:3] == (14, False, False)
    one = docx.Document(io.BytesIO(word.render(word.STANDARD, {**SAMPLE, "kinh_gui": ["Tỉnh ủy"]})))
    assert (find(one, "Kính gửi").text, look(find(one, "Kính gửi"))[3]) == ("Kính gửi: Tỉnh ủy", "centre")
    nobody = docx.Document(io.BytesIO(word.render(word.STANDARD, {**SAMPLE, "kinh_gui": []})))
    assert not [one for one in paragraphs(nobody) if "Kính gửi" in one.text]


def test_body_text(letter: Any) -> None:
    body = find(letter, "Thực hiện Kế hoạch")
    form = body.style.paragraph_format
    assert look(body) == (14, False, False, "justified")
    assert 1 <= form.first_line_indent.cm <= 1.28
    assert form.space_after >= Pt(6)
    assert 1 <= form.line_spacing <= 1.5


def test_headings(letter: Any) -> None:
    part, clause, point = (find(letter, start) for start in ("I. KẾT QUẢ", "1. Tình hình", "a) Chuyển"))
    assert part.text.isupper()
    assert [look(one)[:3] for one in (part, clause, point)] == [
        (14, True, False), (14, True, False), (14, False, False),
    ]  # fmt: skip
    assert find(letter, "II. KHÓ KHĂN").style.name == find(letter, "III. ĐỀ XUẤT").style.name == part.style.name
    assert find(letter, "b) Kỹ năng số").style.name == point.style.name


def test_the_last_sentence_ends_with_the_end_mark(letter: Any) -> None:
    body = [one.text for one in letter.paragraphs if one.text and one.style.name == "Normal"]
    assert body[-1].endswith("./.")
    assert sum(text.count("./.") for text in body) == 1


def test_signature_stands_level_with_the_recipients(letter: Any) -> None:
    table = next(table for table in letter.tables if "Nơi nhận:" in table.rows[0].cells[0].text)
    left, right = table.rows[0].cells
    lines = [one for one in right.paragraphs if one.text]
    assert [one.text for one in lines] == ["TM. BAN THƯỜNG VỤ", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Hoa"]
    assert {look(one) for one in lines} == {(14, True, False, "centre")}
    assert len([one for one in right.paragraphs if not one.text]) >= 3  # room for signature and seal
    label, *rest = left.paragraphs
    assert (label.text, look(label)) == ("Nơi nhận:", (12, True, True, "left"))
    assert [one.text for one in rest] == ["- Như trên;", "- Lưu: VT, BCTPN."]
    assert {look(one) for one in rest} == {(11, False, False, "left")}


def test_annexes(letter: Any) -> None:
    numbers = [one for one in letter.paragraphs if one.text.startswith("Phụ lục")]
    assert [(one.text, look(one)) for one in numbers] == [
        ("Phụ lục I", (14, True, False, "centre")), ("Phụ lục II", (14, True, False, "centre")),
    ]  # fmt: skip
    for title in ("CHI TIẾT CÁC CHỈ SỐ", "KẾT QUẢ THEO ĐƠN VỊ"):
        assert look(find(letter, title)) == (14, True, False, "centre")
    added = find(letter, "(Kèm theo Báo cáo số 05/BC-BTV ngày 05 tháng 10 năm 2026")
    assert look(added) == (14, False, True, "centre")
    alone = {**SAMPLE, "co_phu_luc_2": False, "ten_phu_luc_1": "Phụ lục", "cac_bieu": []}
    single = docx.Document(io.BytesIO(word.render(word.STANDARD, alone)))
    assert [one.text for one in single.paragraphs if one.text.startswith("Phụ lục")] == ["Phụ lục"]
    assert len(single.sections) == 2


def test_tables_repeat_their_heading_and_hold_the_numbers(letter: Any) -> None:
    tables = [table for table in letter.tables if table.rows[0].cells[0].text == "STT"]
    assert len(tables) == 4  # two pillars, the annex of indicators, one table of units
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    first, wide = tables[0], tables[-1]
    row = [cell.text for cell in first.rows[1].cells]
    assert row == ["1", "Cơ sở Hội có máy tính dùng tốt", "97,5%", "47,8%", "+49,7 điểm", "100% (12/2026)", "97,5%"]
    assert [[cell.text for cell in row.cells] for row in wide.rows[1:]] == [
        ["1", "Xã Tân Cương", "100", "320"], ["2", "Phường Phan Đình Phùng", "–", "1.204"],
    ]  # fmt: skip
    grid = [column.w for column in wide._tbl.tblGrid.gridCol_lst]
    assert len(grid) == 4
    assert grid[2] == grid[3]


def test_every_page_says_which_snapshot_it_holds(letter: Any) -> None:
    for section in letter.sections:
        for footer in (section.footer, section.first_page_footer):
            assert [one.text for one in footer.paragraphs] == [SAMPLE["chan_trang"]]


def test_what_people_type_stays_text(content: bytes) -> None:
    typed = "Nguyễn & Trần <b>{{ trich_yeu }}</b> {% if %}"
    made = word.render(word.STANDARD, {**SAMPLE, "nguoi_ky": typed})
    assert find(docx.Document(io.BytesIO(made)), "Nguyễn &").text == typed
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        text = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert not re.search(r"\{\{|\{%|%\}|\}\}", text)  # no field left over
