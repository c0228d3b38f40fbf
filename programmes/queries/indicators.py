"""Indicators over time, and at the units below: always Σ numerator / Σ denominator, never a mean of percentages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Q

from core.periods import last_day, month_of
from programmes.choices import Basis, OnDay, Way, Window
from programmes.models import Indicator
from programmes.queries.reporters import Reporter, closing_of
from programmes.queries.series import SCALE, measured, read
from programmes.queries.tracks import Facts, facts_from, facts_of
from programmes.registered import U_COMMUNE
from units.choices import UnitKind
from units.models import RECORDS_BEGIN, Lineage, Succession, Unit

COMMUNE_LEVEL = frozenset({UnitKind.COMMUNE.value, UnitKind.ATTACHED.value})


class IndicatorPoint(NamedTuple):
    """One month of an indicator at a unit; all counts are those of the numerator's measure.

    `value` is in the indicator's unit (a percentage is 92.1, not 0.921), None without a number. `expected`: active
    units at which the measure is entered.
    """

    period: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    with_value: int
    expected: int
    estimated: bool = False


Points = dict[tuple[int, int], list[IndicatorPoint]]  # by unit and indicator


@dataclass(frozen=True)
class ChildValue:
    """An indicator at one unit below. `reported`: in this very month; `carried_over`: the value is an earlier one."""

    unit_id: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reported: bool
    carried_over: bool
    estimated: bool
    reporters: int
    expected: int


def indicator_series(
    unit: Unit, indicators: Collection[Indicator], first: int, last: int, *, basis: Way, since: int | None = None
) -> dict[int, list[IndicatorPoint]]:
    """The months from `first` to `last` of each indicator, by its key.

    `since` is the month in which the programme begins, for flows summed over it; without it from the oldest records.
    """
    work = _Work([unit], indicators, first, last, basis, since)
    return {one.pk: work.points(unit.pk, one) for one in indicators}


def points_of(
    units: Sequence[Unit],
    indicators: Collection[Indicator],
    first: int,
    last: int,
    *,
    basis: Way,
    since: int | None = None,
) -> Points:
    """The months from `first` to `last` of each indicator at each unit: as many queries for one as for a hundred.

    How many units should report is not asked: `expected` is 0. The indicators come with their measures.
    """
    if not units or not indicators:
        return {}
    work = _Work(units, indicators, first, last, basis, since, counting=False)
    return {(unit.pk, one.pk): work.points(unit.pk, one) for unit in units for one in indicators}


def children_values(
    unit: Unit, indicator: Indicator, period: int, *, basis: Way, since: int | None = None
) -> list[ChildValue]:
    """The indicator at each unit directly below: today's, or those that stood there in the month."""
    return values_at(children_of(unit, period, basis), indicator, period, basis=basis, since=since)


def values_at(
    children: Sequence[Unit], indicator: Indicator, period: int, *, basis: Way, since: int | None = None
) -> list[ChildValue]:
    """The indicator at each of these units, in their order."""
    return values_of(children, [indicator], period, basis=basis, since=since)[indicator.pk]


def values_of(
    children: Sequence[Unit],
    indicators: Collection[Indicator],
    period: int,
    *,
    basis: Way,
    since: int | None = None,
) -> dict[int, list[ChildValue]]:
    """Several indicators at each of these units, by the indicator's key: what they share is read once."""
    work = _Work(children, indicators, period, period, basis, since)
    return {one.pk: [_child_value(child.pk, work.points(child.pk, one)[0]) for child in children] for one in indicators}


def _child_value(unit_id: int, point: IndicatorPoint) -> ChildValue:
    return ChildValue(
        unit_id=unit_id,
        value=point.value,
        numerator=point.numerator,
        denominator=point.denominator,
        reported=point.reported > 0,
        carried_over=point.value is not None and point.reported == 0,
        estimated=point.estimated,
        reporters=point.reported,
        expected=point.expected,
    )


def children_of(unit: Unit, period: int, basis: Way) -> list[Unit]:
    """Units directly below, in the order of their names. Before its life those of the predecessor it continues."""
    if isinstance(basis, OnDay):
        return list(Unit.objects.get_children(unit).active(basis.day).order_by("sort_key", "pk"))
    if basis == Basis.TODAY and unit.valid_to is None:
        return list(Unit.objects.get_children(unit).filter(valid_to__isnull=True).order_by("sort_key", "pk"))
    parent = life_in(unit, period)
    if parent is None:
        return []
    return list(Unit.objects.get_children(parent).filter(active_in(period)).order_by("sort_key", "pk"))


