"""The picture of a cross table: lines over periods, bars over units. One entry of the other side is drawn at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import charts
from core.dates import format_date
from core.numbers import format_number, format_percent
from programmes.models import Indicator
from reports.exploring.choices import Axis
from reports.exploring.table import Cell, CrossTable, Entry, Line

MOST_BARS = 20
MOST_DRAWN = 24  # entries to choose from


@dataclass(frozen=True)
class Picture:
    """The drawing, and what else could be drawn: (place, name)."""

    chart: charts.LineChart | charts.BarChart
    others: tuple[tuple[int, str], ...]
    drawn: int


def picture(table: CrossTable, lines: Sequence[Line], sums: Sequence[Cell], wanted: int) -> Picture | None:
    """None for a table without rows. `wanted` is the place of the entry that is drawn."""
    along = Axis.PERIOD if Axis.PERIOD in table.question.axes else Axis.UNIT
    if not lines or not table.columns:
        return None
    if along == table.question.columns:
        entries, drawn = [line.entry for line in lines], [list(line.cells) for line in lines]
        if sums:
            entries, drawn = [Entry(_("Sum")), *entries], [list(sums[: len(table.columns)]), *drawn]
        ends = table.columns
    else:
        entries, ends = list(table.columns), [line.entry for line in lines]
        drawn = [[line.cells[place] for line in lines] for place in range(len(entries))]
        if table.has_total_column:
            entries = [Entry(_("Sum")), *entries]
            drawn = [[line.total for line in lines if line.total], *drawn]
    place = wanted if 0 <= wanted < min(len(entries), MOST_DRAWN) else 0
    draw = _line if along == Axis.PERIOD else _bars
    chart = draw(table, entries[place], ends, drawn[place])
    names = [(number, entry.label) for number, entry in enumerate(entries[:MOST_DRAWN])]
    return Picture(chart, tuple(names) if len(entries) > 1 else (), place)


def _content(table: CrossTable, entry: Entry) -> Indicator:
    return entry.content or table.contents[0]


def _caption(table: CrossTable, entry: Entry) -> charts.Caption:
    content, scope = _content(table, entry), table.scope
    names = [content.name, *([entry.label] if entry.label and entry.content is None else [])]
    span = table.question.spans[-1].label
    return charts.Caption(
        key="explore",
        title=" · ".join(names),
        description=f"{scope.unit.name}, {scope.reading_words}",
        unit=content.unit_label,
        source=_("Source: figures accepted in this portal"),
        as_of=_("as of %(day)s") % {"day": format_date(scope.as_of)}
        if Axis.PERIOD in table.question.axes
        else f"{span}, {scope.reading_words}",
    )


def _line(table: CrossTable, entry: Entry, ends: Sequence[Entry], cells: Sequence[Cell]) -> charts.LineChart:
    content = _content(table, entry)

    def fmt(value: charts.base.Number) -> str:
        if content.is_ratio and content.unit_label == "%":
            return format_percent(value, content.decimals)
        return format_number(value, content.decimals)

    series = charts.Series(entry.label or content.name, tuple(cell.amounts.value for cell in cells))
    return charts.line([series], [_short(end) for end in ends], caption=_caption(table, entry), fmt=fmt)


def _short(end: Entry) -> str:
    """A period under a line: without how far it goes."""
    return end.span.period.label.replace(_("Month %(month)s") % {"month": ""}, "") if end.span else end.label


def _bars(table: CrossTable, entry: Entry, ends: Sequence[Entry], cells: Sequence[Cell]) -> charts.BarChart:
    pairs = sorted(
        zip(ends, cells, strict=True),
        key=lambda pair: (pair[1].amounts.value is None, -(pair[1].amounts.value or 0)),
    )
    items = [
        charts.Bar(label=end.label, value=cell.amounts.value, text=cell.text, href=cell.href, note=cell.fraction)
        for end, cell in pairs
    ]
    return charts.bars(items, caption=_caption(table, entry), shown=MOST_BARS)
