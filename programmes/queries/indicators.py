"""Indicators over time, and at the units below: always Σ numerator / Σ denominator, never a mean of percentages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.db.models import Q

from core.periods import last_day, month_of
from programmes.choices import Basis, Window
from programmes.models import Indicator
from programmes.queries.reporters import closing_of
from programmes.queries.series import SCALE, Reading, measured, read
from programmes.queries.tracks import facts_of
from programmes.registered import U_COMMUNE
from units.choices import UnitKind
from units.models import RECORDS_BEGIN, Succession, Unit

COMMUNE_LEVEL = frozenset({UnitKind.COMMUNE.value, UnitKind.ATTACHED.value})


@dataclass(frozen=True)
class IndicatorPoint:
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
    unit: Unit, indicators: Collection[Indicator], first: int, last: int, *, basis: Basis, since: int | None = None
) -> dict[int, list[IndicatorPoint]]:
    """The months from `first` to `last` of each indicator, by its key.

    `since` is the month in which the programme begins, for flows summed over it; without it from the oldest records.
    """
    reading = _read([unit], indicators, first, last, basis, since)
    expected = _Expected(reading, [unit])
    return {one.pk: list(_points(reading, expected, unit, one, first, since)) for one in indicators}


def children_values(
    unit: Unit, indicator: Indicator, period: int, *, basis: Basis, since: int | None = None
) -> list[ChildValue]:
    """The indicator at each unit directly below: today's, or those that stood there in the month."""
    children = children_of(unit, period, basis)
    reading = _read(children, [indicator], period, period, basis, since)
    expected = _Expected(reading, children)
    found = []
    for child in children:
        point = next(_points(reading, expected, child, indicator, period, since))
        found.append(
            ChildValue(
                unit_id=child.pk,
                value=point.value,
                numerator=point.numerator,
                denominator=point.denominator,
                reported=point.reported > 0,
                carried_over=point.value is not None and point.reported == 0,
                estimated=point.estimated,
                reporters=point.reported,
                expected=point.expected,
            )
        )
    return found


def children_of(unit: Unit, period: int, basis: Basis) -> list[Unit]:
    """Units directly below, in the order of their names. Before its life those of the predecessor it continues."""
    if basis == Basis.TODAY and unit.valid_to is None:
        return list(Unit.objects.get_children(unit).filter(valid_to__isnull=True).order_by("sort_key", "pk"))
    parent: Unit | None = unit
    while parent is not None and month_of(parent.valid_from) > period:
        parent = _continued(parent)
    if parent is None:
        return []
    return list(Unit.objects.get_children(parent).filter(active_in(period)).order_by("sort_key", "pk"))


def active_in(period: int) -> Q:
    """Units that count in the month: opened by its end, and not ended before it was over."""
    return Q(valid_from__lte=last_day(period)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=last_day(period)))


def _continued(unit: Unit) -> Unit | None:
    links = Succession.objects.filter(
        successor=unit, predecessor__code=unit.code, predecessor__short_name=unit.short_name
    )
    link = links.select_related("predecessor").order_by("pk").first()
    return link.predecessor if link else None


def _read(
    units: Sequence[Unit], indicators: Iterable[Indicator], first: int, last: int, basis: Basis, since: int | None
) -> Reading:
    """Everything that the indicators need, from the oldest month of their windows on."""
    measures = {pk for one in indicators for pk in (one.numerator_id, one.denominator_id) if pk is not None}
    facts = facts_of(measures, with_units=True)
    flows = {
        one.window
        for one in indicators
        for pk in (one.numerator_id, one.denominator_id)
        if pk is not None and not facts[pk].is_level
    }
    start = min([first, *(window_start(Window(window), first, since) for window in flows)])
    return read(units, facts, start, last, basis)


def window_start(window: Window, month: int, since: int | None) -> int:
    """The first month of the window that ends in `month`."""
    if window == Window.MONTH:
        return month
    if window == Window.YEAR:
        return month - month % 12
    return since if since is not None else month_of(RECORDS_BEGIN)


