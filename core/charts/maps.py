"""Maps: a country of regions in five classes, a province as an outline with one dot per commune."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from django.utils.translation import gettext as _

from core.charts.base import NO_VALUE, Caption, ChartTable, Formatter, Number, at, known, plain
from core.icons import STATUS_LABELS, STATUS_MARKS

ATTRIBUTION = "svg-maps Vietnam, Stephen Truong, CC BY 4.0"
STATUSES = ("reached", "on_track", "at_risk", "behind", "unknown")
_SMALLEST_DOT, _LARGEST_DOT = 0.42, 1.1
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)[ ,]+(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Projection:
    """Longitude and latitude to the coordinates of the map file: x = a·lon + b·m + c, y = d·lon + e·m + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a place lies on the map; m is the Mercator latitude in degrees."""
        mercator = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))
        return (
            self.a * longitude + self.b * mercator + self.c,
            self.d * longitude + self.e * mercator + self.f,
        )


@dataclass(frozen=True, slots=True)
class Area:
    """One region: `path` is SVG path data with absolute points, `level` its class 1 to 5, 0 for no data.

    `shape` is the address of the same path in a file that browsers keep; then pages need not carry it.
    """

    path: str
    level: int
    label: str
    text: str = ""
    href: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One place: position in map coordinates; the area of its dot grows with `size` (None: the smallest)."""

    x: float
    y: float
    label: str
    text: str = ""
    status: str = "unknown"
    size: Number = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class MapNote:
    """A name in the map over a dashed frame, so that an archipelago is seen though its islands are specks."""

    x: float
    y: float
    width: float
    height: float
    text: str

    @property
    def right(self) -> float:
        """Where the name ends: above the corner that is farther from the coast."""
        return self.x + self.width


