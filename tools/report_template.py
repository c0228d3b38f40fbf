"""Builds issuing/data/bao-cao.docx: the standard Word template of reports, laid out by Nghị định 30/2020/NĐ-CP.

Run it after a change: `.venv/bin/python tools/report_template.py`. The result is committed with it. Measures are those
of the decree's annex I; sizes in points, lengths in twips (1/20 point).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor, Twips

TARGET = Path(__file__).resolve().parent.parent / "issuing" / "data" / "bao-cao.docx"
FONT = "Times New Roman"
PAGE = (11906, 16838)
TOP, BOTTOM, LEFT, RIGHT = 1134, 1134, 1701, 1134
CENTRE, LEFT_ALIGNED, RIGHT_ALIGNED, JUSTIFIED = ALIGN.CENTER, ALIGN.LEFT, ALIGN.RIGHT, ALIGN.JUSTIFY
LETTERHEAD = (3800, 5840)  # the right column holds the country's name at 13 points on one line
SHORT_RULE, LONG_RULE = "Kẻ ngắn", "Kẻ dài"  # issuing.word fits their length to the text above
WIDE_TABLE = "Bảng nhiều cột"  # issuing.word shares its width among the columns that it gets


def build() -> Any:
    document = Document()
    _styles(document)
    _page(document.sections[0])
    _letterhead(document)
    _title(document)
    _body(document)
    _signature(document)
    _annexes(document)
    document.core_properties.title = "{{ trich_yeu }}"
    document.core_properties.author = "{{ ten_don_vi }}"
    document.core_properties.language = "vi-VN"
    return document


# --- page and styles ---


def _page(section: Any) -> None:
    section.page_width, section.page_height = (Twips(side) for side in PAGE)
    section.top_margin, section.bottom_margin = Twips(TOP), Twips(BOTTOM)
    section.left_margin, section.right_margin = Twips(LEFT), Twips(RIGHT)
    section.header_distance, section.footer_distance = Cm(1), Cm(0.9)
    section.different_first_page_header_footer = True
    for part in (section.header, section.first_page_header, section.footer, section.first_page_footer):
        part.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.style = "Số trang"
    _field(number, "PAGE")
    section.first_page_header.paragraphs[0].style = "Số trang"
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].style = "Chân trang"
        footer.paragraphs[0].add_run("{{ chan_trang }}")


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, 14)
    form = normal.paragraph_format
    form.alignment, form.space_after, form.space_before = JUSTIFIED, Pt(6), Pt(0)
    form.first_line_indent, form.line_spacing, form.widow_control = Twips(720), 1.15, True
    _language(normal)
    plain = {"indent": 0, "after": 0, "line": 1.0}
    _style(document, "Đầu văn bản", size=13, align=CENTRE, **plain)
    _style(document, "Tên loại", size=14, bold=True, align=CENTRE, before=12, **plain)
    _style(document, "Trích yếu", size=14, bold=True, align=CENTRE, **plain)
    _style(document, "Kính gửi", size=14, align=CENTRE, before=6, indent=0, after=6, line=1.15)
    _style(document, "Kính gửi nhiều nơi", size=14, align=LEFT_ALIGNED, indent=0, left=2268, after=0, line=1.15)
    _style(document, "Mục", size=14, bold=True, before=6, keep=True)
    _style(document, "Khoản", size=14, bold=True, keep=True)
    _style(document, "Điểm", size=14, keep=True)
    _style(document, "Ô bảng", size=11, align=LEFT_ALIGNED, **plain)
    _style(document, "Ô số", size=11, align=RIGHT_ALIGNED, **plain)
    _style(document, "Đầu bảng", size=11, bold=True, align=CENTRE, **plain)
    _style(document, "Sau bảng", size=6, align=LEFT_ALIGNED, indent=0, after=0, line=1.0)
    _style(document, "Chữ ký", size=14, bold=True, align=CENTRE, **plain)
    _style(document, "Nơi nhận", size=12, bold=True, italic=True, align=LEFT_ALIGNED, **plain)
    _style(document, "Dòng nơi nhận", size=11, align=LEFT_ALIGNED, **plain)
    _style(document, "Số phụ lục", size=14, bold=True, align=CENTRE, **plain)
    _style(document, "Tên phụ lục", size=14, bold=True, align=CENTRE, **plain)
    _style(document, "Kèm theo", size=14, italic=True, align=CENTRE, indent=0, after=6, line=1.0)
    _style(document, "Số trang", size=14, align=CENTRE, **plain)
    _style(document, "Chân trang", size=9, align=LEFT_ALIGNED, **plain)
    wide = document.styles.add_style(WIDE_TABLE, WD_STYLE_TYPE.TABLE)
    wide.base_style = document.styles["Table Grid"]
    for name in (SHORT_RULE, LONG_RULE):
        _rule_style(_style(document, name, size=3, align=CENTRE, **plain))


def _style(document: Any, name: str, *, size: int, align: Any = JUSTIFIED, indent: int = 720, **more: Any) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _font(style, size)
    style.font.bold, style.font.italic = more.get("bold", False), more.get("italic", False)
    form = style.paragraph_format
    form.alignment, form.first_line_indent = align, Twips(indent)
    form.space_before, form.space_after = Pt(more.get("before", 0)), Pt(more.get("after", 6))
    form.line_spacing, form.keep_with_next = more.get("line", 1.15), more.get("keep", False)
    form.left_indent = Twips(more.get("left", 0))
    return style


def _font(style: Any, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), FONT)


def _language(style: Any) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)


def _rule_style(style: Any) -> None:
    """A solid line: the lower border of an otherwise empty paragraph."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


