"""What the list of reports can be narrowed to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet, IntegerFilter, ModelChoiceFilter, SearchFilter
from issuing.choices import ReportKind, ReportState
from programmes.models import Programme
from units.filters import UnitFilter
from units.models import Unit


def _programmes(request: Any) -> Any:
    return Programme.objects.visible_to(request.user).order_by("-start", "code")


class ReportFilters(FilterSet):
    q = SearchFilter(["search"], label=_("Number, subject or unit"))
    unit = UnitFilter(method="below")
    programme = ModelChoiceFilter(queryset=_programmes, label=_("Programme"))
    kind = ChoiceFilter(choices=ReportKind.choices, label=_("Kind of period"))
    state = ChoiceFilter(choices=ReportState.choices, label=_("State"))
    year = IntegerFilter(method="of_year", label=_("Year"), min_value=2000, max_value=2200)

    def below(self, queryset: Any, _name: str, value: Unit) -> Any:
        return queryset.filter(unit__path__range=(value.path, value.path_end))

    def of_year(self, queryset: Any, _name: str, value: int) -> Any:
        return queryset.filter(month__range=(value * 12, value * 12 + 11))
