"""The row of headings: found below titles, in any order, under usual names; all that is wrong named at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.cells import as_text, is_empty, shown
from imports.columns import Column, Takes, heading_key
from imports.reading import Sheet, cell_name

LOOKED_AT = 30  # rows in which the headings may stand
FEWEST = 2  # headings that make a row of headings
NUMBERING = {"stt", "tt", "so tt", "so thu tu"}  # columns that only count the rows


@dataclass(frozen=True)
class Problem:
    """Something wrong, where it stands, and what to do. `cell` is empty for what concerns the whole sheet."""

    sheet: str
    cell: str
    heading: str
    value: str
    text: str

    def plain(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell, "heading": self.heading, "value": self.value, "text": self.text}


@dataclass(frozen=True)
class Headings:
    """Where the headings of a sheet stand (row from 1) and the place (from 0) of each column that was found."""

    row: int
    places: dict[str, int]


def find_headings(sheet: Sheet, columns: Sequence[Column]) -> Headings | None:
    """The row that holds most known headings; None when no row holds at least two (or the only one there is)."""
    known = _known(columns)
    best, most = None, min(FEWEST, len(columns)) - 1
    for number, cells in enumerate(sheet.rows[:LOOKED_AT], start=1):
        names = {known.get(heading_key(as_text(raw))) for raw in cells if not is_empty(raw)} - {None}
        if len(names) > most:
            best, most = number, len(names)
    if best is None:
        return None
    places: dict[str, int] = {}
    for place, raw in enumerate(sheet.rows[best - 1]):
        name = None if is_empty(raw) else known.get(heading_key(as_text(raw)))
        if name and name not in places:
            places[name] = place
    return Headings(best, places)


def heading_problems(sheet: Sheet, found: Headings, columns: Sequence[Column]) -> list[Problem]:
    """Columns that are missing, stand there twice, or are unknown."""
    return [*_missing(sheet, found, columns), *_repeated_or_unknown(sheet, found, columns)]


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {key: column.name for column in columns for key in column.keys()}  # noqa: SIM118 - a method, no dictionary


def _missing(sheet: Sheet, found: Headings, columns: Sequence[Column]) -> list[Problem]:
    by_code = {column.code_of for column in columns if column.takes is Takes.UNIT_CODE and column.name in found.places}
    return [
        Problem(
            sheet.name,
            cell_name(found.row, 1),
            str(column.heading),
            "",
            _("The column “%(heading)s” is missing. Add it to the row of headings.") % {"heading": column.heading},
        )
        for column in columns
        if (column.required or column.standing) and column.name not in found.places and column.name not in by_code
    ]


def _repeated_or_unknown(sheet: Sheet, found: Headings, columns: Sequence[Column]) -> list[Problem]:
    known, problems = _known(columns), []
    for place, raw in enumerate(sheet.rows[found.row - 1]):
        key = "" if is_empty(raw) else heading_key(as_text(raw))
        if key in NUMBERING or (not key and not _holds_something(sheet, found.row, place)):
            continue
        name = known.get(key)
        if name is None:
            text = _unknown(key, columns)
        elif found.places[name] != place:
            first = cell_name(found.row, found.places[name] + 1)
            text = _("This column stands there twice (also at %(cell)s). Delete one of them.") % {"cell": first}
        else:
            continue
        problems.append(Problem(sheet.name, cell_name(found.row, place + 1), shown(raw), shown(raw), text))
    return problems


def _unknown(key: str, columns: Sequence[Column]) -> str:
    if not key:
        return _("There is data below, but no heading. Write the heading, or delete the column.")
    usual = ", ".join(str(column.heading) for column in columns if column.takes is not Takes.UNIT_CODE)
    return _("The form has no such column. Delete it, or name it after one of: %(columns)s.") % {"columns": usual}


def _holds_something(sheet: Sheet, after: int, place: int) -> bool:
    return any(place < len(cells) and not is_empty(cells[place]) for cells in sheet.rows[after:])