# --- the parts of the letter ---


def _letterhead(document: Any) -> None:
    table = _bare_table(document, LETTERHEAD, indent=-284)
    left, right = table.rows[0].cells
    _lines(left, ("Đầu văn bản", "{{ co_quan_chu_quan }}"), ("Đầu văn bản", "{{ co_quan_ban_hanh }}"), (SHORT_RULE, ""))
    left.paragraphs[1].runs[0].bold = True
    motto = ("Đầu văn bản", "Độc lập - Tự do - Hạnh phúc")
    _lines(right, ("Đầu văn bản", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), motto, (LONG_RULE, ""))
    for paragraph, size in zip(right.paragraphs[:2], (13, 14), strict=True):
        paragraph.runs[0].bold, paragraph.runs[0].font.size = True, Pt(size)
    left, right = table.add_row().cells
    _widths(table, LETTERHEAD)
    _lines(left, ("Đầu văn bản", "{{ so_ky_hieu }}"))
    _lines(right, ("Đầu văn bản", "{{ dia_danh_ngay }}"))
    right.paragraphs[0].runs[0].italic, right.paragraphs[0].runs[0].font.size = True, Pt(14)
    for cell in (left, right):
        cell.paragraphs[0].paragraph_format.space_before = Pt(6)


def _title(document: Any) -> None:
    _add(document, "Tên loại", "BÁO CÁO")
    _add(document, "Trích yếu", "{{ trich_yeu }}")
    _add(document, SHORT_RULE, "")
    _add(document, "Sau bảng", "")
    _tags(document, "{%p if kinh_gui|length == 1 %}")
    _add(document, "Kính gửi", "Kính gửi: {{ kinh_gui[0] }}")
    _tags(document, "{%p elif kinh_gui %}")
    _add(document, "Kính gửi nhiều nơi", "Kính gửi:")
    _tags(document, "{%p for noi in kinh_gui %}")
    _add(document, "Kính gửi nhiều nơi", "- {{ noi }}{% if loop.last %}.{% else %};{% endif %}")
    _tags(document, "{%p endfor %}", "{%p endif %}")


