"""Machines: the list, one machine with its history, and the forms that keep it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from equipment import state
from equipment.actions import items as actions
from equipment.filters import ItemFilters
from equipment.forms.gifts import ReasonForm
from equipment.forms.items import EventForm, ItemEditForm, ItemForm, TransferForm
from equipment.importing import ItemImporter
from equipment.models import Item, ItemEvent
from equipment.permissions import may_keep
from equipment.queries.records import minutes_of_item
from equipment.queries.registers import events_of, machine_verdict
from equipment.tables import ItemTable
from equipment.views.frame import room_tabs, way, way_to_item
from imports.links import import_links
from units.choices import Right
from units.models import Unit

ENTER = f"right.{Right.ENTER}"


@signed_in
class ItemList(ListPage):
    template_name = "equipment/list.html"
    title = gettext_lazy("Register of machines")
    table_class = ItemTable
    filterset_class = ItemFilters
    export_name = "thiet-bi"
    empty_text = gettext_lazy("No machine has been registered yet.")

    def get_queryset(self) -> Any:
        return Item.objects.visible_to(self.request.user).order_by("unit__sort_key", "unit_id", "pk")

    def count_text(self, count: int) -> str:
        return _("%(count)s things") % {"count": format_number(count)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = import_links(self.request, ItemImporter.kind)
        return {**kwargs, "tabs": room_tabs(self.request, "items"), "actions": links}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One machine: what it is, what it is worth to its unit, where it came from, everything that happened."""
    item = get_object_or_404(Item.objects.visible_to(request.user).select_related("kind", "unit"), pk=pk)
    events = item.events.select_related("unit", "from_unit", "by", "cancelled_by").order_by("-on", "-pk")
    seen = Unit.objects.visible_to(request.user).filter(pk__in={event.unit_id for event in events})
    context = {
        "item": item,
        "verdict": machine_verdict(item, timezone.localdate()) if item.kind.is_computer else None,
        "events": events,
        "seen_units": set(seen.values_list("pk", flat=True)),
        "minutes": minutes_of_item(item),
        "may": bool(may_keep(request.user, item.unit)),
        "possible": state.possible(state.replay(events_of([pk]).get(pk, ()), timezone.localdate())),
        "breadcrumbs": way_to_item(item),
    }
    return render(request, "equipment/item.html", context)


@needs(ENTER)
class ItemAdd(FormPage):
    """Registers an existing machine of one unit."""

    template_name = "equipment/item_form.html"
    form_class = ItemForm
    title = gettext_lazy("Register a machine")
    message = gettext_lazy("The machine is in the register; the figures of the unit are up to date.")

    def load(self) -> None:
        self.unit: Unit = get_object_or_404(Unit.objects.visible_to(self.by), pk=self.kwargs["pk"])
        require(may_keep(self.by, self.unit))

    def perform(self, form: ItemForm) -> Item:
        return actions.register_item(entry=form.entry(self.unit), by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("equipment:unit", args=[self.unit.pk])

    def context(self) -> dict[str, Any]:
        unit = (self.unit.name, reverse("equipment:unit", args=[self.unit.pk]))
        return {"lead": self.unit.name, "breadcrumbs": way(unit, (self.get_title(), ""))}


class _OfItem(FormPage):
    """A page about one machine of a unit where the person enters data."""

    item: Item

    def load(self) -> None:
        visible = Item.objects.visible_to(self.by).select_related("unit", "kind")
        self.item = self.fetch(visible, pk=self.kwargs["pk"])
        require(may_keep(self.by, self.item.unit))

    def success_url(self, result: Any) -> str:
        return reverse("equipment:item", args=[self.item.pk])

    def context(self) -> dict[str, Any]:
        lead = f"{self.item} · {self.item.unit.name}"
        return {"lead": lead, "item": self.item, "breadcrumbs": way_to_item(self.item, (self.get_title(), ""))}


@needs(ENTER)
class ItemEdit(_OfItem):
    form_class = ItemEditForm
    title = gettext_lazy("Correct the machine")
    message = gettext_lazy("The machine has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.item)}

    def perform(self, form: ItemEditForm) -> Item:
        return actions.edit_item(item=self.item, changes=form.changed_values(), by=self.by)


@needs(ENTER)
class EventAdd(_OfItem):
    form_class = EventForm
    title = gettext_lazy("Record what happened")
    message = gettext_lazy("It has been recorded; the figures of the unit are up to date.")

    def form_arguments(self) -> dict[str, Any]:
        today = timezone.localdate()
        now = state.replay(events_of([self.item.pk]).get(self.item.pk, ()), today)
        return {"now": now, "computer": self.item.kind.is_computer, "initial": {"on": today}}

    def perform(self, form: EventForm) -> ItemEvent:
        return actions.record_event(item=self.item, by=self.by, **form.cleaned_data)


@needs(ENTER)
class EventCancel(_OfItem):
    form_class = ReasonForm
    title = gettext_lazy("Cancel an event")
    submit_label = gettext_lazy("Cancel the event")
    message = gettext_lazy("The event no longer counts.")
    danger = True

    def load(self) -> None:
        super().load()
        self.event: ItemEvent = get_object_or_404(self.item.events.select_related("unit"), pk=self.kwargs["event"])

    def perform(self, form: ReasonForm) -> ItemEvent:
        return actions.cancel_event(event=self.event, reason=form.cleaned_data["reason"], by=self.by)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "changes": [str(self.event)]}


@needs(ENTER)
class Transfer(_OfItem):
    form_class = TransferForm
    title = gettext_lazy("Transfer the machine")
    submit_label = gettext_lazy("Transfer")
    message = gettext_lazy("The machine has been transferred; both units are up to date.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "item": self.item, "initial": {"on": timezone.localdate()}}

    def perform(self, form: TransferForm) -> ItemEvent:
        return actions.transfer_item(item=self.item, by=self.by, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        if result is None or Item.objects.visible_to(self.by).filter(pk=self.item.pk).exists():
            return super().success_url(result)
        return reverse("equipment:items")
