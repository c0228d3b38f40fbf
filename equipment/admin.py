"""Equipment in the administration: to look and search. What has consequences is done on the pages of the room."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.remarks import in_words
from equipment.actions import catalogue, gifts, items
from equipment.models import (
    Allotment,
    Gift,
    GiftLine,
    Handover,
    HandoverLine,
    Item,
    ItemEvent,
    ItemKind,
    MinimumSpecification,
)
from units.adminbase import ScopedAdmin, ScopedInline, person_of, under
from units.adminsite import site
from units.choices import Right


class _ReadInline(ScopedInline):
    """Rows to look at; verbs write them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GiftLineInline(_ReadInline):
    model = GiftLine
    unit_path = "gift__unit"
    open_choices = frozenset({"kind"})


@admin.register(Gift, site=site)
class GiftAdmin(ScopedAdmin):
    """The words of a pledge may be corrected; lines, allotments and states belong to the pages."""

    right = Right.GIVE
    view_right = Right.VIEW
    may_add = False
    list_display = ("code", "title", "sponsor", "unit", "form", "state", "pledged_on", "amount")
    list_filter = ("form", "state", under("unit"), "sample")
    list_select_related = ("sponsor", "unit")
    search_fields = ("search",)
    date_hierarchy = "pledged_on"
    fields = (
        "code",
        "title",
        "sponsor",
        "unit",
        "form",
        "state",
        "pledged_on",
        "ceremony_on",
        "ceremony_place",
        "connecting_body",
        "programme",
        "wishes",
        "amount",
        "note",
        "ended_on",
        "end_reason",
    )
    readonly_fields = ("unit", "form", "state", "ended_on", "end_reason")
    autocomplete_fields = ("sponsor",)
    inlines = (GiftLineInline,)

    def perform_change(self, request: HttpRequest, record: Gift, values: dict[str, Any]) -> None:
        gifts.edit_gift(gift=record, changes=values, by=person_of(request))


class ItemEventInline(_ReadInline):
    model = ItemEvent
    fk_name = "item"
    unit_path = "item__unit"
    open_choices = frozenset({"reorganisation"})
    fields = ("on", "kind", "unit", "from_unit", "ram_gb", "storage_gb", "noted", "by", "cancelled_for")
    readonly_fields = ("noted",)

    @admin.display(description=_("note"))
    def noted(self, event: ItemEvent) -> str:
        return in_words(event.note)


@admin.register(Item, site=site)
class ItemAdmin(ScopedAdmin):
    """What was typed wrongly may be corrected; what happens to a machine is recorded on its page."""

    right = Right.ENTER
    view_right = Right.VIEW
    may_add = False
    list_display = ("__str__", "kind", "unit", "condition", "shared", "ram_gb", "storage_gb", "year", "received_on")
    list_filter = ("kind", "condition", "shared", under("unit"), "sample")
    list_select_related = ("kind", "unit")
    search_fields = ("search", "unit__search")
    ordering = ("unit__sort_key", "pk")
    open_choices = frozenset({"kind"})
    fields = (
        "kind",
        "unit",
        "model",
        "serial",
        "year",
        "ram_gb",
        "storage_gb",
        "specification",
        "condition",
        "shared",
        "place",
        "value",
        "asset_code",
        "received_on",
    )
    readonly_fields = ("unit", "condition", "shared", "received_on")
    inlines = (ItemEventInline,)

    def perform_change(self, request: HttpRequest, record: Item, values: dict[str, Any]) -> None:
        items.edit_item(item=record, changes=values, by=person_of(request))


class HandoverLineInline(_ReadInline):
    model = HandoverLine
    unit_path = "handover__receiver"
    fields = ("allotment", "quantity", "received", "serials", "void")
    readonly_fields = ("allotment",)


@admin.register(Handover, site=site)
class HandoverAdmin(ScopedAdmin):
    """Minutes, to look at."""

    right = Right.GIVE
    view_right = Right.VIEW
    unit_path = "receiver"
    may_add = may_change = False
    list_display = ("number", "on", "giver", "receiver", "gift", "state", "handed_on", "received_on")
    list_filter = ("state", under("receiver"), "sample")
    list_select_related = ("giver", "receiver", "gift")
    search_fields = ("search", "receiver__search")
    date_hierarchy = "on"
    exclude = ("search", "scan", "scan_type")
    inlines = (HandoverLineInline,)


@admin.register(Allotment, site=site)
class AllotmentAdmin(ScopedAdmin):
    """Allotments, to look at."""

    right = Right.GIVE
    view_right = Right.VIEW
    may_add = may_change = False
    list_display = ("unit", "quantity", "line", "on", "state", "why")
    readonly_fields = ("why",)
    exclude = ("reason",)
    list_filter = ("state", under("unit"))
    list_select_related = ("unit", "line__kind")
    search_fields = ("unit__search", "line__gift__search")
    open_choices = frozenset({"line"})

    @admin.display(description=_("reason"))
    def why(self, allotment: Allotment) -> str:
        return in_words(allotment.reason)


@admin.register(ItemKind, site=site)
class ItemKindAdmin(ScopedAdmin):
    right = Right.MANAGE_CATALOGUE
    unit_path = None
    list_display = ("name", "code", "counted_in", "is_computer", "registered", "active")
    list_filter = ("is_computer", "registered", "active")

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> ItemKind:
        return catalogue.save_kind(values=values, by=person_of(request))

    def perform_change(self, request: HttpRequest, record: ItemKind, values: dict[str, Any]) -> None:
        catalogue.save_kind(kind=record, values=values, by=person_of(request))


@admin.register(MinimumSpecification, site=site)
class MinimumSpecificationAdmin(ScopedAdmin):
    """Saved through the verb that judges all units anew; the page of the room shows the consequences first."""

    right = Right.MANAGE_CATALOGUE
    unit_path = None
    list_display = ("valid_from", "min_ram_gb", "min_storage_gb", "max_age_years", "legal_basis")

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> MinimumSpecification:
        valid_from = values.pop("valid_from")
        return catalogue.save_minimum(valid_from=valid_from, values=values, by=person_of(request))

    def perform_change(self, request: HttpRequest, record: MinimumSpecification, values: dict[str, Any]) -> None:
        valid_from = values.pop("valid_from", record.valid_from)
        catalogue.save_minimum(valid_from=valid_from, values=values, minimum=record, by=person_of(request))