def life_in(unit: Unit, period: int) -> Unit | None:
    """Who spoke for the unit in the month: itself, or before its life the predecessor that it continues."""
    found: Unit | None = unit
    while found is not None and month_of(found.valid_from) > period:
        found = _continued(found)
    return found


def active_in(period: int) -> Q:
    """Units that count in the month: opened by its end, and not ended before it was over."""
    return Q(valid_from__lte=last_day(period)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=last_day(period)))


def _continued(unit: Unit) -> Unit | None:
    links = Succession.objects.filter(
        successor=unit, predecessor__code=unit.code, predecessor__short_name=unit.short_name
    )
    link = links.select_related("predecessor").order_by("pk").first()
    return link.predecessor if link else None


def window_start(window: str, month: int, since: int | None) -> int:
    """The first month of the window that ends in `month`."""
    if window == Window.MONTH:
        return month
    if window == Window.YEAR:
        return month - month % 12
    return since if since is not None else month_of(RECORDS_BEGIN)


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """None where a part is missing or the denominator is 0."""
    return numerator * 100 / denominator if numerator is not None and denominator else None


def _facts(indicators: Collection[Indicator], *, counting: bool) -> dict[int, Facts]:
    """The measures of the indicators; no query where they came with them and, for counting, the register too."""
    if not all(name in one._state.fields_cache for one in indicators for name in ("numerator", "denominator")):
        wanted = {pk for one in indicators for pk in (one.numerator_id, one.denominator_id) if pk}
        return facts_of(wanted, with_units=counting)
    found = facts_from(part for one in indicators for part in (one.numerator, one.denominator) if part)
    if counting and all(one.code != U_COMMUNE for one in found.values()):
        found |= facts_of((), with_units=True)
    return dict(sorted(found.items()))


