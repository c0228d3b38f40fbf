"""Tasks that are late or soon due, for the list of what a person has to do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Q, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.numbers import format_number
from programmes.models import Task
from programmes.queries.plans import pressing_tasks
from units.choices import Right
from units.duties import Duty
from units.permissions import granted_units, rights_now

if TYPE_CHECKING:
    from accounts.models import User

KIND = "task"
MOST = 8  # tasks named one by one; a longer list would hide the other duties


def task_duties(user: User) -> list[Duty]:
    """The person's own units task by task; those of the units below only as one line when some are late."""
    if not {Right.PLAN, Right.ENTER} & rights_now(user):
        return []
    today = timezone.localdate()
    home = Q(owner__in=granted_units(user, Right.PLAN)) | Q(owner__in=granted_units(user, Right.ENTER))
    rows = pressing_tasks(user, today).annotate(
        is_below=Case(When(home, then=0), default=1),
        late_below=Window(Count("pk", filter=Q(due__lt=today) & ~home)),  # of all, however few rows are read
    )
    found = list(rows.order_by("is_below", "due", "number")[: MOST + 1])
    own = [task for task in found if not task.is_below]  # type: ignore[attr-defined]  # annotated above
    duties = [_duty(task, today) for task in own[:MOST]]
    if len(own) > MOST:
        duties.append(_rest(_("More tasks are late or due within 14 days"), "?state=doing"))
    below = found[0].late_below if found else 0  # type: ignore[attr-defined]  # annotated above
    if below:
        title = _("%(count)s tasks of the units below are late") % {"count": format_number(below)}
        duties.append(_rest(title, "?late=yes"))
    return duties


def _duty(task: Task, today: date) -> Duty:
    title = _("Late task: %(task)s") if task.is_late(today) else _("Task due soon: %(task)s")
    return Duty(
        title=title % {"task": task.name},
        url=reverse("programmes:task", args=[task.pk]),
        detail=f"{task.programme.short_name} · {task.owner.name} · {task.progress}%",
        due=task.due,
        kind=KIND,
    )


def _rest(title: str, query: str) -> Duty:
    return Duty(title=title, url=reverse("programmes:tasks") + query, kind=KIND)
