"""What the forms of one unit and of a province have in common: where they start, the mark in their head, undoing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse

from imports.columns import LARGEST, Column, Takes
from imports.desk import Desk
from imports.registry import Importer, Line, Row, Undo, Values
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.importing import mark, reports
from submissions.importing.mark import Mark
from submissions.models import ReportingPeriod
from units.choices import Right

LONGEST_NOTE = 300
OPTIONS = ("period", "unit")


def options_of(period_id: int, unit_id: int) -> dict[str, str]:
    """What an import is opened with."""
    return {"period": str(period_id), "unit": str(unit_id)}


class ReportImporter(Importer):
    """Opened from the pages of a unit and a period, which `options` name."""

    right = Right.ENTER
    columns = ()
    list_route = "submissions:home"
    own_start = True
    at_once = 40  # a row of a province holds a whole report
    page: ClassVar[str]  # where the values are typed
    start: ClassVar[str]  # where a file is sent

    def start_url(self, options: Mapping[str, str]) -> str:
        return _url(self.start, options)

    def result_url(self, options: Mapping[str, str]) -> str:
        return _url(self.page, options)

    def subject(self, options: Mapping[str, str]) -> str:
        period = ReportingPeriod.objects.select_related("form").filter(pk=int(options.get("period", 0))).first()
        return f"{period.form.name} · {period.label}" if period else ""

    def look_at_head(self, sheet: str, rows: Sequence[Sequence[Any]], desk: Desk) -> Sequence[tuple[str, str]]:
        """Forms of the portal are told from other lists, and one for another period, version or unit is refused."""
        found = mark.find(rows)
        if found is None:
            return ()
        made_for, cell = found
        if text := mark.refusal(made_for, reports.period_of(desk), desk.scope):
            return [(cell, text)]
        marks(desk)[sheet] = made_for
        return ()

    def write(self, lines: Sequence[Line], desk: Desk) -> Sequence[Undo]:
        return reports.write(lines, desk)

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        reports.take_back(undos, desk)

    def existing(self, desk: Desk) -> Iterable[Values]:
        """Its forms are not lists: `submissions.importing.blanks` draws them."""
        return ()


def marks(desk: Desk) -> dict[str, Mark]:
    """The marks of the sheets that were read, by name."""
    found: dict[str, Mark] = desk.once("marks", dict)
    return found


def as_read(row: Row, desk: Desk) -> Values:
    """The values of a row as they were read, however often it is compared: a comparison leaves only what changes."""
    kept: dict[tuple[str, int], Values] = desk.once("as read", dict)
    return dict(kept.setdefault((row.sheet, row.number), dict(row.values)))


def number_column(name: str, heading: str, measure: Measure, **more: Any) -> Column:
    """A column that takes the values of a measure. Its limits are the business of the rules, which know the form."""
    kinds = {MeasureKind.FLAG.value: Takes.YES_NO}
    takes = kinds.get(measure.kind, Takes.DECIMAL if measure.decimals else Takes.INTEGER)
    return Column(name, heading, takes, decimals=measure.decimals, minimum=None, maximum=LARGEST, **more)


def as_number(value: Any) -> Decimal | None:
    """What was read from a cell, as figures are kept: yes is 1, no is 0."""
    return None if value is None else Decimal(int(value) if isinstance(value, bool) else value)


def as_shown(measure: Measure, value: Decimal | None) -> Any:
    """A figure as previews show it."""
    return bool(value) if value is not None and measure.kind == MeasureKind.FLAG else value


def _url(name: str, options: Mapping[str, str]) -> str:
    return reverse(name, kwargs={one: int(options.get(one, 0)) for one in OPTIONS})
