"""The league table of one indicator."""

from __future__ import annotations

from dataclasses import replace
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
from programmes.choices import Direction
from programmes.models import Indicator
from reports.league.filters import LeagueFilter
from reports.league.ranks import RANKING_RULE
from reports.league.rows import LeagueRow, league
from reports.league.tables import LeagueTable
from reports.queries.moves import compared_month
from reports.queries.scope import read_scope
from reports.views import frame
from units.models import Unit


@signed_in
class League(ListPage):
    """One indicator over all units directly below, ranked. A month that is not over is not ranked: the last finished
    one is, for most units have not reported yet."""

    template_name = "reports/league.html"
    table_class = LeagueTable
    filterset_class = LeagueFilter
    export_name = "xep-hang"
    empty_text = gettext_lazy("No unit stands below this one in the month")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=kwargs["pk"])
        every = Indicator.objects.select_related("numerator", "denominator")
        self.indicator = get_object_or_404(every, pk=kwargs["indicator_pk"])
        asked = read_scope(unit, request.GET, request.user, timezone.localdate())
        self.running = asked.month if asked.is_running else None
        self.scope = replace(asked, month=compared_month(asked))
        return super().get(request, *args, **kwargs)

    @cached_property
    def rows(self) -> list[LeagueRow]:
        return league(self.scope, self.indicator)

    @cached_property
    def filterset(self) -> LeagueFilter:
        kinds = {row.unit.kind for row in self.rows}
        return LeagueFilter(self.request.GET, queryset=self.get_queryset(), request=self.request, kinds=kinds)

    def get_queryset(self) -> QuerySet[Any]:
        units: QuerySet[Any] = Unit.objects.filter(pk__in=[row.unit.pk for row in self.rows])
        return units.order_by("sort_key", "pk")

    @cached_property
    def chosen(self) -> list[LeagueRow]:
        """The rows that pass the filters; units are looked up by name only where a name was typed."""
        asked = self.filterset.form.cleaned_data if self.filterset.form.is_valid() else {}
        rows = self.rows
        if asked.get(SEARCH):
            found = set(self.filterset.qs.values_list("pk", flat=True))
            rows = [row for row in rows if row.unit.pk in found]
        kind, priority, move = (asked.get(name) for name in ("kind", "priority", "move"))
        return [
            row for row in rows
            if (not kind or row.unit.kind == kind)
            and (not priority or getattr(row.unit, priority))
            and (not move or row.move == move)
        ]  # fmt: skip

    def count(self) -> int:
        return len(self.chosen)

    def count_text(self, count: int) -> str:
        return _("%(count)s units") % {"count": format_number(count)}

    @cached_property
    def table(self) -> LeagueTable:
        table = LeagueTable(self.chosen, indicator=self.indicator, scope=self.scope)
        if len({row.unit.kind for row in self.rows}) < 2:
            table.columns.hide("level")
        table.order_by = self.request.GET.getlist(SORT) or ["level", "place"]
        return table

    def get_title(self) -> str:
        return _("League table: %(indicator)s") % {"indicator": self.indicator.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **kwargs, **frame(self.request, self.scope), "indicator": self.indicator, "running": self.running,
            "rule": RANKING_RULE, "without": sum(row.place is None for row in self.rows),
            "is_neutral": self.indicator.direction == Direction.NONE,
            "carried": parse_qsl(self.scope.query), "clear_url": f"{self.request.path}?{self.scope.query}",
        }  # fmt: skip