def _points(
    reading: Reading, expected: _Expected, unit: Unit, indicator: Indicator, first: int, since: int | None
) -> Iterator[IndicatorPoint]:
    months = reading.months(unit.pk, indicator.numerator_id)
    numerators = _values(reading, unit, indicator.numerator_id, Window(indicator.window), since)
    denominators: list[Decimal | None] = [None] * len(months)
    if indicator.denominator_id is not None:
        denominators = _values(reading, unit, indicator.denominator_id, Window(indicator.window), since)
    wanted = expected.numbers(unit, indicator.numerator_id)
    for period in range(first, reading.last + 1):
        place = period - reading.first
        value = ratio(indicator, numerators[place], denominators[place])
        parts = [pk for pk in (indicator.numerator_id, indicator.denominator_id) if pk is not None]
        yield IndicatorPoint(
            period=period,
            value=value,
            numerator=numerators[place],
            denominator=denominators[place],
            reported=months[place].n,
            with_value=months[place].living,
            expected=wanted[place],
            estimated=value is not None and any(reading.is_estimate(unit.pk, pk, period) for pk in parts),
        )


def ratio(indicator: Indicator, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """The indicator's value; None where a part is missing or the denominator is 0. A rank is its numerator."""
    if not indicator.is_ratio or indicator.is_rank or numerator is None:
        return numerator
    if not denominator:
        return None
    return numerator * 100 / denominator


def _values(reading: Reading, unit: Unit, measure_id: int, window: Window, since: int | None) -> list[Decimal | None]:
    """A level at each month's end, a flow summed over the window that ends in the month."""
    months = reading.months(unit.pk, measure_id)
    if reading.facts[measure_id].is_level:
        return [measured(month.level, month.living) for month in months]
    amounts = [0, *accumulate(month.added for month in months)]
    reports = [0, *accumulate(month.n for month in months)]
    found = []
    for place in range(len(months)):
        start = max(0, window_start(window, reading.first + place, since) - reading.first)
        start = min(start, place + 1)  # before the programme began nothing is counted
        found.append(measured(amounts[place + 1] - amounts[start], reports[place + 1] - reports[start]))
    return found


class _Expected:
    """How many units should report a measure, month by month.

    Measures of communes and attached units: the level of the register of units. A province that also reports on its
    own account does so beside them and is not waited for. Other measures: the living units of their kinds.
    """

    def __init__(self, reading: Reading, units: Sequence[Unit]) -> None:
        self.reading = reading
        self.register = next((pk for pk, facts in reading.facts.items() if facts.code == U_COMMUNE), None)
        kinds = {kind for facts in reading.facts.values() if not COMMUNE_LEVEL & set(facts.entered_at)
                 for kind in facts.entered_at}  # fmt: skip
        self.others = self._lives_below(units, kinds) if kinds else {}

    def _lives_below(self, units: Sequence[Unit], kinds: set[str]) -> dict[int, list[tuple[str, int, int | None]]]:
        speaking = {life.unit_id for unit in units for life in self.reading.lives[unit.pk]}
        found: dict[int, list[tuple[str, int, int | None]]] = {}
        rows = Unit.objects.filter(lineage__ancestor__in=speaking, lineage__counts=True, kind__in=kinds).order_by()
        for above, kind, opened, ended in rows.values_list("lineage__ancestor", "kind", "valid_from", "valid_to"):
            found.setdefault(above, []).append((kind, month_of(opened), closing_of(ended)))
        return found

    def numbers(self, unit: Unit, measure_id: int) -> list[int]:
        """For each month of the reading; 0 where it is not known."""
        reading, facts = self.reading, self.reading.facts[measure_id]
        if COMMUNE_LEVEL & set(facts.entered_at):
            months = [] if self.register is None else reading.months(unit.pk, self.register)
            return [month.level // SCALE for month in months] or [0] * (reading.last - reading.first + 1)
        return [self._living(unit, facts.entered_at, month) for month in range(reading.first, reading.last + 1)]

    def _living(self, unit: Unit, kinds: Collection[str], month: int) -> int:
        life = next((one for one in self.reading.lives[unit.pk] if one.first <= month <= one.last), None)
        return sum(
            1
            for kind, opened, closing in self.others.get(life.unit_id if life else 0, ())
            if kind in kinds and opened <= month and (closing is None or month < closing)
        )
