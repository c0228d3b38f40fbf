"""One number of one unit and month, opened: who entered it, what was corrected, what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.numbers import format_number
from core.periods import label as month_label
from core.text import sort_key
from programmes.choices import MeasureKind, Provenance, Window
from programmes.models import Figure, FigureChange, Indicator, Measure
from programmes.queries import Point, children_values, series
from reports.queries.records import RecordGroup, records_of
from reports.queries.scope import Scope
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class PartOfTotal:
    """What one unit below adds to a total."""

    unit: Unit
    value: Decimal | None
    reported: bool

    @property
    def text(self) -> str:
        return "" if self.value is None else format_number(self.value)


@dataclass(frozen=True)
class OwnFigure:
    """The unit's own figure that counts in the month: entered then, or carried from an earlier month."""

    figure: Figure
    carried_from: str
    is_opening: bool


@dataclass(frozen=True)
class FigurePage:
    """Everything that the page of one number shows."""

    measure: Measure
    period: int
    point: Point
    history: tuple[Point, ...]
    own: OwnFigure | None
    changes: tuple[FigureChange, ...]
    parts: tuple[PartOfTotal, ...]
    records: tuple[RecordGroup, ...]

    @property
    def text(self) -> str:
        return "" if self.point.value is None else format_number(self.point.value)


def open_figure(scope: Scope, measure: Measure, period: int, user: User | AnonymousUser) -> FigurePage:
    """The number of the scope's unit in the month `period`, with its proof."""
    first = period - MONTHS_SHOWN + 1
    points = series(scope.unit, [measure], first, period, basis=scope.basis)[measure.pk]
    return FigurePage(
        measure=measure,
        period=period,
        point=points[-1],
        history=tuple(reversed([point for point in points if point.value is not None])),
        own=own_figure(scope.unit, measure, period),
        changes=tuple(_changes(scope.unit, measure, period)),
        parts=tuple(_parts(scope, measure, period)) if scope.unit.numchild or _is_heir(scope.unit) else (),
        records=tuple(records_of(scope.unit, measure, period, user, today=scope.today)),
    )


def own_figure(unit: Unit, measure: Measure, period: int) -> OwnFigure | None:
    """The figure itself; for a level the last one before, which still counts."""
    figures = Figure.objects.filter(unit=unit, measure=measure).select_related("recorded_by")
    if measure.kind == MeasureKind.FLOW:
        found = figures.filter(period=period).first()
    else:
        found = figures.filter(period__lte=period).order_by("-period").first()
    if found is None:
        return None
    carried = month_label(found.period) if found.period != period else ""
    return OwnFigure(found, carried, found.provenance == Provenance.OPENING)


def _changes(unit: Unit, measure: Measure, period: int) -> list[FigureChange]:
    return list(
        FigureChange.objects.filter(unit=unit, measure=measure, period__lte=period)
        .select_related("by")
        .order_by("-pk")[:50]
    )


def _is_heir(unit: Unit) -> bool:
    return bool(unit.origins.exists())


def _parts(scope: Scope, measure: Measure, period: int) -> list[PartOfTotal]:
    """The children's values; a measure alone is read as an indicator of the month."""
    alone = Indicator(numerator=measure, denominator=None, window=Window.MONTH, unit_label=measure.unit_of_measure)
    rows = children_values(scope.unit, alone, period, basis=scope.basis)
    units = Unit.objects.in_bulk([row.unit_id for row in rows])
    parts = [PartOfTotal(units[row.unit_id], row.value, row.reported) for row in rows]
    return sorted(parts, key=lambda part: (part.value is None, -(part.value or 0), sort_key(part.unit.short_name)))
