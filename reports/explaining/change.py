"""Why an indicator changed between two months: corrected, reorganised, newly reached, lost, by named units.

The parts add up to the difference exactly. How a part of a percentage is reckoned from its numerator and denominator
is in `Shares` and `_shares`; what the parts mean is in docs/decisions/0014-why-a-number-changed.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from programmes.choices import Direction, MeasureKind, MeasureSource
from programmes.models import Indicator, Measure
from programmes.queries import IndicatorPoint, indicator_series
from programmes.queries.contributors import contributors
from programmes.queries.indicators import window_start
from programmes.queries.movements import Correction, Movements, Span
from programmes.queries.series import SCALE
from programmes.queries.tracks import Facts
from reports.explaining.parts import Part
from reports.queries.dashboard import since_of
from reports.queries.scope import Scope


@dataclass
class Moved:
    """What one unit adds to a part: step → changes of numerator and denominator, in ten-thousandths."""

    steps: dict[int, tuple[int, int]] = field(default_factory=dict)
    first_time: bool = False
    reporters: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(any(pair) for pair in self.steps.values())

    def add(self, step: int, numerator: int, denominator: int) -> None:
        before = self.steps.get(step, (0, 0))
        self.steps[step] = (before[0] + numerator, before[1] + denominator)

    def take(self, other: Moved) -> None:
        """Everything of the other one too."""
        for step, pair in other.steps.items():
            self.add(step, *pair)
        self.first_time |= other.first_time
        self.reporters |= other.reporters

    @property
    def numerator(self) -> int:
        return sum(pair[0] for pair in self.steps.values())

    @property
    def denominator(self) -> int:
        return sum(pair[1] for pair in self.steps.values())


@dataclass(frozen=True)
class Shares:
    """Turns changes of numerator and denominator in one step into points of the indicator, so that they add up exactly.

    N/D − n/d = (N − n) · ½(1/d + 1/D) − (D − d) · ½(n + N)/(d · D): linear in both changes, so it falls apart into
    units and parts whatever their order.
    """

    of_numerator: Fraction
    of_denominator: Fraction

    @classmethod
    def between(cls, before: tuple[Fraction, Fraction], after: tuple[Fraction, Fraction]) -> Shares:
        (n, d), (later_n, later_d) = before, after
        return cls(50 * (1 / d + 1 / later_d), -50 * (n + later_n) / (d * later_d))

    def points(self, numerator: int, denominator: int) -> Fraction:
        return (numerator * self.of_numerator + denominator * self.of_denominator) / SCALE

    def nearly(self, numerator: int, denominator: int) -> float:
        """The same in a hundredth of the time, for telling gains from losses among thousands of units."""
        return numerator * float(self.of_numerator) + denominator * float(self.of_denominator)


ALONE = Shares(Fraction(1), Fraction(0))  # an indicator that is a number is its numerator


@dataclass(frozen=True)
class Change:
    """The way from the value of one month to that of another. Values are exact, in the indicator's unit.

    `before` is what was known when its month was over, `now` what is known of that month now, `after` the later value.
    """

    scope: Scope
    indicator: Indicator
    first: int
    last: int
    earlier: IndicatorPoint
    later: IndicatorPoint
    before: Fraction
    after: Fraction
    shares: tuple[Shares, ...]
    moved: dict[Part, dict[int, Moved]]
    corrections: dict[int, list[Correction]]
    origins: dict[int, list[int]]
    speakers: tuple[int, ...]

    @property
    def of_states(self) -> bool:
        """Whether units reach something or lose it, rather than have more or less of it."""
        return self.indicator.numerator.kind == MeasureKind.FLAG and self.indicator.direction == Direction.UP

    @property
    def now(self) -> Fraction:
        return Fraction(self.earlier.value or 0)

    def points_of(self, moved: Moved) -> Fraction:
        """What the unit adds to the value."""
        return points_by(self.shares, moved)

    def points(self, part: Part) -> Fraction:
        """What the part adds to the value."""
        together = Moved()
        for one in self.moved[part].values():
            together.take(one)
        return self.points_of(together)

    def really(self) -> tuple[Fraction, Fraction]:
        """What units themselves did to the value, by the numerator and by the denominator."""
        together = Moved()
        for part in (Part.GAINED, Part.LOST):
            for one in self.moved[part].values():
                together.take(one)
        by_numerator = Moved({step: (pair[0], 0) for step, pair in together.steps.items()})
        return self.points_of(by_numerator), self.points_of(together) - self.points_of(by_numerator)

    @property
    def parts(self) -> list[Part]:
        """The parts that hold anything, in the order in which they are told."""
        return [part for part in Part if self.moved[part]]

    @property
    def unexplained(self) -> Fraction:
        """Nothing, unless a unit's end was entered long after it reported (`contributors.ENTERED_LATE`)."""
        return self.after - self.before - sum((self.points(part) for part in self.parts), Fraction(0))


