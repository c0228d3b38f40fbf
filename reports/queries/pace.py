"""Whether an indicator keeps pace with its path, and when it arrives at the pace so far. No query here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.periods import month_of
from programmes.choices import Direction, Status
from reports.forecast import Outlook, outlook
from reports.queries.dashboard import Reading
from reports.queries.outlook import finished, goal_of
from reports.queries.scope import Scope


@dataclass(frozen=True)
class Progress:
    """`lead`: how far the value is on the good side of its path today (negative: short), in the indicator's unit.

    `kept`: whether it lies within the band of 15% around the path. `outlook`: when the target is reached, in numbers
    of the numerator; None where nothing can be foretold.
    """

    lead: Decimal
    kept: bool
    outlook: Outlook | None

    @property
    def reached(self) -> int | None:
        """The month in which the target is met at the pace so far."""
        return self.outlook.reached if self.outlook else None


def progress_of(reading: Reading, scope: Scope) -> Progress | None:
    """None without a value, without a target, and where the target is reached already."""
    place = reading.standing
    if reading.now.value is None or place.lead is None or place.status == Status.REACHED:
        return None
    low, high = place.band or (place.path, place.path)
    kept = low is not None and high is not None and low <= reading.now.value <= high
    return Progress(place.lead, kept, _outlook(reading, scope))


def _outlook(reading: Reading, scope: Scope) -> Outlook | None:
    indicator, target = reading.indicator, reading.target
    if target is None or indicator.is_rank or indicator.direction == Direction.NONE:
        return None
    goal, points = goal_of(indicator, target, reading.now.denominator), finished(indicator, reading.trend, scope)
    if goal is None or not points:
        return None
    return outlook(
        points,
        goal=float(goal),
        deadline=month_of(target.due),
        now=points[-1][0],
        rising=indicator.direction == Direction.UP,
    )
