"""Files for spreadsheets that hold text as text: nothing that a person typed becomes a formula in someone's Excel."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_date, format_moment
from core.numbers import format_plain

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_START = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")  # with their full-width twins
_BATCH = 500  # lines sent at once
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME, _LONGEST_TEXT, _EXACT_DIGITS = 31, 32_767, 15
_WIDEST_COLUMN = 60  # characters
_LONGEST_FOOTER = 240


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its heading and its rows, which may come one by one; `footer` is printed on its pages."""

    name: str
    header: Sequence[object]
    rows: Iterable[Sequence[Any]]
    footer: str = ""


def stream_csv(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The text of a csv file in parts: UTF-8 with its mark (for Excel), commas, dates dd/mm/yyyy, decimals 1234,5.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if count % _BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A csv file called `name`.csv, sent while it is being read from the database."""
    response = StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def write_xlsx(target: str | IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Writes an Excel file row by row in constant memory: numbers and dates as such, all text as text."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with xlsxwriter.Workbook(target, options) as book:
        used: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, sheet, _sheet_name(sheet.name, used))


def xlsx_response(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """An Excel file called `name`.xlsx; it is written to disk first, so that memory does not grow with it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once it is sent
    write_xlsx(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might run this text instead of showing it."""
    return bool(_FORMULA_START.match(text))


def _csv_cell(value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, str):  # first, for most cells are text
        return f"'{value}" if is_formula_like(value) else value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return format_plain(value)
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_date(value)
    text = str(value)
    return f"'{text}" if is_formula_like(text) else text


def _write_sheet(book: Any, sheet: Sheet, name: str) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats: dict[type, Any] = {date: book.add_format({"num_format": "dd/mm/yyyy"})}
    formats[datetime] = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for place, heading in enumerate(sheet.header):
        # Only the heading is known when the widths have to be written; names need more room than figures.
        page.set_column(place, place, min(max(len(str(heading)) + 2, 14), _WIDEST_COLUMN))
        page.write_string(0, place, str(heading), bold)
    page.freeze_panes(1, 0)
    if sheet.footer:
        page.set_footer("&L&8 " + sheet.footer.replace("&", "&&")[:_LONGEST_FOOTER])
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, line, place, value, formats)


def _write_cell(page: Any, line: int, place: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(line, place, value[:_LONGEST_TEXT])
    elif isinstance(value, bool):
        page.write_string(line, place, _("Yes") if value else _("No"))
    elif isinstance(value, int | float | Decimal) and _is_exact(value):
        page.write_number(line, place, value)
    elif isinstance(value, datetime):
        here = timezone.make_naive(value) if timezone.is_aware(value) else value
        page.write_datetime(line, place, here, formats[datetime])
    elif isinstance(value, date):
        page.write_datetime(line, place, value, formats[date])
    else:
        page.write_string(line, place, str(value)[:_LONGEST_TEXT])


def _is_exact(value: float | Decimal) -> bool:
    """Whether Excel, which keeps 15 digits, would show the same number; longer ones are written as text."""
    return bool(abs(value) < 10**_EXACT_DIGITS)


def _sheet_name(name: str, used: set[str]) -> str:
    """A name Excel accepts: short, without its forbidden signs, and used once in the file."""
    clean = _NOT_IN_SHEET_NAMES.sub(" ", name).strip("' ")[:_LONGEST_SHEET_NAME] or "1"
    unique, number = clean, 2
    while unique.lower() in used:
        unique = f"{clean[: _LONGEST_SHEET_NAME - 4]} {number}"
        number += 1
    used.add(unique.lower())
    return unique
