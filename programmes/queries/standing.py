"""Where a value stands against the straight path from baseline to target. One stated rule, shown on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.periods import last_day
from programmes.choices import Direction, Status
from programmes.models import Indicator, Target

ON_TRACK = Decimal("0.85")  # share of the change planned up to a day that must have been achieved
AT_RISK = Decimal("0.70")
AHEAD = Decimal("1.15")  # the upper edge of the band: beyond it a value is ahead of its path
NEAR = Decimal("0.15")  # of the target: how far a value that shall be held may fall before it is behind
SETTLING = timedelta(days=31)  # figures come once a month: before the first one is in nothing can have moved

STANDING_RULE = _(
    "The plan goes in a straight line from the baseline to the target. Reached: the value meets the target. On track: "
    "at least 85% of the change planned up to this day is achieved. At risk: at least 70%. Behind: less, or the "
    "deadline has passed without the target being met. In the first 31 days everything is on track. Where a value only "
    "has to be held: at risk up to 15% off the target, behind beyond that."
)


@dataclass(frozen=True)
class Standing:
    """`path`: the value planned for the day. `achieved`: achieved ÷ planned change, None where none is due.

    `band`: the values within 15% of the planned change around the path, the lower number first; None where no change
    is due. `lead`: how far the value is on the good side of the path (negative: short of it), in its own unit.
    """

    status: Status
    path: Decimal | None
    achieved: Decimal | None
    band: tuple[Decimal, Decimal] | None = None
    lead: Decimal | None = None

    @property
    def is_ahead(self) -> bool:
        """Beyond the upper edge of the band."""
        return self.achieved is not None and self.achieved > AHEAD


def standing(indicator: Indicator, value: Decimal | None, target: Target | None, on: date) -> Standing:
    """How the value stands on the day, by STANDING_RULE. Targets above 100% and falling ones are judged the same way.

    Turned upside down (all values and the direction) or measured in another unit, a case is judged the same; a better
    value is never judged worse.
    """
    if target is None:
        return Standing(Status.NONE, None, None)
    path, sign = path_on(target, on), _sign(indicator, target)
    planned = sign * (path - target.baseline)
    band = _band(target.baseline, sign * planned) if planned > 0 else None
    if value is None:
        return Standing(Status.UNKNOWN, path, None, band)
    made = sign * (value - target.baseline)
    achieved = made / planned if planned > 0 else None
    return Standing(_status(sign, value, target, on, achieved), path, achieved, band, sign * (value - path))


def _status(sign: int, value: Decimal, target: Target, on: date, achieved: Decimal | None) -> Status:
    short = sign * (target.value - value)
    if short <= 0:
        return Status.REACHED
    if on > target.due:
        return Status.BEHIND
    if on <= target.baseline_on + SETTLING:
        return Status.ON_TRACK
    if achieved is None:  # nothing to gain: the baseline has to be held; a target of 0 gives no scale for the fall
        return Status.BEHIND if short > NEAR * abs(target.value) > 0 else Status.AT_RISK
    if achieved >= ON_TRACK:
        return Status.ON_TRACK
    return Status.AT_RISK if achieved >= AT_RISK else Status.BEHIND


def _band(baseline: Decimal, planned: Decimal) -> tuple[Decimal, Decimal]:
    near, far = baseline + ON_TRACK * planned, baseline + AHEAD * planned
    return min(near, far), max(near, far)


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
