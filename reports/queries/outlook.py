"""When an indicator reaches its target at the pace so far, and what open gifts would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from math import ceil
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.periods import last_finished, month_of
from equipment.models import GiftLine
from equipment.queries.gaps import gap_list
from equipment.queries.gifts import open_lines
from equipment.queries.pace import UsualTime, first_pledges, usual_time
from programmes.choices import Direction, MeasureKind, Window
from programmes.models import Indicator, Target
from programmes.queries import IndicatorPoint
from programmes.registered import EQ_FIT
from reports.forecast import Outlook, month_at, outlook
from reports.queries.dashboard import Reading
from reports.queries.scope import Scope
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Prospect:
    """What lies ahead of one indicator: all numbers in units of its numerator, or in points of a share.

    `gifts` is what open gifts would close of the gap; None where none would.
    """

    outlook: Outlook
    deadline: int
    unit_of_measure: str
    gifts: Gifts | None = None


@dataclass(frozen=True)
class Gifts:
    """What the machines that open gifts still owe would change.

    The register holds no planned day of delivery, so months are reckoned from the pledge by the usual time between
    pledge and confirmed receipt. `all_here`: the month in which all `promised` have come; `reached`: the one in which
    the target would be met with them, what is `left` after them going on at the present pace. None: not to be said.
    """

    promised: int
    left: float
    usual: UsualTime | None
    all_here: int | None
    reached: int | None


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
    if indicator.numerator.code != EQ_FIT:
        return Prospect(found, month_of(target.due), terms_of(indicator))
    gifts = None if found.is_met else gifts_for(found, points[-1][0], scope, user)
    return Prospect(found, month_of(target.due), _("machines"), gifts)


def goal_of(indicator: Indicator, target: Target, denominator: Decimal | None) -> Decimal | None:
    """The target in the numbers that are foretold: of the numerator, for a share by the denominator of today, or the
    share itself. None without a denominator."""
    if not indicator.is_ratio or foretold_as_share(indicator):
        return target.value
    if denominator is None:
        return None
    whole = Decimal(1).scaleb(-indicator.numerator.decimals)
    return (target.value * denominator / 100).quantize(whole, rounding=ROUND_CEILING)


def foretold_as_share(indicator: Indicator) -> bool:
    """Whether both parts of a percentage add up over time (files handled online among files handled): there the
    denominator grows with the numerator, so the share itself is foretold and not the numerator."""
    return indicator.denominator is not None and indicator.denominator.kind == MeasureKind.FLOW


def terms_of(indicator: Indicator) -> str:
    """In what the rest and the pace are counted."""
    return _("percentage points") if foretold_as_share(indicator) else indicator.numerator.unit_of_measure


def finished(indicator: Indicator, trend: Sequence[IndicatorPoint], scope: Scope) -> list[tuple[int, float]]:
    """The finished months with a number of their own: what was only carried over is no news about the pace.

    A sum over the year begins anew each January: only the months of the last year speak of its pace.
    """
    last, as_share = last_finished(scope.today), foretold_as_share(indicator)
    yearly = indicator.numerator.kind == MeasureKind.FLOW and indicator.window == Window.YEAR and not as_share
    first = last - last % 12 if yearly else 0
    return [
        (point.period, float(number))
        for point in trend
        if (number := point.value if as_share else point.numerator) is not None
        and first <= point.period <= last
        and (point.reported or indicator.numerator.computed)
    ]


def gifts_for(found: Outlook, now: int, scope: Scope, user: User | AnonymousUser) -> Gifts | None:
    """What open gifts would change for the units under the scope; None without any."""
    pledged = machines_coming(scope, user)
    if not pledged:
        return None
    usual = usual_time(user, scope.as_of)
    arrivals = [max(now + 1, month_of(day + timedelta(days=usual.days))) for day in pledged] if usual else []
    left = max(0.0, found.missing - len(pledged))
    return Gifts(len(pledged), left, usual, max(arrivals, default=None), _reached(found, left, arrivals, now))


def _reached(found: Outlook, left: float, arrivals: Sequence[int], now: int) -> int | None:
    """With enough machines on their way the arrival of the one that closes the gap; else what the pace adds to them."""
    if left <= 0:
        return sorted(arrivals)[ceil(found.missing) - 1] if arrivals else None
    ahead = month_at(now, left, found.pace.value) if found.pace else None
    return None if ahead is None else max([ahead, *arrivals])


def machines_coming(scope: Scope, user: User | AnonymousUser) -> list[date]:
    """The pledges of the machines that would give a unit under the scope its first fit one, the oldest first.

    Units with a machine on its way count with that one; of the rest as many as machines are still to be allotted.
    """
    needy = gap_list(user, scope.as_of).filter(path__range=(scope.unit.path, scope.unit.path_end))
    waiting = list(needy.values_list("pk", "coming"))
    on_their_way = first_pledges([pk for pk, coming in waiting if coming])
    free = [day for line in open_lines(user) if _may_help(line.line, scope.unit)
            for day in [line.line.gift.pledged_on] * line.stages.left]  # fmt: skip
    without = sum(1 for _pk, coming in waiting if not coming)
    return sorted([*on_their_way.values(), *sorted(free)[:without]])


def _may_help(line: GiftLine, unit: Unit) -> bool:
    """Whether the keeper of the gift stands above the unit, or below it."""
    keeper = line.gift.unit
    return line.kind.is_computer and (unit.path.startswith(keeper.path) or keeper.path.startswith(unit.path))
