"""Lines over months: the value, the path to its target, and what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from core.charts.base import (
    NO_VALUE,
    Caption,
    ChartTable,
    Formatter,
    Number,
    at,
    known,
    path_of,
    plain,
    spread,
    text_of,
    ticks,
)

_CHARACTER = 7.4  # width of one character of the labels (12 units high)
_TOP, _BOTTOM = 22.0, 24.0


@dataclass(frozen=True, slots=True)
class Series:
    """One line. `kind` names its look: "value" (solid, strong), "target" (dashed), "other" (dotted)."""

    name: str
    values: tuple[Number, ...]
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Span:
    """Between which values something lies with fair certainty, e.g. a forecast; as long as the labels."""

    name: str
    lows: tuple[Number, ...]
    highs: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened before the month `index`, e.g. a reorganisation."""

    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the drawing; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One drawing of a line chart at one width."""

    name: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    y_labels: tuple[Label, ...]
    x_labels: tuple[Label, ...]
    areas: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    dots: tuple[Label, ...]
    ends: tuple[Label, ...]
    marks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line chart, drawn once for a desk and once for a phone, so that its letters are legible on both."""

    template: ClassVar[str] = "components/charts/line.html"
    caption: Caption
    views: tuple[LineView, LineView]
    legend: tuple[tuple[str, str], ...]
    table: ChartTable
    is_empty: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """What both drawings share."""

    labels: Sequence[str]
    series: Sequence[Series]
    spans: Sequence[Span]
    marks: Sequence[Mark]
    scale: list[Decimal]
    fmt: Formatter


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where months and values lie in one drawing."""

    left: float
    right: float
    bottom: float
    count: int
    scale: list[Decimal]

    def x(self, index: float) -> float:
        return at(self.left + 4 + index * (self.right - self.left - 8) / max(self.count - 1, 1))

    def y(self, value: Decimal) -> float:
        share = (value - self.scale[0]) / (self.scale[-1] - self.scale[0])
        return at(self.bottom - float(share) * (self.bottom - _TOP))


def line(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    caption: Caption,
    spans: Sequence[Span] = (),
    marks: Sequence[Mark] = (),
    fmt: Formatter = plain,
    from_zero: bool = True,
) -> LineChart:
    """Lines over the months `labels` ("10/2023", ...); all series are as long as the labels, spans too.

    Gaps stay gaps. The scale starts at zero unless `from_zero` is off, and always holds every value. Raises
    ValueError when a series is longer or shorter than the labels.
    """
    columns = [*(one.values for one in series), *(ends for one in spans for ends in (one.lows, one.highs))]
    if any(len(column) != len(labels) for column in columns):
        raise ValueError("every series needs one value (or None) per label")
    there = known(value for column in columns for value in column)
    low = min([*there, Decimal(0)]) if from_zero else min(there, default=Decimal(0))
    plan = _Plan(labels, series, spans, marks, ticks(low, max([*there, low])), fmt)
    rows = [
        (
            label,
            *(text_of(one.values[index], fmt) for one in series),
            *(_between(one.lows[index], one.highs[index], fmt) for one in spans),
        )
        for index, label in enumerate(labels)
    ]
    return LineChart(
        caption=caption,
        views=(_view("wide", 600, 270, plan), _view("narrow", 340, 240, plan)),
        legend=(*((one.kind, one.name) for one in series), *(("span", one.name) for one in spans)),
        table=ChartTable((_("Month"), *(one.name for one in series), *(one.name for one in spans)), tuple(rows)),
        is_empty=not there,
    )


def _view(name: str, width: int, height: int, plan: _Plan) -> LineView:
    ends = _last_values(plan)
    frame = _Frame(
        left=at(max(len(plan.fmt(tick)) for tick in plan.scale) * _CHARACTER + 10),
        right=at(width - max((len(text) for _kind, _index, _value, text in ends), default=0) * _CHARACTER - 14),
        bottom=height - _BOTTOM,
        count=len(plan.labels),
        scale=plan.scale,
    )
    return LineView(
        name=name,
        width=width,
        height=height,
        left=frame.left,
        right=frame.right,
        top=_TOP,
        bottom=frame.bottom,
        y_labels=tuple(Label(frame.left - 6, frame.y(tick), plan.fmt(tick), "end") for tick in plan.scale),
        x_labels=tuple(_x_labels(plan.labels, frame)),
        areas=tuple(_area(one, frame) for one in plan.spans),
        paths=tuple((one.kind, _path(one, frame)) for one in plan.series),
        dots=tuple(Label(frame.x(index), frame.y(value), "", kind=kind) for kind, index, value, _text in ends),
        ends=tuple(_end_labels(ends, frame)),
        marks=tuple(_mark_labels(plan.marks, frame)),
    )


def _last_values(plan: _Plan) -> list[tuple[str, int, Decimal, str]]:
    """(kind, index, value, text) of the last known value of each series."""
    found = []
    for one in plan.series:
        for index in range(len(one.values) - 1, -1, -1):
            value = one.values[index]
            if value is not None:
                found.append((one.kind, index, value, plan.fmt(value)))
                break
    return found


def _path(one: Series, frame: _Frame) -> str:
    return path_of([None if value is None else (frame.x(i), frame.y(value)) for i, value in enumerate(one.values)])


def _between(low: Number, high: Number, fmt: Formatter) -> str:
    return NO_VALUE if low is None or high is None else f"{fmt(low)} – {fmt(high)}"


def _area(one: Span, frame: _Frame) -> str:
    """Along the highs and back along the lows, over the months that have both."""
    both = [
        (index, low, high)
        for index, (low, high) in enumerate(zip(one.lows, one.highs, strict=True))
        if low is not None and high is not None
    ]
    there = [(frame.x(index), frame.y(high)) for index, _low, high in both]
    back = [(frame.x(index), frame.y(low)) for index, low, _high in reversed(both)]
    return path_of([*there, *back]) + "z" if len(both) > 1 else ""


def _x_labels(labels: Sequence[str], frame: _Frame) -> list[Label]:
    """As many months as fit, counted back from the last one."""
    if not labels:
        return []
    fitting = max((frame.right - frame.left) / (max(map(len, labels)) * _CHARACTER + 12), 1)
    step = next((step for step in (1, 2, 3, 6, 12) if len(labels) / step <= fitting), len(labels))
    shown = range(len(labels) - 1, -1, -step)
    return [Label(frame.x(index), frame.bottom + 17, labels[index]) for index in reversed(shown)]


def _end_labels(ends: list[tuple[str, int, Decimal, str]], frame: _Frame) -> list[Label]:
    """The last values at the right edge, moved apart where lines end close together."""
    heights = spread([frame.y(value) for _kind, _index, value, _text in ends], 13, frame.bottom)
    return [
        Label(frame.right + 8, at(y + 4), text, "start", kind)
        for (kind, _index, _value, text), y in zip(ends, heights, strict=True)
    ]


def _mark_labels(marks: Sequence[Mark], frame: _Frame) -> list[Label]:
    """A mark stands half a step before its month; its text points to the side with more room."""
    found = []
    for mark in marks:
        if 0 < mark.index < frame.count:
            x = frame.x(mark.index - 0.5)
            found.append(Label(x, 12, mark.label, "end" if x > (frame.left + frame.right) / 2 else "start"))
    return found
