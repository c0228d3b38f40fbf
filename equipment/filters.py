"""What the lists of the room can be narrowed to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DateFilter, ModelChoiceFilter, SearchFilter, YesNoFilter
from equipment.choices import ComputerState, Condition, GiftForm, GiftState, HandoverState
from equipment.models import Gift, ItemKind
from equipment.queries.gaps import PRIORITIES
from sponsors.models import Sponsor
from units.filters import ProvinceFilterSet, UnitSearch, provinces_seen
from units.models import Lineage, Unit

LACKING = [choice for choice in ComputerState.choices if choice[0] != ComputerState.FIT]
HARD_PLACES = [("upland", _("Upland")), ("ethnic_minority", _("Ethnic minority area")), ("remote", _("Remote"))]


def sponsors_seen(request: Any) -> QuerySet[Sponsor]:
    return Sponsor.objects.visible_to(request.user).order_by("sort_key")


def gifts_seen(request: Any) -> QuerySet[Gift]:
    return Gift.objects.visible_to(request.user)


def units_inside(unit: Unit) -> QuerySet[Any]:
    """Keys of the unit, of those below, and of their predecessors."""
    return Lineage.objects.filter(ancestor=unit).values("unit")


class GapFilters(ProvinceFilterSet):
    """Needs the annotations of `queries.gaps.with_need`."""

    q = UnitSearch(["search"], label=_("Name or former name of the unit"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    state = ChoiceFilter(choices=LACKING, label=_("Computer"))
    priority = ChoiceFilter(choices=PRIORITIES, label=_("Urgency"))
    place = ChoiceFilter(choices=HARD_PLACES, label=_("Kind of area"), method="in_place")
    coming = YesNoFilter(field_name="coming", label=_("Machine on its way"), method="with_coming")

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return queryset.filter(pk__in=units_inside(value))

    def in_place(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{value: True})

    def with_coming(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(coming__gt=0) if value == "yes" else queryset.filter(coming=0)


class GiftFilters(ProvinceFilterSet):
    """Needs the annotations of `queries.gifts.with_stages`."""

    q = SearchFilter(["search"], label=_("Title, code, sponsor"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    sponsor = ModelChoiceFilter(queryset=sponsors_seen, label=_("Sponsor"))
    form = ChoiceFilter(choices=GiftForm.choices, label=_("Kind of gift"))
    state = ChoiceFilter(choices=GiftState.choices, label=_("State"))
    left = YesNoFilter(field_name="left", label=_("Something left to allot"), method="with_left")

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return queryset.filter(unit__in=units_inside(value))

    def with_left(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(left__gt=0) if value == "yes" else queryset.filter(left=0)


class HandoverFilters(ProvinceFilterSet):
    q = SearchFilter(["search", "receiver__search"], label=_("Number, gift, receiver"))
    state = ChoiceFilter(choices=HandoverState.choices, label=_("State"))
    gift = ModelChoiceFilter(queryset=gifts_seen, label=_("Gift"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    since = DateFilter(field_name="on", lookup_expr="gte", label=_("From day"))
    until = DateFilter(field_name="on", lookup_expr="lte", label=_("To day"))
    scan = YesNoFilter(field_name="scan", label=_("Signed scan"), method="with_scan")

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return queryset.filter(receiver__in=units_inside(value))

    def with_scan(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.exclude(scan="") if value == "yes" else queryset.filter(scan="")


class ItemFilters(ProvinceFilterSet):
    q = SearchFilter(["search", "unit__search"], label=_("Model, serial number, asset number, unit"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    kind = ModelChoiceFilter(queryset=ItemKind.objects.filter(registered=True), label=_("Kind"))
    condition = ChoiceFilter(choices=Condition.choices, label=_("Condition"))
    shared = YesNoFilter(field_name="shared", label=_("Shared"))
    given = YesNoFilter(field_name="handover_line", lookup_expr="isnull", label=_("From a gift"), method="from_gift")
    booked = YesNoFilter(field_name="asset_code", label=_("In the asset book"), method="in_asset_book")

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return queryset.filter(unit__in=units_inside(value))

    def from_gift(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(handover_line__isnull=value == "no")

    def in_asset_book(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.exclude(asset_code="") if value == "yes" else queryset.filter(asset_code="")
