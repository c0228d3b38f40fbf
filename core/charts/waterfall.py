"""From one value to another in steps: what was added and what was taken away, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.charts.base import Caption, ChartTable, at, ticks

_CHARACTER = 7.4  # width of one character of the labels (12 units high)


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of a waterfall: a whole value (`is_whole`) or a step from the one before to the next.

    `text` says the amount as it is read («+1,2»), `kind` names the look: whole, corrected, reorganised, gained, lost.
    """

    label: str
    amount: Decimal
    text: str
    kind: str = "whole"

    @property
    def is_whole(self) -> bool:
        return self.kind == "whole"


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as drawn. `join` is where the line to the next row starts, `cut` the mark of a bar on a cut axis."""

    label: str
    text: str
    kind: str
    y: float
    foot: float
    label_y: float
    x: float
    width: float
    text_x: float
    text_y: float
    join: float
    cut: str


@dataclass(frozen=True, slots=True)
class WaterfallView:
    """One drawing at one width; on a phone labels stand above their bars."""

    name: str
    width: int
    height: int
    bar: int
    gap: int
    left: float
    rows: tuple[StageRow, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps from top to bottom, drawn once for a desk and once for a phone."""

    template: ClassVar[str] = "components/charts/waterfall.html"
    caption: Caption
    views: tuple[WaterfallView, WaterfallView]
    legend: tuple[tuple[str, str], ...]
    table: ChartTable
    from_zero: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    name: str
    width: int
    left: int
    row: int
    bar: int
    label_above: bool


_WIDE = _Layout("wide", 640, 190, 34, 20, label_above=False)
_NARROW = _Layout("narrow", 340, 6, 48, 18, label_above=True)


def waterfall(stages: Sequence[Stage], *, caption: Caption, columns: tuple[str, str]) -> Waterfall:
    """The stages from top to bottom; the first and the last are whole values.

    The axis starts at zero unless the steps would be too small to see on it: then it is cut, and the drawing says so.
    Raises ValueError unless the steps lead from each whole value to the next.
    """
    edges = _edges(stages)
    levels = [end for _start, end in edges]
    spread = max(levels) - min(levels)
    from_zero = min(levels) <= spread * 3
    scale = ticks(min(Decimal(0), *levels) if from_zero else min(levels) - spread / 4, max(Decimal(0), *levels))
    names = dict.fromkeys((stage.kind, stage.label) for stage in stages if not stage.is_whole)
    return Waterfall(
        caption=caption,
        views=(_view(_WIDE, stages, edges, scale), _view(_NARROW, stages, edges, scale)),
        legend=tuple(names),
        table=ChartTable(columns, tuple((stage.label, stage.text) for stage in stages)),
        from_zero=scale[0] <= 0,
    )


def _edges(stages: Sequence[Stage]) -> list[tuple[Decimal, Decimal]]:
    """Where each stage begins and ends."""
    found: list[tuple[Decimal, Decimal]] = []
    level: Decimal | None = None
    for stage in stages:
        if stage.is_whole:
            if level is not None and level != stage.amount:
                raise ValueError(f"the steps lead to {level} and not to {stage.amount}")
            level = stage.amount
            found.append((Decimal(0), level))
        else:
            before = level or Decimal(0)
            level = before + stage.amount
            found.append((before, level))
    return found


def _view(
    layout: _Layout, stages: Sequence[Stage], edges: Sequence[tuple[Decimal, Decimal]], scale: list[Decimal]
) -> WaterfallView:
    room = max(len(stage.text) for stage in stages) * _CHARACTER + 12
    left, right = layout.left + 4, layout.width - room
    span = float(scale[-1] - scale[0])

    def x(value: Decimal) -> float:
        return at(left + max(0.0, float(value - scale[0]) / span) * (right - left))

    rows = [
        _row(layout, place * layout.row, stage, (x(start), x(end)), cut=stage.is_whole and scale[0] > 0)
        for place, (stage, (start, end)) in enumerate(zip(stages, edges, strict=True))
    ]
    return WaterfallView(
        name=layout.name,
        width=layout.width,
        height=len(stages) * layout.row + 4,
        bar=layout.bar,
        gap=layout.row - layout.bar,
        left=left,
        rows=tuple(rows),
    )


def _row(layout: _Layout, top: float, stage: Stage, ends: tuple[float, float], *, cut: bool) -> StageRow:
    first, last = min(ends), max(ends)
    middle = layout.row - layout.bar / 2 if layout.label_above else layout.row / 2
    return StageRow(
        label=stage.label,
        text=stage.text,
        kind=stage.kind,
        y=at(top + middle - layout.bar / 2),
        foot=at(top + middle + layout.bar / 2),
        label_y=at(top + middle + (-layout.bar / 2 - 6 if layout.label_above else 4)),
        x=first,
        width=at(max(last - first, 1.5)),
        text_x=at(last + 6),
        text_y=at(top + middle + 4),
        join=ends[1],
        cut=f"M{first + 14},{at(top + middle + layout.bar / 2)}l5,-{layout.bar}m6,0l-5,{layout.bar}" if cut else "",
    )
