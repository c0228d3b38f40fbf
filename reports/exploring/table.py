"""The cross table: entries of rows and columns, what stands in each cell, and sums where they mean something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from core.numbers import format_number
from core.periods import last_day
from programmes.choices import Basis, MeasureKind, OnDay
from programmes.models import Indicator
from programmes.queries import (
    IndicatorPoint,
    Points,
    active_in,
    children_of,
    life_in,
    points_of,
    ratio,
    standing,
    undivided,
)
from reports.exploring.choices import Amount, Axis, Level
from reports.exploring.question import Question, Span
from reports.queries.dashboard import since_of, value_text
from reports.queries.targets import targets_in
from units.models import Unit
from units.permissions import seen_keys

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

UNITS_AT_ONCE = 200  # read together: an export of the whole country stays small


class Amounts(NamedTuple):
    """A number and what it is made of; None is nothing reported, never 0."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    estimated: bool = False


NOTHING = Amounts(None, None, None)


@dataclass(frozen=True)
class Entry:
    """A heading of a row or column; what it leaves open is fixed by the other side or by the question."""

    label: str
    unit: Unit | None = None
    span: Span | None = None
    content: Indicator | None = None
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """What one crossing shows. `href` opens what makes the number; sums have none."""

    amounts: Amounts
    text: str
    fraction: str = ""
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A row with its cells, and their sum where it means something."""

    entry: Entry
    cells: tuple[Cell, ...]
    total: Cell | None = None


class CrossTable:
    """A question with its answer. Units are read in parts as the rows are asked for."""

    def __init__(self, question: Question, user: User | AnonymousUser) -> None:
        self.question, self.user = question, user
        self.scope = question.scope

    @cached_property
    def units(self) -> list[Unit]:
        """The units of the table: those listed that the person may see and that have a chosen status."""
        if Axis.UNIT not in self.question.axes:
            return [self.scope.unit]
        listed = listed_units(self.question)
        seen = seen_keys(self.user, listed)
        return self._with_status([unit for unit in listed if unit.pk in seen])

    @cached_property
    def contents(self) -> tuple[Indicator, ...]:
        """Indicators, or parts of a measure; where units are no axis only those of a chosen status."""
        contents, wanted = self.question.contents, set(self.question.statuses)
        if not wanted or Axis.UNIT in self.question.axes or Axis.INDICATOR not in self.question.axes:
            return contents
        found = self._statuses([self.scope.unit])
        return tuple(one for one in contents if found[self.scope.unit.pk, one.pk] in wanted)

    @cached_property
    def rows(self) -> list[Entry]:
        return self._entries(self.question.rows)

    @cached_property
    def columns(self) -> list[Entry]:
        return self._entries(self.question.columns)

    @property
    def size(self) -> int:
        return len(self.rows) * len(self.columns)

    def lines(self) -> Iterator[Line]:
        """The rows with their cells, read in parts of many units."""
        if self.question.rows != Axis.UNIT:
            yield from self._lines(self.rows, self._read(self.units))
            return
        for start in range(0, len(self.rows), UNITS_AT_ONCE):
            some = self.rows[start : start + UNITS_AT_ONCE]
            yield from self._lines(some, self._read([entry.unit for entry in some if entry.unit]))

    def total_line(self, lines: Iterable[Line]) -> tuple[Cell, ...]:
        """The sum of each column over all rows, and of all sums; empty where rows do not add up."""
        found = list(lines)
        if len(found) < 2 or not self.adds(self.question.rows):
            return ()
        along = self.question.rows
        sums = [
            self._sum([line.cells[place] for line in found], column, along) for place, column in enumerate(self.columns)
        ]
        if self.has_total_column:
            sums.append(self._sum([line.total for line in found if line.total], Entry(""), along))
        return tuple(sums)

    @cached_property
    def has_total_column(self) -> bool:
        return len(self.columns) > 1 and self.adds(self.question.columns)

    def adds(self, axis: Axis) -> bool:
        """Whether numbers along the axis may be summed: units always, periods only of what they themselves added."""
        if axis == Axis.UNIT:
            return any(map(_is_added, self.contents))
        return axis == Axis.PERIOD and self.question.amount == Amount.WITHIN and any(map(_is_flow, self.contents))

    @cached_property
    def undivided(self) -> list[Unit]:
        """By the units of a chosen day: later units whose figures stand in no row, for they came of several."""
        way = self.scope.basis
        if not isinstance(way, OnDay):
            return []
        return [unit for unit in undivided(self.units, way) if unit.valid_from <= last_day(self.question.last)]

    # --- entries ---

    def _entries(self, axis: Axis) -> list[Entry]:
        if axis == Axis.UNIT:
            return [Entry(unit.name, unit=unit, note=unit.code) for unit in self.units]
        if axis == Axis.PERIOD:
            return [Entry(span.label, span=span) for span in self.question.spans]
        return [Entry(one.name, content=one, note=one.unit_label) for one in self.contents]

    def _with_status(self, units: list[Unit]) -> list[Unit]:
        wanted = set(self.question.statuses)
        if not wanted:
            return units
        found = self._statuses(units)
        return [unit for unit in units if any(found[unit.pk, one.pk] in wanted for one in self.question.contents)]

    def _statuses(self, units: Sequence[Unit]) -> dict[tuple[int, int], str]:
        """How each unit stands at the end of the last period, each indicator by its own definition."""
        span = self.question.spans[-1]
        scope, targets = self.question.scope_at(span), targets_in(self.question.scope_at(span))
        chosen = {one.pk: one for one in self.question.indicators}
        contents = [chosen.get(one.pk, one) for one in self.question.contents]
        points = self._points(units, contents, span.last, span.last)
        return {
            (unit.pk, one.pk): standing(
                one,
                points[unit.pk, one.pk][-1].value,
                targets.get(one.pk) if one.is_ratio or unit.pk == scope.unit.pk else None,
                scope.as_of,
            ).status
            for unit in units
            for one in contents
        }

    # --- cells ---

    def _points(self, units: Sequence[Unit], contents: Sequence[Indicator], first: int, last: int) -> Points:
        return points_of(units, contents, first, last, basis=self.scope.basis, since=since_of(self.scope))

    def _read(self, units: Sequence[Unit]) -> Points:
        return self._points(units, self.contents, *self.question.months)

    def _lines(self, entries: Iterable[Entry], points: Points) -> Iterator[Line]:
        along = self.question.columns
        for row in entries:
            cells = tuple(self._cell(row, column, points) for column in self.columns)
            yield Line(row, cells, self._sum(cells, row, along) if self.has_total_column else None)

    def _cell(self, row: Entry, column: Entry, points: Points) -> Cell:
        unit = row.unit or column.unit or self.scope.unit
        span = row.span or column.span or self.question.spans[-1]
        content = row.content or column.content or self.contents[0]
        months = points[unit.pk, content.pk]
        start = self.question.months[0]
        if self.question.amount == Amount.WITHIN:
            amounts = added_up(content, months[span.first - start : span.last - start + 1])
        else:
            point = months[span.last - start]
            amounts = Amounts(point.value, point.numerator, point.denominator, point.estimated)
        return self._shown(amounts, content, self._address(unit, content, span))

    def _shown(self, amounts: Amounts, content: Indicator, href: str = "") -> Cell:
        fraction = ""
        if content.is_ratio and amounts.numerator is not None and amounts.denominator is not None:
            fraction = f"{format_number(amounts.numerator)}/{format_number(amounts.denominator)}"
        text = value_text(content, amounts.value).removesuffix(f" {content.unit_label}")
        return Cell(amounts, text, fraction, href if text else "", _("estimate") if amounts.estimated else "")

    def _address(self, unit: Unit, content: Indicator, span: Span) -> str:
        query = self._queries[span.last]
        if content.pk < 0:  # a part of a measure
            return f"{reverse('reports:figure', args=[unit.pk, -content.pk, span.last])}?{query}"
        return f"{reverse('reports:indicator', args=[unit.pk, content.pk])}?{query}"

    @cached_property
    def _queries(self) -> dict[int, str]:
        return {span.last: self.question.scope_at(span).query for span in self.question.spans}

    def _sum(self, cells: Iterable[Cell], entry: Entry, along: Axis) -> Cell:
        """Σ numerator over Σ denominator of some cells; nothing where numbers of this kind do not add up."""
        content = entry.content or self.contents[0]
        if not _is_added(content) or (along == Axis.PERIOD and not _is_flow(content)):
            return Cell(NOTHING, "")
        return self._shown(summed(content, [cell.amounts for cell in cells]), content)


def listed_units(question: Question) -> list[Unit]:
    """The units below that the table lists: by the way of reading those of today, of the month or of the day."""
    scope, month, way = question.scope, question.last, question.scope.basis
    if question.level == Level.BELOW:
        return children_of(scope.unit, month, way)
    if isinstance(way, OnDay):
        living = Unit.objects.below(scope.unit).active(way.day)
    elif way == Basis.TODAY and scope.unit.valid_to is None:
        living = Unit.objects.below(scope.unit).filter(valid_to__isnull=True)
    else:
        parent = life_in(scope.unit, month)
        living = Unit.objects.none() if parent is None else Unit.objects.below(parent).filter(active_in(month))
    return list(living.filter(kind=question.level.value).exclude(pk=scope.unit.pk).order_by("sort_key", "pk"))


def added_up(content: Indicator, months: Sequence[IndicatorPoint]) -> Amounts:
    """What some months hold together: flows are summed, levels and ranks are those of the last month."""
    if not months:
        return NOTHING
    last = months[-1]
    numerator = _over_time([one.numerator for one in months], content.numerator.kind)
    estimated = any(one.estimated for one in months)
    if content.denominator is None:
        return Amounts(numerator, numerator, None, estimated and numerator is not None)
    denominator = _over_time([one.denominator for one in months], content.denominator.kind)
    value = last.value if content.is_rank else ratio(numerator, denominator)
    return Amounts(value, numerator, denominator, estimated and value is not None)


def summed(content: Indicator, some: Sequence[Amounts]) -> Amounts:
    """Of units side by side, or of periods: counts add up, a percentage is made of the sums."""
    numerator = _plus(one.numerator for one in some)
    denominator = _plus(one.denominator for one in some)
    value = ratio(numerator, denominator) if content.is_ratio else numerator
    return Amounts(value, numerator, denominator, any(one.estimated for one in some))


def _over_time(values: Sequence[Decimal | None], kind: str) -> Decimal | None:
    return _plus(values) if kind == MeasureKind.FLOW else values[-1]


def _plus(values: Iterable[Decimal | None]) -> Decimal | None:
    there = [value for value in values if value is not None]
    return sum(there, Decimal(0)) if there else None


def _is_added(content: Indicator) -> bool:
    """Ranks and scores are never added."""
    parts = [content.numerator, *([content.denominator] if content.denominator else [])]
    return not content.is_rank and all(part.kind != MeasureKind.GIVEN for part in parts)


def _is_flow(content: Indicator) -> bool:
    parts = [content.numerator, *([content.denominator] if content.denominator else [])]
    return all(part.kind == MeasureKind.FLOW for part in parts)
