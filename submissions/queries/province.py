"""The grid of a unit over the units below: which rows, which columns, and the sums under them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.models import ReportingPeriod
from submissions.queries.layout import FormLayout, Section, layouts
from submissions.queries.sheets import Pair, Sheet

Column = tuple[ReportingPeriod, Measure]
PERIODS_SHOWN = 6


@dataclass(frozen=True)
class Layout:
    """What the grid shows: the measures of a section in one period, or one measure over some periods."""

    sections: tuple[Section, ...]
    section: str
    measure: Measure | None
    columns: tuple[Column, ...]

    @property
    def periods(self) -> list[ReportingPeriod]:
        return list({period.pk: period for period, _measure in self.columns}.values())

    @property
    def measures(self) -> list[Measure]:
        return list({measure.pk: measure for _period, measure in self.columns}.values())


def layout(kinds: Collection[str], period: ReportingPeriod, *, section: str, measure_id: int | None) -> Layout | None:
    """Columns for what was chosen, the first section unless told; None where these kinds of unit type nothing."""
    sections = _typed(layouts([period.version_id])[period.version_id], kinds)
    if not sections:
        return None
    measures = {line.measure.pk: line.measure for one in sections for line in one.lines}
    measure = measures.get(measure_id or 0)
    if measure is not None:
        return Layout(sections, "", measure, tuple((one, measure) for one in _until(period)))
    chosen = next((one for one in sections if one.title == section), sections[0])
    return Layout(sections, chosen.title, None, tuple((period, line.measure) for line in chosen.lines))


def _typed(asked: FormLayout, kinds: Collection[str]) -> tuple[Section, ...]:
    """What units of these kinds type, without the computed lines."""
    found = []
    for section in asked.sections:
        lines = tuple(
            line for line in section.lines if not line.measure.computed and set(kinds) & set(line.measure.entered_at)
        )
        if lines:
            found.append(Section(section.title, section.help_text, lines))
    return tuple(found)


def _until(period: ReportingPeriod) -> list[ReportingPeriod]:
    """The last periods of the form up to this one, oldest first."""
    found = ReportingPeriod.objects.filter(form=period.form_id, month__lte=period.month).select_related("form")
    return list(reversed(found.order_by("-month")[:PERIODS_SHOWN]))


def sums(sheets: Mapping[Pair, Sheet], columns: Sequence[Column]) -> list[Decimal | None]:
    """Under each column what its units come to; None where nothing is known or nothing adds up.

    A level goes on from before in a unit that has not answered yet. Yes and no are counted; given values (ranks,
    scores) never add up.
    """
    return [
        _sum((sheet for pair, sheet in sheets.items() if pair[1] == period.pk), measure) for period, measure in columns
    ]


def _sum(sheets: Iterable[Sheet], measure: Measure) -> Decimal | None:
    if measure.kind == MeasureKind.GIVEN:
        return None
    values = [value for sheet in sheets if (value := sheet.facts.in_force(measure)) is not None]
    return sum(values, Decimal(0)) if values else None
