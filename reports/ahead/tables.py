"""The list of units with what lies ahead of each."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import format_number, format_percent
from core.periods import label
from core.tables import NOTHING, Column, MonthColumn, NumberColumn, Table
from core.templatetags.portal import status_badge
from programmes.models import Indicator
from reports.ahead.choices import MARKS, Arrival
from reports.ahead.rows import AheadRow


class ValueColumn(NumberColumn):
    """A value of the indicator of the page, as a percentage where it is one; the unit stands above the list."""

    def render(self, value: Any, table: AheadTable) -> str:  # type: ignore[override]  # asks for its table
        indicator = table.indicator
        if indicator.unit_label == "%":
            return format_percent(value, indicator.decimals)
        return format_number(value, indicator.decimals)


class AheadTable(Table):
    unit = Column(verbose_name=gettext_lazy("Unit"), accessor="unit__name", order_by="sort_key")
    value = ValueColumn(verbose_name=gettext_lazy("Value"))
    target = ValueColumn(verbose_name=gettext_lazy("Target"))
    missing = NumberColumn(verbose_name=gettext_lazy("Missing"))
    pace = NumberColumn(verbose_name=gettext_lazy("Pace a month"))
    needed = NumberColumn(verbose_name=gettext_lazy("Needed a month"))
    reached = MonthColumn(verbose_name=gettext_lazy("Reached in"), initial_sort_descending=True)
    between = Column(
        verbose_name=gettext_lazy("Between"), accessor="earliest", order_by="earliest", attrs={"cell": {"class": "num"}}
    )
    arrival = Column(verbose_name=gettext_lazy("Verdict"), order_by="urgency")

    def __init__(self, data: list[AheadRow], *, indicator: Indicator, addresses: dict[int, str], **kwargs: Any) -> None:
        self.indicator, self.addresses = indicator, addresses
        super().__init__(data, **kwargs)

    def render_unit(self, value: str, record: AheadRow) -> str:
        return format_html('<a href="{}">{}</a>', self.addresses[record.unit.pk], value)

    def value_unit(self, value: str) -> str:
        return value

    def render_between(self, record: AheadRow) -> str:
        return between_words(record) or NOTHING

    def value_between(self, record: AheadRow) -> str:
        return between_words(record)

    def render_arrival(self, value: Arrival) -> str:
        return status_badge(MARKS[value], value.label)

    def value_arrival(self, value: Arrival) -> str:
        return str(value.label)


def between_words(row: AheadRow) -> str:
    """«05/2028 – 11/2029»; open at the end where the slowest pace never arrives."""
    if row.earliest is None or row.earliest == row.latest:
        return ""
    if row.latest is None:
        return _("from %(month)s on") % {"month": label(row.earliest)}
    return f"{label(row.earliest)} – {label(row.latest)}"
