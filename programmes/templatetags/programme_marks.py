"""Marks of this room in templates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.numbers import format_money, format_number, format_percent
from core.templatetags.portal import NOTHING, status_badge
from programmes.choices import TaskState
from programmes.models import Indicator, Task

register = template.Library()
TONES: dict[str, str] = {
    TaskState.TODO: "plain",
    TaskState.DOING: "info",
    TaskState.DONE: "good",
    TaskState.STOPPED: "plain",
}


@register.simple_tag
def task_mark(task: Task, today: date) -> SafeString:
    """The state of a task; a late one says so instead, for the progress stands beside it."""
    if task.is_late(today):
        return status_badge("bad", _("Late"))
    return status_badge(TONES[task.state], task.get_state_display())


@register.simple_tag
def indicator_value(indicator: Indicator, value: Decimal | None) -> str:
    """A value as it is said: 92,1%, 2 tỷ đồng, 7.192 người; a dash for nothing."""
    if value is None:
        return NOTHING
    if indicator.unit_label == "%":
        return format_percent(value, indicator.decimals)
    if indicator.unit_label == "đồng":
        return format_money(int(value))
    return f"{format_number(value)} {indicator.unit_label}"
