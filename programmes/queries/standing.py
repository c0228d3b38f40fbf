"""Where a value stands against the straight path from baseline to target. One stated rule, shown on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.periods import last_day
from programmes.choices import Direction, Status
from programmes.models import Indicator, Target

ON_TRACK = Decimal("0.85")  # share of the change planned up to a day that must have been achieved
AT_RISK = Decimal("0.70")

STANDING_RULE = _(
    "The plan goes in a straight line from the baseline to the target. Reached: the value meets the target. On track: "
    "at least 85% of the change planned up to this day is achieved. At risk: at least 70%. Behind: less, or the "
    "deadline has passed without the target being met."
)


@dataclass(frozen=True)
class Standing:
    """`path`: the value planned for the day. `achieved`: achieved ÷ planned change, None where none is due."""

    status: Status
    path: Decimal | None
    achieved: Decimal | None


def standing(indicator: Indicator, value: Decimal | None, target: Target | None, on: date) -> Standing:
    """How the value stands on the day, by STANDING_RULE. Targets above 100% and falling ones are judged the same way.

    Before any change is due everything is on track. Where nothing is to change (the baseline is the target) a value
    off the target is at risk until the deadline.
    """
    if target is None:
        return Standing(Status.NONE, None, None)
    path = path_on(target, on)
    if value is None:
        return Standing(Status.UNKNOWN, path, None)
    sign = _sign(indicator, target)
    planned, made = sign * (path - target.baseline), sign * (value - target.baseline)
    achieved = made / planned if planned > 0 else None
    if sign * (value - target.value) >= 0:
        return Standing(Status.REACHED, path, achieved)
    if on > target.due:
        return Standing(Status.BEHIND, path, achieved)
    return Standing(_status(planned, made, started=on > target.baseline_on), path, achieved)


def _status(planned: Decimal, made: Decimal, *, started: bool) -> Status:
    if not started:
        return Status.ON_TRACK
    if planned <= 0:  # nothing to gain: hold the baseline, or stay above a path that falls
        return Status.ON_TRACK if planned < 0 and made >= planned else Status.AT_RISK
    if made >= ON_TRACK * planned:
        return Status.ON_TRACK
    return Status.AT_RISK if made >= AT_RISK * planned else Status.BEHIND


def _sign(indicator: Indicator, target: Target) -> int:
    """1 where more is better, −1 where less is; without a direction as the target lies from the baseline."""
    if indicator.direction == Direction.NONE:
        return 1 if target.value >= target.baseline else -1
    return 1 if indicator.direction == Direction.UP else -1


def path_on(target: Target, day: date) -> Decimal:
    """The planned value of a day: the baseline up to its date, the target from the deadline on."""
    length = (target.due - target.baseline_on).days
    gone = min(max((day - target.baseline_on).days, 0), length)
    return target.baseline + (target.value - target.baseline) * gone / length


def path_value(target: Target, month: int) -> Decimal | None:
    """The planned value at the end of a month; None before the plan begins."""
    day = last_day(month)
    return path_on(target, day) if day >= target.baseline_on else None
