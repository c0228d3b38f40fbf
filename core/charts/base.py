"""What all charts share: the words around a drawing, its table, scales, ticks and paths."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.numbers import format_number

Number = Decimal | None
Formatter = Callable[[Decimal], str]
Point = tuple[float, float] | tuple[int, int]

NO_VALUE = "–"  # what a table shows for no data


@dataclass(frozen=True, slots=True)
class Caption:
    """The words around a chart. `key` makes the ids on the page unique; `as_of` and `source` are whole phrases.

    `file` is the address of the same picture as a file, for those who put it into a document.
    """

    key: str
    title: str
    description: str = ""
    unit: str = ""
    source: str = ""
    as_of: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The same figures as text; each row starts with its heading, its link (or "") stands in `links`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()

    @property
    def linked_rows(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(heading, link, cells) of each row."""
        links = self.links or ("",) * len(self.rows)
        return [(row[0], link, row[1:]) for row, link in zip(self.rows, links, strict=True)]


def plain(value: Decimal) -> str:
    """The usual label of a value: as many decimals as it has."""
    return format_number(value)


def text_of(value: Number, fmt: Formatter) -> str:
    """The value as text, a dash for no data."""
    return NO_VALUE if value is None else fmt(value)


def at(value: float) -> float:
    """A coordinate to a tenth of a unit: what an eye can see, and short in the page."""
    return round(value, 1)


def known(values: Iterable[Number]) -> list[Decimal]:
    """The values that are there."""
    return [value for value in values if value is not None]


def path_of(points: Sequence[Point | None]) -> str:
    """An SVG path through the points, broken at None; a lone point becomes a dot (needs round line ends)."""
    commands: list[str] = []
    run = 0  # how many points the current unbroken piece has
    for point in points:
        if point is not None:
            commands.append(f"{'L' if run else 'M'}{point[0]},{point[1]}")
            run += 1
        elif run:
            commands.append("h0" if run == 1 else "")
            run = 0
    return "".join(commands) + ("h0" if run == 1 else "")


def ticks(low: Decimal, high: Decimal, about: int = 4) -> list[Decimal]:
    """Round numbers (1, 2, 2.5 or 5 times a power of ten) from at or below `low` to at or above `high`."""
    span = (high - low) or Decimal(1)
    power = Decimal(10) ** math.floor((span / about).log10())
    step = next(
        power * factor for factor in map(Decimal, ("1", "2", "2.5", "5", "10")) if power * factor * about >= span
    )
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    return [step * index for index in range(first, last + 1)]


def spread(positions: Sequence[float], gap: float, limit: float) -> list[float]:
    """The positions moved apart until no two are nearer than `gap` and none is beyond `limit`; order is kept."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    moved = list(positions)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    for index in order[-1:]:
        moved[index] = min(moved[index], limit)
    for after, before in pairwise(reversed(order)):
        moved[before] = min(moved[before], moved[after] - gap)
    return moved
