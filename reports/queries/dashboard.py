"""The leader's screen: every indicator of a programme at one unit, with value, target, status, trend and trust."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from core.numbers import format_number, format_percent
from core.periods import first_day, last_day, month_of
from programmes.choices import MeasureKind, Status
from programmes.models import Indicator, ProgrammeIndicator, Target
from programmes.queries import IndicatorPoint, Standing, indicator_series, standing
from reports.queries.scope import Scope
from reports.queries.targets import targets_in
from reports.queries.trust import Trust, trust_of
from units.choices import ReorganisationState
from units.models import Reorganisation, Unit

TREND = 24


@dataclass(frozen=True)
class Reading:
    """One indicator at one unit in one month, with the 24 months that led there."""

    indicator: Indicator
    now: IndicatorPoint
    trend: tuple[IndicatorPoint, ...]
    target: Target | None
    standing: Standing
    trust: Trust

    @property
    def value_text(self) -> str:
        return value_text(self.indicator, self.now.value)

    @property
    def known_only(self) -> str:
        """«87,8%»: the share among units with a value, where others are missing and only the register counts them.

        A missing unit is not a «no»: beside the share of all units stands the share of those that are known.
        """
        known = self.now.with_value
        counted = self.indicator.numerator.kind == MeasureKind.FLAG and self.indicator.is_ratio
        if not counted or self.now.numerator is None or not 0 < known < (self.now.denominator or 0):
            return ""
        return value_text(self.indicator, self.now.numerator * 100 / known)

    @property
    def fraction(self) -> str:
        """«310/318»: both parts beside each percentage."""
        if not self.indicator.is_ratio or self.now.numerator is None or self.now.denominator is None:
            return ""
        return f"{format_number(self.now.numerator)}/{format_number(self.now.denominator)}"


@dataclass(frozen=True)
class PillarReadings:
    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Dashboard:
    scope: Scope
    months: tuple[int, ...]
    pillars: tuple[PillarReadings, ...]

    @property
    def readings(self) -> list[Reading]:
        return [reading for pillar in self.pillars for reading in pillar.readings]

    @property
    def counts(self) -> dict[str, int]:
        """How many indicators stand at each status."""
        return dict(Counter(reading.standing.status for reading in self.readings))


def value_text(indicator: Indicator, value: Decimal | None) -> str:
    """The value as it is read: «92,1%» for a percentage, «212.013 lượt người» for a number, empty for none."""
    if value is None:
        return ""
    if indicator.is_ratio and indicator.unit_label == "%":
        return format_percent(value, indicator.decimals)
    return f"{format_number(value, indicator.decimals)} {indicator.unit_label}".strip()


def trend_months(month: int) -> tuple[int, ...]:
    return tuple(range(month - TREND + 1, month + 1))


def since_of(scope: Scope) -> int | None:
    """The month from which flows of the programme are summed."""
    return month_of(scope.programme.start) if scope.programme else None


def reforms(unit: Unit, months: tuple[int, ...]) -> QuerySet[Reorganisation]:
    """Reorganisations of the unit or of units below within the months of the trend, the latest first."""
    window = (first_day(months[0] + 1), last_day(months[-1]))
    events = Reorganisation.objects.filter(state=ReorganisationState.APPLIED, on__range=window)
    return events.filter(links__successor__in=Unit.objects.below(unit).values("pk")).order_by("-on")


def reform_index(scope: Scope, months: tuple[int, ...]) -> int | None:
    """Where in the trend units below (or the unit itself) were last reorganised: there the drawing marks it."""
    latest = reforms(scope.unit, months).values_list("on", flat=True).first()
    return None if latest is None else month_of(latest) - months[0]


def read(scope: Scope, indicator: Indicator, points: list[IndicatorPoint], target: Target | None) -> Reading:
    """Puts one indicator's points, its target and its trust mark together."""
    now = points[-1]
    before = points[-2].reported if len(points) > 1 else 0
    trust = trust_of(
        indicator.numerator,
        reported=now.reported,
        before=before,
        with_value=now.with_value,
        expected=now.expected,
        running=scope.is_running,
    )
    return Reading(indicator, now, tuple(points), target, standing(indicator, now.value, target, scope.as_of), trust)


def readings_of(scope: Scope, indicators: list[Indicator]) -> dict[int, Reading]:
    """The readings of these indicators at the scope's unit, in one pass over totals or figures."""
    months = trend_months(scope.month)
    since = since_of(scope)
    series = indicator_series(scope.unit, indicators, months[0], months[-1], basis=scope.basis, since=since)
    targets = targets_in(scope)
    return {one.pk: read(scope, one, series[one.pk], targets.get(one.pk)) for one in indicators}


def dashboard(scope: Scope) -> Dashboard:
    """Every indicator of the programme at the unit, by pillar."""
    chosen = list(
        ProgrammeIndicator.objects.filter(programme=scope.programme, indicator__active=True)
        .select_related("indicator__numerator", "indicator__denominator", "pillar")
        .order_by("pillar__order", "order", "pk")
    )
    readings = readings_of(scope, [one.indicator for one in chosen])
    names: dict[str, list[Reading]] = {}
    for one in chosen:
        names.setdefault(one.pillar.name if one.pillar else "", []).append(readings[one.indicator_id])
    pillars = tuple(PillarReadings(name, tuple(found)) for name, found in names.items())
    return Dashboard(scope, trend_months(scope.month), pillars)


def status_order() -> list[str]:
    """Statuses as the summary lists them: what needs a decision first."""
    return [Status.BEHIND, Status.AT_RISK, Status.ON_TRACK, Status.REACHED, Status.UNKNOWN, Status.NONE]
