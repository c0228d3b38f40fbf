"""The figures of a report as they stand at this moment: what a snapshot keeps, and what it is compared with later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.periods import month_of
from issuing.models import IssuedReport, SnapshotRow
from issuing.periods import year_before
from programmes.choices import Basis, MeasureKind, Window
from programmes.models import Indicator, ProgrammeIndicator
from programmes.queries import IndicatorPoint, children_of, indicator_series, values_of
from programmes.queries.indicators import window_start
from reports.queries.dashboard import Reading, readings_of, since_of
from reports.queries.scope import Scope
from units.models import Unit

_PLACES = Decimal("0.000001")
AT_ONCE = 8  # indicators read together for all units below: more would only need more memory
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Chosen:
    """An indicator of the programme and the name of its pillar."""

    indicator: Indicator
    pillar: str


def scope_of(report: IssuedReport, today: date, *, month: int | None = None) -> Scope:
    """What the report reads: the last month of its period, or the running one of a period that is not over."""
    basis, last = Basis(report.basis), min(report.month, month_of(today))
    if report.unit.valid_to is not None:  # a closed unit is read as it was
        basis, last = Basis.THEN, min(last, month_of(report.unit.valid_to))
    return Scope(report.unit, report.programme, last if month is None else month, basis, today)


def chosen_of(report: IssuedReport) -> list[Chosen]:
    """In the order in which the dashboard shows them."""
    rows = ProgrammeIndicator.objects.filter(programme=report.programme, indicator__active=True)
    ordered = rows.select_related("indicator__numerator", "indicator__denominator", "pillar")
    return [
        Chosen(one.indicator, one.pillar.name if one.pillar else "")
        for one in ordered.order_by("pillar__order", "order", "pk")
    ]


def rows_now(report: IssuedReport, scope: Scope, chosen: Sequence[Chosen] | None = None) -> list[SnapshotRow]:
    """One unsaved row for each indicator, without the units below."""
    chosen = chosen_of(report) if chosen is None else chosen
    indicators = [one.indicator for one in chosen]
    readings = readings_of(scope, indicators)
    added = _in_period(scope, indicators, report.period.first_month)
    return [
        _row(place, one, readings[one.indicator.pk], added.get(one.indicator.pk), scope)
        for place, one in enumerate(chosen)
    ]


def units_below(scope: Scope) -> list[Unit]:
    return children_of(scope.unit, scope.month, scope.basis)


def fill_below(rows: Sequence[SnapshotRow], units: Sequence[Unit], scope: Scope, step: Step) -> None:
    """Puts the value of every unit below into the rows, some indicators at a time."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        indicators = [row.indicator for row in some]
        found = values_of(units, indicators, scope.month, basis=scope.basis, since=since_of(scope))
        for row in some:
            row.below = [
                [_text(one.value), _text(one.numerator), _text(one.denominator), one.reported]
                for one in found[row.indicator_id]
            ]
        step(min(start + AT_ONCE, len(rows)), len(rows))


def exact(value: Decimal | None) -> Decimal | None:
    """As the database keeps it."""
    return None if value is None else value.quantize(_PLACES, rounding=ROUND_HALF_UP)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{exact(value):f}".rstrip("0").rstrip(".")


def _row(place: int, one: Chosen, reading: Reading, added: Decimal | None, scope: Scope) -> SnapshotRow:
    indicator, now, trust = one.indicator, reading.now, reading.trust
    level = indicator.numerator.is_level
    return SnapshotRow(
        place=place,
        pillar=one.pillar,
        indicator=indicator,
        code=indicator.code,
        name=indicator.name,
        unit_label=indicator.unit_label,
        decimals=indicator.decimals,
        is_ratio=indicator.is_ratio,
        first=scope.month if level else window_start(indicator.window, scope.month, since_of(scope)),
        value=exact(now.value),
        numerator=exact(now.numerator),
        denominator=exact(now.denominator),
        in_period=exact(added),
        before=exact(_year_before(reading)),
        target=exact(reading.target.value) if reading.target else None,
        target_due=reading.target.due if reading.target else None,
        status=reading.standing.status,
        expected=trust.expected,
        reported=trust.reported,
        carried=trust.carried,
        missing=trust.missing,
        computed=trust.computed,
        estimated=now.estimated,
    )


def _year_before(reading: Reading) -> Decimal | None:
    wanted = year_before(reading.now.period)
    return next((point.value for point in reading.trend if point.period == wanted), None)


def _in_period(scope: Scope, indicators: Sequence[Indicator], first: int) -> dict[int, Decimal]:
    """What flows added from the first month of the period on: counted numbers only, for shares do not add up."""
    flows = [
        one
        for one in indicators
        if one.numerator.kind == MeasureKind.FLOW and not one.is_ratio and first <= scope.month
    ]
    if not flows:
        return {}
    monthly = [_of_the_month(one) for one in flows]
    series: dict[int, list[IndicatorPoint]] = indicator_series(
        scope.unit, monthly, first, scope.month, basis=scope.basis
    )
    sums = {pk: [point.value for point in points if point.value is not None] for pk, points in series.items()}
    return {pk: sum(values, Decimal(0)) for pk, values in sums.items() if values}


def _of_the_month(indicator: Indicator) -> Any:
    monthly = copy(indicator)
    monthly.window = Window.MONTH
    return monthly
