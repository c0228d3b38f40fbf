"""Charts drawn on the server: pure geometry as frozen dataclasses; `templates/components/charts/` turns them into SVG.

Values are Decimal or None; None is "no data" and is never drawn as 0. Coordinates are floats in the units of the
drawing, texts are formatted here or by the caller, colours are CSS classes. `{% chart x %}` draws any of them.
"""

from core.charts.base import Caption, ChartTable
from core.charts.line import LineChart, Mark, Series, Span, line
from core.charts.maps import (
    ARCHIPELAGOS,
    Area,
    Dot,
    DotMap,
    MapNote,
    Projection,
    RegionMap,
    bounds_of,
    class_labels,
    class_of,
    dot_map,
    equal_breaks,
    region_map,
)
from core.charts.multiples import Multiple, Multiples, multiples
from core.charts.rows import Bar, BarChart, BarRow, Bullet, Sparkline, bars, bullet, sparkline
from core.charts.stack import Stack, stack
from core.charts.waterfall import Stage, Waterfall, waterfall

__all__ = [
    "ARCHIPELAGOS",
    "Area",
    "Bar",
    "BarChart",
    "BarRow",
    "Bullet",
    "Caption",
    "ChartTable",
    "Dot",
    "DotMap",
    "LineChart",
    "MapNote",
    "Mark",
    "Multiple",
    "Multiples",
    "Projection",
    "RegionMap",
    "Series",
    "Span",
    "Sparkline",
    "Stack",
    "Stage",
    "Waterfall",
    "bars",
    "bounds_of",
    "bullet",
    "class_labels",
    "class_of",
    "dot_map",
    "equal_breaks",
    "line",
    "multiples",
    "region_map",
    "sparkline",
    "stack",
    "waterfall",
]