def change_of(scope: Scope, indicator: Indicator, first: int) -> Change | None:
    """The change from the month `first` to the scope's. None where one of them has no value, or for what adds up to
    nothing: ranks and scores."""
    if indicator.numerator.kind == MeasureKind.GIVEN or indicator.is_rank:
        return None
    found = indicator_series(scope.unit, [indicator], first, scope.month, basis=scope.basis, since=since_of(scope))
    points = found[indicator.pk]
    if points[0].value is None or points[-1].value is None:
        return None
    return _explained(scope, indicator, points)


def _explained(scope: Scope, indicator: Indicator, points: list[IndicatorPoint]) -> Change | None:
    span = _span(indicator, scope, points[0].period)
    measures = [one for one in (indicator.numerator, indicator.denominator) if one is not None]
    facts = {one.pk: Facts(one.pk, one.code, one.kind, tuple(one.entered_at)) for one in measures}
    begin = span.first if all(one.is_level for one in facts.values()) else span.begin
    who = contributors(scope.unit, begin, span.last, basis=scope.basis)
    movements = Movements(who.some, facts, span)
    edges = [point for point in points if point.value is not None]
    moved = _parts(measures, movements, [point.period for point in edges])
    shares = _shares(indicator, edges, moved[Part.CORRECTED])
    if shares is None:
        return None
    _split(moved, shares, by_step=indicator.numerator.kind == MeasureKind.FLAG)
    change = Change(
        scope, indicator, span.first, span.last, points[0], points[-1], Fraction(0), _value(indicator, points[-1]),
        shares, moved, _corrections(movements), _origins(movements), tuple(who.speakers),
    )  # fmt: skip
    return replace(change, before=_value(indicator, points[0]) - change.points(Part.CORRECTED))


def _value(indicator: Indicator, point: IndicatorPoint) -> Fraction:
    numerator = Fraction(point.numerator or 0)
    return 100 * numerator / Fraction(point.denominator or 1) if indicator.is_ratio else numerator


def _span(indicator: Indicator, scope: Scope, first: int) -> Span:
    since = since_of(scope)
    months = range(first, scope.month + 1)
    return Span(first, scope.month, {month: window_start(indicator.window, month, since) for month in months})


def _shares(
    indicator: Indicator, edges: list[IndicatorPoint], corrected: dict[int, Moved]
) -> tuple[Shares, ...] | None:
    """Of the corrections and of each step from a month with a value to the next. The way of a percentage is gone month
    by month, so that each change counts by the denominator of its time. None where nothing was known to share."""
    if not indicator.is_ratio:
        return (ALONE,) * len(edges)
    known = [(Fraction(edge.numerator or 0), Fraction(edge.denominator or 0)) for edge in edges]
    then = (
        known[0][0] - Fraction(sum(one.numerator for one in corrected.values()), SCALE),
        known[0][1] - Fraction(sum(one.denominator for one in corrected.values()), SCALE),
    )
    if not then[1]:
        return None
    return tuple(Shares.between(*pair) for pair in pairwise([then, *known]))


