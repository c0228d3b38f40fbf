"""What is known about the figures of a unit in a month: typed, accepted, and what was reported before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Max, Window

from programmes.models import Figure, Measure
from submissions.models import Cell, Submission
from submissions.queries.layout import active_measures
from units.models import Unit


class Key(NamedTuple):
    """One cell wherever it stands; as text it is the name of its input."""

    unit_id: int
    month: int
    measure_id: int

    def __str__(self) -> str:
        return f"{self.unit_id}-{self.month}-{self.measure_id}"


@dataclass(frozen=True)
class Known:
    """A reported value and the month it was reported for."""

    value: Decimal
    month: int


@dataclass(frozen=True)
class Facts:
    """What is stored about one unit and month, by measure.

    `cells` are typed, `recorded` are the accepted figures of this very month, `before` is the last figure of an
    earlier month.
    """

    cells: Mapping[int, Cell] = field(default_factory=dict)
    recorded: Mapping[int, Decimal] = field(default_factory=dict)
    before: Mapping[int, Known] = field(default_factory=dict)

    def in_force(self, measure: Measure) -> Decimal | None:
        """The value that counts in this month once the typed ones are accepted; a level goes on from before."""
        cell = self.cells.get(measure.pk)
        if cell is not None:
            if cell.value is not None:
                return Decimal(cell.value)
        elif measure.pk in self.recorded:
            return self.recorded[measure.pk]
        known = self.before.get(measure.pk) if measure.is_level else None
        return known.value if known else None


@dataclass(frozen=True)
class Sheet:
    """The form of one unit for one month with everything that is stored about it, measures in their order."""

    unit: Unit
    month: int
    measures: tuple[Measure, ...]
    submission: Submission | None
    facts: Facts

    @cached_property
    def typed(self) -> dict[int, Measure]:
        """What people type in it, by key; the rest is computed from records."""
        return {measure.pk: measure for measure in self.measures if not measure.computed}

    @property
    def is_open(self) -> bool:
        return self.submission is None or self.submission.is_open

    @property
    def state(self) -> str:
        """The state of its submission, empty without one."""
        return self.submission.state if self.submission else ""

    def key(self, measure_id: int) -> Key:
        return Key(self.unit.pk, self.month, measure_id)

    def value(self, measure_id: int) -> Decimal | None:
        """What stands in the cell: typed, else recorded (an import, an earlier way of reporting)."""
        cell = self.facts.cells.get(measure_id)
        return cell.value if cell is not None else self.facts.recorded.get(measure_id)

    def note(self, measure_id: int) -> str:
        cell = self.facts.cells.get(measure_id)
        return cell.note if cell is not None else ""

    def version(self, measure_id: int) -> int:
        cell = self.facts.cells.get(measure_id)
        return cell.version if cell is not None else 0


def load_sheet(unit: Unit, month: int) -> Sheet:
    """One sheet with all measures that the unit has."""
    return load_sheets([unit], [month])[unit.pk, month]


def load_sheets(
    units: Collection[Unit], months: Collection[int], measures: Collection[Measure] | None = None
) -> dict[tuple[int, int], Sheet]:
    """Sheets of units × months, limited to some measures where told. As many queries for one unit as for a hundred."""
    unit_ids = [unit.pk for unit in units]
    offered = active_measures() if measures is None else list(measures)
    forms = {kind: tuple(m for m in offered if kind in m.entered_at) for kind in {unit.kind for unit in units}}
    rows = Submission.objects.filter(unit__in=unit_ids, period__in=months)
    submissions = {(row.unit_id, row.period): row for row in rows.select_related("sent_by", "moved_from")}
    measure_ids = None if measures is None else [measure.pk for measure in measures]
    cells = _cells(submissions.values(), measure_ids)
    recorded = _recorded(unit_ids, months, measure_ids)
    sheets: dict[tuple[int, int], Sheet] = {}
    for month in months:
        before = _before(unit_ids, month, measure_ids)
        for unit in units:
            submission = submissions.get((unit.pk, month))
            facts = Facts(
                cells=cells.get(submission.pk, {}) if submission else {},
                recorded=recorded.get((unit.pk, month), {}),
                before=before.get(unit.pk, {}),
            )
            sheets[unit.pk, month] = Sheet(unit, month, forms[unit.kind], submission, facts)
    return sheets


def _cells(submissions: Collection[Submission], measure_ids: Collection[int] | None) -> dict[int, dict[int, Cell]]:
    rows = Cell.objects.filter(submission__in=[submission.pk for submission in submissions])
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for row in rows if measure_ids is None else rows.filter(measure__in=measure_ids):
        found[row.submission_id][row.measure_id] = row
    return found


def _recorded(
    unit_ids: Collection[int], months: Collection[int], measure_ids: Collection[int] | None
) -> dict[tuple[int, int], dict[int, Decimal]]:
    rows = Figure.objects.filter(unit_id__in=unit_ids, period__in=months)
    if measure_ids is not None:
        rows = rows.filter(measure_id__in=measure_ids)
    found: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    for unit_id, measure_id, period, value in rows.values_list("unit_id", "measure_id", "period", "value"):
        found[unit_id, period][measure_id] = value
    return found


def _before(unit_ids: Collection[int], month: int, measure_ids: Collection[int] | None) -> dict[int, dict[int, Known]]:
    """The last figure of each unit and measure before the month."""
    rows = Figure.objects.filter(unit_id__in=unit_ids, period__lt=month)
    if measure_ids is not None:
        rows = rows.filter(measure_id__in=measure_ids)
    latest = Window(Max("period"), partition_by=[F("unit_id"), F("measure_id")])
    found: dict[int, dict[int, Known]] = defaultdict(dict)
    last = rows.annotate(latest=latest).filter(period=F("latest"))
    for unit_id, measure_id, period, value in last.values_list("unit_id", "measure_id", "period", "value"):
        found[unit_id][measure_id] = Known(value, period)
    return found
