"""The check of a whole file: every bad cell is found, every row gets its old and new values, nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.text import fold
from imports.cells import CellError, as_text, is_empty, read_cell, shown
from imports.choices import RowState
from imports.columns import Column, Takes
from imports.desk import Desk
from imports.headings import Headings, Problem, find_headings, heading_problems
from imports.matching import choices_of
from imports.reading import Sheet, cell_name, is_fault, read_book
from imports.registry import Aim, Importer, Line, Row, Stored

FALL = Decimal("0.1")  # at or below this share of the old value a note is asked for
Step = Callable[[int, int], None]


@dataclass
class ReadRow:
    """A row on its way: its values, its bad cells, and the units that a person has to choose."""

    row: Row
    places: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What the file says, before it is compared with what is stored."""

    rows: list[ReadRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    cells: int = 0


@dataclass(frozen=True)
class Checked:
    """A row with its verdict: what it would change (heading, old, new), what is wrong, what needs a note."""

    read: ReadRow
    state: RowState
    label: str
    fields: list[dict[str, str]]
    problems: list[Problem]
    warnings: list[str]
    line: Line | None


def read_file(
    path: Path, importer: Importer, desk: Desk, answers: dict[str, int], step: Step = lambda done, total: None
) -> Reading:
    """All sheets that have the headings. Raises safety.FileError for a file that cannot be read at all."""
    reading = Reading()
    columns = importer.columns_for(desk)
    sheets = read_book(path)
    total = sum(len(sheet.rows) for sheet in sheets)
    reading.cells = sum(len(cells) for sheet in sheets for cells in sheet.rows)
    for sheet in sheets:
        headings = find_headings(sheet, columns)
        if headings is None:
            reading.skipped.append(sheet.name)
            continue
        if foreign := _head_problems(sheet, headings, importer, desk):
            reading.problems += foreign
            continue
        reading.problems += heading_problems(sheet, headings, columns)
        _RowReader(importer, desk, sheet, headings, columns, answers, reading).read(step, total)
    if not reading.rows and not reading.problems:
        reading.problems.append(_nothing_found(sheets, reading.skipped, columns))
    for question in reading.questions.values():
        question["choices"] = choices_of(desk.units, question["keys"])
    return reading


def compare(reading: Reading, importer: Importer, desk: Desk) -> list[Checked]:
    """Each row beside what is stored now. The caller decides whether that is a preview or the moment of writing."""
    columns = importer.columns_for(desk)
    rows = [read.row for read in reading.rows]
    aims = importer.aims(rows, desk)
    seen: dict[Hashable, Row] = {}
    return [
        _checked(read, aim, _twice(read.row, importer, desk, seen), importer, desk, columns)
        for read, aim in zip(reading.rows, aims, strict=True)
    ]


def digest(checked: Sequence[Checked]) -> str:
    """The sign of what would be written: two checks with the same sign write the same."""
    told = [
        [one.read.row.sheet, one.read.row.number, one.state, one.label, one.fields]
        for one in checked
        if one.state != RowState.SAME
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _head_problems(sheet: Sheet, headings: Headings, importer: Importer, desk: Desk) -> list[Problem]:
    told = importer.look_at_head(sheet.name, sheet.rows[: headings.row - 1], desk)
    return [Problem(sheet.name, cell, "", "", text) for cell, text in told]


def _nothing_found(sheets: list[Sheet], skipped: list[str], columns: Sequence[Column]) -> Problem:
    if skipped and len(skipped) == len(sheets):
        usual = ", ".join(str(column.heading) for column in columns if column.required or column.standing)
        text = _("No sheet has the row of headings. It must hold at least: %(columns)s.") % {"columns": usual}
        return Problem(skipped[0], "A1", "", "", text)
    where = sheets[0].name if sheets else ""
    return Problem(where, "", "", "", _("The file holds no row with data. Fill in the form and send it again."))


class _RowReader:
    """Reads the rows of one sheet into typed values."""

    def __init__(
        self,
        importer: Importer,
        desk: Desk,
        sheet: Sheet,
        headings: Headings,
        columns: Sequence[Column],
        answers: dict[str, int],
        reading: Reading,
    ) -> None:
        self.importer, self.desk, self.sheet, self.headings = importer, desk, sheet, headings
        standing = [column for column in columns if column.name in headings.places]
        self.columns = [column for column in standing if not column.shown]
        self.shown = [column for column in standing if column.shown]
        self.names = frozenset(column.name for column in self.columns)
        self.required = [column for column in columns if column.required and column.name in headings.places]
        self.unit_columns = [column for column in columns if column.takes is Takes.UNIT]
        self.answers, self.reading = answers, reading

    def read(self, step: Step, total: int) -> None:
        for number, cells in enumerate(self.sheet.rows[self.headings.row :], start=self.headings.row + 1):
            if self._holds_data(number, cells):
                self.reading.rows.append(self._row(number, cells))
            if number % 500 == 0:
                step(number, total)

    def _holds_data(self, number: int, cells: list[Any]) -> bool:
        """A row in which only the unit stands, as the form offers it, was not filled in."""
        return any(
            not is_empty(self._raw(cells, column)) or self._flag(number, column)
            for column in (*self.columns, *self.shown)
            if column.takes not in (Takes.UNIT, Takes.UNIT_CODE)
        )

    def _row(self, number: int, cells: list[Any]) -> ReadRow:
        read = ReadRow(Row(self.sheet.name, number, {}, self.names), self.headings.places)
        for column in self.columns:
            raw = self._raw(cells, column)
            if flag := self._flag(number, column):
                read.row.unread.add(column.name)
                self._add_problem(read, column, raw, _flag_words(flag))
            elif not is_empty(raw):
                self._take(read, column, raw)
        self._find_units(read)
        missing = [column for column in self.required if column.name not in read.row.values]
        told = {problem.cell for problem in read.problems}
        for column in missing:
            if self._cell(read, column) not in told and column.name not in read.asked:
                text = _("The cell is empty. Fill in “%(heading)s”.") % {"heading": column.heading}
                self._add_problem(read, column, "", text)
        return read

    def _take(self, read: ReadRow, column: Column, raw: Any) -> None:
        try:
            read.row.values[column.name] = read_cell(column, raw)
        except CellError as refusal:
            read.row.unread.add(column.name)
            self._add_problem(read, column, raw, str(refusal))

    def _find_units(self, read: ReadRow) -> None:
        for column in self.unit_columns:
            code = as_text(read.row.values.pop(f"{column.name}_code", ""))
            name = read.row.values.pop(column.name, "")
            if code or name:
                self._find_unit(read, column, code, name)

    def _find_unit(self, read: ReadRow, column: Column, code: str, name: str) -> None:
        days = (read.row.values.get(name) for name in column.as_of)
        day = next((one for one in days if isinstance(one, date)), column.on or self.desk.today)
        found = self.desk.units.find(code=code, name=name, on=day, kinds=column.kinds)
        key = fold(f"{code}|{name}")
        if found.choice and self.answers.get(key) in found.choice:
            read.row.values[column.name] = self.answers[key]
        elif found.choice:
            question = {"key": key, "typed": name or code, "keys": set(), "cells": []}
            asked = self.reading.questions.setdefault(key, question)
            asked["keys"] |= set(found.choice)
            asked["cells"].append(f"{self.sheet.name}!{self._cell(read, column)}")
            read.asked.append(column.name)
        elif found.pk is None:
            self._add_problem(read, column, name or code, found.problem)
        else:
            self._require_right(read, column, found.pk, name or code)

    def _require_right(self, read: ReadRow, column: Column, pk: int, typed: str) -> None:
        read.row.values[column.name] = pk
        if column.name == self.importer.unit_column and pk not in self.desk.allowed:
            text = _("You do not have the right “%(right)s” at %(unit)s. Delete the row.")
            words = {"right": self.importer.right.label, "unit": self.desk.name(pk)}
            self._add_problem(read, column, typed, text % words)

    def _raw(self, cells: list[Any], column: Column) -> Any:
        place = self.headings.places[column.name]
        return cells[place] if place < len(cells) else ""

    def _flag(self, number: int, column: Column) -> str:
        return self.sheet.flags.get((number, self.headings.places[column.name] + 1), "")

    def _cell(self, read: ReadRow, column: Column) -> str:
        place = read.places.get(column.name, read.places.get(f"{column.name}_code", 0))
        return cell_name(read.row.number, place + 1)

    def _add_problem(self, read: ReadRow, column: Column, raw: Any, text: str) -> None:
        where = self._cell(read, column)
        read.problems.append(Problem(self.sheet.name, where, str(column.heading), shown(raw), text))


def _flag_words(flag: str) -> str:
    if is_fault(flag):
        return _("The cell holds an error of Excel (such as #N/A). Type the value itself.")
    return _("The formula of this cell was never computed. Open the file in Excel and save it, or type the value.")


def _twice(row: Row, importer: Importer, desk: Desk, seen: dict[Hashable, Row]) -> str:
    """Why a row repeats an earlier one; empty when it does not."""
    try:
        key = importer.key(row, desk)
    except KeyError:  # a value that makes the key is missing, which is an error already
        return ""
    if key is None:
        return ""
    first = seen.setdefault(key, row)
    if first is row:
        return ""
    words = {"sheet": first.sheet, "row": first.number}
    return _("The same record stands in sheet “%(sheet)s”, row %(row)s already. Keep one of the two rows.") % words


def _checked(read: ReadRow, aim: Aim, twice: str, importer: Importer, desk: Desk, columns: Sequence[Column]) -> Checked:
    row, stored = read.row, aim.stored
    problems = list(read.problems)
    values = {**(stored.values if stored else {}), **row.values}
    changes = {name: value for name, value in row.values.items() if not stored or stored.values.get(name) != value}
    if twice:
        problems.append(_problem(read, columns, _first_name(read), twice, desk))
    problems += [_problem(read, columns, name, text, desk) for name, text in aim.problems.items()]
    if not read.asked and all(column.name in values for column in columns if column.required):
        told = {problem.cell for problem in problems}
        found = (_problem(read, columns, *one, desk) for one in importer.check(row, stored, values, desk).items())
        problems += [problem for problem in found if problem.cell not in told]
    problems.sort(key=lambda problem: (len(problem.cell), problem.cell))  # from left to right
    fields = _fields(changes, stored, columns, desk, aim.hints)
    if problems or read.asked:
        state = RowState.ERROR if problems else RowState.NEW
        return Checked(read, state, _label(row, importer, desk), fields, problems, [], None)
    state = RowState.NEW if stored is None else RowState.CHANGED if changes else RowState.SAME
    line = None if state == RowState.SAME else Line(row, stored, values, changes)
    warnings = [*aim.warnings.values(), *_falls(changes, stored, columns)]
    return Checked(read, state, _label(row, importer, desk), fields, [], warnings, line)


def _label(row: Row, importer: Importer, desk: Desk) -> str:
    try:
        return importer.label(row, desk)[:300]
    except KeyError:  # a value that makes the label is missing, which is an error already
        return ""


def _first_name(read: ReadRow) -> str:
    return next(iter(read.places))


def _problem(read: ReadRow, columns: Sequence[Column], name: str, text: str, desk: Desk) -> Problem:
    column = next((one for one in columns if one.name == name), None)
    place = read.places.get(name, read.places.get(f"{name}_code", min(read.places.values())))
    value = read.row.values.get(name)
    words = desk.in_words(column, value) if column else ""
    heading = str(column.heading) if column else ""
    return Problem(read.row.sheet, cell_name(read.row.number, place + 1), heading, words, text)


def _fields(
    changes: dict[str, Any], stored: Stored | None, columns: Sequence[Column], desk: Desk, hints: Mapping[str, str]
) -> list[dict[str, str]]:
    return [
        {
            "heading": str(column.heading),
            "old": desk.in_words(column, stored.values.get(column.name)) if stored else "",
            "new": desk.in_words(column, changes[column.name]),
            **({"hint": hints[column.name]} if column.name in hints else {}),
        }
        for column in columns
        if column.name in changes
    ]


def _falls(changes: dict[str, Any], stored: Stored | None, columns: Sequence[Column]) -> list[str]:
    if stored is None:
        return []
    found = []
    for column in columns:
        old, new = stored.values.get(column.name), changes.get(column.name)
        if column.watch_fall and old and new is not None and Decimal(new) <= Decimal(old) * FALL:
            words = {"heading": column.heading, "old": column.in_words(old), "new": column.in_words(new)}
            found.append(
                _("“%(heading)s” falls from %(old)s to %(new)s, by 90%% or more. Say why in the note.") % words
            )
    return found
