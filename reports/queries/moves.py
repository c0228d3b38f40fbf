"""What changed since the month before: the indicators that moved most, and the units that made them move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.text import sort_key
from programmes.choices import Direction, MeasureKind, Window
from programmes.queries import IndicatorPoint, Points
from reports.queries.dashboard import Reading
from reports.queries.scope import Scope
from units.models import Unit

MOST = 3  # moves to either side
NAMED = 3  # units beside a move


@dataclass(frozen=True)
class Part:
    """A unit below and what it added to a move: `before` and `after` are its own values."""

    unit: Unit
    before: Decimal | None
    after: Decimal | None
    added: Decimal


@dataclass(frozen=True)
class Move:
    """An indicator that changed from one month to the next; `better`: to the good side."""

    reading: Reading
    before: IndicatorPoint
    after: IndicatorPoint
    better: bool
    parts: tuple[Part, ...] = ()

    @property
    def difference(self) -> Decimal:
        return (self.after.value or Decimal(0)) - (self.before.value or Decimal(0))


@dataclass(frozen=True)
class Moves:
    """The month that is compared with the one before it, and what moved."""

    month: int
    up: tuple[Move, ...]
    down: tuple[Move, ...]

    @property
    def month_before(self) -> int:
        return self.month - 1


def compared_month(scope: Scope) -> int:
    """The last month that is over: in a running one most units have not reported yet."""
    return scope.month - 1 if scope.is_running else scope.month


def moves_of(readings: Sequence[Reading], scope: Scope) -> Moves:
    """The biggest moves to either side. How big is told by the way from baseline to target, else by the value."""
    month = compared_month(scope)
    found = [move for reading in readings if (move := _move(reading, month))]
    found.sort(key=_size, reverse=True)
    return Moves(
        month,
        tuple(move for move in found if move.better)[:MOST],
        tuple(move for move in found if not move.better)[:MOST],
    )


def _move(reading: Reading, month: int) -> Move | None:
    """None where nothing changed, or where the two months cannot be compared."""
    by_month = {point.period: point for point in reading.trend}
    before, after = by_month.get(month - 1), by_month.get(month)
    if before is None or after is None or before.value is None or after.value is None or before.value == after.value:
        return None
    good = _rising_is_good(reading)
    if good is None or _cannot_be_compared(reading, before, after):
        return None
    return Move(reading, before, after, (after.value > before.value) == good)


def _cannot_be_compared(reading: Reading, before: IndicatorPoint, after: IndicatorPoint) -> bool:
    """What is summed since the beginning of the year falls to nothing in January; and what is summed in the month
    falls where fewer units have reported. Neither is news about the matter itself."""
    if reading.indicator.numerator.kind != MeasureKind.FLOW:
        return False
    if reading.indicator.window == Window.YEAR:
        return after.period % 12 == 0
    return reading.indicator.window == Window.MONTH and after.reported < before.reported


def _rising_is_good(reading: Reading) -> bool | None:
    """None where neither more nor less is better."""
    direction, target = reading.indicator.direction, reading.target
    if direction == Direction.NONE:
        return None if target is None else target.value >= target.baseline
    return direction == Direction.UP


def _size(move: Move) -> tuple[Decimal, str]:
    target, start = move.reading.target, abs(move.before.value or Decimal(0))
    way = abs(target.value - target.baseline) if target else start
    return abs(move.difference) / (way or start or Decimal(1)), move.reading.indicator.code


def parts_of(move: Move, units: Sequence[Unit], points: Points) -> tuple[Part, ...]:
    """The units that pushed the indicator the way it went, the strongest first."""
    sign = 1 if move.difference > 0 else -1
    found = [part for part in contributions(move, units, points) if part.added * sign > 0]
    return tuple(sorted(found, key=lambda part: (-abs(part.added), sort_key(part.unit.short_name)))[:NAMED])


def contributions(move: Move, units: Sequence[Unit], points: Points) -> list[Part]:
    """What every unit added.

    To a percentage that is its new numerator less the old percentage of its new denominator, in numbers of the
    numerator: over all units this adds up to the whole change, whichever of the two parts moved.
    """
    share = (move.before.value or Decimal(0)) / 100 if move.reading.indicator.is_ratio else Decimal(0)
    found = []
    for unit in units:
        rows = {point.period: point for point in points.get((unit.pk, move.reading.indicator.pk), ())}
        before, after = rows.get(move.before.period), rows.get(move.after.period)
        if before is not None and after is not None:
            numerators = _change(before.numerator, after.numerator)
            added = numerators - share * _change(before.denominator, after.denominator)
            found.append(Part(unit, before.value, after.value, added))
    return found


def _change(before: Decimal | None, after: Decimal | None) -> Decimal:
    return (after or Decimal(0)) - (before or Decimal(0))
