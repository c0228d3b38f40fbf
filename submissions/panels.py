"""What the page of a unit shows of this room: how far its reports are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.periods import last_finished
from submissions.queries import typed_kinds
from submissions.queries.overview import months_until, states_of
from units.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from units.models import Unit

MONTHS = 12


def _reports_of(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    today = timezone.localdate()
    kinds = typed_kinds()
    if unit.kind not in kinds:
        return {"states": []}
    states = states_of([unit], months_until(today, MONTHS), today, kinds)[0].months
    return {"states": states, "finished": last_finished(today)}


REPORTS = Panel(
    key="so-lieu",
    title=gettext_lazy("Reports"),
    order=35,
    template="submissions/unit_panel.html",
    context=_reports_of,
)
