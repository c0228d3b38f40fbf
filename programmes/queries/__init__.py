"""Questions asked of figures and totals. They return frozen values and take the moment they speak of as a parameter."""

from programmes.queries.indicators import (
    ChildValue,
    IndicatorPoint,
    Points,
    active_in,
    children_of,
    children_values,
    indicator_series,
    life_in,
    points_of,
    ratio,
    values_at,
    values_of,
)
from programmes.queries.placing import undivided, units_then
from programmes.queries.series import Point, series
from programmes.queries.standing import STANDING_RULE, Standing, path_value, standing
from programmes.queries.story import FigureStory, figure_story

__all__ = [
    "STANDING_RULE",
    "ChildValue",
    "FigureStory",
    "IndicatorPoint",
    "Point",
    "Points",
    "Standing",
    "active_in",
    "children_of",
    "children_values",
    "figure_story",
    "indicator_series",
    "life_in",
    "path_value",
    "points_of",
    "ratio",
    "series",
    "standing",
    "undivided",
    "units_then",
    "values_at",
    "values_of",
]
