"""Pages of programmes: list, one programme, its frame and its pillars."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.charts import Bar, BarChart, Caption, bars
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from programmes.actions import plans
from programmes.filters import ProgrammeFilter
from programmes.forms import PillarForm, ProgrammeForm
from programmes.models import Pillar, Programme
from programmes.permissions import may_plan
from programmes.queries.plans import (
    PillarTasks,
    followed_indicators,
    home_unit,
    pillars_with_tasks,
    task_summary,
    with_task_counts,
)
from programmes.tables import ProgrammeTable, programme_url
from programmes.views.base import TITLE, OfProgramme, PersonForm, tabs
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units


@needs("right.view")
class ProgrammeList(ListPage):
    """Programmes of the person's units and of the units above them."""

    template_name = "programmes/list.html"
    table_class = ProgrammeTable
    filterset_class = ProgrammeFilter
    title = TITLE
    empty_text = gettext_lazy("No programme concerns your units yet")
    export_name = "chuong-trinh"

    def get_queryset(self) -> QuerySet[Any]:
        visible = Programme.objects.visible_to(self.request.user)
        return with_task_counts(visible, self.request.user, timezone.localdate())

    def count_text(self, count: int) -> str:
        return _("%(count)s programmes") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not plannable_units(self.request).exists():
            return None
        return reverse("programmes:create"), _("New programme")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("programmes:list")}


@needs("right.view")
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: how far its tasks are, pillar by pillar, and its indicators with the targets of one unit."""
    visible = Programme.objects.visible_to(request.user).select_related("owner")
    programme = get_object_or_404(visible, pk=pk)
    today = timezone.localdate()
    pillars = pillars_with_tasks(programme, request.user, today)
    summary = task_summary(programme.tasks.visible_to(request.user), today)
    unit = _wanted_unit(request, programme)
    context = {
        "programme": programme,
        "may_plan": may_plan(request.user, programme.owner),
        "summary": summary,
        "pillars": pillars,
        "chart": _pillar_chart(pillars) if summary.total and len(pillars) > 1 else None,
        "viewed": unit,
        "followed": followed_indicators(programme, unit),
        "today": today,
        "task_list_url": f"{reverse('programmes:tasks')}?programme={programme.pk}",
        "breadcrumbs": [(TITLE, reverse("programmes:list")), (programme.short_name, "")],
    }
    return render(request, "programmes/detail.html", context)


@needs("right.plan")
class Create(PersonForm):
    form_class = ProgrammeForm
    title = gettext_lazy("New programme")
    message = gettext_lazy("The programme has been created. Add its pillars, tasks and indicators now.")

    def form_arguments(self) -> dict[str, Any]:
        units = plannable_units(self.request)
        return {"owners": units, "initial": {"owner": units.first(), "start": timezone.localdate()}}

    def perform(self, form: ProgrammeForm) -> Programme:
        return plans.create_programme(
            owner=form.cleaned_data["owner"],
            details=form.details(),
            by=self.person,
            today=timezone.localdate(),
        )

    def success_url(self, result: Programme) -> str:
        return programme_url(result)

    def cancel_url(self) -> str:
        return reverse("programmes:list")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(TITLE, reverse("programmes:list")), (self.title, "")]}


@needs("right.plan")
class Edit(OfProgramme):
    form_class = ProgrammeForm
    title = gettext_lazy("Edit the programme")
    message = gettext_lazy("The programme has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.programme)}  # a form puts typed values on its instance

    def perform(self, form: ProgrammeForm) -> Programme:
        return plans.edit_programme(
            programme=self.programme,
            details=form.details(),
            by=self.person,
            today=timezone.localdate(),
        )


@needs("right.plan")
class PillarCreate(OfProgramme):
    form_class = PillarForm
    title = gettext_lazy("New pillar")
    message = gettext_lazy("The pillar has been added.")

    def form_arguments(self) -> dict[str, Any]:
        return {"with_order": False}

    def perform(self, form: PillarForm) -> Pillar:
        name = form.cleaned_data["name"]
        return plans.add_pillar(programme=self.programme, name=name, by=self.person)


class OfPillar(OfProgramme):
    """A form about one pillar of a programme that the person plans."""

    pillar: Pillar

    def load(self) -> None:
        visible = Programme.objects.visible_to(self.request.user)
        found = Pillar.objects.filter(programme__in=visible).select_related("programme__owner")
        self.pillar = self.fetch(found, pk=self.kwargs["pk"])
        self.programme = self.pillar.programme
        require(may_plan(self.request.user, self.programme.owner))


@needs("right.plan")
class PillarEdit(OfPillar):
    form_class = PillarForm
    title = gettext_lazy("Edit the pillar")
    message = gettext_lazy("The pillar has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"name": self.pillar.name, "order": self.pillar.order}}

    def perform(self, form: PillarForm) -> Pillar:
        order = form.cleaned_data["order"]
        return plans.edit_pillar(
            pillar=self.pillar,
            name=form.cleaned_data["name"],
            order=self.pillar.order if order is None else order,
            by=self.person,
        )


@needs("right.plan")
class PillarRemove(OfPillar):
    title = gettext_lazy("Remove the pillar")
    submit_label = gettext_lazy("Remove the pillar")
    message = gettext_lazy("The pillar has been removed.")
    danger = True

    def perform(self, form: Any) -> None:
        plans.remove_pillar(pillar=self.pillar, by=self.person)

    def context(self) -> dict[str, Any]:
        words = {"pillar": self.pillar.name, "tasks": format_number(self.pillar.tasks.count())}
        change = _("“%(pillar)s” is removed; its %(tasks)s tasks stay in the programme, without a pillar.") % words
        return {**super().context(), "changes": [change]}


def plannable_units(request: HttpRequest) -> QuerySet[Unit]:
    """The units in whose name the person may open a programme: where the grant stands, active today."""
    granted = granted_units(request.user, Right.PLAN).values("pk")
    found = Unit.objects.active(timezone.localdate()).filter(pk__in=granted)
    return found.in_order()  # type: ignore[no-any-return]  # treebeard ships no types


def _wanted_unit(request: HttpRequest, programme: Programme) -> Unit:
    """The unit named by `?unit=` where the person may see it, else the person's own."""
    wanted = request.GET.get("unit", "")
    if key := key_of(wanted):
        found = Unit.objects.visible_to(request.user).filter(pk__in=programme.units().values("pk"))
        return get_object_or_404(found, pk=key)  # type: ignore[no-any-return]  # treebeard ships no types
    return home_unit(request.user, programme)


def _pillar_chart(pillars: list[PillarTasks]) -> BarChart:
    items = [
        Bar(
            label=group.pillar.name if group.pillar else _("Without a pillar"),
            value=group.summary.percent,
            text=f"{format_number(group.summary.done)}/{format_number(group.summary.total)}",
            target=Decimal(100),
        )
        for group in pillars
    ]
    caption = Caption(key="pillars", title=_("Tasks done by pillar"), unit=_("tasks"))
    return bars(items, caption=caption, columns=(_("Pillar"), _("Done")), ranked=False)
