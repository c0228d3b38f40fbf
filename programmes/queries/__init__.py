"""Questions asked of figures and totals. They return frozen values and take the moment they speak of as a parameter."""

from programmes.queries.indicators import (
    ChildValue,
    IndicatorPoint,
    children_of,
    children_values,
    indicator_series,
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
    "Standing",
    "children_of",
    "children_values",
    "figure_story",
    "indicator_series",
    "path_value",
    "series",
    "standing",
    "undivided",
    "units_then",
    "values_at",
    "values_of",
]
