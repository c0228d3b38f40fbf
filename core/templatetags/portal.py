"""What templates need everywhere: numbers, money, dates and months in words, icons, status and trust marks, links.

Every filter gives "–" for nothing (None), so that an empty value is never taken for 0.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import dates, numbers, once, periods, remarks
from core.icons import ICONS, STATUS_LABELS, STATUS_MARKS

register = template.Library()
NOTHING = "–"
_TONE_MARKS = {"good": "reached", "info": "on_track", "warn": "at_risk", "bad": "behind", "plain": "unknown"}
_TRUSTED_SHARE = Decimal("0.8")  # below this share of units that reported, a value is marked as weak
_RING = Decimal("18.85")  # length of the circle that draws the share, radius 3

_STATUS_SHAPE = (
    '<span class="status status-{}"><svg viewBox="0 0 24 24" width="12" height="12" aria-hidden="true">'
    '<path d="{}"/></svg>{}</span>'
)
_TRUST_SHAPE = (
    '<span class="{}"><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">'
    '<circle cx="8" cy="8" r="7"/><circle class="trust-part" cx="8" cy="8" r="3" stroke-dasharray="{} 100"/>'
    "</svg>{}</span>"
)


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """1.234,5; `{{ value|number:1 }}` with exactly so many places."""
    parsed = _decimal(value)
    return NOTHING if parsed is None else numbers.format_number(parsed, decimals)


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    """97,5% of a percentage (97.46, not 0.9746)."""
    parsed = _decimal(value)
    return NOTHING if parsed is None else numbers.format_percent(parsed, decimals)


@register.filter
def money(dong: int | None) -> str:
    """2 tỷ đồng."""
    return NOTHING if dong is None else numbers.format_money(int(dong))


@register.filter
def date_vn(value: date | None) -> str:
    """21/11/2026."""
    return dates.format_date(value) or NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """10:42 21/11/2026."""
    return dates.format_moment(value) or NOTHING


@register.filter
def in_words(stored: str) -> str:
    """A remark of the portal in the reader's language; what a person typed as it stands. See `core.remarks`."""
    return remarks.in_words(stored)


@register.filter
def month(value: int | None) -> str:
    """10/2023 of a month number."""
    return NOTHING if value is None else periods.label(value)


@register.filter
def long_month(value: int | None) -> str:
    """tháng 10 năm 2023 of a month number."""
    return NOTHING if value is None else periods.long_label(value)


@register.simple_tag
def icon(name: str, label: object = "") -> SafeString:
    """An inline picture from core.icons; with a label it is read out, without it is decoration.

    An unknown name is a KeyError, in tests and on the developer's screen.
    """
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    shape = '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" focusable="false" {}><path d="{}"/></svg>'
    return format_html(shape, role, ICONS[name])


@register.simple_tag
def status_badge(status: str, label: object = "") -> SafeString:
    """Mark, word and colour of a status.

    `status` is one of reached, on_track, at_risk, behind, unknown, none (the label may be left out), or a tone
    (good, info, warn, bad, plain) for the states of other things, always with their label.
    """
    name = status if status in STATUS_LABELS else _TONE_MARKS[status]
    text = label or STATUS_LABELS[status]
    return format_html(_STATUS_SHAPE, name, STATUS_MARKS[name], text)


@register.simple_tag
def trust_mark(reported: int | None, expected: int | None) -> SafeString:
    """How far a total may be trusted: of `expected` units so many reported. A filled circle with the count in words."""
    if not expected:
        return format_html('<span class="trust trust-none">{}</span>', _("no unit is expected to report"))
    share = min(Decimal(reported or 0) / expected, Decimal(1))
    css = "trust" if share >= _TRUSTED_SHARE else "trust trust-low" if share else "trust trust-none"
    words = _("%(reported)s/%(expected)s units reported") % {
        "reported": numbers.format_number(reported or 0),
        "expected": numbers.format_number(expected),
    }
    return format_html(_TRUST_SHAPE, css, str((share * _RING).quantize(Decimal("0.01"))), words)


@register.simple_tag(takes_context=True)
def query_replace(context: dict[str, Any], **changes: Any) -> str:
    """The query of this page with some parameters changed, as "?a=1&b=2"; None or "" takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def once_token() -> SafeString:
    """The hidden input of `core.once`, for forms that are only a button."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_token())


def _decimal(value: Any) -> Decimal | None:
    """A number from what a template holds; nothing for None and the empty string of a missing variable."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
