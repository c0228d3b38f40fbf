"""Narrowing the list of units by name and by what lies ahead of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet
from reports.ahead.choices import Arrival
from units.filters import UnitSearch


class AheadFilter(FilterSet):
    q = UnitSearch(["search"], label=_("Name of the unit"))
    arrival = ChoiceFilter(choices=Arrival.choices, label=_("Verdict"), method="afterwards")

    def afterwards(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Verdicts are computed, so the page applies them to its rows."""
        return queryset
