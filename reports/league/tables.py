"""The league table: unit, place, value and its parts, places gained and lost. Every number leads to what makes it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import format_number
from core.tables import Column, NumberColumn, Table
from programmes.models import Indicator
from reports.drawing import unit_indicator_url
from reports.league.choices import BACK
from reports.league.rows import LeagueRow
from reports.queries.dashboard import value_text
from reports.queries.scope import Scope


class GainColumn(NumberColumn):
    """Places gained since a month, with the place held then; leads to the ranking of that month."""

    def __init__(self, *args: Any, since: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def render(self, value: int, record: LeagueRow, table: LeagueTable) -> str:  # type: ignore[override]  # asks for more
        sign, words = _direction(value)
        mark = format_html('<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', sign, words)
        held = _("from %(place)s") % {"place": record.before[self.since]}
        tail = format_html(' <span class="muted">{}</span>', held) if value else ""
        places = f" {format_number(abs(value))}" if value else ""
        return format_html('<span><a href="{}">{}{}</a>{}</span>', table.then[self.since], mark, places, tail)


class PlaceBefore(NumberColumn):
    """Only in files: the place held so many months before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, visible=False, **kwargs)


class LeagueTable(Table):
    unit = Column(verbose_name=gettext_lazy("Unit"), accessor="unit__name", order_by="sort_key")
    place = NumberColumn(verbose_name=gettext_lazy("Rank"), initial_sort_descending=False)
    of = NumberColumn(verbose_name=gettext_lazy("Units with a place"), visible=False)
    level = Column(verbose_name=gettext_lazy("Level"), accessor="unit__get_kind_display", order_by="level")
    value = NumberColumn(verbose_name=gettext_lazy("Value"))
    numerator = NumberColumn(verbose_name=gettext_lazy("Numerator"))
    denominator = NumberColumn(verbose_name=gettext_lazy("Denominator"))
    month = GainColumn(verbose_name=gettext_lazy("In 1 month"), since="month")
    quarter = GainColumn(verbose_name=gettext_lazy("In 3 months"), since="quarter")
    year = GainColumn(verbose_name=gettext_lazy("In 12 months"), since="year")
    place_month = PlaceBefore(verbose_name=gettext_lazy("Place 1 month before"), accessor="before__month")
    place_quarter = PlaceBefore(verbose_name=gettext_lazy("Place 3 months before"), accessor="before__quarter")
    place_year = PlaceBefore(verbose_name=gettext_lazy("Place 12 months before"), accessor="before__year")

    def __init__(self, data: list[LeagueRow], *, indicator: Indicator, scope: Scope, **kwargs: Any) -> None:
        self.indicator, self.scope = indicator, scope
        self.then = {
            since: league_url(indicator, replace(scope, month=scope.month - back)) for since, back in BACK.items()
        }
        unneeded = [] if indicator.is_ratio else ["numerator", "denominator"]
        super().__init__(data, exclude=unneeded, **kwargs)

    def render_place(self, value: int, record: LeagueRow) -> str:
        return format_html('<span><strong>{}</strong><span class="muted">/{}</span></span>', value, record.of)

    def value_place(self, value: int) -> int:
        return value

    def render_unit(self, value: str, record: LeagueRow) -> str:
        return format_html('<a href="{}">{}</a>', unit_indicator_url(record.unit, self.indicator, self.scope), value)

    def value_unit(self, value: str) -> str:
        return value

    def render_value(self, value: Decimal, record: LeagueRow) -> str:
        address, words = unit_indicator_url(record.unit, self.indicator, self.scope), value_text(self.indicator, value)
        note = _("estimate") if record.point.estimated else _("of an earlier month") if record.carried else ""
        tail = format_html(' <span class="muted">{}</span>', note) if note else ""
        return format_html('<span><a href="{}">{}</a>{}</span>', address, words, tail)

    def value_value(self, value: Decimal) -> Decimal:
        return value

    def render_numerator(self, value: Decimal, record: LeagueRow) -> str:
        return self._figure(record, self.indicator.numerator_id, value)

    def value_numerator(self, value: Decimal) -> Decimal:
        return value

    def render_denominator(self, value: Decimal, record: LeagueRow) -> str:
        return self._figure(record, self.indicator.denominator_id, value)

    def value_denominator(self, value: Decimal) -> Decimal:
        return value

    def _figure(self, record: LeagueRow, measure_id: int | None, value: Decimal) -> str:
        address = reverse("reports:figure", args=[record.unit.pk, measure_id, self.scope.month])
        return format_html('<a href="{}?{}">{}</a>', address, self.scope.query, format_number(value))


def league_url(indicator: Indicator, scope: Scope) -> str:
    return f"{reverse('reports:league', args=[scope.unit.pk, indicator.pk])}?{scope.query}"


def _direction(gained: int) -> tuple[str, str]:
    """The sign and the word for those who hear the page."""
    if gained == 0:
        return "=", _("same place")
    return ("▲", _("up")) if gained > 0 else ("▼", _("down"))