def _parts(measures: list[Measure], movements: Movements, edges: list[int]) -> dict[Part, dict[int, Moved]]:
    """Who moved what, by part and unit. A unit that ended is told under the one that took it over, where there is one;
    what cancels out there (handed over whole) is left out."""
    found: dict[Part, dict[int, Moved]] = {part: defaultdict(Moved) for part in Part}
    for measure in measures:
        of_units, sides = measure.source == MeasureSource.UNITS, (1, 0) if measure is measures[0] else (0, 1)
        real_part = Part.REORGANISED if of_units else Part.GAINED
        for unit, movement in movements.of(measure.pk).items():
            heir = _heir(unit, movements)
            if movement.corrected:
                _add(found[Part.CORRECTED][unit], unit, 0, movement.corrected, sides)
            for month, (reorganised, real) in movement.months.items():
                step = bisect_left(edges, month)
                if reorganised:
                    _add(found[Part.REORGANISED][heir], unit, step, reorganised, sides)
                if real:
                    _add(found[real_part][heir], unit, step, real, sides)
                    found[real_part][heir].first_time |= movement.first_time
    return {part: {unit: one for unit, one in some.items() if one} for part, some in found.items()}


def _add(moved: Moved, unit: int, step: int, amount: int, sides: tuple[int, int]) -> None:
    moved.reporters.add(unit)
    moved.add(step, amount * sides[0], amount * sides[1])


def _split(moved: dict[Part, dict[int, Moved]], shares: tuple[Shares, ...], *, by_step: bool) -> None:
    """What units themselves did falls apart into what raised the value and what lowered it.

    A state that was reached and lost again is told as both (`by_step`); numbers that rise and fall from month to month
    are told by what came of them in the end.
    """
    for unit, one in list(moved[Part.GAINED].items()):
        effects = {step: shares[step].nearly(*pair) for step, pair in one.steps.items()}
        lost = {step for step, effect in effects.items() if effect < 0}
        if not by_step:
            lost = set(one.steps) if sum(effects.values()) < 0 else set()
        for part, steps in ((Part.GAINED, one.steps.keys() - lost), (Part.LOST, lost)):
            moved[part][unit] = Moved({step: one.steps[step] for step in steps}, one.first_time, one.reporters)
    for part, unit, one in [(part, unit, one) for part, some in moved.items() for unit, one in some.items()]:
        if not (one.numerator or one.denominator or points_by(shares, one)):
            del moved[part][unit]  # nothing came of it


def points_by(shares: tuple[Shares, ...], moved: Moved) -> Fraction:
    return sum((shares[step].points(*pair) for step, pair in moved.steps.items()), Fraction(0))


def _heir(unit: int, movements: Movements) -> int:
    """The unit that goes on in its place among those that count here; itself where none does."""
    seen = {unit}
    while (after := _taker(unit, movements)) is not None and after not in seen:
        unit = after
        seen.add(unit)
    return unit


def _taker(unit: int, movements: Movements) -> int | None:
    """Who took the whole or the main part of it, by the key of the pair for a steady answer."""
    takers = [
        taker
        for taker, month in sorted(movements.heirs.takers.get(unit, ()))
        if month <= movements.last
        and any(one.predecessor == unit and one.counts for one in movements.heirs.origins[taker][month])
    ]
    return takers[0] if takers else None


def _corrections(movements: Movements) -> dict[int, list[Correction]]:
    found: dict[int, list[Correction]] = defaultdict(list)
    for (unit, _measure), some in movements.corrections.items():
        found[unit] += some
    return found


def _origins(movements: Movements) -> dict[int, list[int]]:
    """Unit → the ones that ended in its favour between the two months."""
    return {
        unit: sorted({origin.predecessor for month, some in months.items() for origin in some
                      if movements.first < month <= movements.last})
        for unit, months in movements.heirs.origins.items()
    }  # fmt: skip


def units_named(change: Change) -> set[int]:
    """Every unit that the page will name, and those under whose paths they stand."""
    named = {unit for some in change.moved.values() for unit in some}
    return named | set(change.speakers) | {origin for unit in named for origin in change.origins.get(unit, ())}
