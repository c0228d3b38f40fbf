"""When each unit below reaches its target."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.filters import SEARCH
from core.lists import SORT, ListPage
from core.numbers import format_number
from programmes.models import Indicator
from reports.ahead.filters import AheadFilter
from reports.ahead.rows import AheadRow, ahead_of_children
from reports.ahead.tables import AheadTable
from reports.drawing import unit_indicator_url
from reports.queries.outlook import terms_of
from reports.queries.scope import read_scope
from reports.views import frame
from units.models import Unit


@signed_in
class Ahead(ListPage):
    """One indicator over all units directly below: value, target, pace, needed pace, when it is reached."""

    template_name = "reports/ahead.html"
    table_class = AheadTable
    filterset_class = AheadFilter
    export_name = "khi-nao-dat"
    empty_text = gettext_lazy("No unit stands below this one in the month")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=kwargs["pk"])
        every = Indicator.objects.select_related("numerator", "denominator")
        self.indicator = get_object_or_404(every, pk=kwargs["indicator_pk"])
        self.scope = read_scope(unit, request.GET, request.user, timezone.localdate())
        return super().get(request, *args, **kwargs)

    @cached_property
    def rows(self) -> list[AheadRow]:
        return ahead_of_children(self.scope, self.indicator)

    def get_queryset(self) -> QuerySet[Any]:
        units: QuerySet[Any] = Unit.objects.filter(pk__in=[row.unit.pk for row in self.rows])
        return units.order_by("sort_key", "pk")

    @cached_property
    def chosen(self) -> list[AheadRow]:
        """The rows that pass the filters; units are looked up by name only where a name was typed."""
        asked = self.filterset.form.cleaned_data if self.filterset.form.is_valid() else {}
        rows = self.rows
        if asked.get(SEARCH):
            found = set(self.filterset.qs.values_list("pk", flat=True))
            rows = [row for row in rows if row.unit.pk in found]
        return [row for row in rows if not asked.get("arrival") or row.arrival == asked["arrival"]]

    def count(self) -> int:
        return len(self.chosen)

    def count_text(self, count: int) -> str:
        return _("%(count)s units") % {"count": format_number(count)}

    @cached_property
    def table(self) -> AheadTable:
        links = {row.unit.pk: unit_indicator_url(row.unit, self.indicator, self.scope) for row in self.chosen}
        table = AheadTable(self.chosen, indicator=self.indicator, addresses=links)
        table.order_by = self.request.GET.getlist(SORT) or ["arrival"]
        return table

    def get_title(self) -> str:
        return _("When do the units below reach it: %(indicator)s") % {"indicator": self.indicator.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        carried = parse_qsl(self.scope.query)
        return {
            **kwargs, **frame(self.request, self.scope), "indicator": self.indicator, "carried": carried,
            "terms": terms_of(self.indicator),
            "clear_url": f"{self.request.path}?{self.scope.query}",
        }  # fmt: skip
