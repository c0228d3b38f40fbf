"""What the page of a unit shows of this room: how far its reports are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from submissions.models import ReportingPeriod
from submissions.queries.overview import ABSENT, states_of
from submissions.queries.periods import running
from units.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from units.models import Unit

PERIODS = 12


def _reports_of(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    today = timezone.localdate()
    seen = ReportingPeriod.objects.visible_to(request.user)
    periods = [period for period in running(today).filter(pk__in=seen) if unit.kind in period.form.kinds][:PERIODS]
    states = states_of([unit], periods, today)[0].states if periods else ()
    return {"states": [state for state in states if state.state != ABSENT]}


REPORTS = Panel(
    key="so-lieu",
    title=gettext_lazy("Reports"),
    order=35,
    template="submissions/unit_panel.html",
    context=_reports_of,
)
