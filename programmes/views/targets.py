"""Pages of targets: those of a programme, one with its parts, setting, handing down, taking back."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import denied, require
from programmes.actions import targets
from programmes.filters import TargetFilter
from programmes.forms import HandDownForm, TargetForm
from programmes.models import Programme, Target
from programmes.permissions import may_set_target, target_units
from programmes.queries.plans import parts_of
from programmes.tables import TargetTable, programme_url, target_url
from programmes.views.base import OfProgramme, way_to
from units.queries import children

TARGETS = gettext_lazy("Targets")


@needs("right.view")
class TargetList(ListPage):
    """The targets of one programme for the units that the person may see."""

    table_class = TargetTable
    filterset_class = TargetFilter
    title = TARGETS
    empty_text = gettext_lazy("No targets have been set for your units")
    export_name = "chi-tieu"

    @cached_property
    def programme(self) -> Programme:
        visible = Programme.objects.visible_to(self.request.user).select_related("owner")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[Any]:
        visible = Target.objects.visible_to(self.request.user).filter(programme=self.programme)
        return visible.order_by("indicator__order", "unit__path", "due")

    def get_title(self) -> str:
        return _("Targets: %(programme)s") % {"programme": self.programme.short_name}

    def count_text(self, count: int) -> str:
        return _("%(count)s targets") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not target_units(self.request.user, self.programme).exists():
            return None
        return reverse("programmes:target-create", args=[self.programme.pk]), _("New target")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "breadcrumbs": way_to(self.programme, str(TARGETS))}


@needs("right.view")
@require_safe
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target: from where to where by when, and how it is handed down to the units below."""
    visible = Target.objects.visible_to(request.user)
    related = visible.select_related("programme__owner", "indicator__numerator", "indicator__denominator", "unit")
    found = get_object_or_404(related, pk=pk)
    programme = found.programme
    context = {
        "target": found,
        "parts": parts_of(found),
        "may_set": may_set_target(request.user, programme, found.unit),
        "may_hand_down": _may_hand_down(request, found),
        "breadcrumbs": way_to(programme, found.indicator.name),
    }
    return render(request, "programmes/target.html", context)


@needs("right.plan")
class TargetCreate(OfProgramme):
    form_class = TargetForm
    title = gettext_lazy("New target")
    message = gettext_lazy("The target has been set.")

    def load(self) -> None:
        visible = Programme.objects.visible_to(self.request.user).select_related("owner")
        self.programme = self.fetch(visible, pk=self.kwargs["pk"])
        self.units = target_units(self.request.user, self.programme)
        if not self.units.exists():
            require(denied(_("You may not set targets in this programme.")))

    def form_arguments(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"due": self.programme.end, "baseline_on": self.programme.start}
        for name in ("indicator", "unit"):
            if wanted := key_of(self.request.GET.get(name, "")):
                initial[name] = wanted
        return {"programme": self.programme, "units": self.units.in_order(), "initial": initial}

    def perform(self, form: TargetForm) -> Target:
        return targets.set_target(
            programme=self.programme,
            indicator=form.cleaned_data["indicator"],
            unit=form.cleaned_data["unit"],
            details=form.details(),
            by=self.person,
        )

    def success_url(self, result: Target | None) -> str:
        return target_url(result) if result else programme_url(self.programme)


class OfTarget(OfProgramme):
    """A form about one target that the person may see and has to be allowed to set."""

    target: Target

    def load(self) -> None:
        visible = Target.objects.visible_to(self.request.user)
        related = visible.select_related("programme__owner", "indicator__numerator", "indicator__denominator", "unit")
        self.target = self.fetch(related, pk=self.kwargs["pk"])
        self.programme = self.target.programme
        self.check()

    def check(self) -> None:
        require(may_set_target(self.request.user, self.programme, self.target.unit))

    def success_url(self, result: Any) -> str:
        return target_url(self.target)

    def context(self) -> dict[str, Any]:
        lead = f"{self.target.indicator.name} · {self.target.unit.name}"
        return {"breadcrumbs": way_to(self.programme, self.get_title()), "lead": lead, "target": self.target}


@needs("right.plan")
class TargetEdit(OfTarget):
    form_class = TargetForm
    title = gettext_lazy("Edit the target")
    message = gettext_lazy("The target has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.target)}

    def perform(self, form: TargetForm) -> Target:
        return targets.edit_target(target=self.target, details=form.details(), by=self.person)


@needs("right.plan")
class TargetHandDown(OfTarget):
    template_name = "programmes/hand_down.html"
    form_class = HandDownForm
    title = gettext_lazy("Hand the target down")
    submit_label = gettext_lazy("Set these targets")

    def check(self) -> None:
        if not _may_hand_down(self.request, self.target):
            require(denied(_("You may not set targets for the units below “%(unit)s”.") % {"unit": self.target.unit}))

    def form_arguments(self) -> dict[str, Any]:
        return {"parts": parts_of(self.target)}

    def perform(self, form: HandDownForm) -> list[Target]:
        return targets.hand_down_target(target=self.target, values=form.values(), by=self.person)

    def success_message(self, result: list[Target]) -> str:
        return _("Targets have been set for %(count)s units.") % {"count": format_number(len(result))}


@needs("right.plan")
class TargetRemove(OfTarget):
    title = gettext_lazy("Remove the target")
    submit_label = gettext_lazy("Remove the target")
    message = gettext_lazy("The target has been removed.")
    danger = True

    def perform(self, form: Any) -> None:
        targets.remove_target(target=self.target, by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("programmes:targets", args=[self.programme.pk])

    def cancel_url(self) -> str:
        return target_url(self.target)

    def context(self) -> dict[str, Any]:
        change = _("“%(unit)s” no longer has this target. The audit trail keeps it.") % {"unit": self.target.unit}
        return {**super().context(), "changes": [change]}


def _may_hand_down(request: HttpRequest, found: Target) -> bool:
    child = children(found.unit, found.due).first()
    return child is not None and bool(may_set_target(request.user, found.programme, child))
