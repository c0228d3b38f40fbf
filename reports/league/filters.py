"""Narrowing a league table. Places are computed, so the page applies what is chosen to its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet
from reports.league.choices import Move
from units.choices import UnitKind
from units.filters import PRIORITIES, UnitSearch


class LeagueFilter(FilterSet):
    q = UnitSearch(["search"], label=_("Name of the unit"))
    kind = ChoiceFilter(choices=UnitKind.choices, label=_("Level"), method="afterwards")
    priority = ChoiceFilter(choices=PRIORITIES, label=_("Priority"), method="afterwards")
    move = ChoiceFilter(choices=Move.choices, label=_("Against the month before"), method="afterwards")

    def __init__(self, *args: Any, kinds: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(key, words) for key, words in UnitKind.choices if key in kinds]
        if len(offered) < 2:
            del self.filters["kind"]
        else:
            self.filters["kind"].extra["choices"] = offered

    def afterwards(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset
