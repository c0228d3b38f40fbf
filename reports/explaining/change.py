"""Why an indicator changed between two months: corrected, reorganised, newly reached, lost, by named units.

The parts add up to the difference exactly. How a part of a percentage is reckoned from its numerator and denominator
is in `Shares`; what the parts mean is in docs/decisions/0018-why-a-number-changed.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from programmes.choices import Direction, MeasureKind, MeasureSource
from programmes.models import Indicator, Measure
from programmes.queries import IndicatorPoint, indicator_series
from programmes.queries.contributors import contributors
from programmes.queries.indicators import window_start
from programmes.queries.movements import Correction, Movement, Movements, Span
from programmes.queries.series import SCALE
from programmes.queries.tracks import facts_of
from reports.explaining.parts import Part
from reports.queries.dashboard import since_of
from reports.queries.scope import Scope


@dataclass
class Moved:
    """What one unit adds to a part: to the numerator and to the denominator, in ten-thousandths."""

    numerator: int = 0
    denominator: int = 0
    first_time: bool = False
    reporters: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.numerator or self.denominator)


@dataclass(frozen=True)
class Shares:
    """Turns changes of numerator and denominator into points of the indicator, so that all of them add up exactly.

    N/D − n/d = (N − n) · ½(1/d + 1/D) − (D − d) · ½(n + N)/(d · D): linear in both changes, so it falls apart into
    units and parts whatever their order.
    """

    of_numerator: Fraction
    of_denominator: Fraction

    @classmethod
    def between(cls, before: tuple[Fraction, Fraction], after: tuple[Fraction, Fraction]) -> Shares:
        (n, d), (later_n, later_d) = before, after
        return cls(50 * (1 / d + 1 / later_d), -50 * (n + later_n) / (d * later_d))

    def points(self, moved: Moved) -> Fraction:
        return (moved.numerator * self.of_numerator + moved.denominator * self.of_denominator) / SCALE


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
    shares: Shares
    moved: dict[Part, dict[int, Moved]]
    corrections: dict[int, list[Correction]]
    origins: dict[int, list[int]]

    @property
    def of_states(self) -> bool:
        """Whether units reach something or lose it, rather than have more or less of it."""
        return self.indicator.numerator.kind == MeasureKind.FLAG and self.indicator.direction == Direction.UP

    @property
    def now(self) -> Fraction:
        return Fraction(self.earlier.value or 0)

    def points(self, part: Part) -> Fraction:
        """What the part adds to the value."""
        return sum((self.shares.points(one) for one in self.moved[part].values()), Fraction(0))

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
    last = scope.month
    if indicator.numerator.kind == MeasureKind.GIVEN or indicator.is_rank:
        return None
    points = indicator_series(scope.unit, [indicator], first, last, basis=scope.basis, since=since_of(scope))
    earlier, later = points[indicator.pk][0], points[indicator.pk][-1]
    if earlier.value is None or later.value is None:
        return None
    return _explained(scope, indicator, earlier, later)


def _explained(scope: Scope, indicator: Indicator, earlier: IndicatorPoint, later: IndicatorPoint) -> Change | None:
    measures = [one for one in (indicator.numerator, indicator.denominator) if one is not None]
    some = contributors(scope.unit, _begin(indicator, scope, earlier.period), later.period, basis=scope.basis)
    spans = {one.pk: _span(indicator, scope, earlier.period) for one in measures}
    movements = Movements(some, facts_of(spans), spans)
    moved = _parts(measures, movements)
    corrected = moved[Part.CORRECTED].values()
    then = (
        _exact(earlier.numerator) - Fraction(sum(one.numerator for one in corrected), SCALE),
        _exact(earlier.denominator) - Fraction(sum(one.denominator for one in corrected), SCALE),
    )
    shares, before, after = ALONE, then[0], _exact(later.numerator)
    if indicator.is_ratio:
        if not then[1]:
            return None
        whole = _exact(later.denominator)
        shares, before, after = Shares.between(then, (after, whole)), 100 * then[0] / then[1], 100 * after / whole
    return Change(
        scope, indicator, earlier.period, later.period, earlier, later, before, after, shares, moved,
        _corrections(movements), _origins(movements),
    )  # fmt: skip


def _exact(value: Decimal | None) -> Fraction:
    return Fraction(value or 0)


def _begin(indicator: Indicator, scope: Scope, first: int) -> int:
    """The first month whose reports may matter: for flows that of a sum that ends in `first` and drops out."""
    months = _span(indicator, scope, first).months
    return min([first, *months])


def _span(indicator: Indicator, scope: Scope, first: int) -> Span:
    since = since_of(scope)
    windows = [range(window_start(indicator.window, month, since), month + 1) for month in (first, scope.month)]
    return Span(first, scope.month, *windows)


def _parts(measures: list[Measure], movements: Movements) -> dict[Part, dict[int, Moved]]:
    """Who moved what, by part and unit. A unit that ended is told under the one that took it over, where there is one;
    what cancels out there (handed over whole) is left out."""
    found: dict[Part, dict[int, Moved]] = {part: defaultdict(Moved) for part in Part}
    for measure in measures:
        of_units = measure.source == MeasureSource.UNITS
        for unit, movement in movements.of(measure.pk).items():
            heir = _heir(unit, movements)
            real = Part.REORGANISED if of_units else Part.GAINED if measure is measures[0] else Part.DENOMINATOR
            for part, amount, key in (
                (Part.CORRECTED, movement.corrected, unit),
                (Part.REORGANISED, movement.reorganised, heir),
                (real, movement.real, heir),
            ):
                if amount:
                    _add(found[part][key], unit, amount, movement, is_numerator=measure is measures[0])
    for unit in [unit for unit, one in found[Part.GAINED].items() if one.numerator < 0]:
        found[Part.LOST][unit] = found[Part.GAINED].pop(unit)
    return {part: {unit: one for unit, one in some.items() if one} for part, some in found.items()}


def _add(moved: Moved, unit: int, amount: int, movement: Movement, *, is_numerator: bool) -> None:
    moved.reporters.add(unit)
    moved.first_time |= movement.first_time
    if is_numerator:
        moved.numerator += amount
    else:
        moved.denominator += amount


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
    """Every unit that the page will name."""
    named = {unit for some in change.moved.values() for unit in some}
    return named | {origin for unit in named for origin in change.origins.get(unit, ())}
