"""Measures over time at one unit: values, and how many units stand behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from programmes.choices import Basis
from programmes.models import VALUE_SCALE, WEIGHT_SCALE, Measure
from programmes.queries.estimates import Spans, read_estimates
from programmes.queries.reporters import Life, lives_of, read_lineages
from programmes.queries.tracks import Facts, Tracks, facts_of, read_tracks
from units.models import Unit

SCALE = VALUE_SCALE * WEIGHT_SCALE
NOTHING = (0, 0, 0)


@dataclass(frozen=True)
class Point:
    """One month of a measure at a unit.

    `value`: a flow's sum in the month, a level at its end; None where nothing was reported, never 0 for absence.
    `reported`: units that reported in the month. `with_value`: living units that have any value by then; what they
    did not report in the month is carried over. `estimated`: fractions of divided units stand in the value.
    """

    period: int
    value: Decimal | None
    reported: int
    with_value: int
    estimated: bool = False

    @property
    def carried_over(self) -> int:
        return max(0, self.with_value - self.reported)


@dataclass(frozen=True)
class Month:
    """What a measure did at a unit in one month: sums in ten-thousandths, reporters, living units with a value."""

    added: int = 0
    level: int = 0
    n: int = 0
    living: int = 0


@dataclass(frozen=True)
class Reading:
    """Everything read for some units, measures and months; what pages ask of it is computed without the database."""

    lives: dict[int, list[Life]]
    facts: dict[int, Facts]
    tracks: Tracks
    estimates: Spans
    first: int
    last: int

    def months(self, unit_id: int, measure_id: int) -> list[Month]:
        """From first to last, each as the life says that speaks for the unit then."""
        return read_months(self.lives[unit_id], measure_id, self.tracks, self.first, self.last)

    def is_estimate(self, unit_id: int, measure_id: int, month: int) -> bool:
        """Whether fractions of divided units stand in it. Lives of predecessors hold none that are not their own."""
        spans = self.estimates.get((unit_id, measure_id), ())
        return self.lives[unit_id][-1].first <= month and any(first <= month <= last for first, last in spans)


def read(units: Sequence[Unit], facts: dict[int, Facts], first: int, last: int, basis: Basis) -> Reading:
    """At most four queries for any number of units and measures, except where units moved or were divided.

    A closed unit has no today: it is read as it was.
    """
    basis = Basis.THEN if any(unit.valid_to is not None for unit in units) else basis
    lives = lives_of(units, first, basis)
    every = [life for some in lives.values() for life in some]
    lineages = read_lineages(every, basis)
    tracks = read_tracks(every, lineages, facts.values(), first, last)
    return Reading(lives, facts, tracks, read_estimates(lineages, facts.values(), first), first, last)


def series(unit: Unit, measures: Collection[Measure], first: int, last: int, *, basis: Basis) -> dict[int, list[Point]]:
    """The months from `first` to `last` (both included) of each measure, by the measure's key."""
    reading = read([unit], facts_of([measure.pk for measure in measures]), first, last, basis)
    return {pk: list(_points(reading, unit.pk, facts)) for pk, facts in reading.facts.items()}


def _points(reading: Reading, unit_id: int, measure: Facts) -> Iterator[Point]:
    for period, month in enumerate(reading.months(unit_id, measure.pk), start=reading.first):
        value = measured(month.level, month.living) if measure.is_level else measured(month.added, month.n)
        estimated = value is not None and reading.is_estimate(unit_id, measure.pk, period)
        yield Point(period, value, month.n, month.living, estimated)


def measured(amount: int, units: int) -> Decimal | None:
    """The number to show, None where no unit stands behind it.

    An amount without a unit is possible: the smaller part of a divided unit, which is counted where the larger went.
    """
    return Decimal(amount) / SCALE if units or amount else None


def read_months(lives: Sequence[Life], measure_id: int, tracks: Tracks, first: int, last: int) -> list[Month]:
    """The months from `first` to `last`, each as the life says that speaks for the unit then."""
    found = [Month()] * (last - first + 1)
    for life in lives:
        track = tracks.get((life.unit_id, measure_id))
        if track is None or life.last < first or life.first > last:
            continue
        level = living = 0
        for month in range(min([first, *track.rows]), last + 1):
            added, n, n_new = track.rows.get(month, NOTHING)
            level, living = level + added, living + n_new
            if month >= first and life.first <= month <= life.last:
                found[month - first] = Month(added, level, n, living)
    return found
