"""The Excel form of an importer: its units in rows, drop-downs, notes at the headings, and a sheet of instructions."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from core.export import XLSX_TYPE
from imports.columns import Column, Takes
from imports.desk import Desk
from imports.registry import Importer, Values
from imports.survey import MOST_ROWS

__all__ = ["XLSX_TYPE", "build"]
TITLE_ROW, HEADING_ROW, FIRST_ROW = 0, 2, 3
SPARE_ROWS = 300  # empty rows below the filled ones that have the drop-downs too
_LONGEST_NOTE, _LONGEST_PROMPT_TITLE, _LONGEST_PROMPT = 1000, 32, 255
_LISTS = "Danh mục"


@translation.override(settings.LANGUAGE_CODE)  # the language in which it is read again
def build(importer: Importer, desk: Desk, *, filled: bool) -> IO[bytes]:
    """The form for the units of the desk, empty or `filled` with what is stored; a temporary file at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once it is sent
    columns = importer.columns_for(desk)
    rows = importer.existing(desk) if filled else importer.blank(desk)
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        writer = _Writer(book, columns, desk)
        sheet = book.add_worksheet(_("Data")[:31])
        writer.instructions(importer)
        writer.lists()
        count = writer.rows(sheet, islice(rows, MOST_ROWS - FIRST_ROW))
        title = " · ".join(str(text) for text in (importer.title, importer.subject(desk.options)) if text)
        writer.head(sheet, title, desk.scope.name)
        writer.validations(sheet, FIRST_ROW + count + SPARE_ROWS)
        writer.protect(sheet)
        sheet.activate()
    file.seek(0)
    return file


class _Writer:
    """Writes the sheets of one form."""

    def __init__(self, book: Any, columns: Sequence[Column], desk: Desk) -> None:
        self.book, self.columns, self.desk = book, columns, desk
        self.sources: dict[str, str] = {}
        text = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BBBBBB", "locked": False}
        self.formats = {takes: book.add_format({**text, **_number_format(takes)}) for takes in Takes}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.muted = book.add_format({"font_color": "#555555"})
        heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#EFE6EE"}
        self.heading = book.add_format(heading)
        self.needed = book.add_format({**heading, "bg_color": "#E5C9DF"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def head(self, sheet: Any, title: str, scope: str) -> None:
        sheet.write_string(TITLE_ROW, 0 if not self._hidden(0) else 1, f"{title} · {scope}", self.title)
        hint = _("Dark headings must be filled in. Empty cells change nothing. Instructions are on the next sheet.")
        sheet.write_string(TITLE_ROW + 1, 0 if not self._hidden(0) else 1, hint, self.muted)
        sheet.set_row(HEADING_ROW, 34)
        for place, column in enumerate(self.columns):
            heading = f"{column.heading} *" if column.required else str(column.heading)
            sheet.write_string(HEADING_ROW, place, heading, self.needed if column.required else self.heading)
            sheet.set_column(place, place, column.width, None, {"hidden": self._hidden(place)})
            if note := _note(column):
                sheet.write_comment(HEADING_ROW, place, note[:_LONGEST_NOTE], {"x_scale": 2, "y_scale": 1.2})
        sheet.freeze_panes(FIRST_ROW, 0)

    def rows(self, sheet: Any, rows: Iterable[Values]) -> int:
        count = 0
        for count, values in enumerate(rows, start=1):
            for place, column in enumerate(self.columns):
                self._cell(sheet, FIRST_ROW + count - 1, place, column, values)
        for line in range(FIRST_ROW + count, FIRST_ROW + count + SPARE_ROWS):
            for place, column in enumerate(self.columns):
                sheet.write_blank(line, place, None, self.formats[column.takes])
        return count

    def lists(self) -> None:
        """The drop-downs: a hidden sheet, because Excel takes no list longer than 255 characters in the rule itself."""
        sheet = self.book.add_worksheet(_LISTS)
        sheet.hide()
        for place, column in enumerate(self.columns):
            words = self._choices(column)
            for line, text in enumerate(words):
                sheet.write_string(line, place, text)
            if words:
                letter = xl_col_to_name(place, col_abs=True)
                self.sources[column.name] = f"='{_LISTS}'!{letter}$1:{letter}${len(words)}"

    def validations(self, sheet: Any, last: int) -> None:
        for place, column in enumerate(self.columns):
            rule = self._rule(column)
            if rule:
                prompt = {"input_title": str(column.heading)[:_LONGEST_PROMPT_TITLE]} if column.help else {}
                prompt |= {"input_message": str(column.help)[:_LONGEST_PROMPT]} if column.help else {}
                sheet.data_validation(FIRST_ROW, place, last - 1, place, {**rule, **prompt, "ignore_blank": True})

    def protect(self, sheet: Any) -> None:
        """Against slips, not against people: no password; rows may be added, sorted and formatted."""
        allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
        sheet.protect("", dict.fromkeys(allowed, True))

    def instructions(self, importer: Importer) -> None:
        sheet = self.book.add_worksheet(_("Instructions")[:31])
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, str(importer.title), self.title)
        line = 2
        for text in (str(importer.lead), *_rules()):
            if text:
                sheet.merge_range(line, 0, line, 1, text, self.wrapped)
                sheet.set_row(line, 32)
                line += 1
        line += 1
        for column in self.columns:
            if column.takes is not Takes.UNIT_CODE:
                sheet.write_string(line, 0, f"{column.heading}{' *' if column.required else ''}", self.wrapped)
                sheet.write_string(line, 1, _note(column) or "", self.wrapped)
                line += 1

    def _cell(self, sheet: Any, line: int, place: int, column: Column, values: Values) -> None:
        style = self.formats[column.takes]
        if column.takes is Takes.UNIT_CODE:
            unit = values.get(column.code_of)
            known = self.desk.units.units.get(unit) if unit else None
            sheet.write_string(line, place, known.code if known else "", style)
            return
        value = values.get(column.name)
        if value in (None, ""):
            sheet.write_blank(line, place, None, style)
        elif column.takes is Takes.UNIT:
            sheet.write_string(line, place, self.desk.units.label(value), style)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, style)
        elif column.takes in (Takes.INTEGER, Takes.DECIMAL, Takes.YEAR):
            sheet.write_number(line, place, value, style)
        else:
            sheet.write_string(line, place, self.desk.in_words(column, value), style)

    def _choices(self, column: Column) -> list[str]:
        if column.takes is Takes.CHOICE:
            return [str(words) for words in column.choices.values()]
        if column.takes is Takes.YES_NO:
            return [_("Yes"), _("No")]
        return [self.desk.units.label(pk) for pk in self.desk.open_units()] if column.takes is Takes.UNIT else []

    def _rule(self, column: Column) -> dict[str, Any] | None:
        if source := self.sources.get(column.name):
            # units may also be typed by a usual other name: the list helps, the check decides
            kind = "warning" if column.takes is Takes.UNIT else "stop"
            return {
                "validate": "list",
                "source": source,
                "error_type": kind,
                "error_message": _("Choose from the list."),
            }
        if column.takes is Takes.DATE:
            bounds = {"minimum": date(1900, 1, 1), "maximum": date(2200, 12, 31)}
            return {
                "validate": "date",
                "criteria": "between",
                **bounds,
                "error_message": _("Enter a date: dd/mm/yyyy."),
            }
        if column.takes in (Takes.INTEGER, Takes.DECIMAL):
            kind = "integer" if column.takes is Takes.INTEGER else "decimal"
            low = column.minimum if column.minimum is not None else -column.maximum
            bounds_of_number = {"minimum": low, "maximum": column.maximum}
            message = _("Enter a number.")
            return {"validate": kind, "criteria": "between", **bounds_of_number, "error_message": message}
        return None

    def _hidden(self, place: int) -> bool:
        return self.columns[place].takes is Takes.UNIT_CODE


