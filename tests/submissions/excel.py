"""The Excel way of a report in tests: download the form, fill it in, send it, confirm, undo."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.utils import timezone

from accounts.models import User
from imports import actions
from imports.desk import Desk
from imports.models import Import
from submissions.importing import ProvinceReportImporter, UnitReportImporter, blanks, options_of
from submissions.models import Cell
from tests.imports import books
from tests.submissions.conftest import OCTOBER, World
from units.choices import Right
from units.models import Unit

ONE, MANY = UnitReportImporter.kind, ProvinceReportImporter.kind


@dataclass
class Paper:
    """A downloaded form, opened: cells by the words of their row and column."""

    book: Any

    @property
    def sheet(self) -> Any:
        return self.book.worksheets[0]

    def content(self) -> bytes:
        return books.saved(self.book)

    def cell(self, row: str, column: str) -> Any:
        (line,) = [cells[0].row for cells in self.sheet.iter_rows() if row in [one.value for one in cells]]
        return self.sheet.cell(line, self.place(column))

    def place(self, column: str) -> int:
        """The column whose heading begins so."""
        return next(
            cell.column
            for cells in self.sheet.iter_rows(min_row=5)
            for cell in cells
            if isinstance(cell.value, str) and cell.value.partition(" (")[0] == column
        )


@dataclass
class Excel:
    world: World

    def form(self, kind: str = ONE, *, unit: Unit | None = None, by: User | None = None, month: int = OCTOBER) -> Paper:
        desk = self.desk(kind, unit=unit, by=by, month=month)
        file = blanks.unit_form(desk) if kind == ONE else blanks.province_form(desk)
        with file:
            return Paper(openpyxl.load_workbook(io.BytesIO(file.read())))

    def desk(self, kind: str, *, unit: Unit | None, by: User | None, month: int) -> Desk:
        cast = self.world.cast
        scope = unit or (cast.tan_cuong if kind == ONE else cast.thai_nguyen)
        person = by or (cast.enterer if kind == ONE else cast.officer)
        options = options_of(self.world.period(month).pk, scope.pk)
        return Desk(person, scope, timezone.localdate(), Right.ENTER, options)

    def send(
        self,
        file: Paper | bytes,
        kind: str = ONE,
        *,
        unit: Unit | None = None,
        by: User | None = None,
        month: int = OCTOBER,
    ) -> Import:
        """The file taken in and checked, as after the worker."""
        desk = self.desk(kind, unit=unit, by=by, month=month)
        content = file.content() if isinstance(file, Paper) else file
        upload = books.upload(content, name="bao-cao.xlsx")
        taken = actions.take_in(kind=kind, scope=desk.scope, file=upload, by=desk.by, options=desk.options)
        return actions.check(Import.objects.select_related("scope", "asked_by").get(pk=taken.pk))

    def confirm(self, upload: Import, note: str = "") -> Import:
        return actions.confirm(upload=upload, by=upload.asked_by, note=note)

    def undo(self, upload: Import) -> Import:
        return actions.undo(upload=upload, by=upload.asked_by)

    def period_label(self, month: int = OCTOBER) -> str:
        return self.world.period(month).label

    def values(self, unit: Unit | None = None, month: int = OCTOBER) -> dict[str, Any]:
        """What stands in the cells of a report, by code."""
        rows = Cell.objects.filter(
            submission__unit=unit or self.world.cast.tan_cuong, submission__period=self.world.period(month)
        )
        return {
            code: None if value is None else float(value) for code, value in rows.values_list("measure__code", "value")
        }

    def list_of(self, *rows: Sequence[Any], headings: Sequence[Any]) -> bytes:
        """A list of one's own, not made by the portal."""
        return books.book([headings, *rows])


def changes(upload: Import) -> list[tuple[str, str, str, str]]:
    """Row, heading, old and new of all that a file changes."""
    return [
        (row.label, one["heading"], one["old"], one["new"])
        for row in upload.rows.all()
        for one in row.fields
        if row.state != "error"
    ]


def told(upload: Import) -> Iterator[tuple[str, str]]:
    """Cell and words of all that is wrong."""
    for one in [*upload.problems, *(one for row in upload.rows.all() for one in row.problems)]:
        yield one["cell"], one["text"]
