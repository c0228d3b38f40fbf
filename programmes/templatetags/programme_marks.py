"""Marks of this room in templates."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.portal import status_badge
from programmes.choices import TaskState
from programmes.models import Task

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
