"""When is the target reached: the portal's way beside simple ones, on made series and on the history of the demo.

    python -m benchmarks.forecasting            made series: steps, wild months, seasons, saturation, …
    DEMO=1 python -m benchmarks.forecasting --demo    the history in the demo: what was reached later is the truth

Printed for each kind of series and each method: mean absolute error of the month (of those that were told), how often
the true month lies in the range of 80%, how often no month was told. `never` counts series whose goal is never reached;
there no month is the right answer, and the share of series for which one was told nevertheless is printed.
"""

from __future__ import annotations

import argparse
import math
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist, fmean, stdev

from reports.forecast import CONFIDENCE, LEAST_POINTS, MOST_POINTS, month_at, outlook, slope_of

Points = Sequence[tuple[int, float]]
HORIZONS = (3, 6, 12)  # months ahead, for the history of the demo
FULL = 100.0
SERIES, SEED = 400, 20261122


@dataclass(frozen=True)
class Told:
    """A month and its range; None where no month is told, `latest` None where the range has no end."""

    reached: int | None
    earliest: int | None = None
    latest: int | None = None


@dataclass(frozen=True)
class Case:
    """What was known in the month `now` (the last of the points), the goal, and when it was truly met (None: never)."""

    points: Points
    goal: float
    truth: int | None

    @property
    def now(self) -> int:
        return self.points[-1][0]


Method = Callable[[Case], Told]


# --- the methods ------------------------------------------------------------------------------------------------


def theil_sen(case: Case) -> Told:
    """What the portal does."""
    found = outlook(case.points, goal=case.goal, deadline=case.now + 1, now=case.now)
    return Told(found.reached, found.earliest, found.latest)


def year_alone(case: Case) -> Told:
    """The robust slope of the year without asking the last half-year."""
    pace, missing = slope_of(case.points[-MOST_POINTS:]), case.goal - case.points[-1][1]
    if missing <= 0:
        return Told(case.now, case.now, case.now)
    return Told(*(month_at(case.now, missing, slope) for slope in (pace.value, pace.high, pace.low)))


def last_value(_case: Case) -> Told:
    """Nothing changes any more: no goal is ever reached."""
    return Told(None)


def mean_change(case: Case) -> Told:
    """The mean of the changes from month to month over the last year; the range by their scatter."""
    known = case.points[-MOST_POINTS:]
    changes = [(y - x) / (later - earlier) for (earlier, x), (later, y) in pairwise(known)]
    spread = stdev(changes) / math.sqrt(len(changes))
    return _by_pace(case, fmean(changes), spread)


def least_squares(case: Case) -> Told:
    """The slope of the straight line through the last year, from the last value on."""
    known = case.points[-MOST_POINTS:]
    months, values = [float(month) for month, _ in known], [value for _, value in known]
    middle, level = fmean(months), fmean(values)
    width = sum((month - middle) ** 2 for month in months)
    slope = sum((month - middle) * (value - level) for month, value in zip(months, values, strict=True)) / width
    rest = sum((value - level - slope * (month - middle)) ** 2 for month, value in zip(months, values, strict=True))
    return _by_pace(case, slope, math.sqrt(rest / (len(known) - 2) / width))


def seasonal_naive(case: Case) -> Told:
    """Each month brings what the same month brought a year ago; no answer without two values a year apart."""
    values = dict(case.points)
    level, month = case.points[-1][1], case.now
    changes = {m % 12: values[m] - values[m - 1] for m in range(case.now - 11, case.now + 1)
               if m in values and m - 1 in values}  # fmt: skip
    if len(changes) < 12 or sum(changes.values()) <= 0:
        return Told(None)
    while level < case.goal and month < case.now + 300:
        month += 1
        level += changes[month % 12]
    return Told(month if level >= case.goal else None)


def _by_pace(case: Case, pace: float, spread: float) -> Told:
    missing = case.goal - case.points[-1][1]
    if missing <= 0:
        return Told(case.now, case.now, case.now)
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * spread
    months = [month_at(case.now, missing, slope) for slope in (pace, pace + reach, pace - reach)]
    return Told(*months)


METHODS: dict[str, Method] = {
    "Theil–Sen năm và nửa năm (cổng dùng)": theil_sen,
    "Theil–Sen cả năm": year_alone,
    "giá trị cuối": last_value,
    "thay đổi trung bình": mean_change,
    "bình phương nhỏ nhất": least_squares,
    "theo mùa năm trước": seasonal_naive,
}


# --- series whose truth is known --------------------------------------------------------------------------------


def straight(chance: random.Random) -> tuple[list[float], list[float]]:
    """An even pace with noise."""
    pace = chance.uniform(0.8, 2.5)
    truth = [5 + pace * month for month in range(120)]
    return truth, [value + chance.gauss(0, 1.5) for value in truth]


def steps(chance: random.Random) -> tuple[list[float], list[float]]:
    """Machines come in lots, a lot every four to eight months."""
    truth, level, wait = [], 5.0, chance.randint(1, 6)
    for _month in range(120):
        wait -= 1
        if wait <= 0:
            level, wait = level + chance.uniform(4, 12), chance.randint(4, 8)
        truth.append(level)
    return truth, list(truth)


def wild(chance: random.Random) -> tuple[list[float], list[float]]:
    """One month in ten is far off: a nought forgotten or added."""
    truth, seen = straight(chance)
    return truth, [value * chance.choice([0.1, 0.5, 2, 10]) if chance.random() < 0.1 else value for value in seen]


