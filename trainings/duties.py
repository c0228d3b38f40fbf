"""Planned trainings whose day has passed, for the list of duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from trainings.models import TrainingClass
from trainings.queries import overdue
from units.choices import Right
from units.duties import Duty
from units.permissions import granted_units, rights_now

if TYPE_CHECKING:
    from accounts.models import User

KIND = "training"
MOST = 5


def training_duties(user: User) -> list[Duty]:
    """Of the units where the person is at home: say whether it was held, and how many came."""
    if Right.ENTER not in rights_now(user):
        return []
    home = granted_units(user, Right.ENTER)
    found = overdue(TrainingClass.objects.filter(organiser__in=home), timezone.localdate()).order_by("end", "pk")
    return [
        Duty(
            title=_("Enter the result: %(training)s") % {"training": training.title},
            url=reverse("trainings:edit", args=[training.pk]),
            detail=training.organiser.name,
            due=training.end,
            kind=KIND,
        )
        for training in found.select_related("organiser")[:MOST]
    ]
