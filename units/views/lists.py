"""The lists of units and of people, and the search box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from core.access import needs, signed_in
from core.lists import ListPage
from core.numbers import format_number
from units.choices import Right
from units.filters import PeopleFilters, UnitFilters
from units.links import added_links
from units.models import Grant, Unit, UnitQuerySet
from units.permissions import may_anywhere, seen_keys, users_visible_to
from units.queries import Hit, find_units, path_names, with_places
from units.tables import PeopleTable, UnitTable

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SUGGESTIONS = 8


@dataclass(frozen=True)
class FoundRow:
    """A found unit with the names above it; of a closed one the units of today with theirs, and whether they open."""

    unit: Unit
    active: bool
    place: str
    heirs: tuple[tuple[Unit, str, bool], ...]


@signed_in
class UnitList(ListPage):
    """Units the person may see: open today unless a day is chosen; searching also finds closed ones."""

    title = gettext_lazy("Units")
    table_class = UnitTable
    filterset_class = UnitFilters
    export_name = "don-vi"
    empty_text = gettext_lazy("Your account has no role at any unit yet. Ask your administrator for one.")

    def get_queryset(self) -> UnitQuerySet:
        return with_places(Unit.objects.visible_to(self.request.user)).in_order()

    def count_text(self, count: int) -> str:
        return _("%(count)s units") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "actions": list_links(self.request)}


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found for the words in the box: the page, or for htmx the suggestions under the box."""
    words = request.GET.get("q", "").strip()
    partial = bool(getattr(request, "htmx", False))
    hits = find_units(words, request.user, timezone.localdate(), limit=SUGGESTIONS if partial else 50)
    template = "units/hits.html" if partial else "units/search.html"
    context = {"words": words, "rows": _rows(hits, request.user), "title": _("Find a unit")}
    return render(request, template, context)


def _rows(hits: list[Hit], user: User | AnonymousUser) -> list[FoundRow]:
    """Each hit with the names above it, and what it is today; units beyond the person's own are named without link."""
    heirs = {heir.pk: heir for hit in hits for heir in hit.successors}
    places = path_names([*(hit.unit for hit in hits), *heirs.values()], " › ")
    seen = seen_keys(user, heirs.values())
    return [
        FoundRow(
            hit.unit,
            hit.active,
            places[hit.unit.pk],
            tuple((heir, places[heir.pk], heir.pk in seen) for heir in hit.successors),
        )
        for hit in hits
    ]


@needs(f"right.{Right.MANAGE_USERS}")
class PeopleList(ListPage):
    """Who holds a role at the units the administrator may see."""

    title = gettext_lazy("People and roles")
    lead = gettext_lazy("People who hold a role in your units. New people are invited on the page of their unit.")
    table_class = PeopleTable
    filterset_class = PeopleFilters
    export_name = "nguoi-dung"
    empty_text = gettext_lazy("Nobody holds a role in your units yet.")

    def get_queryset(self) -> QuerySet[User]:
        visible = Unit.objects.visible_to(self.request.user)
        grants = Grant.objects.in_force().filter(unit__in=visible).select_related("unit").order_by("unit__path", "role")
        people = users_visible_to(self.request.user).order_by("sort_key")
        return people.prefetch_related(Prefetch("grants", grants, to_attr="seen_grants"))

    def count_text(self, count: int) -> str:
        return _("%(count)s people") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        units = (_("Units"), reverse("units:list"))
        return {**kwargs, "breadcrumbs": [units, (self.get_title(), "")]}


def list_links(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The other ways to look at units, for the head of the list."""
    links = [
        (_("Tree"), reverse("units:tree"), "tree"),
        (_("Reorganisations"), reverse("units:reorganisations"), "merge"),
    ]
    if may_anywhere(request.user, Right.MANAGE_USERS):
        links.append((_("People and roles"), reverse("units:people"), "people"))
    return [*links, *added_links(request)]
