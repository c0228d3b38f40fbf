"""The gap list: who still has no fit computer, how urgent, and what will fill it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.lists import ListPage
from core.numbers import format_number
from equipment.filters import GapFilters, units_inside
from equipment.queries.gaps import GapCount, count_states, gap_list, gap_notes, reporting_units
from equipment.queries.gifts import LineBalance, open_lines
from equipment.tables import GapTable
from equipment.views.frame import room_tabs
from units.choices import Right
from units.models import Unit
from units.permissions import may_anywhere
from units.queries import path_names


@signed_in
class GapList(ListPage):
    """Communes and attached units without a fit computer, the most urgent first."""

    template_name = "equipment/gaps.html"
    title = gettext_lazy("Units without a fit computer")
    table_class = GapTable
    filterset_class = GapFilters
    export_name = "don-vi-con-thieu-may-tinh"
    empty_text = gettext_lazy("Every unit that you see has a fit computer.")

    def get_queryset(self) -> Any:
        return gap_list(self.request.user, timezone.localdate())

    @cached_property
    def counted(self) -> GapCount:
        """All units of the chosen province, those with a fit computer included."""
        units = reporting_units(self.request.user, timezone.localdate())
        province = self.filterset.form.cleaned_data.get("province") if self.filterset.form.is_valid() else None
        return count_states(units.filter(pk__in=units_inside(province)) if province else units)

    def count_text(self, count: int) -> str:
        words = {"units": format_number(self.counted.units), "lacking": format_number(self.counted.lacking)}
        text = _("%(units)s units, %(lacking)s without a fit computer") % words
        if self.counted.unknown:
            text += ", " + _("%(n)s not declared") % {"n": format_number(self.counted.unknown)}
        return text if count == self.counted.missing else _("%(text)s; %(n)s shown") % {"text": text, "n": count}

    def page_context(self) -> dict[str, Any]:
        context = super().page_context()
        self._describe([row.record for row in self.table.page.object_list])
        lines = self._lines()
        self.table.choosing = bool(lines)
        if len(set(self.table.places.values())) == 1:
            self.table.columns.hide("province")  # says the same in every row
        return {**context, "counted": self.counted, "lines": lines, "tabs": room_tabs(self.request, "gaps")}

    def export(self, kind: str) -> HttpResponseBase:
        self._describe(list(self.filterset.qs))
        return super().export(kind)

    def _describe(self, units: list[Unit]) -> None:
        keys = [unit.pk for unit in units]
        self.table.notes = gap_notes(keys, self.request.user, timezone.localdate())
        self.table.places = path_names(units)

    def _lines(self) -> list[LineBalance]:
        """Gift lines from which the person may fill a gap."""
        if not may_anywhere(self.request.user, Right.GIVE):
            return []
        return [row for row in open_lines(self.request.user) if row.line.kind.is_computer]

    def empty_link(self) -> tuple[str, str]:
        return reverse("equipment:items"), _("See the machines")