# Where the two archipelagos lie in the outlines of the country (812 × 873 units); a map of the country names them.
ARCHIPELAGOS = (MapNote(514, 362, 120, 96, "Hoàng Sa"), MapNote(374, 634, 437, 238, "Trường Sa"))


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: a class or a status, and how many regions or places are in it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RegionMap:
    """Regions in classes of lightness; no data is hatched, so the map reads in black and white."""

    template: ClassVar[str] = "components/charts/region_map.html"
    attribution: ClassVar[str] = ATTRIBUTION
    caption: Caption
    view_box: str
    areas: tuple[Area, ...]
    notes: tuple[MapNote, ...]
    legend: tuple[LegendEntry, ...]
    table: ChartTable


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot as drawn: the mark of its status (24 × 24) and the transform that brings it to its place."""

    mark: str
    transform: str
    scale: float
    label: str
    text: str
    status: str
    href: str


@dataclass(frozen=True, slots=True)
class DotMap:
    """An outline with one dot per place; status is shape and colour, size is the area of the dot."""

    template: ClassVar[str] = "components/charts/dot_map.html"
    attribution: ClassVar[str] = ATTRIBUTION
    caption: Caption
    width: float
    height: float
    outline: str
    transform: str
    dots: tuple[PlacedDot, ...]
    legend: tuple[LegendEntry, ...]
    table: ChartTable


def region_map(
    areas: Sequence[Area],
    *,
    view_box: Sequence[float],
    classes: Sequence[str],
    caption: Caption,
    notes: Sequence[MapNote] = ARCHIPELAGOS,
    columns: tuple[str, str] | None = None,
) -> RegionMap:
    """A map of regions; `classes` are the words for class 1, 2, ... (see `class_labels`).

    The table keeps the order of `areas`: give them sorted. The legend counts every class and, if there are any,
    the regions without data.
    """
    counts = Counter(area.level for area in areas)
    legend = [LegendEntry(str(level), label, counts[level]) for level, label in enumerate(classes, start=1)]
    if counts[0]:
        legend.append(LegendEntry("0", _("No data"), counts[0]))
    return RegionMap(
        caption=caption,
        view_box=" ".join(f"{number:g}" for number in view_box),
        areas=tuple(areas),
        notes=tuple(notes),
        legend=tuple(legend),
        table=_table(areas, columns),
    )


def dot_map(
    outline: str,
    dots: Sequence[Dot],
    *,
    caption: Caption,
    width: int = 420,
    columns: tuple[str, str] | None = None,
) -> DotMap:
    """A province filled into `width` units, its communes as dots; large dots lie below small ones."""
    margin = 14.0
    left, top, right, bottom = bounds_of(outline)
    scale = (width - 2 * margin) / max(right - left, bottom - top, 1e-6)
    largest = max(known(dot.size for dot in dots), default=Decimal(0))
    placed = [
        _placed(dot, (dot.x - left) * scale + margin, (dot.y - top) * scale + margin, _dot_scale(dot.size, largest))
        for dot in dots
    ]
    counts = Counter(dot.status for dot in placed)
    return DotMap(
        caption=caption,
        width=at((right - left) * scale + 2 * margin),
        height=at((bottom - top) * scale + 2 * margin),
        outline=outline,
        transform=f"translate({margin - left * scale:.2f} {margin - top * scale:.2f}) scale({scale:.4f})",
        dots=tuple(sorted(placed, key=lambda dot: -dot.scale)),
        legend=tuple(
            LegendEntry(status, str(STATUS_LABELS[status]), counts[status]) for status in STATUSES if counts[status]
        ),
        table=_table(dots, columns),
    )


def bounds_of(path: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of SVG path data made of absolute points. Raises ValueError without a point."""
    points = [(float(x), float(y)) for x, y in _PAIR.findall(path)]
    if not points:
        raise ValueError("a path without points has no bounds")
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def equal_breaks(values: Sequence[Number], classes: int = 5) -> tuple[Decimal, ...]:
    """Limits that put about equally many values into each class; fewer when many values are equal."""
    there = sorted(known(values))
    limits = {there[len(there) * step // classes] for step in range(1, classes)} if there else set()
    return tuple(sorted(limits - set(there[:1])))


def class_of(value: Number, breaks: Sequence[Decimal]) -> int:
    """1 below the first limit, 2 from the first limit on, ...; 0 for no data."""
    return 0 if value is None else 1 + bisect_right(list(breaks), value)


def class_labels(breaks: Sequence[Decimal], fmt: Formatter = plain) -> list[str]:
    """The words for the classes between the limits: "below 40", "40 to below 60", "60 and more"."""
    if not breaks:
        return [_("all values")]
    between = [_("%(low)s to below %(high)s") % {"low": fmt(low), "high": fmt(high)} for low, high in pairwise(breaks)]
    return [_("below %(high)s") % {"high": fmt(breaks[0])}, *between, _("%(low)s and more") % {"low": fmt(breaks[-1])}]


def _placed(dot: Dot, x: float, y: float, scale: float) -> PlacedDot:
    status = dot.status if dot.status in STATUSES else "unknown"
    return PlacedDot(
        mark=STATUS_MARKS[status],
        transform=f"translate({x:.1f} {y:.1f}) scale({scale:.2f}) translate(-12 -12)",
        scale=scale,
        label=dot.label,
        text=dot.text,
        status=status,
        href=dot.href,
    )


def _dot_scale(size: Number, largest: Decimal) -> float:
    """What the marks (24 units wide) are multiplied with: the area of a dot, not its radius, follows the size."""
    if size is None or largest <= 0:
        return _SMALLEST_DOT
    return max(_SMALLEST_DOT, _LARGEST_DOT * math.sqrt(float(max(size, Decimal(0)) / largest)))


def _table(items: Sequence[Area] | Sequence[Dot], columns: tuple[str, str] | None) -> ChartTable:
    return ChartTable(
        columns=columns or (_("Unit"), _("Value")),
        rows=tuple((item.label, item.text or NO_VALUE) for item in items),
        links=tuple(item.href for item in items),
    )
