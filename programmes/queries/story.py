"""One figure opened: what was reported, by whom and from which document, what it was before, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from programmes.choices import Basis, Provenance
from programmes.models import Figure, FigureChange, Measure
from programmes.queries.series import Point, series
from units.models import Succession, Unit

PREVIOUS = 12


@dataclass(frozen=True)
class Report:
    """A stored figure with its source."""

    period: int
    value: Decimal
    provenance: Provenance
    as_of: date | None
    reference: str
    note: str
    recorded_at: datetime
    recorded_by: str

    @property
    def carried_over(self) -> bool:
        """Whether it came from predecessors and not from the unit itself."""
        return self.provenance == Provenance.OPENING


@dataclass(frozen=True)
class Change:
    """A correction, or a figure taken back (`new` is None)."""

    old: Decimal
    new: Decimal | None
    reason: str
    reference: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Source:
    """A predecessor from which a carried-over value came: its last figure and the hundredths that passed."""

    unit: Unit
    period: int
    value: Decimal
    percent: int


@dataclass(frozen=True)
class FigureStory:
    """`point` is the value as the pages show it. `report` is the unit's own figure that stands behind it, if any;
    for a unit with units below, its own part only. `earlier`: the reports before, newest first."""

    unit: Unit
    measure: Measure
    period: int
    point: Point
    report: Report | None
    earlier: tuple[Report, ...]
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]


def figure_story(unit: Unit, measure: Measure, period: int, *, basis: Basis = Basis.THEN) -> FigureStory:
    """Everything known of one measure at one unit and month. Six queries at most, whatever the history."""
    point = series(unit, [measure], period, period, basis=basis)[measure.pk][0]
    rows = Figure.objects.filter(unit=unit, measure=measure, period__lte=period)
    reports = [_report(row) for row in rows.select_related("recorded_by").order_by("-period")[: PREVIOUS + 1]]
    latest = reports[0] if reports and (measure.kind != "flow" or reports[0].period == period) else None
    sources = _sources(unit, measure) if latest is not None and latest.carried_over else ()
    return FigureStory(
        unit=unit,
        measure=measure,
        period=period,
        point=point,
        report=latest,
        earlier=tuple(report for report in reports if report is not latest),
        changes=_changes(unit, measure, latest.period if latest else period),
        sources=sources,
    )


def _report(row: Figure) -> Report:
    return Report(
        period=row.period,
        value=row.value,
        provenance=Provenance(row.provenance),
        as_of=row.as_of,
        reference=row.reference,
        note=row.note,
        recorded_at=row.recorded_at,
        recorded_by=str(row.recorded_by) if row.recorded_by else "",
    )


def _changes(unit: Unit, measure: Measure, period: int) -> tuple[Change, ...]:
    rows = FigureChange.objects.filter(unit=unit, measure=measure, period=period).select_related("by")
    return tuple(
        Change(row.old, row.new, row.reason, row.reference, row.at, str(row.by) if row.by else "") for row in rows
    )


def _sources(unit: Unit, measure: Measure) -> tuple[Source, ...]:
    """The last figures of the predecessors, largest share first."""
    links = list(Succession.objects.filter(successor=unit).select_related("predecessor").order_by("pk"))
    last: dict[int, Figure] = {}
    figures = Figure.objects.filter(unit__in=[link.predecessor_id for link in links], measure=measure)
    for row in figures.order_by("unit", "period"):
        last[row.unit_id] = row
    found = [
        Source(link.predecessor, last[link.predecessor_id].period, last[link.predecessor_id].value, link.weight)
        for link in links
        if link.predecessor_id in last
    ]
    return tuple(sorted(found, key=lambda source: -source.percent))
