"""What is known about the answers of a unit for a period: typed, accepted, and what was reported before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Max, QuerySet, Window

from programmes.models import Figure, Measure
from submissions.models import Cell, ReportingPeriod, ReturnedCell, Submission
from submissions.queries.layout import FormLayout, Line, Section, layouts
from units.models import Unit

Pair = tuple[int, int]  # unit and period: one submission


class Key(NamedTuple):
    """One cell wherever it stands; as text it is the name of its input."""

    unit_id: int
    period_id: int
    measure_id: int

    def __str__(self) -> str:
        return f"{self.unit_id}-{self.period_id}-{self.measure_id}"


@dataclass(frozen=True)
class Known:
    """A reported value and the month it was reported for."""

    value: Decimal
    month: int


@dataclass(frozen=True)
class Facts:
    """What is stored about one unit and period, by measure.

    `cells` are typed, `recorded` are the accepted figures of this very month, `before` is the last figure of an
    earlier month. `named` are the numbers that were returned, with what to check.
    """

    cells: Mapping[int, Cell] = field(default_factory=dict)
    recorded: Mapping[int, Decimal] = field(default_factory=dict)
    before: Mapping[int, Known] = field(default_factory=dict)
    named: Mapping[int, str] = field(default_factory=dict)

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
    """The form of one unit for one period with everything that is stored about it."""

    unit: Unit
    period: ReportingPeriod
    layout: FormLayout
    submission: Submission | None
    facts: Facts

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """What this unit is asked, in the order of the form."""
        return self.layout.for_kind(self.unit.kind)

    @cached_property
    def lines(self) -> dict[int, Line]:
        return {line.measure.pk: line for section in self.sections for line in section.lines}

    @cached_property
    def typed(self) -> dict[int, Measure]:
        """What people type in it, by key; the rest is computed from records."""
        return {pk: line.measure for pk, line in self.lines.items() if not line.measure.computed}

    @property
    def is_open(self) -> bool:
        return self.submission is None or self.submission.is_open

    def opens(self, measure_id: int) -> bool:
        """Whether this number may be changed now: of a returned report only those that were named, if any were."""
        if not self.is_open:
            return False
        return not self.facts.named or measure_id in self.facts.named

    @property
    def state(self) -> str:
        """The state of its submission, empty without one."""
        return self.submission.state if self.submission else ""

    def key(self, measure_id: int) -> Key:
        return Key(self.unit.pk, self.period.pk, measure_id)

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


def load_sheet(unit: Unit, period: ReportingPeriod) -> Sheet:
    """One sheet with all that its unit is asked."""
    return load_sheets([unit], [period])[unit.pk, period.pk]


def load_sheets(
    units: Collection[Unit], periods: Collection[ReportingPeriod], measures: Collection[int] | None = None
) -> dict[Pair, Sheet]:
    """Sheets of units × periods, what is stored limited to some measures and those related to them where told.

    As many queries for one unit as for a hundred.
    """
    unit_ids, months = [unit.pk for unit in units], {period.month for period in periods}
    asked = layouts({period.version_id for period in periods})
    wanted = None if measures is None else set().union(*(layout.related(measures) for layout in asked.values()))
    rows = Submission.objects.filter(unit__in=unit_ids, period__in=[period.pk for period in periods])
    submissions = {(row.unit_id, row.period_id): row for row in rows.select_related("sent_by", "moved_from")}
    cells, named = _cells(submissions.values(), wanted), _named(submissions.values())
    recorded = _recorded(unit_ids, months, wanted)
    before = {month: _before(unit_ids, month, wanted) for month in months}
    sheets: dict[Pair, Sheet] = {}
    for period in periods:
        for unit in units:
            submission = submissions.get((unit.pk, period.pk))
            facts = Facts(
                cells=cells.get(submission.pk, {}) if submission else {},
                recorded=recorded.get((unit.pk, period.month), {}),
                before=before[period.month].get(unit.pk, {}),
                named=named.get(submission.pk, {}) if submission else {},
            )
            sheets[unit.pk, period.pk] = Sheet(unit, period, asked[period.version_id], submission, facts)
    return sheets


def stored_figures(unit_id: int, month: int, measures: Collection[int]) -> tuple[dict[int, Decimal], dict[int, Known]]:
    """What is recorded of one unit for the month, and the last before it."""
    recorded = _recorded([unit_id], [month], measures)
    return recorded.get((unit_id, month), {}), _before([unit_id], month, measures).get(unit_id, {})


def _cells(submissions: Collection[Submission], wanted: Collection[int] | None) -> dict[int, dict[int, Cell]]:
    rows = Cell.objects.filter(submission__in=[submission.pk for submission in submissions])
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for row in _only(rows, wanted).select_related("edited_by"):
        found[row.submission_id][row.measure_id] = row
    return found


def _named(submissions: Collection[Submission]) -> dict[int, dict[int, str]]:
    """What was returned by name, of reports that are returned at all."""
    returned = [submission.pk for submission in submissions if submission.is_returned]
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in ReturnedCell.objects.filter(submission__in=returned) if returned else ():
        found[row.submission_id][row.measure_id] = row.reason
    return found


def _recorded(
    unit_ids: Collection[int], months: Collection[int], wanted: Collection[int] | None
) -> dict[Pair, dict[int, Decimal]]:
    rows = _only(Figure.objects.filter(unit_id__in=unit_ids, period__in=months), wanted)
    found: dict[Pair, dict[int, Decimal]] = defaultdict(dict)
    for unit_id, measure_id, period, value in rows.values_list("unit_id", "measure_id", "period", "value"):
        found[unit_id, period][measure_id] = value
    return found


def _before(unit_ids: Collection[int], month: int, wanted: Collection[int] | None) -> dict[int, dict[int, Known]]:
    """The last figure of each unit and measure before the month."""
    rows = _only(Figure.objects.filter(unit_id__in=unit_ids, period__lt=month), wanted)
    latest = Window(Max("period"), partition_by=[F("unit_id"), F("measure_id")])
    found: dict[int, dict[int, Known]] = defaultdict(dict)
    last = rows.annotate(latest=latest).filter(period=F("latest"))
    for unit_id, measure_id, period, value in last.values_list("unit_id", "measure_id", "period", "value"):
        found[unit_id][measure_id] = Known(value, period)
    return found


def _only(rows: QuerySet, wanted: Collection[int] | None) -> QuerySet:  # type: ignore[type-arg]  # of cells or figures
    return rows if wanted is None else rows.filter(measure_id__in=wanted)
