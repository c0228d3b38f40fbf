"""The grid of a unit over the units below: which rows, which columns, and the sums under them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.periods import last_day
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.queries.layout import Section, active_measures, sections_of, typed_kinds
from submissions.queries.overview import MONTHS_SHOWN, units_below
from submissions.queries.sheets import Sheet
from units.models import Unit, UnitQuerySet

Column = tuple[int, Measure]  # month and measure


@dataclass(frozen=True)
class Layout:
    """What the grid shows: the measures of a group in one month, or one measure over some months."""

    sections: tuple[Section, ...]
    group: str
    measure: Measure | None
    columns: tuple[Column, ...]

    @property
    def months(self) -> list[int]:
        return sorted({month for month, _measure in self.columns})

    @property
    def measures(self) -> list[Measure]:
        return list({measure.pk: measure for _month, measure in self.columns}.values())


def layout(units: Collection[Unit], month: int, *, group: str, measure_id: int | None) -> Layout | None:
    """Columns for what was chosen, the first group unless told; None where these units type nothing."""
    kinds = {unit.kind for unit in units}
    typed = [m for m in active_measures() if not m.computed and kinds & set(m.entered_at)]
    sections = tuple(sections_of(typed))
    if not sections:
        return None
    measure = next((one for one in typed if one.pk == measure_id), None)
    if measure is not None:
        months = range(month - MONTHS_SHOWN + 1, month + 1)
        return Layout(sections, "", measure, tuple((one, measure) for one in months))
    chosen = next((section for section in sections if section.title == group), sections[0])
    return Layout(sections, chosen.title, None, tuple((month, line.measure) for line in chosen.lines))


def rows_of(scope: Unit, month: int) -> UnitQuerySet:
    """The units below that were open at the end of the month, in Vietnamese order."""
    return units_below(scope, last_day(month), typed_kinds())


def sums(sheets: Mapping[tuple[int, int], Sheet], columns: Sequence[Column]) -> list[Decimal | None]:
    """Under each column what its cells add up to over all sheets; None where nothing stands or nothing adds up.

    Yes and no are counted; given values (ranks, scores) never add up.
    """
    return [_sum((sheet for pair, sheet in sheets.items() if pair[1] == month), measure) for month, measure in columns]


def _sum(sheets: Iterable[Sheet], measure: Measure) -> Decimal | None:
    if measure.kind == MeasureKind.GIVEN:
        return None
    values = [value for sheet in sheets if (value := sheet.value(measure.pk)) is not None]
    return sum(values, Decimal(0)) if values else None
