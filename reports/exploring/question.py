"""What a cross table is asked for: one value, read from the address and written back to it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from core.periods import Period, PeriodKind, last_day, period_with
from core.periods import label as month_label
from programmes.choices import Window
from programmes.models import Indicator, Measure
from reports.exploring.choices import Amount, Axis, Level
from reports.queries.scope import PROGRAMME, UNIT, Scope


@dataclass(frozen=True)
class Span:
    """One period of the table. The last one ends with the last month that was asked for, even if it is not over."""

    period: Period
    first: int
    last: int

    @property
    def label(self) -> str:
        if self.last == self.period.month:
            return self.period.label
        return _("%(period)s (up to %(month)s)") % {"period": self.period.label, "month": month_label(self.last)}


@dataclass(frozen=True)
class Question:
    """Rows and columns, what is read, for which months. Everything that the table shows follows from it."""

    scope: Scope
    rows: Axis
    columns: Axis
    indicators: tuple[Indicator, ...]
    first: int
    last: int
    step: PeriodKind
    level: Level
    amount: Amount
    statuses: tuple[str, ...] = ()

    @property
    def axes(self) -> tuple[Axis, Axis]:
        return self.rows, self.columns

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The periods of the table, oldest first; only the last one where periods are no axis."""
        if Axis.PERIOD in self.axes:
            return tuple(self._spans())
        last = period_with(self.step, self.last)
        return (Span(last, last.first_month, min(last.month, self.last)),)

    def _spans(self) -> Iterator[Span]:
        period = period_with(self.step, self.first)
        while period.first_month <= self.last:
            yield Span(period, period.first_month, min(period.month, self.last))
            period = period.following

    @property
    def months(self) -> tuple[int, int]:
        """The first and the last month that have to be read."""
        spans = self.spans
        return (spans[0].first if self.amount == Amount.WITHIN else spans[0].last), spans[-1].last

    @cached_property
    def contents(self) -> tuple[Indicator, ...]:
        """What is read in each cell: the indicators, or a measure and its parts, each read as an indicator."""
        chosen = self.indicators if Axis.INDICATOR in self.axes else self.indicators[:1]
        if Axis.PART in self.axes:
            measure = chosen[0].numerator
            chosen = tuple(alone(one, chosen[0].window) for one in (measure, *parts_of(measure)))
        return tuple(map(within, chosen)) if self.amount == Amount.WITHIN else chosen

    @property
    def query(self) -> str:
        """The address of exactly this table."""
        return urlencode(self.values(), doseq=True)

    def values(self) -> dict[str, object]:
        found: dict[str, object] = {UNIT: self.scope.unit.pk}
        if self.scope.programme is not None:
            found[PROGRAMME] = self.scope.programme.code
        return {
            **found,
            "hang": self.rows.value,
            "cot": self.columns.value,
            "chi-so": [one.code for one in self.indicators],
            "tu": month_label(self.first).replace("/", "-"),
            "den": month_label(self.last).replace("/", "-"),
            "buoc": self.step.value,
            "cap": self.level.value,
            "so": self.amount.value,
            **({"trang-thai": list(self.statuses)} if self.statuses else {}),
            **self.scope.way_values,
        }

    def pairs(self) -> list[tuple[str, str]]:
        """The same as names and values, for the hidden fields of a form."""
        return parse_qsl(self.query)

    def turned(self) -> Question:
        """Rows and columns exchanged."""
        return replace(self, rows=self.columns, columns=self.rows)

    def scope_at(self, span: Span) -> Scope:
        """For links: the scope in the last month of the period."""
        return replace(self.scope, month=span.last)

    @property
    def is_running(self) -> bool:
        return last_day(self.last) >= self.scope.today


def parts_of(measure: Measure) -> list[Measure]:
    """The breakdown («trong đó») of a measure."""
    return list(measure.parts.filter(active=True).order_by("order", "code"))


def alone(measure: Measure, window: str) -> Indicator:
    """A measure read as an indicator; its negative key is no indicator's."""
    return Indicator(
        pk=-measure.pk,
        name=measure.name,
        numerator=measure,
        denominator=None,
        window=window,
        unit_label=measure.unit_of_measure,
        decimals=measure.decimals,
    )


def within(indicator: Indicator) -> Indicator:
    """The same indicator month by month, so that any months can be added."""
    single = copy(indicator)
    single.window = Window.MONTH
    return single
