"""`{% chart x %}` draws any chart of `core.charts`, `{% indicator_row row %}` writes a line of the dashboard."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language

from core.charts import BarChart, Bullet, DotMap, LineChart, Multiples, RegionMap, Sparkline, Stack, Waterfall

register = template.Library()

Chart = BarChart | Bullet | DotMap | LineChart | Multiples | RegionMap | Sparkline | Stack | Waterfall


@register.simple_tag
def chart(drawing: Chart | None) -> str:
    """The drawing as SVG with its caption and table; nothing for None. Each chart names its own template."""
    return "" if drawing is None else get_template(drawing.template).render({"chart": drawing})


@register.simple_tag
def indicator_row(row: Hashable) -> str:
    """The row of one indicator, see components/indicator_row.html."""
    return _kept_row(row, get_language() or "")


# A dashboard has a hundred of these, the same ones at each visit until a figure changes; a row is frozen and holds all
# that its template shows, so what was written can be kept. About 3 KB each.
@lru_cache(maxsize=2048)
def _kept_row(row: Hashable, _language: str) -> str:
    return get_template("components/indicator_row.html").render({"row": row})
