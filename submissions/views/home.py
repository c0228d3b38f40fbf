"""Start page of the room: what is to be done, and how far every unit is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from submissions.models import ReportingPeriod, Submission
from submissions.permissions import PERMITTERS, decides_at
from submissions.queries import overview
from submissions.queries.completeness import followed, last_finished, summaries
from submissions.queries.periods import newest
from submissions.views.base import ROOM
from units.choices import Right
from units.permissions import may_anywhere, rights_now

if TYPE_CHECKING:
    from accounts.models import User


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Returned reports, those to accept, my own periods, and how far the units below are with the last ones."""
    person, today = cast("User", request.user), timezone.localdate()
    begun = followed(today).filter(pk__in=ReportingPeriod.objects.visible_to(person))
    periods = newest(begun, overview.PERIODS_SHOWN)
    below = summaries(overview.scopes_of(person, today), last_finished(periods, today))
    units = overview.own_units(person)
    context = {
        "title": ROOM,
        "actions": [(_("Forms and periods"), reverse("submissions:forms"))] if PERMITTERS & rights_now(person) else [],
        "own": overview.own_periods(units, periods, today),
        "returned": overview.returned_of(units) if units else (),
        "waiting": Submission.objects.waiting().filter(unit__in=decides_at(person)).count(),
        "stranded": overview.stranded_drafts(person),
        "may_type": bool(may_anywhere(person, Right.ENTER)),
        "below": [(summary, _place(summary.scope.pk, summary.period)) for summary in below],
        "lagging_url": reverse("submissions:lagging"),
        "completeness_url": reverse("submissions:completeness"),
    }
    return render(request, "submissions/home.html", context)


def _place(unit_id: int, period: ReportingPeriod) -> str:
    return "?" + urlencode({"unit": unit_id, "form": period.form_id, "period": period.pk})
