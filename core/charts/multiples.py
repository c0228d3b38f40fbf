"""Small multiples: the same trend of many units side by side, all on one scale, so that the eye compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from core.charts.base import NO_VALUE, Caption, ChartTable, Formatter, Number, at, known, path_of, plain, text_of

_EVERY = 6  # months between two columns of the table behind: the drawing shows all of them


@dataclass(frozen=True, slots=True)
class Multiple:
    """One unit: its values month by month; `text` is the last one in words."""

    label: str
    values: tuple[Number, ...]
    text: str = ""
    status: str = "none"
    href: str = ""


@dataclass(frozen=True, slots=True)
class MultipleCell:
    """One unit as drawn: a line (broken without data), its last point, a word for no data at all."""

    label: str
    text: str
    status: str
    href: str
    path: str
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Multiples:
    """All units on one scale from `low` to `high` (texts); `target` and `zero` are the heights of their lines."""

    template: ClassVar[str] = "components/charts/multiples.html"
    width: ClassVar[int] = 160
    height: ClassVar[int] = 56
    caption: Caption
    cells: tuple[MultipleCell, ...]
    low: str
    high: str
    first: str
    last: str
    target: float | None
    target_text: str
    zero: float | None
    table: ChartTable


def multiples(
    items: Sequence[Multiple],
    labels: Sequence[str],
    *,
    caption: Caption,
    target: Number = None,
    fmt: Formatter = plain,
) -> Multiples:
    """The items in the given order over the months `labels`. The scale holds zero, the target and every value.

    Raises ValueError when an item has more or fewer values than there are labels.
    """
    if any(len(one.values) != len(labels) for one in items):
        raise ValueError("every item needs one value (or None) per label")
    there = [*known(value for one in items for value in one.values), *known([target]), Decimal(0)]
    low, high = min(there), max(there)
    high = high if high > low else low + 1

    def y(value: Decimal) -> float:
        return at(Multiples.height - 4 - float((value - low) / (high - low)) * (Multiples.height - 8))

    shown = list(range(len(labels) - 1, -1, -_EVERY))[::-1]
    rows = [(one.label, *(text_of(one.values[index], fmt) for index in shown)) for one in items]
    return Multiples(
        caption=caption,
        cells=tuple(_cell(one, [None if value is None else y(value) for value in one.values]) for one in items),
        low=fmt(low),
        high=fmt(high),
        first=labels[0] if labels else "",
        last=labels[-1] if labels else "",
        target=None if target is None else y(target),
        target_text=text_of(target, fmt),
        zero=y(Decimal(0)) if low < 0 else None,
        table=ChartTable(
            (_("Unit"), *(labels[index] for index in shown)), tuple(rows), tuple(one.href for one in items)
        ),
    )


def _cell(one: Multiple, heights: Sequence[float | None]) -> MultipleCell:
    step = (Multiples.width - 10) / max(len(heights) - 1, 1)
    points = [None if height is None else (at(4 + index * step), height) for index, height in enumerate(heights)]
    last = next((point for point in reversed(points) if point is not None), None)
    return MultipleCell(one.label, one.text or NO_VALUE, one.status, one.href, path_of(points), last)
