"""What this room says about a planned reorganisation: trainings that are planned for later."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from core.dates import format_date
from trainings.choices import TrainingState
from trainings.models import TrainingClass
from units.reorganisation_checks import Decision, Findings, PlannedChange


def planned_trainings(change: PlannedChange) -> Findings:
    """They need another organiser: a unit that has ended holds no training."""
    units = [unit.pk for unit in change.predecessors]
    later = TrainingClass.objects.filter(state=TrainingState.PLANNED, end__gte=change.on).of_units(units)
    return Findings(
        decisions=tuple(
            Decision(
                title=_("Planned training of %(unit)s: %(title)s")
                % {"unit": training.organiser.name, "title": training.title},
                detail=_("planned until %(day)s: choose another organiser") % {"day": format_date(training.end)},
                url=reverse("trainings:detail", args=[training.pk]),
            )
            for training in later.select_related("organiser").order_by("end", "pk")
        )
    )
