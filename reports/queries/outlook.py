"""When an indicator reaches its target at the pace so far, and what open gifts would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from core.periods import last_finished, month_of
from equipment.models import GiftLine
from equipment.queries.gaps import gap_list
from equipment.queries.gifts import open_lines
from programmes.choices import Direction
from programmes.models import Indicator, Target
from programmes.queries import IndicatorPoint
from programmes.registered import EQ_FIT
from reports.forecast import Outlook, outlook
from reports.queries.dashboard import Reading
from reports.queries.scope import Scope
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Prospect:
    """What lies ahead of one indicator: all numbers in units of its numerator. `promised` closes so much of the gap."""

    outlook: Outlook
    deadline: int
    unit_of_measure: str
    promised: int = 0

    @property
    def left(self) -> float:
        """What is still missing once everything promised has arrived."""
        return max(0.0, self.outlook.missing - self.promised)


def prospect_of(reading: Reading, scope: Scope, user: User | AnonymousUser) -> Prospect | None:
    """None without a target, for ranks, and for indicators of which neither more nor less is better."""
    indicator, target = reading.indicator, reading.target
    if target is None or indicator.is_rank or indicator.direction == Direction.NONE:
        return None
    goal = goal_of(indicator, target, reading.now.denominator)
    points = finished(indicator, reading.trend, scope)
    if goal is None or not points:
        return None
    found = outlook(
        points,
        goal=float(goal),
        deadline=month_of(target.due),
        now=points[-1][0],
        rising=indicator.direction == Direction.UP,
    )
    promised = machines_coming(scope, user) if indicator.numerator.code == EQ_FIT and not found.is_met else 0
    return Prospect(found, month_of(target.due), indicator.numerator.unit_of_measure, promised)


def goal_of(indicator: Indicator, target: Target, denominator: Decimal | None) -> Decimal | None:
    """The target in numbers of the numerator, for a share by the denominator of today; None without one."""
    if not indicator.is_ratio:
        return target.value
    if denominator is None:
        return None
    whole = Decimal(1).scaleb(-indicator.numerator.decimals)
    return (target.value * denominator / 100).quantize(whole, rounding=ROUND_CEILING)


def finished(indicator: Indicator, trend: Sequence[IndicatorPoint], scope: Scope) -> list[tuple[int, float]]:
    """The finished months with a number of their own: what was only carried over is no news about the pace."""
    last = last_finished(scope.today)
    return [
        (point.period, float(point.numerator))
        for point in trend
        if point.period <= last and point.numerator is not None and (point.reported or indicator.numerator.computed)
    ]


def machines_coming(scope: Scope, user: User | AnonymousUser) -> int:
    """Units under the scope without a fit computer that open gifts would give one.

    Those with a machine on its way, and of the rest as many as machines are still to be allotted.
    """
    needy = gap_list(user, scope.as_of).filter(path__range=(scope.unit.path, scope.unit.path_end))
    on_their_way: int = needy.filter(coming__gt=0).count()
    free = sum(line.stages.left for line in open_lines(user) if _may_help(line.line, scope.unit))
    without: int = needy.filter(coming=0).count()
    return on_their_way + min(free, without)


def _may_help(line: GiftLine, unit: Unit) -> bool:
    """Whether the keeper of the gift stands above the unit, or below it."""
    keeper = line.gift.unit
    return line.kind.is_computer and (unit.path.startswith(keeper.path) or keeper.path.startswith(unit.path))
