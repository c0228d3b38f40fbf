"""The waterfall of a change, and the texts of its numbers."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from core.charts import Caption
from core.charts.waterfall import Stage, Waterfall, waterfall
from core.dates import format_date
from core.numbers import format_number
from core.periods import label as month_label
from programmes.models import Indicator
from reports.explaining.rows import Explanation


def value_words(indicator: Indicator, value: Decimal) -> str:
    """«92,1%», «1.234 người»: rounded as it comes."""
    text = format_number(value, max(0, -int(value.as_tuple().exponent)))
    return f"{text}%" if indicator.unit_label == "%" else f"{text} {indicator.unit_label}".strip()


def step_words(value: Decimal) -> str:
    """«+1,2», «−0,4»."""
    text = format_number(abs(value), max(0, -int(value.as_tuple().exponent)))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def step_unit(indicator: Indicator) -> str:
    """In what a step is counted: a percentage moves by points."""
    return _("percentage points") if indicator.unit_label == "%" else indicator.unit_label


def picture(found: Explanation) -> Waterfall:
    change, indicator = found.change, found.change.indicator
    first, last = month_label(change.first), month_label(change.last)
    stages = [
        Stage(_("Month %(month)s") % {"month": first}, found.before, value_words(indicator, found.before)),
        *(Stage(part.label, part.points, step_words(part.points), part.part.value) for part in found.parts),
        Stage(_("Month %(month)s") % {"month": last}, found.after, value_words(indicator, found.after)),
    ]
    caption = Caption(
        key="why",
        title=_("%(indicator)s: from %(first)s to %(last)s")
        % {"indicator": indicator.name, "first": first, "last": last},
        description=sentence(found),
        unit=indicator.unit_label,
        source=_("Source: figures accepted in this portal"),
        as_of=_("as of %(day)s") % {"day": format_date(change.scope.as_of)},
    )
    return waterfall(stages, caption=caption, columns=(_("Step"), _("Value")))


def sentence(found: Explanation) -> str:
    """«Từ 85,2% lên 92,1% (+6,9 điểm %): mới đạt +7,4 (8 đơn vị); sắp xếp đơn vị −0,5 (2 đơn vị).»"""
    indicator = found.change.indicator
    words = {
        "before": value_words(indicator, found.before),
        "after": value_words(indicator, found.after),
        "step": step_words(found.difference),
        "unit": step_unit(indicator),
    }
    if not found.parts:
        return _("%(before)s in both months: nothing changed.") % words
    parts = [
        _("%(part)s %(step)s (%(units)s units)")
        % {
            "part": part.label.lower(),
            "step": step_words(part.points),
            "units": format_number(sum(row.units for row in part.rows)),
        }
        for part in found.parts
    ]
    return _("From %(before)s to %(after)s (%(step)s %(unit)s): %(parts)s.") % {**words, "parts": "; ".join(parts)}
