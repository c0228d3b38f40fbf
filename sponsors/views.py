"""Sponsors: the list, one sponsor, and the two forms that keep them."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from imports.links import import_links
from sponsors import actions
from sponsors.filters import SponsorFilters
from sponsors.forms import SponsorForm
from sponsors.importing import SponsorImporter
from sponsors.models import Sponsor, SponsorQuerySet
from sponsors.panels import panels
from sponsors.tables import SponsorTable
from units.choices import Right
from units.permissions import may, may_anywhere

KEEP = f"right.{Right.MANAGE_SPONSORS}"


@signed_in
class SponsorList(ListPage):
    title = gettext_lazy("Sponsors")
    lead = gettext_lazy("Companies, organisations and persons who give equipment, money or trainings.")
    table_class = SponsorTable
    filterset_class = SponsorFilters
    export_name = "nha-tai-tro"
    empty_text = gettext_lazy("No sponsor has been recorded yet.")

    def get_queryset(self) -> SponsorQuerySet:
        return Sponsor.objects.visible_to(self.request.user).order_by("sort_key")

    def count_text(self, count: int) -> str:
        return _("%(count)s sponsors") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.MANAGE_SPONSORS):
            return None
        return reverse("sponsors:add"), _("Add a sponsor")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "actions": import_links(self.request, SponsorImporter.kind)}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sponsor with its contacts, and the sections that upper rooms add."""
    sponsor = get_object_or_404(Sponsor.objects.visible_to(request.user).select_related("kept_by"), pk=pk)
    sections = [render_to_string(p.template, p.context(request, sponsor), request) for p in panels()]
    context = {
        "sponsor": sponsor,
        "sections": sections,
        "may_keep": bool(may(request.user, Right.MANAGE_SPONSORS, sponsor.kept_by)),
        "breadcrumbs": [(_("Sponsors"), reverse("sponsors:list")), (sponsor.name, "")],
    }
    return render(request, "sponsors/detail.html", context)


@needs(KEEP)
class SponsorAdd(FormPage):
    form_class = SponsorForm
    title = gettext_lazy("Add a sponsor")
    message = gettext_lazy("The sponsor has been added.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by}

    def perform(self, form: SponsorForm) -> Sponsor:
        return actions.add_sponsor(by=self.by, **form.cleaned_data)

    def success_url(self, result: Sponsor | None) -> str:
        return reverse("sponsors:detail", args=[result.pk]) if result else reverse("sponsors:list")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(_("Sponsors"), reverse("sponsors:list")), (self.get_title(), "")]}


@needs(KEEP)
class SponsorEdit(FormPage):
    form_class = SponsorForm
    title = gettext_lazy("Edit the sponsor")
    message = gettext_lazy("The sponsor has been saved.")

    def load(self) -> None:
        visible = Sponsor.objects.visible_to(self.request.user).select_related("kept_by")
        self.sponsor: Sponsor = self.fetch(visible, pk=self.kwargs["pk"])
        require(may(self.by, Right.MANAGE_SPONSORS, self.sponsor.kept_by))

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "instance": copy(self.sponsor)}

    def perform(self, form: SponsorForm) -> Sponsor:
        return actions.edit_sponsor(sponsor=self.sponsor, by=self.by, **form.changed_values())

    def success_url(self, result: Sponsor | None) -> str:
        return reverse("sponsors:detail", args=[self.sponsor.pk])

    def context(self) -> dict[str, Any]:
        home = (self.sponsor.name, self.success_url(None))
        return {"breadcrumbs": [(_("Sponsors"), reverse("sponsors:list")), home, (self.get_title(), "")]}
