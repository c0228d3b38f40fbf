"""Start page of the room: what is to be done, and how far every unit is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.keys import key_of
from submissions.models import ReportingPeriod, Submission
from submissions.permissions import decides_at
from submissions.queries import overview
from submissions.queries.periods import newest, running
from submissions.views.base import ROOM
from units.choices import Right
from units.models import Unit
from units.permissions import may_anywhere

if TYPE_CHECKING:
    from accounts.models import User

PER_PAGE = 50
LONGEST_SEARCH = 100


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Returned reports, those to accept, my own periods, and the units below period by period."""
    person, today = cast("User", request.user), timezone.localdate()
    seen = running(today).filter(pk__in=ReportingPeriod.objects.visible_to(person))
    periods = newest(seen, overview.PERIODS_SHOWN)
    context = {
        "title": ROOM,
        "today": today,
        "own": overview.own_periods(person, periods, today),
        "returned": overview.returned_of(overview.own_units(person, today)),
        "waiting": Submission.objects.waiting().filter(unit__in=decides_at(person)).count(),
        "stranded": overview.stranded_drafts(person),
        "may_type": bool(may_anywhere(person, Right.ENTER)),
        **_below(request, person, periods, today),
    }
    return render(request, "submissions/home.html", context)


def _below(request: HttpRequest, person: User, periods: Sequence[ReportingPeriod], today: date) -> dict[str, Any]:
    """The units below the chosen one (the first of the person's own unless told) for one form, page by page."""
    scopes = overview.scopes_of(person, today)
    forms = list({period.form_id: period.form for period in periods}.values())
    wanted = request.GET.get("unit", "")
    if wanted:
        scope = get_object_or_404(Unit.objects.visible_to(person), pk=key_of(wanted))
    elif scopes:
        scope = scopes[0]
    else:
        return {"scope": None}
    if not forms:
        return {"scope": None}
    chosen = request.GET.get("form", "")
    form = next((form for form in forms if str(form.pk) == chosen), forms[0])
    shown = [period for period in periods if period.form_id == form.pk]
    search = request.GET.get("q", "")[:LONGEST_SEARCH]
    units = overview.units_below(scope, shown[0])
    page = Paginator(units.matching(search) if search else units, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "scope": scope,
        "scopes": scopes,
        "forms": forms,
        "form": form,
        "search": search,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "periods": shown,
        "rows": overview.states_of(list(page), shown, today),
    }