class _Work:
    """One reading of all measures of some indicators, and what is made of it."""

    def __init__(
        self,
        units: Sequence[Unit],
        indicators: Iterable[Indicator],
        first: int,
        last: int,
        basis: Way,
        since: int | None,
        *,
        counting: bool = True,
    ) -> None:
        self.since = since
        chosen = list(indicators)
        parts = {(pk, one.window) for one in chosen for pk in (one.numerator_id, one.denominator_id) if pk}
        facts = _facts(chosen, counting=counting)
        windows = {window for pk, window in parts if not facts[pk].is_level}
        start = min([first, *(window_start(window, first, since) for window in windows)])
        self.reading = read(units, facts, start, last, basis)
        self.periods, self.skipped = range(first, last + 1), first - start  # windows may begin earlier
        self.register = next((pk for pk, one in facts.items() if one.code == U_COMMUNE), None)
        self.lives_below = self._read_lives_below() if counting else {}
        self._expected: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        self._kept: dict[tuple[int, int, str], list[Decimal | None]] = {}

    def points(self, unit_id: int, indicator: Indicator) -> list[IndicatorPoint]:
        """From the first month that was asked for to the last."""
        numerator_id, denominator_id = indicator.numerator_id, indicator.denominator_id
        months = self.reading.months(unit_id, numerator_id)
        numerators = values = self._values(unit_id, numerator_id, indicator.window)
        denominators: list[Decimal | None] = [None] * len(numerators)
        if denominator_id is not None:
            denominators = self._values(unit_id, denominator_id, indicator.window)
        if denominator_id is not None and not indicator.is_rank:  # a rank is its numerator
            values = [ratio(*both) for both in zip(numerators, denominators, strict=True)]
        rows = zip(
            self.periods, values, numerators, denominators, months.n[self.skipped :], months.living[self.skipped :],
            self._expect(unit_id, numerator_id), self._estimated(unit_id, numerator_id, denominator_id, values),
            strict=True,
        )  # fmt: skip
        return list(map(IndicatorPoint._make, rows))

    def _values(self, unit_id: int, measure_id: int, window: str) -> list[Decimal | None]:
        """In the months asked for: a level at the month's end, a flow summed over the window that ends in the month."""
        if self.reading.facts[measure_id].is_level:
            window = Window.MONTH
        key = (unit_id, measure_id, window)
        if key not in self._kept:
            single = window == Window.MONTH
            self._kept[key] = self.reading.values(*key[:2], self.skipped) if single else self._windows(*key)
        return self._kept[key]

    def _windows(self, unit_id: int, measure_id: int, window: str) -> list[Decimal | None]:
        months, first = self.reading.months(unit_id, measure_id), self.reading.first
        amounts, reports = [0, *accumulate(months.added)], [0, *accumulate(months.n)]
        found = []
        for month in self.periods:
            # a window cannot begin before what was read, and is empty before the programme
            start, end = max(0, window_start(window, month, self.since) - first), month - first + 1
            start = min(start, end)
            found.append(measured(amounts[end] - amounts[start], reports[end] - reports[start]))
        return found

    def _estimated(
        self, unit_id: int, numerator_id: int, denominator_id: int | None, values: Sequence[Decimal | None]
    ) -> Sequence[bool]:
        reading = self.reading
        parts = [pk for pk in (numerator_id, denominator_id) if pk and (unit_id, pk) in reading.estimates]
        if not parts:
            return [False] * len(values)
        return [
            value is not None and any(reading.is_estimate(unit_id, pk, month) for pk in parts)
            for month, value in zip(self.periods, values, strict=True)
        ]

    def _expect(self, unit_id: int, measure_id: int) -> list[int]:
        """How many units should report the measure in each month; 0 where that is not known.

        Measures of communes and attached units: the level of the register of units. A province that also reports on
        its own account does so beside them and is not waited for. Other measures: the living units of their kinds.
        """
        kinds = self.reading.facts[measure_id].entered_at
        if (unit_id, kinds) not in self._expected:
            self._expected[unit_id, kinds] = self._count(unit_id, kinds)
        return self._expected[unit_id, kinds]

    def _count(self, unit_id: int, kinds: tuple[str, ...]) -> list[int]:
        if not COMMUNE_LEVEL.isdisjoint(kinds):
            if self.register is None:
                return [0] * len(self.periods)
            return [level // SCALE for level in self.reading.months(unit_id, self.register).level[self.skipped :]]
        return [self._living(unit_id, kinds, month) for month in self.periods]

    def _living(self, unit_id: int, kinds: tuple[str, ...], month: int) -> int:
        life = next((one for one in self.reading.lives[unit_id] if one.first <= month <= one.last), None)
        return sum(
            kind in kinds and opened <= month and (closing is None or month < closing)
            for kind, opened, closing in self.lives_below.get(life.unit_id if life else 0, ())
        )

    def _read_lives_below(self) -> dict[int, list[tuple[str, int, int | None]]]:
        """Units of kinds that the register does not count, by the unit above; no query where nobody asks for them."""
        every = (set(facts.entered_at) for facts in self.reading.facts.values())
        kinds = {kind for some in every if COMMUNE_LEVEL.isdisjoint(some) for kind in some}
        found: dict[int, list[tuple[str, int, int | None]]] = {}
        if kinds:
            placed = self.reading.placed
            speaking = {life.unit_id for lives in self.reading.lives.values() for life in lives} - placed.keys()
            below = Lineage.objects.filter(ancestor__in=speaking, counts=True, unit__kind__in=kinds)
            columns = ("ancestor", "unit__kind", "unit__valid_from", "unit__valid_to")
            for above, kind, opened, ended in below.values_list(*columns):
                found.setdefault(above, []).append((kind, month_of(opened), closing_of(ended)))
            if placed:
                found |= _placed_lives(placed, kinds)
        return found


def _placed_lives(placed: dict[int, list[Reporter]], kinds: set[str]) -> dict[int, list[tuple[str, int, int | None]]]:
    """The same by the units of a chosen day."""
    units = Unit.objects.filter(kind__in=kinds).order_by().values_list("pk", "kind", "valid_from", "valid_to")
    lives = {pk: (kind, month_of(opened), closing_of(ended)) for pk, kind, opened, ended in units}
    return {
        above: [lives[one.unit_id] for one in some if one.counts and one.unit_id in lives]
        for above, some in placed.items()
    }
