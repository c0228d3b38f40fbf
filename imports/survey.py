"""A walk over the sheets before they are read: how far they really reach, and which cells only seem to be empty.

The reader gives an empty text for a formula that was never computed and for #N/A alike, and it lays out everything
between the first and the last cell: one stray cell far below would fill the memory. Both are found here, in a stream.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.numbers import format_number
from imports.safety import MOST_SHEETS, FileError, broken, unpacked

MOST_ROWS, MOST_COLUMNS = 20_000, 200
MOST_FLAGS = 2000  # more cells that cannot be read are not listed one by one
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RELATIONS = "xl/_rels/workbook.xml.rels"
UNCOMPUTED, FAULT = "uncomputed", "fault"

Spot = tuple[int, int]  # row and column, counted from 1


@dataclass
class SheetSurvey:
    """What a sheet holds: cells with content, and those of them that cannot be read."""

    name: str
    hidden: bool = False
    cells: int = 0
    flags: dict[Spot, str] = field(default_factory=dict)


def survey(package: zipfile.ZipFile) -> list[SheetSurvey]:
    """The worksheets in their order. Raises FileError where one reaches beyond 20,000 rows × 200 columns."""
    relations = _elements(package, _RELATIONS, "Relationship")
    targets = {attributes.get("Id", ""): attributes.get("Target", "") for attributes in relations}
    sheets = list(_elements(package, "xl/workbook.xml", "sheet"))
    if len(sheets) > MOST_SHEETS:
        raise broken()
    found = []
    for attributes in sheets:
        part = _part(targets.get(_relation(attributes), ""))
        sheet = SheetSurvey(attributes.get("name", ""), hidden=attributes.get("state", "visible") != "visible")
        if part in package.namelist():
            _walk(package, part, sheet)
        found.append(sheet)
    return found


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name == "id" or name.endswith(":id")), "")


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _elements(package: zipfile.ZipFile, part: str, wanted: str) -> Iterator[dict[str, str]]:
    """The attributes of all elements of one name, whatever their prefix."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(attributes)

    try:
        info = package.getinfo(part)
    except KeyError as fault:
        raise broken() from fault
    _parse(package, info, start=start)
    return iter(found)


def _parse(package: zipfile.ZipFile, part: zipfile.ZipInfo, **handlers: Callable[..., Any]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = handlers.get("start")
    parser.EndElementHandler = handlers.get("end")
    try:
        for chunk in unpacked(package, part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise broken() from fault


def _walk(package: zipfile.ZipFile, part: str, sheet: SheetSurvey) -> None:
    walker = _Walker(sheet)
    _parse(package, package.getinfo(part), start=walker.start, end=walker.end)


class _Walker:
    """Follows rows and cells; positions that the file leaves out count on from the one before."""

    def __init__(self, sheet: SheetSurvey) -> None:
        self.sheet = sheet
        self.row = self.column = 0
        self.fault = self.formula = self.value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif name == "f":
            self.formula = True
        elif name in ("v", "is"):
            self.value = True

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "c" or not (self.value or self.formula):
            return
        self._check_reach()
        self.sheet.cells += 1
        if (self.fault or not self.value) and len(self.sheet.flags) < MOST_FLAGS:
            self.sheet.flags[self.row, self.column] = UNCOMPUTED if not self.value else FAULT

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place:
            self.column, self.row = column_number(place[1]), int(place[2])
        else:
            self.column += 1
        self.fault = attributes.get("t") == "e"
        self.formula = self.value = False

    def _check_reach(self) -> None:
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise FileError(
                _(
                    "Sheet “%(sheet)s” reaches to cell %(cell)s; only %(rows)s rows and %(columns)s columns are read. "
                    "Split the list, or delete what stands far below or to the right."
                )
                % {
                    "sheet": self.sheet.name,
                    "cell": f"{column_letters(self.column)}{self.row}",
                    "rows": format_number(MOST_ROWS),
                    "columns": MOST_COLUMNS,
                }
            )
