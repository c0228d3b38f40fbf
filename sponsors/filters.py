"""What the list of sponsors can be narrowed to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet, SearchFilter
from sponsors.models import SponsorKind


class SponsorFilters(FilterSet):
    q = SearchFilter(["search"], label=_("Name, tax code or contact person"))
    kind = ChoiceFilter(choices=SponsorKind.choices, label=_("Kind of sponsor"))
