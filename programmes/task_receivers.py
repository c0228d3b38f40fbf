"""When units close or open again, the tasks they are answerable for count at another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver
from django.utils import timezone

from programmes.actions.task_figures import refresh_task_figures
from programmes.models import Task
from units.models import Reorganisation
from units.signals import reorganisation_applied

if TYPE_CHECKING:
    from accounts.models import User


@receiver(reorganisation_applied)
def count_tasks_anew(
    sender: object, reorganisation: Reorganisation, undone: bool, by: User | None = None, **_kwargs: Any
) -> None:
    """Tasks of the units that were closed (or live again), at these and at their successors."""
    closed = reorganisation.links.values("predecessor")
    owners = set(Task.objects.filter(owner__in=closed).order_by().values_list("owner", flat=True))
    if owners:
        refresh_task_figures(owners, by=by, today=timezone.localdate())
