"""Pages of the catalogue: indicators and the measures they are made of."""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from programmes.actions import catalogue
from programmes.filters import IndicatorFilter, MeasureFilter
from programmes.forms import IndicatorForm, MeasureForm
from programmes.models import Indicator, Measure, Programme, Target
from programmes.permissions import may_keep_catalogue
from programmes.tables import IndicatorTable, MeasureTable, indicator_url, measure_url
from programmes.views.base import INDICATORS, MEASURES, PersonForm, tabs
from units.choices import UnitKind
from units.permissions import granted_units


@needs("right.view")
class IndicatorList(ListPage):
    template_name = "programmes/list.html"
    table_class = IndicatorTable
    filterset_class = IndicatorFilter
    title = INDICATORS
    lead = gettext_lazy("What is followed: counts, and shares of one count in another.")
    empty_text = gettext_lazy("The catalogue is empty")
    export_name = "chi-so"

    def get_queryset(self) -> QuerySet[Any]:
        return Indicator.objects.all()

    def count_text(self, count: int) -> str:
        return _("%(count)s indicators") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_keep_catalogue(self.request.user):
            return None
        return reverse("programmes:indicator-create"), _("New indicator")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("programmes:indicators")}


@needs("right.view")
class MeasureList(ListPage):
    template_name = "programmes/list.html"
    table_class = MeasureTable
    filterset_class = MeasureFilter
    title = MEASURES
    lead = gettext_lazy("What is counted: entered in forms, or computed from records.")
    empty_text = gettext_lazy("The catalogue is empty")
    export_name = "so-lieu"

    def get_queryset(self) -> QuerySet[Any]:
        return Measure.objects.all()

    def count_text(self, count: int) -> str:
        return _("%(count)s measures") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_keep_catalogue(self.request.user):
            return None
        return reverse("programmes:measure-create"), _("New measure")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("programmes:measures")}


@needs("right.view")
@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: of what it is made, its sources, who follows it and which targets the person's units have."""
    found = get_object_or_404(Indicator.objects.select_related("numerator", "denominator"), pk=pk)
    targets = Target.objects.visible_to(request.user).filter(indicator=found)
    context = {
        "indicator": found,
        "parts": found.numerator.parts.filter(active=True),
        "programmes": Programme.objects.visible_to(request.user).filter(chosen__indicator=found),
        "targets": targets.select_related("unit", "programme").order_by("unit__path", "due")[:20],
        "target_count": targets.count(),
        "home": granted_units(request.user).order_by("path").first(),
        "may_keep": may_keep_catalogue(request.user),
        "breadcrumbs": [(INDICATORS, reverse("programmes:indicators")), (found.name, "")],
    }
    return render(request, "programmes/indicator.html", context)


@needs("right.view")
@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: how it adds up, where it comes from, its parts, and the indicators made of it."""
    found = get_object_or_404(Measure.objects.select_related("whole"), pk=pk)
    kinds = dict(UnitKind.choices)
    context = {
        "measure": found,
        "parts": found.parts.all(),
        "entered_at": [kinds[kind] for kind in found.entered_at if kind in kinds],
        "numerator_of": found.over.all(),
        "denominator_of": found.under.all(),
        "may_keep": may_keep_catalogue(request.user),
        "breadcrumbs": [(MEASURES, reverse("programmes:measures")), (found.name, "")],
    }
    return render(request, "programmes/measure.html", context)


class CatalogueForm(PersonForm):
    """A form for those who keep the catalogue."""

    way: tuple[Any, str]

    def load(self) -> None:
        require(may_keep_catalogue(self.request.user))

    def cancel_url(self) -> str:
        return reverse(self.way[1])

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(self.way[0], reverse(self.way[1])), (self.get_title(), "")]}


@needs("right.manage_catalogue")
class IndicatorCreate(CatalogueForm):
    form_class = IndicatorForm
    title = gettext_lazy("New indicator")
    message = gettext_lazy("The indicator has been created.")
    way = (INDICATORS, "programmes:indicators")

    def perform(self, form: IndicatorForm) -> Indicator:
        return catalogue.create_indicator(details=form.details(), by=self.person)

    def success_url(self, result: Indicator) -> str:
        return indicator_url(result)


@needs("right.manage_catalogue")
class IndicatorEdit(CatalogueForm):
    form_class = IndicatorForm
    title = gettext_lazy("Edit the indicator")
    message = gettext_lazy("The indicator has been saved.")
    way = (INDICATORS, "programmes:indicators")

    def load(self) -> None:
        super().load()
        self.indicator = cast(Indicator, self.fetch(Indicator.objects.all(), pk=self.kwargs["pk"]))

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.indicator)}

    def perform(self, form: IndicatorForm) -> Indicator:
        return catalogue.edit_indicator(indicator=self.indicator, details=form.details(), by=self.person)

    def success_url(self, result: Any) -> str:
        return indicator_url(self.indicator)

    def cancel_url(self) -> str:
        return indicator_url(self.indicator)


@needs("right.manage_catalogue")
class MeasureCreate(CatalogueForm):
    form_class = MeasureForm
    title = gettext_lazy("New measure")
    message = gettext_lazy("The measure has been created.")
    way = (MEASURES, "programmes:measures")

    def perform(self, form: MeasureForm) -> Measure:
        return catalogue.create_measure(details=form.details(), by=self.person)

    def success_url(self, result: Measure) -> str:
        return measure_url(result)


@needs("right.manage_catalogue")
class MeasureEdit(CatalogueForm):
    form_class = MeasureForm
    title = gettext_lazy("Edit the measure")
    message = gettext_lazy("The measure has been saved.")
    way = (MEASURES, "programmes:measures")

    def load(self) -> None:
        super().load()
        self.measure = cast(Measure, self.fetch(Measure.objects.all(), pk=self.kwargs["pk"]))

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.measure)}

    def perform(self, form: MeasureForm) -> Measure:
        return catalogue.edit_measure(measure=self.measure, details=form.details(), by=self.person)

    def success_url(self, result: Any) -> str:
        return measure_url(self.measure)

    def cancel_url(self) -> str:
        return measure_url(self.measure)
