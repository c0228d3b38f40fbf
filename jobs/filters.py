from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DateFilter, FilterSet, SearchFilter
from jobs.models import Job, JobState


class LedgerFilter(FilterSet):
    q = SearchFilter(["asked_by__search"], label=_("Who asked"))
    state = ChoiceFilter(choices=JobState.choices, label=_("State"))
    since = DateFilter(field_name="created_at", lookup_expr="date__gte", label=_("From"))

    class Meta:
        model = Job
        fields: list[str] = []
