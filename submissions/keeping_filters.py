"""What the lists of those who keep forms can be narrowed down by."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter, SearchFilter, YesNoFilter
from programmes.models import Programme
from submissions.choices import Frequency
from submissions.models import Form, Holiday, Permit, ReportingPeriod
from units.choices import UnitKind
from units.models import Unit


def programmes_with_forms(request: HttpRequest | None) -> QuerySet[Programme]:
    if request is None:
        return Programme.objects.none()
    return Programme.objects.visible_to(request.user).filter(forms__isnull=False).distinct()


def forms_in_sight(request: HttpRequest | None) -> QuerySet[Form]:
    return Form.objects.visible_to(request.user) if request else Form.objects.none()


class FormFilter(FilterSet):
    q = SearchFilter(["search", "programme__search"])
    programme = ModelChoiceFilter(label=_("Programme"), queryset=programmes_with_forms)
    frequency = ChoiceFilter(label=_("Frequency"), choices=Frequency.choices)
    active = YesNoFilter(label=_("In use"))

    class Meta:
        model = Form
        fields: list[str] = []


class PeriodFilter(FilterSet):
    form = ModelChoiceFilter(label=_("Form"), queryset=forms_in_sight)
    locked = YesNoFilter(label=_("Locked"), method="filter_locked")

    class Meta:
        model = ReportingPeriod
        fields: list[str] = []

    def filter_locked(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        locked = Q(locks_on__lt=timezone.localdate())
        return queryset.filter(locked) if value == "yes" else queryset.exclude(locked)


class PermitFilter(FilterSet):
    q = SearchFilter(["unit__search"], label=_("Unit"))
    form = ModelChoiceFilter(label=_("Form"), queryset=forms_in_sight, field_name="period__form")
    in_force = YesNoFilter(label=_("In force"), method="filter_in_force")

    class Meta:
        model = Permit
        fields: list[str] = []

    def filter_in_force(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        in_force = Q(until__gte=timezone.localdate(), withdrawn_at__isnull=True)
        return queryset.filter(in_force) if value == "yes" else queryset.exclude(in_force)


class OwingFilter(FilterSet):
    q = SearchFilter(["search"])
    kind = ChoiceFilter(label=_("Level"), choices=UnitKind.choices)

    class Meta:
        model = Unit
        fields: list[str] = []


class HolidayFilter(FilterSet):
    since = DateFilter(label=_("From"), field_name="day", lookup_expr="gte")

    class Meta:
        model = Holiday
        fields: list[str] = []
