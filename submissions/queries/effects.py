"""What the numbers of a report will do to the unit's own targets once they are accepted. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from core.periods import last_day, month_of
from programmes.choices import Basis, MeasureKind
from programmes.models import Indicator, Measure, Programme, Target
from programmes.queries import IndicatorPoint, Standing, indicator_series, path_value, standing
from programmes.queries.indicators import ratio, window_start
from submissions.queries.sheets import Sheet


@dataclass(frozen=True)
class Effect:
    """One indicator with a target of this unit: as it stands, and with the numbers of the report.

    Values are in the indicator's unit; `path` is what the plan wants at the end of the month.
    """

    target: Target
    now: Decimal | None
    after: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    path: Decimal | None
    standing: Standing

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @property
    def moves(self) -> bool:
        return self.now != self.after


def effects(sheet: Sheet) -> list[Effect]:
    """The indicators of this unit's targets to which the form gives numbers, those that move first."""
    by_programme: dict[Programme, list[Target]] = defaultdict(list)
    for target in _targets(sheet):
        by_programme[target.programme].append(target)
    found = []
    for programme, targets in by_programme.items():
        since, month = month_of(programme.start), sheet.period.month
        indicators = [target.indicator for target in targets]
        series = indicator_series(sheet.unit, indicators, month, month, basis=Basis.THEN, since=since)
        found += [_effect(sheet, target, series[target.indicator_id][0], since) for target in targets]
    return sorted(found, key=lambda effect: not effect.moves)


def _targets(sheet: Sheet) -> list[Target]:
    """Of each indicator and programme the target that the period works towards: the next one due, else the last."""
    on = last_day(sheet.period.month)
    rows = Target.objects.filter(unit=sheet.unit, indicator__active=True, programme__start__lte=on).select_related(
        "programme", "unit", "indicator__numerator", "indicator__denominator"
    )
    chosen: dict[tuple[int, int], Target] = {}
    for target in rows.order_by("programme", "indicator__order", "indicator", "due"):
        key = (target.programme_id, target.indicator_id)
        if _asks(sheet, target.indicator) and (key not in chosen or chosen[key].due < on):
            chosen[key] = target
    return list(chosen.values())


def _asks(sheet: Sheet, indicator: Indicator) -> bool:
    return not sheet.typed.keys().isdisjoint({indicator.numerator_id, indicator.denominator_id})


def _effect(sheet: Sheet, target: Target, point: IndicatorPoint, since: int) -> Effect:
    indicator = target.indicator
    counts = window_start(indicator.window, sheet.period.month, since) <= sheet.period.month
    numerator = _after(sheet, indicator.numerator, point.numerator, counts)
    denominator, after = None, numerator
    if indicator.denominator is not None:
        denominator = _after(sheet, indicator.denominator, point.denominator, counts)
        after = numerator if indicator.is_rank else ratio(numerator, denominator)
    on = last_day(sheet.period.month)
    return Effect(
        target=target,
        now=point.value,
        after=after,
        numerator=numerator,
        denominator=denominator,
        path=path_value(target, sheet.period.month),
        standing=standing(indicator, after, target, on),
    )


def _after(sheet: Sheet, measure: Measure, now: Decimal | None, counts: bool) -> Decimal | None:
    """The measure with what was typed in place of what the unit has recorded; other units' shares stay."""
    cell = sheet.facts.cells.get(measure.pk)
    if cell is None or measure.pk not in sheet.typed:
        return now
    if measure.kind == MeasureKind.GIVEN:
        typed: Decimal | None = cell.value
        return typed
    if not measure.is_level and not counts:
        return now
    old, new = _recorded(sheet, measure), sheet.facts.in_force(measure)
    if old is None and new is None:
        return now
    return (now or Decimal(0)) + (new or Decimal(0)) - (old or Decimal(0))


def _recorded(sheet: Sheet, measure: Measure) -> Decimal | None:
    """What counts today for the unit itself: the figure of the month, of a level else the last one before."""
    if measure.pk in sheet.facts.recorded:
        return sheet.facts.recorded[measure.pk]
    known = sheet.facts.before.get(measure.pk) if measure.is_level else None
    return known.value if known else None
