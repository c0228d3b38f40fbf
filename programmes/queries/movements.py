"""How one measure moved at a unit between two months, reporter by reporter: really, by reorganisation, by correction.

The three parts of a reporter, times its weight, add up to the difference of the totals, exactly. What each part means
for levels and flows stands in docs/decisions/0014-why-a-number-changed.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from core.periods import first_day
from programmes.carrying import Heirs, Origin, heirs_of, last_levels, opening_value
from programmes.choices import MeasureKind, Provenance
from programmes.models import VALUE_SCALE, FigureChange
from programmes.queries.contributors import Contributor
from programmes.queries.tracks import Facts, read_figures
from programmes.steps import steps

Points = list[tuple[int, int, str]]  # month, hundredths, origin
MANY = 1000


@dataclass(frozen=True)
class Movement:
    """What one reporter adds to the difference, in ten-thousandths. `first_time`: it had no value before.

    `months`: month → what a reorganisation did in it, and what really changed.
    """

    corrected: int
    months: dict[int, tuple[int, int]]
    first_time: bool = False

    def __bool__(self) -> bool:
        return bool(self.corrected or any(any(pair) for pair in self.months.values()))


@dataclass(frozen=True)
class Correction:
    """A figure of an earlier month as it was known then and as it is known now (None: taken back), with the reason."""

    period: int
    then: int
    now: int | None
    reason: str


@dataclass(frozen=True)
class Span:
    """The months between which is compared, and for each of them the first month of the sum of a flow."""

    first: int
    last: int
    starts: dict[int, int]

    @property
    def begin(self) -> int:
        """The first month whose reports matter: for flows the oldest one that leaves a sum on the way."""
        left = [
            self.starts[month] for month in range(self.first, self.last) if self.starts[month + 1] > self.starts[month]
        ]
        return min([self.first, *left])

    def leaving(self, month: int) -> range:
        """The months that stood in the sum of the month before and no longer stand in the one of this month."""
        return range(self.starts[month - 1], min(self.starts[month], month))


Corrections = dict[tuple[int, int], list[Correction]]  # unit, measure


def corrections_since(unit_ids: Collection[int], measures: Collection[int], first: int) -> Corrections:
    """Figures of the month `first` and before that were corrected or taken back after that month was over.

    A figure that was reported late is no correction; it counts where it belongs.
    """
    over = timezone.make_aware(datetime.combine(first_day(first + 1), time.min))
    rows = FigureChange.objects.filter(measure__in=measures, period__lte=first, at__gte=over).order_by("pk")
    columns = ("unit_id", "measure_id", "period", "old", "new", "reason")
    found: dict[tuple[int, int], dict[int, Correction]] = defaultdict(dict)
    wanted = set(unit_ids)
    for unit, measure, period, old, new, reason in rows.values_list(*columns):
        if unit in wanted:
            known = found[unit, measure].get(period)
            then = known.then if known else int(old * VALUE_SCALE)
            now = None if new is None else int(new * VALUE_SCALE)
            found[unit, measure][period] = Correction(period, then, now, reason)
    return {key: list(some.values()) for key, some in found.items()}


class Movements:
    """The movements of some measures at the same contributors; everything is read when it is made."""

    def __init__(self, some: Collection[Contributor], measures: Mapping[int, Facts], span: Span) -> None:
        self.contributors = {one.unit_id: one for one in some}
        self.measures, self.span = measures, span
        self.first, self.last = span.first, span.last
        self.corrections = corrections_since(self.contributors, measures, span.first)
        start = min(span.first if self._level(pk) else span.begin for pk in measures)
        self.figures = read_figures(sorted(self.contributors), sorted(measures), start)
        since, every = first_day(span.first), len(self.contributors) > MANY
        self.heirs = heirs_of(successors=self.contributors, since=since, every=every) if some else Heirs()
        self._last = self._last_levels(span)

    def _level(self, measure: int) -> bool:
        return self.measures[measure].is_level

    def _last_levels(self, span: Span) -> dict[tuple[int, int], int]:
        """What the predecessors had last of those that take over between the two months."""
        ended = {
            origin.predecessor
            for months in self.heirs.origins.values()
            for month, some in months.items()
            if span.first < month <= span.last
            for origin in some
        }
        levels = [pk for pk in self.measures if self._level(pk)]
        return last_levels(ended, levels) if ended and levels else {}

    def of(self, measure: int) -> dict[int, Movement]:
        """The movement of each contributor that moved, by its key."""
        found = {}
        for unit, who in self.contributors.items():
            points = self.figures.get((unit, measure), [])
            corrections = self.corrections.get((unit, measure), [])
            if corrections or (points and not self._rests(who, measure, points)):
                one = self._level_movement if self._level(measure) else self._flow_movement
                if movement := one(who, measure, points, corrections):
                    found[unit] = movement
        return found

    def _rests(self, who: Contributor, measure: int, points: Points) -> bool:
        """Whether a level plainly stays as it is, as most do from one month to the next: nothing has to be reckoned."""
        if not self._level(measure) or who.unit_id in self.heirs.origins:
            return False
        if who.closing is not None:
            return who.closing <= self.first and max(points)[0] < who.closing
        steady = min(points)[0] <= self.first and len({value for _month, value, _origin in points}) == 1
        return steady and not who.turns(self.first, self.last)

    def _flow_movement(self, who: Contributor, _measure: int, points: Points, corrected: list[Correction]) -> Movement:
        """A month comes into the sum, others leave it. What a unit did that ended in this month, and now counts among
        those that compare with it, leaves as if it had counted before; that difference is the reorganisation's."""
        span, values = self.span, {month: value for month, value, _ in points}
        months: dict[int, tuple[int, int]] = {}
        for month in range(span.first + 1, span.last + 1):
            real = who.weight(month, is_flag=False) * values.get(month, 0) if span.starts[month] <= month else 0
            reorganised = 0
            for gone in span.leaving(month):
                weight = who.weight(gone, is_flag=False)
                among = who.later if who.closing == month else weight
                real -= among * values.get(gone, 0)
                reorganised += (among - weight) * values.get(gone, 0)
            if real or reorganised:
                months[month] = (reorganised, real)
        changed = sum(
            who.weight(one.period, is_flag=False) * ((one.now or 0) - one.then)
            for one in corrected
            if one.period >= span.starts[span.first]
        )
        return Movement(changed, months)

    def _level_movement(self, who: Contributor, measure: int, points: Points, corrected: list[Correction]) -> Movement:
        span, is_flag = self.span, self.measures[measure].kind == MeasureKind.FLAG
        pairs = sorted((month, value) for month, value, _ in points)
        changes = {month: step.change for month, step in steps(pairs, level=True, closing=who.closing).items()}
        level = sum(change for month, change in changes.items() if month <= span.first)
        weight = who.weight(span.first, is_flag=is_flag)
        changed = weight * (level - _known_then(pairs, corrected, who.closing, span.first))
        moved: dict[int, tuple[int, int]] = {}
        outside = self._by_reorganisation(who, measure, points, pairs)
        within = {month for month in changes if span.first < month <= span.last}
        for month in sorted(within | who.turns(span.first, span.last) | outside.keys()):
            before, weight = weight, who.weight(month, is_flag=is_flag)
            change, taken = changes.get(month, 0), outside.get(month, 0)
            moved[month] = ((weight - before) * level + weight * taken, weight * (change - taken))
            level += change
        known = any(month <= span.first for month, _ in pairs)
        return Movement(changed, moved, first_time=not known and not outside)

    def _by_reorganisation(
        self, who: Contributor, measure: int, points: Points, pairs: list[tuple[int, int]]
    ) -> dict[int, int]:
        """Month → what the level gains in it because others ended in favour of the unit, or loses as the unit ends."""
        span = self.span
        found: dict[int, int] = defaultdict(int)
        for month in self.heirs.origins.get(who.unit_id, {}):
            if span.first < month <= span.last:
                found[month] += self._taken_over(who.unit_id, measure, month, points)
        if pairs and who.closing is not None:
            end = max(who.closing, pairs[-1][0])
            if span.first < end <= span.last:
                found[end] -= pairs[-1][1]
        return found

    def _taken_over(self, unit: int, measure: int, month: int, points: Points) -> int:
        """What the predecessors left: the opening that is stored, or the one that an own report took the place of."""
        before = [(when, value) for when, value, _ in points if when < month]
        had = max(before)[1] if before else None
        stored = next((value for when, value, origin in points if (when, origin) == (month, Provenance.OPENING)), None)
        if stored is None:
            known = [
                (origin, self._last[origin.predecessor, measure])
                for origin in self.heirs.origins[unit][month]
                if (origin.predecessor, measure) in self._last
            ]
            if had is not None and any(origin.weight or origin.counts for origin, _ in known):
                known.append((Origin(unit, 100, counts=True), had))
            stored = opening_value(known, is_flag=self.measures[measure].kind == MeasureKind.FLAG)
        return 0 if stored is None else stored - (had or 0)


def _known_then(
    pairs: Iterable[tuple[int, int]], corrected: Iterable[Correction], closing: int | None, first: int
) -> int:
    """The level of the month `first` as it was known when that month was over."""
    known = dict(pairs) | {one.period: one.then for one in corrected}
    changes = steps(sorted(known.items()), level=True, closing=closing)
    return sum(step.change for month, step in changes.items() if month <= first)
