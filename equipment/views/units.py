"""The equipment of one unit: its state with the reason, its machines, what waits for its confirmation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.pages import FormPage
from core.verdicts import require
from equipment.actions import items as actions
from equipment.forms.items import DeclareForm
from equipment.models import Declaration
from equipment.panels import of_unit
from equipment.permissions import may_keep
from equipment.views.frame import room_tabs, way
from equipment.views.items import ENTER
from units.models import Unit
from units.permissions import granted_units


@signed_in
@require_safe
def my_units(request: HttpRequest) -> HttpResponseBase:
    """The units where the person is at home; with only one, its page at once."""
    granted = granted_units(request.user).values("pk")
    homes = list(Unit.objects.filter(pk__in=granted).active(timezone.localdate()).in_order())
    if len(homes) == 1:
        return redirect("equipment:unit", pk=homes[0].pk)
    title = _("My units")
    context = {"title": title, "units": homes, "tabs": room_tabs(request, "my-units"), "breadcrumbs": way((title, ""))}
    return render(request, "equipment/my_units.html", context)


@signed_in
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """What one unit has to work with, and what it can do about it."""
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    context = {
        **of_unit(request, found),
        "unit": found,
        "tabs": room_tabs(request, "my-units"),
        "breadcrumbs": way((found.name, "")),
    }
    return render(request, "equipment/unit.html", context)


@needs(ENTER)
class Declare(FormPage):
    """The unit states that it has no computer."""

    form_class = DeclareForm
    title = gettext_lazy("Declare that the unit has no computer")
    submit_label = gettext_lazy("Declare")
    message = gettext_lazy("Recorded: the unit has no computer.")

    def load(self) -> None:
        self.unit: Unit = get_object_or_404(Unit.objects.visible_to(self.by), pk=self.kwargs["pk"])
        require(may_keep(self.by, self.unit))

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"on": timezone.localdate()}}

    def perform(self, form: DeclareForm) -> Declaration:
        return actions.declare_no_computer(unit=self.unit, by=self.by, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return reverse("equipment:unit", args=[self.unit.pk])

    def context(self) -> dict[str, Any]:
        crumb = (self.unit.name, reverse("equipment:unit", args=[self.unit.pk]))
        return {"lead": self.unit.name, "breadcrumbs": way(crumb, (self.get_title(), ""))}
