"""How many different persons were trained in a year: for a unit, and for each of those below it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.keys import key_of
from trainings import queries
from trainings.views.trainings import TITLE
from units.models import Unit
from units.permissions import granted_units

YEARS = 5  # how far back the page offers


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Turns and persons of one year by the lists of trainees. `?unit=` and `?year=`; else one's own unit, this year."""
    visible = Unit.objects.visible_to(request.user)
    wanted = request.GET.get("unit", "")
    home = granted_units(request.user).order_by("depth", "sort_key", "pk").first()
    unit = get_object_or_404(visible, pk=key_of(wanted)) if wanted or home is None else home
    today = timezone.localdate()
    years = [today.year - back for back in range(YEARS)]
    typed = request.GET.get("year", "")
    year = int(typed) if typed in map(str, years) else today.year
    own, below = queries.persons_page(unit, year, today)
    context: dict[str, Any] = {
        "here": unit,
        "year": year,
        "tabs": [
            {"label": _("Year %(year)s") % {"year": one}, "href": f"?unit={unit.pk}&year={one}", "active": one == year}
            for one in years
        ],
        "own": own,
        "below": [line for line in below if line.coverage.with_list],
        "without_list": [line for line in below if not line.coverage.with_list],
        "title": _("Persons trained in %(year)s: %(unit)s") % {"year": year, "unit": unit.name},
        "breadcrumbs": [(TITLE, reverse("trainings:list")), (_("Persons trained"), "")],
    }
    return render(request, "trainings/persons.html", context)
