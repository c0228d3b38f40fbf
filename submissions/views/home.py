"""Start page of the room: what is to be done, and how far every unit is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.periods import last_day, last_finished
from submissions.models import Submission
from submissions.permissions import decides_at
from submissions.queries import overview, typed_kinds
from submissions.views.base import ROOM
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

PER_PAGE = 50
LONGEST_SEARCH = 100


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Returned reports, those to accept, my own months, and the units below month by month."""
    person, today = cast("User", request.user), timezone.localdate()
    months, kinds = overview.months_until(today), typed_kinds()
    own = overview.own_units(person, today, kinds)
    context = {
        "title": ROOM,
        "finished": last_finished(today),
        "own": overview.states_of(own, months, today, kinds),
        "returned": overview.returned_of(own),
        "waiting": Submission.objects.waiting().filter(unit__in=decides_at(person)).count(),
        "stranded": overview.stranded_drafts(person),
        **_below(request, person, months[1:], today, kinds),
    }
    return render(request, "submissions/home.html", context)


def _below(request: HttpRequest, person: User, months: list[int], today: date, kinds: overview.Kinds) -> dict[str, Any]:
    """The units below the chosen one (the first of the person's own unless told), page by page."""
    scopes = overview.scopes_of(person, today)
    wanted = request.GET.get("unit", "")
    if wanted.isdecimal():
        scope = get_object_or_404(Unit.objects.visible_to(person), pk=wanted)
    elif scopes:
        scope = scopes[0]
    else:
        return {"scope": None}
    search = request.GET.get("q", "")[:LONGEST_SEARCH]
    units = overview.units_below(scope, last_day(months[0]), kinds)
    page = Paginator(units.matching(search) if search else units, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "scope": scope,
        "scopes": scopes,
        "search": search,
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "finished_months": months,
        "rows": overview.states_of(list(page), months, today, kinds),
    }
