"""A cross table as a file: first what it shows and how it was read, then the numbers, which are read row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_moment
from core.export import Sheet, csv_response, xlsx_response
from core.periods import label as month_label
from reports.exploring.choices import Axis
from reports.exploring.question import Question
from reports.exploring.table import Amounts, Cell, CrossTable, Entry, Line

FILE_NAME = "bang-cheo"
Row = list[Any]


def file_of(table: CrossTable, kind: str) -> HttpResponseBase:
    """The whole table as csv or xlsx, sent as it is read."""
    lines = rows(table)
    if kind == "csv":
        return csv_response(FILE_NAME, lines)
    return xlsx_response(FILE_NAME, [Sheet(_("Cross table"), next(lines), lines)])


def about(question: Question) -> list[tuple[str, str]]:
    """What the table shows, in words: the lines above the numbers."""
    scope = question.scope
    found = [
        (_("Unit"), scope.unit.name),
        (_("Programme"), scope.programme.name if scope.programme else ""),
        (_("Way of reading"), scope.reading_words),
        (_("What the cells hold"), str(question.amount.label)),
    ]
    if Axis.INDICATOR not in question.axes:
        found.append((_("Indicator"), question.indicators[0].name))
    if Axis.PERIOD in question.axes:
        found.append((_("Months"), f"{month_label(question.first)} – {month_label(question.last)}"))
    else:
        found.append((_("Period"), question.spans[-1].label))
    return [(name, text) for name, text in found if text]


def rows(table: CrossTable) -> Iterator[Row]:
    """Every line of the file, the heading of the table among them."""
    for name, text in about(table.question):
        yield [name, text]
    if table.undivided:
        names = ", ".join(unit.name for unit in table.undivided)
        yield [_("Not counted, for it cannot be divided back"), names]
    yield [_("Exported at"), format_moment(timezone.now())]
    yield []
    yield _heading(table)
    kept: list[Line] = []
    adds = table.adds(table.question.rows)
    for line in table.lines():
        yield [*_name(line.entry), *(value for cells in _cells(table, line) for value in cells)]
        if adds:
            kept.append(line)
    if sums := table.total_line(kept):
        wide = [(table.columns[place] if place < len(table.columns) else None) for place in range(len(sums))]
        yield [_("Sum"), "", *(v for entry, cell in zip(wide, sums, strict=True) for v in _values(table, entry, cell))]


def _heading(table: CrossTable) -> Row:
    found: Row = [str(table.question.rows.label), _("Code or unit of measure")]
    for entry in [*table.columns, *([Entry(_("Sum"))] if table.has_total_column else [])]:
        found.append(f"{entry.label} ({entry.note})" if entry.content is not None else entry.label)
        if _is_ratio(table, entry):
            found += [f"{entry.label}: {_('numerator')}", f"{entry.label}: {_('denominator')}"]
        found += [_("estimate")] if table.scope.is_on_day else []
    return found


def _name(entry: Entry) -> Row:
    return [entry.label, entry.note]


def _cells(table: CrossTable, line: Line) -> Iterator[Row]:
    for entry, cell in zip(table.columns, line.cells, strict=True):
        yield _values(table, entry, cell)
    if line.total is not None:
        yield _values(table, None, line.total)


def _values(table: CrossTable, entry: Entry | None, cell: Cell) -> Row:
    amounts: Amounts = cell.amounts
    found: Row = [amounts.value]
    if _is_ratio(table, entry):
        found += [amounts.numerator, amounts.denominator]
    return [*found, *([cell.note] if table.scope.is_on_day else [])]


def _is_ratio(table: CrossTable, entry: Entry | None) -> bool:
    """Whether the column holds percentages: beside each stand both numbers that it was made of."""
    if entry is not None and entry.content is not None:
        return entry.content.is_ratio
    return any(one.is_ratio for one in table.contents)
