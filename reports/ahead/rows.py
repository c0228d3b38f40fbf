"""When each unit below reaches its target, at its own pace: for all of them from the same few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.periods import month_of
from programmes.choices import Direction
from programmes.models import Indicator, Target
from programmes.queries import IndicatorPoint, children_of, points_of
from reports.ahead.choices import Arrival
from reports.forecast import Outlook, outlook
from reports.queries.dashboard import since_of, trend_months
from reports.queries.outlook import finished, goal_of
from reports.queries.scope import Scope
from reports.queries.targets import target_on, targets_at, targets_in
from units.models import Unit


@dataclass(frozen=True)
class AheadRow:
    """One unit: its value and target in the indicator's unit, paces and what is missing in numbers of the numerator."""

    unit: Unit
    value: Decimal | None
    target: Decimal | None
    deadline: int | None
    outlook: Outlook | None
    arrival: Arrival

    @property
    def sort_key(self) -> str:
        return self.unit.sort_key

    @property
    def missing(self) -> Decimal | None:
        return None if self.outlook is None else number(self.outlook.missing)

    @property
    def pace(self) -> Decimal | None:
        pace = self.outlook.pace if self.outlook else None
        return None if pace is None else number(pace.value)

    @property
    def needed(self) -> Decimal | None:
        return None if self.outlook is None or self.outlook.needed is None else number(self.outlook.needed)

    @property
    def reached(self) -> int | None:
        return None if self.outlook is None or self.outlook.is_met else self.outlook.reached

    @property
    def earliest(self) -> int | None:
        return None if self.reached is None or self.outlook is None else self.outlook.earliest

    @property
    def latest(self) -> int | None:
        return None if self.reached is None or self.outlook is None else self.outlook.latest

    @property
    def urgency(self) -> int:
        return list(Arrival).index(self.arrival)


def number(value: float) -> Decimal:
    """A float of the forecast as it is shown: to a tenth, below one to a hundredth."""
    return Decimal(str(round(value, 1 if abs(value) >= 1 else 2)))


def ahead_of_children(scope: Scope, indicator: Indicator) -> list[AheadRow]:
    """Every unit directly below, in the order of names. A unit without a target of its own is measured, for shares,
    by that of the unit above."""
    units = children_of(scope.unit, scope.month, scope.basis)
    months = trend_months(scope.month)
    points = points_of(units, [indicator], months[0], months[-1], basis=scope.basis, since=since_of(scope))
    own = targets_at([unit.pk for unit in units], scope.programme)
    above = targets_in(scope).get(indicator.pk) if indicator.is_ratio else None
    return [
        _row(scope, indicator, unit, points[unit.pk, indicator.pk],
             target_on(own.get((unit.pk, indicator.pk), []), scope.as_of) or above)
        for unit in units
    ]  # fmt: skip


def _row(
    scope: Scope, indicator: Indicator, unit: Unit, points: Sequence[IndicatorPoint], target: Target | None
) -> AheadRow:
    value = points[-1].value
    if target is None or indicator.is_rank or indicator.direction == Direction.NONE:
        return AheadRow(unit, value, target.value if target else None, None, None, Arrival.NONE)
    deadline = month_of(target.due)
    known = finished(indicator, points, scope)
    goal = goal_of(indicator, target, points[-1].denominator)
    if goal is None or not known:
        return AheadRow(unit, value, target.value, deadline, None, Arrival.UNKNOWN)
    rising = indicator.direction == Direction.UP
    found = outlook(known, goal=float(goal), deadline=deadline, now=known[-1][0], rising=rising)
    return AheadRow(unit, value, target.value, deadline, found, _arrival(found, deadline))


def _arrival(found: Outlook, deadline: int) -> Arrival:
    if found.is_met:
        return Arrival.MET
    if found.pace is None:
        return Arrival.UNKNOWN
    if found.reached is None:
        return Arrival.NEVER
    return Arrival.IN_TIME if found.reached <= deadline else Arrival.LATE
