"""How the Excel forms of reports look, and what is the same on all of them: head, protection, instructions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import format_number
from imports.columns import LARGEST, Takes
from programmes.choices import MeasureKind
from submissions.queries import Line

LONGEST_TITLE, LONGEST_PROMPT, LONGEST_COMMENT = 32, 255, 1000  # what Excel takes
A4 = 9  # as xlsxwriter counts sizes of paper
HEAD_ROWS = 4  # title, unit, hint, mark
_GREY, _EDGE = "#E7E6E6", "#BBBBBB"
NUMBER_FORMATS = {Takes.INTEGER: "#,##0", Takes.DECIMAL: "#,##0.##"}


class Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.strong = book.add_format({"bold": True})
        self.muted = book.add_format({"font_color": "#555555"})
        self.alarm = book.add_format({"bold": True, "font_color": "#9C0006"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
        self.heading = book.add_format({**head, "bg_color": "#EFE6EE"})
        self.asked = book.add_format({**head, "bg_color": "#E5C9DF"})
        self.section = book.add_format({"bold": True, "border": 1, "border_color": _EDGE, "bg_color": "#F6F1F5"})
        self._made: dict[tuple[Any, ...], Any] = {}

    def cell(self, *, takes: Takes | None = None, locked: bool = True, indent: int = 0) -> Any:
        """A cell of the table: white where it may be typed in, else grey."""
        key = (takes, locked, indent)
        if key not in self._made:
            look = {"border": 1, "border_color": _EDGE, "valign": "top", "text_wrap": True, "indent": indent}
            look |= {"num_format": NUMBER_FORMATS.get(takes, "@")} if takes else {}
            look |= {"locked": locked} | ({"bg_color": _GREY, "font_color": "#404040"} if locked else {})
            self._made[key] = self.book.add_format(look)
        return self._made[key]


def write_head(sheet: Any, styles: Styles, place: int, lines: Sequence[str], *, alarm: bool) -> None:
    """Title, unit, hint (red where nothing can be typed) and mark, from the column `place` on."""
    looks = (styles.title, styles.strong, styles.alarm if alarm else styles.muted, styles.muted)
    for number, (text, look) in enumerate(zip(lines, looks, strict=True)):
        sheet.write_string(number, place, text, look)


def mark_line(mark: object) -> str:
    return _("Code of this file: %(mark)s (leave this line as it is)") % {"mark": mark}


def protect(sheet: Any) -> None:
    """Against slips, not against people: no password. Columns may be widened and cells coloured."""
    sheet.protect("", dict.fromkeys(("format_cells", "format_columns", "format_rows"), True))
    sheet.set_landscape()
    sheet.set_paper(A4)


def write_number(sheet: Any, row: int, place: int, value: Decimal | None, look: Any, *, flag: bool) -> None:
    if value is None:
        sheet.write_blank(row, place, None, look)
    elif flag:
        sheet.write_string(row, place, _("Yes") if value else _("No"), look)
    else:
        sheet.write_number(row, place, value, look)


def rule_of(line: Line) -> dict[str, Any]:
    """The data validation of a cell of this line, with what it says when the cell is chosen."""
    told = " ".join(filter(None, (limits_of(line), line.help_text)))[:LONGEST_PROMPT]
    prompt = {"input_title": line.measure.name[:LONGEST_TITLE], "input_message": told, "ignore_blank": True}
    if line.measure.kind == MeasureKind.FLAG:
        words = [_("Yes"), _("No")]
        return {"validate": "list", "source": words, "error_message": _("Choose from the list."), **prompt}
    return {
        "validate": "decimal" if line.measure.decimals else "integer",
        "criteria": "between",
        "minimum": line.least,
        "maximum": LARGEST if line.greatest is None else line.greatest,
        "error_message": _("Enter a number. %(limits)s") % {"limits": limits_of(line)},
        **prompt,
    }


def limits_of(line: Line) -> str:
    """Between which values a number lies, in words."""
    if line.measure.kind == MeasureKind.FLAG:
        return _("Có or Không.")
    least, greatest = format_number(line.least), format_number(line.greatest)
    words = {"least": least, "greatest": greatest}
    kind = _("A whole number") if not line.measure.decimals else _("A number, decimals after a comma")
    bounds = _("from %(least)s to %(greatest)s") % words if greatest else _("from %(least)s up") % words
    return f"{kind}, {bounds}."


def write_instructions(book: Any, styles: Styles, title: str, more: Iterable[str]) -> None:
    sheet = book.add_worksheet(_("Instructions")[:31])
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, title, styles.title)
    for number, text in enumerate((*more, *_rules()), start=2):
        sheet.write_string(number, 0, text, styles.wrapped)
        sheet.set_row(number, 32)
    sheet.protect("")


def _rules() -> list[str]:
    return [
        _("Type in the white cells. Grey cells are only shown: they are computed, or their report is not open."),
        _("An empty cell means not reported, the number 0 is zero. What you delete here is emptied there too."),
        _("Cells that you leave as they are stay as they are in the portal, whatever was typed there meanwhile."),
        _("Send the file on the page where you downloaded it. You first see every change; nothing is written at once."),
        _("If something is wrong, nothing is written and the file comes back with red cells to correct."),
        _("What is imported is a draft. Look it over and send it in the portal."),
    ]
