"""When a target is reached at the pace so far: a robust slope with its range. Pure: months and numbers only.

The slope is the median of the slopes between all pairs of months (Theil 1950, Sen 1968): a quarter of the months may
be wild without moving it far. Its range follows from the ranks (Sen 1968, with Kendall's variance): no assumption about
how the values scatter.

A year is steady but slow to notice that a programme has come to a halt, or has begun to move. So the last half-year is
asked too: where its range lies wholly beside that of the year, its pace counts; the range told covers both. Measured
against simple methods by `benchmarks.forecasting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, sqrt
from statistics import NormalDist, median

LEAST_POINTS = 4  # below that a slope says nothing
MOST_POINTS = 12  # what happened more than a year ago is no pace of today
RECENT_POINTS = 6  # half a year, which may tell another pace than the year
CONFIDENCE = 0.8
FARTHEST = 12 * 25  # months; what lies beyond is "not at this pace"


@dataclass(frozen=True)
class Pace:
    """Change per month; `low` and `high` hold an even pace in four of five cases or more, `points` stand behind it."""

    value: float
    low: float
    high: float
    points: int


@dataclass(frozen=True)
class Outlook:
    """When the goal is met. `missing` is what lacks now, in the numbers of the measure; 0 when it is met.

    Months are those of `core.periods`. `reached` is None where the goal is not met at this pace; `earliest` and
    `latest` follow from the range of the pace, `latest` None: not for certain. `needed` is the change per month that
    meets the goal in its month; None when that month is over.
    """

    missing: float
    pace: Pace | None
    reached: int | None
    earliest: int | None
    latest: int | None
    needed: float | None

    @property
    def is_met(self) -> bool:
        return self.missing <= 0


def pace_of(points: Sequence[tuple[int, float]]) -> Pace | None:
    """The pace of the last months that have a value; None while there are too few."""
    known = sorted(points)[-MOST_POINTS:]
    if len(known) < LEAST_POINTS:
        return None
    year, recent = slope_of(known), slope_of(known[-RECENT_POINTS:])
    apart = recent.high < year.low or recent.low > year.high
    chosen = recent if apart else year
    return replace(chosen, low=min(year.low, recent.low), high=max(year.high, recent.high))


def slope_of(known: Sequence[tuple[int, float]]) -> Pace:
    """The robust slope of these months alone, with its own range of 80%."""
    slopes = sorted((y - x) / (later - earlier) for (earlier, x), (later, y) in combinations(known, 2))
    low, high = _range(slopes, [value for _month, value in known])
    return Pace(median(slopes), low, high, len(known))


def outlook(
    points: Sequence[tuple[int, float]], *, goal: float, deadline: int, now: int, rising: bool = True
) -> Outlook:
    """When the goal is met, seen from the month `now`, whose value is the last of the points.

    A goal that falls (`rising` False: less is better) is the same with the signs turned.
    Raises ValueError without points.
    """
    if not points:
        raise ValueError("nothing is known")
    sign = 1 if rising else -1
    turned = [(month, sign * value) for month, value in points]
    missing = max(0.0, sign * goal - max(turned)[1])
    pace = pace_of(turned)
    if missing <= 0:
        return Outlook(0.0, _turned(pace, sign), now, now, now, None)
    return Outlook(
        missing,
        _turned(pace, sign),
        reached=month_at(now, missing, pace.value) if pace else None,
        earliest=month_at(now, missing, pace.high) if pace else None,
        latest=month_at(now, missing, pace.low) if pace else None,
        needed=missing / (deadline - now) if deadline > now else None,
    )


def month_at(now: int, missing: float, pace: float) -> int | None:
    """The month in which the rest is done; None where it is not, or not within a lifetime of plans."""
    if pace <= 0 or missing / pace > FARTHEST:
        return None
    return now + ceil(missing / pace - 1e-9)


def _turned(pace: Pace | None, sign: int) -> Pace | None:
    if pace is None or sign > 0:
        return pace
    return Pace(-pace.value, -pace.high, -pace.low, pace.points)


def _range(slopes: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """The slopes between which the true one lies, by the variance of Kendall's S with ties."""
    n = len(values)
    ties = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(variance)
    below = max(0, round((len(slopes) - reach) / 2))
    above = min(len(slopes) - 1, round((len(slopes) + reach) / 2))
    return slopes[below], slopes[above]
