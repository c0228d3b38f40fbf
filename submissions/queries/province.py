"""The grid of a unit over the units below: which rows, which columns, and the sums under them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.periods import last_day
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.queries.layout import Section, sections_of, typed_at
from submissions.queries.overview import MONTHS_SHOWN, units_below
from submissions.queries.sheets import Sheet, load_sheets
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


def layout(scope: Unit, month: int, *, group: str, measure_id: int | None) -> Layout | None:
    """Columns for what was chosen, the first group unless told; None where nothing is typed below."""
    typed: dict[int, Measure] = {}
    for kind in rows_of(scope, month).order_by().values_list("kind", flat=True).distinct():
        typed |= typed_at(kind)
    sections = sections_of(sorted(typed.values(), key=lambda measure: (measure.order, measure.code)))
    if not sections:
        return None
    measure = typed.get(measure_id or 0)
    if measure is not None:
        months = range(month - MONTHS_SHOWN + 1, month + 1)
        return Layout(tuple(sections), "", measure, tuple((one, measure) for one in months))
    chosen = next((section for section in sections if section.title == group), sections[0])
    columns = tuple((month, line.measure) for line in chosen.lines)
    return Layout(tuple(sections), chosen.title, None, columns)


def rows_of(scope: Unit, month: int) -> UnitQuerySet:
    """The units below that were open at the end of the month, in Vietnamese order."""
    return units_below(scope, last_day(month))


def sums(units: Collection[Unit], columns: Sequence[Column]) -> list[Decimal | None]:
    """Under each column what its cells add up to over these units; None where nothing stands or nothing adds up.

    Yes and no are counted; given values (ranks, scores) never add up.
    """
    if not units:
        return [None] * len(columns)
    months = sorted({month for month, _measure in columns})
    sheets = load_sheets(units, months, list({measure.pk: measure for _month, measure in columns}.values()))
    return [_sum([sheets[unit.pk, month] for unit in units], measure) for month, measure in columns]


def _sum(sheets: Sequence[Sheet], measure: Measure) -> Decimal | None:
    values = [value for sheet in sheets if (value := sheet.value(measure.pk)) is not None]
    if measure.kind == MeasureKind.GIVEN or not values:
        return None
    return sum(values, Decimal(0))
