"""What the lists of units and of people can be narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.filters import SEARCH, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter, SearchFilter, YesNoFilter
from core.text import fold
from units.choices import ReorganisationKind, ReorganisationState, Role, UnitKind
from units.models import Grant, Lineage, Unit, UnitName, UnitQuerySet, without_union

PRIORITIES = [("upland", _("Upland")), ("ethnic_minority", _("Ethnic minority area")), ("remote", _("Remote"))]


def provinces_seen(request: Any) -> UnitQuerySet:
    """The provinces of today under which the person may narrow a list."""
    seen: UnitQuerySet = Unit.objects.visible_to(request.user).filter(kind=UnitKind.PROVINCE)
    return seen.active(timezone.localdate()).in_order()


def units_seen(request: Any) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user)  # type: ignore[no-any-return]  # treebeard ships no types


class UnitFilter(ModelChoiceFilter):
    """A unit that a link brings along: shown as a tag, not as one choice among thousands. Typed words find the rest."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=units_seen, widget=forms.HiddenInput, **kwargs)


class UnitSearch(SearchFilter):
    """Tone-free; the Union's own name in front of a unit's name is passed over."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return super().filter(qs, without_union(fold(value or "")))


class ProvinceFilterSet(FilterSet):
    """Base of lists narrowed by `province`, which is not offered to who sees only one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and len(provinces_seen(self.request)[:2]) < 2:
            del self.filters["province"]


class UnitFilters(ProvinceFilterSet):
    """Open units of today; with a day those of that day; a search also finds closed units, for old names are typed."""

    q = UnitSearch(["search"], label=_("Name, former name or code"))
    kind = ChoiceFilter(choices=UnitKind.choices, label=_("Level"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    on = DateFilter(label=_("Open on"), method="nothing_yet")
    priority = ChoiceFilter(choices=PRIORITIES, label=_("Priority"), method="of_priority")
    renamed = YesNoFilter(label=_("Has a former name"), method="with_former_name")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        units: UnitQuerySet = super().filter_queryset(queryset)
        day = self.form.cleaned_data.get("on")
        if day is None and self.form.cleaned_data.get(SEARCH):
            return units
        return units.active(day or timezone.localdate())

    def nothing_yet(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """The day is applied at the end, together with its default."""
        return queryset

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return queryset.filter(pk__in=Lineage.objects.filter(ancestor=value).values("unit"))

    def of_priority(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{value: True})

    def with_former_name(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        former = Exists(UnitName.objects.filter(unit=OuterRef("pk")))
        return queryset.filter(former if value == "yes" else ~former)


class PeopleFilters(ProvinceFilterSet):
    q = SearchFilter(["search"], label=_("Name, sign-in name or e-mail"))
    role = ChoiceFilter(choices=Role.choices, label=_("Role"), method="holding")
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    is_active = YesNoFilter(field_name="is_active", label=_("Account is open"))

    def holding(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=Grant.objects.in_force().filter(role=value).values("user"))

    def inside(self, queryset: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        units = Lineage.objects.filter(ancestor=value).values("unit")
        return queryset.filter(pk__in=Grant.objects.filter(unit__in=units).values("user"))


class ReorganisationFilters(FilterSet):
    state = ChoiceFilter(choices=ReorganisationState.choices, label=_("State"))
    kind = ChoiceFilter(choices=ReorganisationKind.choices, label=_("Kind"))
