"""What the page of a unit shows of this room: the tasks it is responsible for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from programmes.models import Task
from programmes.queries.plans import task_summary
from units.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from units.models import Unit


def _tasks_of(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.user).filter(owner=unit)
    return {
        "tasks": tasks.select_related("programme").most_pressing_first(),
        "summary": task_summary(tasks, today),
        "today": today,
    }


TASKS = Panel(
    key="nhiem-vu",
    title=gettext_lazy("Tasks"),
    order=40,
    template="programmes/unit_tasks.html",
    context=_tasks_of,
)
