"""Whether an indicator keeps pace with its path, and when it arrives at the pace so far. No query here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.periods import month_of
from programmes.choices import Direction, Status
from reports.forecast import Outlook, outlook
from reports.queries.dashboard import Reading
from reports.queries.outlook import finished, foretold_as_share, goal_of
from reports.queries.scope import Scope

LONGEST = 12  # months that a drawing looks ahead


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


@dataclass(frozen=True)
class Ahead:
    """The months to come at the pace so far, in the indicator's unit: what is likely, and from where to where."""

    months: tuple[int, ...]
    middle: tuple[Decimal, ...]
    lows: tuple[Decimal, ...]
    highs: tuple[Decimal, ...]


def ahead_of(reading: Reading, scope: Scope) -> Ahead | None:
    """From the last finished month with a figure to the deadline, a year at most. None where nothing is foretold.

    The pace is in numbers of the numerator; a percentage is foretold as if its denominator stayed as it is. What has
    reached the target stays there, and nothing falls below zero.
    """
    progress = progress_of(reading, scope)
    found, target = progress.outlook if progress else None, reading.target
    if found is None or found.pace is None or target is None:
        return None
    start = finished(reading.indicator, reading.trend, scope)[-1][0]
    value = next(point.value for point in reading.trend if point.period == start)
    end = min(month_of(target.due), scope.month + LONGEST)
    if value is None or end <= start:
        return None
    scale = 100 / float(reading.now.denominator or 1) if _by_numerator(reading) else 1.0
    rising = reading.indicator.direction == Direction.UP

    def line(pace: float) -> tuple[Decimal, ...]:
        steps = (value + Decimal(str(round(pace * scale * step, 6))) for step in range(end - start + 1))
        if rising:
            return tuple(max(min(one, max(target.value, value)), min(Decimal(0), value)) for one in steps)
        return tuple(max(one, min(target.value, value)) for one in steps)

    paces = (found.pace.value, found.pace.low, found.pace.high)
    return Ahead(tuple(range(start, end + 1)), *(line(pace) for pace in paces))


def _by_numerator(reading: Reading) -> bool:
    return reading.indicator.is_ratio and not foretold_as_share(reading.indicator)


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
