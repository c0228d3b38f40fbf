"""The grid of a province over its communes: many units at once, one group of measures or one measure over months."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.keys import key_of
from core.numbers import format_number
from core.verdicts import require
from submissions import actions, drawing
from submissions.forms import CellsForm, ChosenForm, units_named_in
from submissions.models import ReportingPeriod, Submission
from submissions.permissions import may_type
from submissions.queries import Pair, load_sheets, province
from submissions.queries.overview import units_below
from submissions.queries.periods import permitted
from submissions.queries.review import drafts_to_send
from submissions.rules import lock_problem, place_problem
from submissions.views.base import PageOfPeriod, draft_name, grid_url
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

PER_PAGE = 25
SECTION, MEASURE = "phan", "so"


class _ProvinceGrid(PageOfPeriod):
    template_name = "submissions/province.html"
    form_class = CellsForm

    def load(self) -> None:
        super().load()
        query = self.request.GET
        rows = list(units_below(self.unit, self.period))
        found = province.layout(
            {unit.kind for unit in rows},
            self.period,
            section=query.get(SECTION, ""),
            measure_id=key_of(query.get(MEASURE, "")),
        )
        if found is None:
            raise Http404
        self.layout = found
        self.page_obj = Paginator(rows, PER_PAGE).get_page(query.get("page"))
        self.units = self._units(rows)
        self.sheets = load_sheets(rows, found.periods, {measure.pk for measure in found.measures})

    def _units(self, rows: list[Unit]) -> list[Unit]:
        """The units of this page; of a sent form those that it names, wherever they stand by now."""
        if self.request.method == "POST":
            named = units_named_in(self.request.POST)
            return [unit for unit in rows if unit.pk in named]
        return list(self.page_obj)

    @cached_property
    def typing_for(self) -> set[int]:
        """Those of the units shown for which the person may type."""
        keys = [unit.pk for unit in self.units]
        return set(units_with(self.person, Right.ENTER).filter(pk__in=keys).values_list("pk", flat=True))

    def form_arguments(self) -> dict[str, Any]:
        """Inputs where the person may type and the unit reports; a sent form keeps all that it names."""
        posted = self.request.method == "POST"
        open_pairs = [
            (unit.pk, period.pk)
            for unit in self.units
            for period in self.layout.periods
            if unit.pk in self.typing_for and (posted or not self._problem(unit, period))
        ]
        return {
            "sheets": {pair: self.sheets[pair] for pair in open_pairs},
            "measures": self.layout.measures,
            "notes": False,
            "closed_too": posted,
        }

    def _problem(self, unit: Unit, period: ReportingPeriod) -> str:
        is_permitted = (unit.pk, period.pk) in self.permits
        return place_problem(unit, period, today=self.today) or lock_problem(
            period, permitted=is_permitted, today=self.today
        )

    @cached_property
    def permits(self) -> set[Pair]:
        return permitted(self.units, self.layout.periods, self.today)

    def get_title(self) -> str:
        return self.unit.name

    def context(self) -> dict[str, Any]:
        sums = province.sums(self.sheets, self.layout.columns)
        return {
            "unit": self.unit,
            "period": self.period,
            "draft": draft_name(self.person, self.period, self.unit),
            "layout": self.layout,
            "columns": drawing.columns(self.layout, sums),
            "rows": drawing.unit_rows(self.units, self.layout.columns, self.sheets, self.form),
            "typing": bool(self.typing_for),
            "query": self.query(),
            "saved_at": self.saved_at(),
            "count": self.page_obj.paginator.count,
            "page_obj": self.page_obj,
            "page_range": self.page_obj.paginator.get_elided_page_range(self.page_obj.number),
            "breadcrumbs": self.breadcrumbs(),
            **self.neighbours(),
        }

    def show(self, form: Any) -> HttpResponseBase:
        self.form = form
        return super().show(form)

    def query(self) -> str:
        """The chosen columns and page, to be carried from address to address."""
        kept = {name: self.request.GET[name] for name in (SECTION, MEASURE, "page") if self.request.GET.get(name)}
        return f"?{urlencode(kept)}" if kept else ""

    def saved_at(self) -> datetime | None:
        """When a cell of these rows was last saved."""
        times = [sheet.submission.saved_at for sheet in self.sheets.values() if sheet.submission]
        return max((time for time in times if time), default=None)

    def success_url(self, result: Any) -> str:
        return grid_url("province", self.unit.pk, self.period.pk) + self.query()


@signed_in
class Province(_ProvinceGrid):
    http_method_names = ["get", "head", "options"]


@signed_in
class SaveProvince(_ProvinceGrid):
    """Stores the typed cells of all rows as drafts, all or none."""

    def load(self) -> None:
        super().load()
        for unit in self.units:
            if unit.pk not in self.typing_for:
                require(may_type(self.person, unit))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(grid_url("province", kwargs["unit"], kwargs["period"]) + self.query())

    def perform(self, form: CellsForm) -> Any:
        return actions.save_grid(edits=form.edits(), by=self.person, today=self.today)


@signed_in
class SendProvince(PageOfPeriod):
    """Sends the drafts of several units after they were looked over."""

    template_name = "submissions/province_send.html"
    form_class = ChosenForm
    submit_label = gettext_lazy("Send the ticked reports")

    def load(self) -> None:
        super().load()
        self.drafts = drafts_to_send(self.person, list(units_below(self.unit, self.period)), self.period)

    def get_title(self) -> str:
        return _("Send reports for %(period)s") % {"period": self.period.label}

    def perform(self, form: ChosenForm) -> list[Submission]:
        wanted = form.versions()
        chosen = [draft.submission for draft in self.drafts if draft.submission.pk in wanted]
        if len(chosen) != len(wanted):
            raise Http404
        return actions.send_submissions(submissions=chosen, by=self.person, today=self.today)

    def success_message(self, result: list[Submission]) -> str:
        return _("%(count)s reports have been sent for acceptance.") % {"count": format_number(len(result))}

    def success_url(self, result: Any) -> str:
        return grid_url("province", self.unit.pk, self.period.pk)

    def context(self) -> dict[str, Any]:
        return {"unit": self.unit, "period": self.period, "drafts": self.drafts, "breadcrumbs": self.breadcrumbs()}
