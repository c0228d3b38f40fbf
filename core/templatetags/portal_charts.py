"""`{% chart x %}` draws any chart of `core.charts`."""

from __future__ import annotations

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from core.charts import BarChart, Bullet, DotMap, LineChart, RegionMap, Sparkline

register = template.Library()

Chart = BarChart | Bullet | DotMap | LineChart | RegionMap | Sparkline


@register.simple_tag
def chart(drawing: Chart | None) -> SafeString | str:
    """The drawing as SVG with its caption and table; nothing for None. Each chart names its own template."""
    return get_template(drawing.template).render({"chart": drawing}) if drawing else ""
