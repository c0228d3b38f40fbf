"""A chart as a file of its own: title, unit and date above it, legend and source below, its colours inside.

For documents and slides of people who do not come to the portal. The colours are those of the light page, written out
instead of referred to, because word processors know no custom properties.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.template.loader import get_template

from core.charts.base import Caption, at
from core.charts.line import LineChart
from core.charts.maps import DotMap, RegionMap
from core.charts.multiples import MultipleCell, Multiples
from core.charts.rows import BarChart, BarRow
from core.icons import STATUS_MARKS

Drawable = LineChart | DotMap | RegionMap | BarChart | Multiples
WIDTH, MARGIN = 760, 20
_STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
_TITLE, _LINE = 24, 18  # heights of a line of the title, of any other text
_COLUMNS, _CELL = 4, 112  # of small multiples: units in a row, height of one with its name
_NAME, _BAR = 250, 250  # of bars: where names end, how long the longest bar is


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `kind` is title, plain or small."""

    x: float
    y: float
    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class LegendMark:
    """One line of the legend: `kind` says which mark is drawn, `mark` is its path where it is that of a status."""

    y: float
    kind: str
    label: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A bar of the ranking in its place; `mark` is the shape of its status."""

    y: float
    row: BarRow
    name: tuple[Text, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A small multiple in its place."""

    x: float
    y: float
    cell: MultipleCell
    name: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands between title and legend, and how high it is."""

    height: float
    drawing: str = ""
    width: float = WIDTH - 2 * MARGIN
    rows: tuple[PlacedRow, ...] = ()
    cells: tuple[PlacedCell, ...] = ()


def picture(chart: Drawable, *, place: str, about: str) -> str:
    """The chart as the text of an SVG file: the `place` and what it is `about` stand above, for no page does there."""
    head = _head(chart.caption, place, about)
    top = head[-1].y + _LINE
    body = _body(chart, top)
    legend = _legend(chart, top + body.height + _LINE)
    end = legend[-1].y if legend else top + body.height
    foot = _lines(_source(chart), end + 2 * _LINE, "small")
    context = {
        "width": WIDTH,
        "height": at(foot[-1].y + MARGIN if foot else end + MARGIN),
        "texts": [*head, *foot],
        "chart": chart,
        "body": body,
        "top": top,
        "legend": legend,
        "view": chart.views[0] if isinstance(chart, LineChart) else None,
        "style": style(),
    }
    return get_template("components/charts/picture.svg").render(context)


def _head(caption: Caption, place: str, about: str) -> list[Text]:
    title = caption.title if about in caption.title else f"{about}: {caption.title[:1].lower()}{caption.title[1:]}"
    found = [Text(MARGIN, MARGIN + 10, place)]
    found += _lines(title, MARGIN + 10 + _TITLE, "title", width=68, step=_TITLE)
    below = " · ".join(filter(None, (caption.unit, caption.as_of)))
    return [*found, *_lines(below, found[-1].y + _LINE + 2, "plain")]


def _lines(text: str, y: float, kind: str, *, x: float = MARGIN, width: int = 95, step: float = _LINE) -> list[Text]:
    """The text in lines of so many characters; files have no line breaks of their own."""
    return [Text(x, at(y + step * index), line, kind) for index, line in enumerate(textwrap.wrap(text, width))]


def _source(chart: Drawable) -> str:
    attribution = chart.attribution if isinstance(chart, DotMap | RegionMap) else ""
    return " · ".join(filter(None, (chart.caption.source, attribution)))


def _body(chart: Drawable, top: float) -> _Body:
    if isinstance(chart, BarChart):
        return _bars([*chart.rows, *chart.folded], top)
    if isinstance(chart, Multiples):
        return _cells(chart.cells, top)
    if isinstance(chart, LineChart):
        view = chart.views[0]
        return _Body(at((WIDTH - 2 * MARGIN) * view.height / view.width), "line_drawing")
    if isinstance(chart, DotMap):
        return _Body(at(520 * chart.height / chart.width), "dot_map_drawing", 520)
    _left, _top, width, height = map(float, chart.view_box.split())
    return _Body(at(640 * height / width), "region_map_drawing", 640)


def _bars(rows: Sequence[BarRow], top: float) -> _Body:
    placed: list[PlacedRow] = []
    y = top
    for row in rows:
        name = _lines(row.label, y + 14, "small", width=36, step=15)
        placed.append(PlacedRow(at(y), row, tuple(name), STATUS_MARKS.get(row.status, "")))
        y += 22 + 15 * (len(name) - 1)
    return _Body(at(y - top), rows=tuple(placed))


def _cells(cells: Sequence[MultipleCell], top: float) -> _Body:
    step = (WIDTH - 2 * MARGIN) / _COLUMNS
    placed = []
    for index, cell in enumerate(cells):
        x, y = at(MARGIN + index % _COLUMNS * step), at(top + index // _COLUMNS * _CELL)
        name = _lines(f"{cell.label}: {cell.text}", y + 72, "small", x=x, width=26, step=14)
        placed.append(PlacedCell(x, y, cell, tuple(name[:3])))
    return _Body(float(-(-len(cells) // _COLUMNS) * _CELL), cells=tuple(placed))


def _legend(chart: Drawable, y: float) -> list[LegendMark]:
    if isinstance(chart, LineChart):
        entries = [(f"line-{kind}" if kind != "span" else kind, name, "") for kind, name in chart.legend]
    elif isinstance(chart, DotMap):
        entries = [(one.key, f"{one.label}: {one.count}", STATUS_MARKS[one.key]) for one in chart.legend]
    elif isinstance(chart, RegionMap):
        entries = [(f"level-{one.key}", f"{one.label}: {one.count}", "") for one in chart.legend]
    else:
        entries = []
    return [LegendMark(at(y + 20 * index), *entry) for index, entry in enumerate(entries)]


# --- colours ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def style() -> str:
    """The rules of shapes from the style sheet of the charts, each colour written out."""
    charts = (_STYLES / "charts.css").read_text(encoding="utf-8")
    colours = {**_colours((_STYLES / "portal.css").read_text(encoding="utf-8")), **_colours(charts)}
    shapes = charts[charts.index("/* --- shapes") : charts.index("/* --- figures")]
    rules = re.findall(r"^([^@{}\n]*\.c-[^{\n]*\{[^}]*\})", shapes, re.MULTILINE)
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], "\n".join(rules))


def _colours(sheet: str) -> dict[str, str]:
    """The custom properties of the light page: those of the first block of the sheet."""
    block = sheet[sheet.index(":root {") :]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block[: block.index("}")]))
