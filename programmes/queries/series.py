"""Measures over time at one unit: values, and how many units stand behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from programmes.choices import Basis, OnDay, Way
from programmes.models import VALUE_SCALE, WEIGHT_SCALE, Measure
from programmes.queries.estimates import Spans, read_estimates
from programmes.queries.placing import placed
from programmes.queries.reporters import Life, Reporter, lives_of, read_lineages
from programmes.queries.tracks import NOTHING, Facts, Track, Tracks, facts_of, read_tracks
from units.models import Unit

SCALE = VALUE_SCALE * WEIGHT_SCALE


class Point(NamedTuple):
    """One month of a measure at a unit. A tuple, for dashboards make thousands of them.

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
class Months:
    """What a measure did at a unit, month by month: sums in ten-thousandths, reporters, living units with a value."""

    added: list[int]
    level: list[int]
    n: list[int]
    living: list[int]


@dataclass(frozen=True)
class Reading:
    """Everything read for some units, measures and months; what pages ask of it is computed without the database."""

    lives: dict[int, list[Life]]
    facts: dict[int, Facts]
    tracks: Tracks
    estimates: Spans
    first: int
    last: int
    placed: dict[int, list[Reporter]] = field(default_factory=dict)  # by unit, where read by the units of a chosen day
    _kept: dict[tuple[int, int], Months] = field(default_factory=dict)

    @property
    def periods(self) -> range:
        return range(self.first, self.last + 1)

    def months(self, unit_id: int, measure_id: int) -> Months:
        """From first to last, each as the life says that speaks for the unit then."""
        found = self._kept.get((unit_id, measure_id))
        if found is None:
            found = self._kept[unit_id, measure_id] = self._months(self.lives[unit_id], measure_id)
        return found

    def _months(self, lives: Sequence[Life], measure_id: int) -> Months:
        parts = [_whole(self.tracks.get((life.unit_id, measure_id), {}), self.first, self.last) for life in lives]
        found = parts[-1]
        for life, part in zip(lives[:-1], parts[:-1], strict=True):  # predecessors speak until their lives end
            start = max(0, life.first - self.first)
            end = max(0, life.last + 1 - self.first)
            for mine, theirs in zip(_columns(found), _columns(part), strict=True):
                mine[start:end] = theirs[start:end]
        silent = min(max(0, lives[0].first - self.first), len(self.periods))  # nobody spoke yet
        for mine in _columns(found):
            mine[:silent] = [0] * silent
        return found

    def values(self, unit_id: int, measure_id: int, skipped: int = 0) -> list[Decimal | None]:
        """A flow's sum in each month, a level at its end; without the first months, if told to skip some."""
        months = self.months(unit_id, measure_id)
        if self.facts[measure_id].is_level:
            return [measured(*one) for one in zip(months.level[skipped:], months.living[skipped:], strict=True)]
        return [measured(*one) for one in zip(months.added[skipped:], months.n[skipped:], strict=True)]

    def is_estimate(self, unit_id: int, measure_id: int, month: int) -> bool:
        """Whether fractions of divided units stand in it. Lives of predecessors hold none that are not their own."""
        spans = self.estimates.get((unit_id, measure_id), ())
        return self.lives[unit_id][-1].first <= month and any(first <= month <= last for first, last in spans)


def _whole(track: Track, first: int, last: int) -> Months:
    """The months of one life; what the track holds before `first` (figures read from further back) is summed up."""
    earlier = [row for month, row in track.items() if month < first]
    before = [sum(column) for column in zip(*earlier, strict=True)] if earlier else NOTHING
    rows = [before, *(track.get(month, NOTHING) for month in range(first, last + 1))]
    added, n, n_new = ([row[place] for row in rows] for place in range(3))
    return Months(added[1:], list(accumulate(added))[1:], n[1:], list(accumulate(n_new))[1:])


def _columns(months: Months) -> tuple[list[int], ...]:
    return months.added, months.level, months.n, months.living


def measured(amount: int, units: int) -> Decimal | None:
    """The number to show, None where no unit stands behind it.

    An amount without a unit is possible: the smaller part of a divided unit, which is counted where the larger went.
    """
    return Decimal(amount) / SCALE if units or amount else None


def read(units: Sequence[Unit], facts: dict[int, Facts], first: int, last: int, basis: Way) -> Reading:
    """At most three queries for any number of units and measures, except where units moved or were divided.

    A closed unit has no today: it is read as it was. By the units of a chosen day two queries look at all units.
    """
    if isinstance(basis, OnDay):
        lives, lineages = lives_of(units, first, Basis.TODAY), placed(units, basis).lineages
    else:
        basis = Basis.THEN if any(unit.valid_to is not None for unit in units) else basis
        lives = lives_of(units, first, basis)
        lineages = read_lineages([life for some in lives.values() for life in some], basis)
    every = [life for some in lives.values() for life in some]
    tracks = read_tracks(every, lineages, facts.values(), first, last)
    estimates = read_estimates(lineages, facts.values(), first)
    return Reading(lives, facts, tracks, estimates, first, last, lineages.placed)


def series(unit: Unit, measures: Collection[Measure], first: int, last: int, *, basis: Way) -> dict[int, list[Point]]:
    """The months from `first` to `last` (both included) of each measure, by the measure's key."""
    reading = read([unit], facts_of([measure.pk for measure in measures]), first, last, basis)
    return {pk: list(_points(reading, unit.pk, pk)) for pk in reading.facts}


def _points(reading: Reading, unit_id: int, measure_id: int) -> Iterator[Point]:
    months, values = reading.months(unit_id, measure_id), reading.values(unit_id, measure_id)
    for period, value, n, living in zip(reading.periods, values, months.n, months.living, strict=True):
        estimated = value is not None and reading.is_estimate(unit_id, measure_id, period)
        yield Point(period, value, n, living, estimated)
