"""Programmes, targets and the catalogue in the administration, by the same verbs as on the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.verdicts import Verdict
from programmes.actions import catalogue, plans, targets
from programmes.catalogue_rules import REPORTING_KINDS
from programmes.forms.checked import RulesInAction
from programmes.models import Indicator, Measure, Pillar, Programme, ProgrammeIndicator, Target
from programmes.permissions import may_keep_catalogue, may_set_target
from programmes.rules import IndicatorDetails, MeasureDetails, ProgrammeDetails, TargetDetails
from units.adminbase import ScopedAdmin, ScopedForm, ScopedInline, person_of, under
from units.adminsite import site
from units.choices import Right


class CheckedByAction(RulesInAction, ScopedForm):
    """What an action refuses stands at its field."""


class MeasureAdminForm(CheckedByAction):
    entered_at = forms.MultipleChoiceField(
        label=_("Reported by"),
        choices=[(kind.value, kind.label) for kind in REPORTING_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )


class PillarInline(ScopedInline):
    model = Pillar
    fields = ("name", "order")
    right = Right.PLAN


class FollowedInline(ScopedInline):
    """The pillar is chosen on the page of the programme, which offers only its own."""

    model = ProgrammeIndicator
    fields = ("indicator", "order")
    open_choices = frozenset({"indicator"})
    autocomplete_fields = ("indicator",)
    right = Right.PLAN


@admin.register(Programme, site=site)
class ProgrammeAdmin(ScopedAdmin):
    form = CheckedByAction
    right, view_right, unit_path = Right.PLAN, Right.VIEW, "owner"
    list_display = ("short_name", "code", "owner", "start", "end")
    list_filter = (under("owner"), "sample")
    list_select_related = ("owner",)
    search_fields = ("search",)
    ordering = ("-start", "code")
    autocomplete_fields = ("owner",)
    exclude = ("sample", "indicators")  # the inline keeps them
    inlines = (PillarInline, FollowedInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("owner",) if obj else ()

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Programme:
        details = ProgrammeDetails.of(record)
        today = timezone.localdate()
        return plans.create_programme(owner=record.owner, details=details, by=person_of(request), today=today)

    def perform_change(self, request: HttpRequest, record: Programme, values: dict[str, Any]) -> None:
        details = ProgrammeDetails.of(record, **values)
        plans.edit_programme(programme=record, details=details, by=person_of(request), today=timezone.localdate())


@admin.register(Target, site=site)
class TargetAdmin(ScopedAdmin):
    form = CheckedByAction
    right, view_right, unit_path = Right.PLAN, Right.VIEW, "unit"
    open_choices = frozenset({"indicator"})
    list_display = ("indicator", "unit", "programme", "value", "due", "baseline", "baseline_on")
    list_filter = (under("unit"), "due", "sample")
    list_select_related = ("indicator", "unit", "programme")
    search_fields = ("indicator__search", "unit__search")
    ordering = ("indicator__order", "due")
    autocomplete_fields = ("indicator", "unit")
    exclude = ("sample",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("indicator", "unit", "programme") if obj else ()

    def verdict(self, user: Any, record: Any = None) -> Verdict:
        """As on the pages: who plans the programme, or plans at the unit above, sets the targets of a unit."""
        anywhere = super().verdict(user)
        return may_set_target(user, record.programme, record.unit) if anywhere and record else anywhere

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Target:
        return targets.set_target(
            programme=record.programme,
            indicator=record.indicator,
            unit=record.unit,
            details=TargetDetails.of(record),
            by=person_of(request),
        )

    def perform_change(self, request: HttpRequest, record: Target, values: dict[str, Any]) -> None:
        targets.edit_target(target=record, details=TargetDetails.of(record, **values), by=person_of(request))


class CatalogueAdmin(ScopedAdmin):
    """What is the same everywhere: all may look, those who keep the catalogue change it."""

    right, view_right, unit_path = Right.MANAGE_CATALOGUE, Right.VIEW, None
    search_fields = ("search",)
    ordering = ("order", "code")

    def verdict(self, user: Any, record: Any = None) -> Verdict:
        return may_keep_catalogue(user)


@admin.register(Measure, site=site)
class MeasureAdmin(CatalogueAdmin):
    form = MeasureAdminForm
    open_choices = frozenset({"whole"})
    list_display = ("name", "code", "kind", "unit_of_measure", "source", "group", "active")
    list_filter = ("kind", "source", "active", "group")
    autocomplete_fields = ("whole",)
    readonly_fields = ("source",)

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Measure:
        return catalogue.create_measure(details=MeasureDetails.of(record), by=person_of(request))

    def perform_change(self, request: HttpRequest, record: Measure, values: dict[str, Any]) -> None:
        details = MeasureDetails.of(record, **values)
        catalogue.edit_measure(measure=record, details=details, by=person_of(request))


@admin.register(Indicator, site=site)
class IndicatorAdmin(CatalogueAdmin):
    form = CheckedByAction
    open_choices = frozenset({"numerator", "denominator"})
    list_display = ("name", "code", "unit_label", "direction", "group", "active")
    list_filter = ("direction", "numerator__kind", "active", "group")
    autocomplete_fields = ("numerator", "denominator")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("numerator", "denominator")

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Indicator:
        return catalogue.create_indicator(details=IndicatorDetails.of(record), by=person_of(request))

    def perform_change(self, request: HttpRequest, record: Indicator, values: dict[str, Any]) -> None:
        details = IndicatorDetails.of(record, **values)
        catalogue.edit_indicator(indicator=record, details=details, by=person_of(request))
