"""What the pages of a unit and of a sponsor show of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sponsors.panels import Panel as SponsorPanel
from trainings.models import TrainingClass, TrainingQuerySet
from trainings.permissions import may_record
from trainings.queries import in_year_of, persons_by_unit, sums
from units.models import Lineage
from units.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from sponsors.models import Sponsor
    from units.models import Unit

SHOWN = 10


def _trainings_of(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    """The last ones of the unit, of those below and of their predecessors."""
    covered = Lineage.objects.filter(ancestor=unit).values("unit")
    visible = TrainingClass.objects.visible_to(request.user).filter(organiser__in=covered)
    year = timezone.localdate().year
    return {
        **_summary(visible),
        "persons": persons_by_unit([unit.pk], year)[unit.pk],
        "may_record": may_record(request.user, unit),
        "record_url": f"{reverse('trainings:add')}?unit={unit.pk}",
    }


def _trainings_for(request: HttpRequest, sponsor: Sponsor) -> dict[str, Any]:
    return _summary(TrainingClass.objects.visible_to(request.user).filter(sponsor=sponsor))


def _summary(trainings: TrainingQuerySet) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "trainings": trainings.select_related("organiser")[:SHOWN],
        "count": trainings.count(),
        "year": today.year,
        "sums": sums(in_year_of(trainings, today)),
    }


OF_UNIT = Panel(
    key="tap-huan",
    title=gettext_lazy("Trainings"),
    order=30,
    template="trainings/unit_panel.html",
    context=_trainings_of,
)
OF_SPONSOR = SponsorPanel(key="tap-huan", order=30, template="trainings/sponsor_panel.html", context=_trainings_for)
