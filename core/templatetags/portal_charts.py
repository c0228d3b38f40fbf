"""`{% chart x %}` draws any chart of `core.charts`."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language

from core.charts import BarChart, Bullet, DotMap, LineChart, RegionMap, Sparkline

register = template.Library()

Chart = BarChart | Bullet | DotMap | LineChart | RegionMap | Sparkline


@register.simple_tag
def chart(drawing: Chart | None) -> str:
    """The drawing as SVG with its caption and table; nothing for None. Each chart names its own template."""
    if drawing is None:
        return ""
    if isinstance(drawing, Bullet | Sparkline):
        return _kept(drawing, get_language() or "")
    return _draw(drawing)


# A dashboard draws two of these per indicator, the same ones at each visit until a figure changes; they are frozen,
# so what was drawn can be kept. About 1 KB each.
@lru_cache(maxsize=4096)
def _kept(drawing: Bullet | Sparkline, _language: str) -> str:
    return _draw(drawing)


def _draw(drawing: Chart) -> str:
    return get_template(drawing.template).render({"chart": drawing})