def _number_format(takes: Takes) -> dict[str, str]:
    formats = {Takes.DATE: "dd/mm/yyyy", Takes.YEAR: "0", Takes.INTEGER: "#,##0", Takes.DECIMAL: "#,##0.##"}
    return {"num_format": formats.get(takes, "@")}


def _note(column: Column) -> str:
    """What a cell of the column takes, in one or two sentences."""
    said = {
        Takes.DATE: _("A date: day/month/year, for example 21/11/2026."),
        Takes.YEAR: _("A year, for example 1985; of a whole date only the year is kept."),
        Takes.INTEGER: _("A whole number, for example 12."),
        Takes.DECIMAL: _("A number; decimals follow a comma, for example 8,5."),
        Takes.YES_NO: _("Có or Không."),
        Takes.UNIT: _("The name of the unit as in the list, or its name without Xã/Phường where only one has it."),
    }.get(column.takes, "")
    if column.takes is Takes.CHOICE:
        said = _("One of: %(choices)s.") % {"choices": "; ".join(str(words) for words in column.choices.values())}
    return " ".join(text for text in (str(column.help), said) if text)


def _rules() -> list[str]:
    return [
        _("Fill in the first sheet and send the file on the page “Import from Excel”."),
        _("Nothing is written at once: you first see every change."),
        _("Columns may stand in any order; rows without data are passed over."),
        _("An empty cell leaves a stored value as it is."),
        _("Numbers are read the Vietnamese way: 1.234,5. The number 0 is zero, an empty cell is not reported."),
        _("If something is wrong, the whole file is refused and comes back with red cells."),
        _("Correct the red cells and send the same file again."),
    ]