def seasons(chance: random.Random) -> tuple[list[float], list[float]]:
    """Much is done in spring and autumn, little in summer and around Tết."""
    pace, phase = chance.uniform(0.8, 2.5), chance.randint(0, 11)
    rates = [max(0.0, pace * (1 + 0.9 * math.sin((month + phase) * math.pi / 3))) for month in range(120)]
    truth = [5 + sum(rates[:month]) for month in range(120)]
    return truth, [value + chance.gauss(0, 0.5) for value in truth]


def saturation(chance: random.Random) -> tuple[list[float], list[float]]:
    """The nearer to 100%, the slower: the last units are the hardest."""
    rate = chance.uniform(0.03, 0.09)
    truth = [FULL * (1 - 0.95 * math.exp(-rate * month)) for month in range(120)]
    return truth, [min(FULL, value + chance.gauss(0, 0.7)) for value in truth]


def slower(chance: random.Random) -> tuple[list[float], list[float]]:
    """Half a year ago the pace fell to a third."""
    pace, turn = chance.uniform(1.5, 3), 18
    truth = [5 + pace * min(month, turn) + pace / 3 * max(0, month - turn) for month in range(120)]
    return truth, [value + chance.gauss(0, 0.7) for value in truth]


def at_rest(chance: random.Random) -> tuple[list[float], list[float]]:
    """For a year and more nothing has changed but noise; the goal is never met."""
    truth = [30.0] * 120
    return truth, [value + chance.gauss(0, 0.7) for value in truth]


KINDS: dict[str, Callable[[random.Random], tuple[list[float], list[float]]]] = {
    "đều, có nhiễu": straight,
    "theo đợt": steps,
    "tháng bất thường": wild,
    "theo mùa": seasons,
    "bão hòa gần 100%": saturation,
    "chậm lại nửa năm nay": slower,
    "đứng yên": at_rest,
}


def made(kind: str) -> list[Case]:
    """Series as they were known after two years; goals between a half and twice of what was done until then ahead."""
    chance, now = random.Random(f"{SEED}{kind}"), 23
    found: list[Case] = []
    while len(found) < SERIES:
        truth, seen = KINDS[kind](chance)
        done = truth[now] - truth[0]
        goal = truth[now] + (done * chance.uniform(0.3, 1) if done > 0 else 20)
        goal = min(goal, 97.0) if kind.startswith("bão") else goal
        met = next((month for month, value in enumerate(truth) if value >= goal), None)
        if met is None or met > now:
            found.append(Case(list(enumerate(seen))[: now + 1], goal, met))
    return found


# --- the history of the demo ------------------------------------------------------------------------------------


def history(horizon: int) -> list[Case]:
    """Each indicator of the provinces and of the nation at each month with a year behind it: the goal is what it had
    reached `horizon` months later, so the truth is known. Only series that rose are asked."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dtportal.settings")
    django.setup()
    from django.utils import timezone

    from core.periods import last_finished

    last = last_finished(timezone.localdate())
    return [case for points in _numerators(last - 36, last) for case in _cases(points, horizon)]


def _numerators(first: int, last: int) -> Iterable[list[tuple[int, float]]]:
    from programmes.choices import Basis
    from programmes.models import Indicator
    from programmes.queries import indicator_series
    from units.models import Unit

    indicators = [one for one in Indicator.objects.in_use().select_related("numerator") if not one.is_rank]
    for unit in Unit.objects.filter(depth__lte=2, valid_to__isnull=True):
        for points in indicator_series(unit, indicators, first, last, basis=Basis.TODAY).values():
            yield [(one.period, float(one.numerator)) for one in points if one.numerator is not None and one.reported]


def _cases(points: list[tuple[int, float]], horizon: int) -> Iterable[Case]:
    values = dict(points)
    for place in range(LEAST_POINTS, len(points)):
        now, level = points[place - 1]
        goal = values.get(now + horizon)
        if goal is not None and goal > level:
            truth = next(month for month, value in points if month > now and value >= goal)
            yield Case(points[:place], goal, truth)


# --- the figures ------------------------------------------------------------------------------------------------


def figures(cases: Sequence[Case], method: Method) -> str:
    """Error in months, coverage of the range, share without an answer; for goals never met the share of false ones."""
    told = [(case, method(case)) for case in cases]
    met = [(case, one) for case, one in told if case.truth is not None]
    if not met:
        return f"báo nhầm một tháng: {_share(one.reached is not None for _, one in told)}"
    errors = [abs(one.reached - (case.truth or 0)) for case, one in met if one.reached is not None]
    ranged = [(case, one) for case, one in met if one.earliest is not None]
    held = _share(_holds(case, one) for case, one in ranged) if ranged else "–"
    error = f"{fmean(errors):.1f}".replace(".", ",") if errors else "–"
    middle = f"{sorted(errors)[len(errors) // 2]}" if errors else "–"
    return f"{error} | {middle} | {held} | {_share(one.reached is None for _, one in met)}"


def _holds(case: Case, told: Told) -> bool:
    return (told.earliest or 0) <= (case.truth or 0) and (told.latest is None or (case.truth or 0) <= told.latest)


def _share(values: Iterable[bool]) -> str:
    known = list(values)
    return f"{100 * sum(known) / len(known):.0f}%"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecasting", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="on the history of the database that the settings name")
    options = parser.parse_args()
    groups = (
        {f"{horizon} tháng sau": history(horizon) for horizon in HORIZONS}
        if options.demo
        else {kind: made(kind) for kind in KINDS}
    )
    print("| chuỗi | cách | sai trung bình (tháng) | sai trung vị | khoảng 80% chứa đúng | không trả lời |")
    print("|---|---|---|---|---|---|")
    for name, cases in groups.items():
        for method, function in METHODS.items():
            print(f"| {name} ({len(cases)}) | {method} | {figures(cases, function)} |")


if __name__ == "__main__":
    main()