def _body(document: Any) -> None:
    _loop(document, "doan in mo_dau", "Normal", "{{ doan }}")
    _add(document, "Mục", "I. KẾT QUẢ THỰC HIỆN")
    _add(document, "Khoản", "1. Tình hình số liệu")
    _loop(document, "doan in tinh_hinh", "Normal", "{{ doan }}")
    _add(document, "Khoản", "2. Kết quả các chỉ số")
    _tags(document, "{%p for nhom in tru_cot %}", "{%p if nhom.ten %}")
    _add(document, "Điểm", "{{ nhom.chu }}) {{ nhom.ten }}")
    _tags(document, "{%p endif %}")
    heads = ("STT", "Chỉ số", "Kết quả", "Cùng kỳ năm trước", "Tăng, giảm so cùng kỳ", "Kế hoạch", "Đạt % kế hoạch")
    fields = ("stt", "ten", "ket_qua", "cung_ky", "tang_giam", "ke_hoach", "dat")
    _table(document, heads, fields, "cs in nhom.chi_so", "cs", (600, 2660, 1247, 1190, 1304, 1247, 823))
    _add(document, "Sau bảng", "")
    _tags(document, "{%p endfor %}", "{%p if danh_gia %}")
    _add(document, "Khoản", "3. Đánh giá chung")
    _loop(document, "doan in danh_gia", "Normal", "{{ doan.noi_dung }}")
    _tags(document, "{%p endif %}", "{%p for phan in cac_phan %}")
    _add(document, "Mục", "{{ phan.so }}. {{ phan.tieu_de }}")
    _tags(document, "{%p for doan in phan.doan %}", "{%p if doan.de_muc %}")
    _add(document, "Khoản", "{{ doan.noi_dung }}")
    _tags(document, "{%p else %}")
    _add(document, "Normal", "{{ doan.noi_dung }}")
    _tags(document, "{%p endif %}", "{%p endfor %}", "{%p endfor %}")
    _add(document, "Normal", "{{ ket }}").paragraph_format.keep_with_next = True


def _signature(document: Any) -> None:
    _add(document, "Sau bảng", "").paragraph_format.keep_with_next = True
    table = _bare_table(document, (4252, 5103), indent=-142)
    left, right = table.rows[0].cells
    _keep_together(table.rows[0])
    _lines(
        left,
        ("Nơi nhận", "Nơi nhận:"),
        ("Dòng nơi nhận", "{%p for dong in noi_nhan %}"),
        ("Dòng nơi nhận", "{{ dong }}"),
        ("Dòng nơi nhận", "{%p endfor %}"),
    )
    room = [("Chữ ký", "")] * 4  # for the signature and the seal
    _lines(
        right,
        ("Chữ ký", "{%p for dong in chuc_vu_ky %}"),
        ("Chữ ký", "{{ dong }}"),
        ("Chữ ký", "{%p endfor %}"),
        *room,
        ("Chữ ký", "{{ nguoi_ky }}"),
    )


def _annexes(document: Any) -> None:
    """Each annex is a section of its own, so that its pages count from 1. The second one may be left out."""
    _new_section(document)
    _annex_head(document, "{{ ten_phu_luc_1 }}", "CHI TIẾT CÁC CHỈ SỐ")
    heads = ("STT", "Chỉ số", "Trong kỳ", "Kết quả", "Tử số/ mẫu số", "Đơn vị có số liệu", "So với lộ trình")
    fields = ("stt", "ten", "trong_ky", "ket_qua", "phan_so", "do_day_du", "trang_thai")
    _table(document, heads, fields, "cs in chi_so", "cs", (600, 2359, 1077, 1191, 1701, 1191, 952))
    _tags(document, "{%p if co_phu_luc_2 %}")
    _new_section(document)
    _annex_head(document, "{{ ten_phu_luc_2 }}", "KẾT QUẢ THEO ĐƠN VỊ")
    _tags(document, "{%p for bieu in cac_bieu %}")
    _add(document, "Khoản", "Biểu {{ bieu.so }}")
    _wide_table(document)
    _add(document, "Sau bảng", "")
    _tags(document, "{%p endfor %}", "{%p endif %}")


def _annex_head(document: Any, number: str, title: str) -> None:
    _add(document, "Số phụ lục", number)
    _add(document, "Tên phụ lục", title)
    _add(document, "Kèm theo", "{{ kem_theo }}")


# --- tables ---


def _table(document: Any, heads: Any, fields: Any, loop: str, name: str, widths: Any) -> None:
    """A bordered table with one row for each turn of the loop; its heading is repeated on every page."""
    table = document.add_table(rows=4, cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _widths(table, widths)
    _narrow_margins(table)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _lines(cell, ("Đầu bảng", head))
    _repeat(table.rows[0])
    _lines(table.rows[1].cells[0], ("Ô bảng", f"{{%tr for {loop} %}}"))
    for place, (cell, field) in enumerate(zip(table.rows[2].cells, fields, strict=True)):
        _lines(cell, ("Ô bảng" if place < 2 else "Ô số", f"{{{{ {name}.{field} }}}}"))
    _keep_together(table.rows[2])
    _lines(table.rows[3].cells[0], ("Ô bảng", "{%tr endfor %}"))


def _wide_table(document: Any) -> None:
    """Units in rows, indicators in columns; how many columns there are is known when it is filled."""
    table = document.add_table(rows=4, cols=5)
    table.style, table.alignment = WIDE_TABLE, WD_TABLE_ALIGNMENT.CENTER
    _widths(table, (600, 2771, 1900, 1900, 1900))
    _narrow_margins(table)
    columns = ("{%tc for ten in bieu.chi_so %}", "{{ ten }}", "{%tc endfor %}")
    for cell, text in zip(table.rows[0].cells, ("STT", "Đơn vị", *columns), strict=True):
        _lines(cell, ("Đầu bảng", text))
    _repeat(table.rows[0])
    _lines(table.rows[1].cells[0], ("Ô bảng", "{%tr for dv in bieu.don_vi %}"))
    columns = ("{%tc for so in dv.gia_tri %}", "{{ so }}", "{%tc endfor %}")
    for place, text in enumerate(("{{ dv.stt }}", "{{ dv.ten }}", *columns)):
        _lines(table.rows[2].cells[place], ("Ô bảng" if place < 2 else "Ô số", text))
    _keep_together(table.rows[2])
    _lines(table.rows[3].cells[0], ("Ô bảng", "{%tr endfor %}"))


def _bare_table(document: Any, widths: Any, *, indent: int) -> Any:
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    _widths(table, widths)
    shift = OxmlElement("w:tblInd")
    shift.set(qn("w:w"), str(indent))
    shift.set(qn("w:type"), "dxa")
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(shift)
    _narrow_margins(table, 28)
    return table


def _narrow_margins(table: Any, room: int = 57) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(room))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption")


def _widths(table: Any, widths: Any) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)


def _repeat(row: Any) -> None:
    _row_flag(row, "w:cantSplit")
    _row_flag(row, "w:tblHeader")


def _keep_together(row: Any) -> None:
    _row_flag(row, "w:cantSplit")


def _row_flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


# --- paragraphs ---


def _add(document: Any, style: str, text: str) -> Any:
    paragraph = document.add_paragraph(style=style)
    if text:
        paragraph.add_run(text)
    return paragraph


def _tags(document: Any, *tags: str) -> None:
    """Each tag of docxtpl in a paragraph of its own, which disappears."""
    for tag in tags:
        _add(document, "Normal", tag)


def _loop(document: Any, loop: str, style: str, text: str) -> None:
    _tags(document, f"{{%p for {loop} %}}")
    _add(document, style, text)
    _tags(document, "{%p endfor %}")


def _lines(cell: Any, *lines: tuple[str, str]) -> None:
    for place, (style, text) in enumerate(lines):
        paragraph = cell.paragraphs[0] if not place else cell.add_paragraph()
        paragraph.style = style
        if text:
            paragraph.add_run(text)


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _new_section(document: Any) -> None:
    """On a new page, counted from 1, laid out like the first; the paragraph that holds the break takes no room."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.paragraphs[-1].style = "Sau bảng"
    _page(section)
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    properties.find(qn("w:pgMar")).addnext(numbers)


if __name__ == "__main__":
    build().save(TARGET)
