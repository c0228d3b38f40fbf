"""Who has reported: sums by child, units by period, and those that lag with their telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.export import Sheet, csv_response, xlsx_response
from core.lists import EXPORT, SORT, ListPage
from core.numbers import format_number
from submissions.choices import STANDING_TONES, Standing
from submissions.models import ReportingPeriod
from submissions.permissions import may_follow, may_type
from submissions.queries.completeness import Tallies, Tally, first_due, overdue, tallies
from submissions.queries.outlook import Outlook
from submissions.standing_filters import StandingFilter
from submissions.standing_tables import RANK, StandingColumn, StandingTable
from submissions.views.base import grid_url
from submissions.views.outlook import address, read_outlook, tabs_of
from units.models import Unit

TITLE = gettext_lazy("Who has reported")
EXPORT_NAME = "ai-da-bao-cao"
WORST_FIRST = (
    Standing.RETURNED, Standing.MISSING, Standing.DRAFT, Standing.UNSIGNED, Standing.NOT_DUE, Standing.LATE,
    Standing.UNTIMED, Standing.IN_TIME, Standing.ABSENT,
)  # fmt: skip


def frame(outlook: Outlook, route: str, request: HttpRequest) -> dict[str, Any]:
    """What all these pages show above their list: from where one looks, at what, and the ways to the others."""
    crumbs = [(TITLE, address(outlook, "completeness")), (outlook.scope.name, "")]
    return {
        "outlook": outlook,
        "breadcrumbs": crumbs,
        "due": first_due(outlook.period),
        "matrix_url": address(outlook, "standings"),
        "unsent_url": address(outlook, "standings", state="unsent"),
        "lagging_url": address(outlook, "lagging"),
        "remind_url": grid_url("remind", outlook.scope.pk, outlook.period.pk),
        "log_url": reverse("submissions:notice_log"),
        "sums_url": address(outlook, "completeness"),
        "may_follow": bool(may_follow(request.user, outlook.scope)),
        "excel_url": _excel_url(request, outlook),
        **tabs_of(outlook, route),
    }


def _excel_url(request: HttpRequest, outlook: Outlook) -> str:
    """Where an officer enters the reports of this period from the lists that the units sent; empty for others."""
    if not may_type(request.user, outlook.scope):
        return ""
    return grid_url("province_excel", outlook.scope.pk, outlook.period.pk)


def nothing(request: HttpRequest) -> HttpResponseBase:
    return render(request, "submissions/completeness.html", {"title": TITLE})


# --- sums by child ---------------------------------------------------------------------------------------------


@signed_in
@require_safe
def completeness(request: HttpRequest) -> HttpResponseBase:
    """One row for each child with the share that reported in each period; units that have no such children below
    them lead to the units themselves."""
    outlook = read_outlook(request)
    if outlook is None:
        return nothing(request)
    if not outlook.is_nested():
        return redirect(address(outlook, "standings"))
    rows, total = _sums(outlook, request.GET.get(SORT, ""))
    if request.GET.get(EXPORT) in ("csv", "xlsx"):
        return _export(outlook, rows, request.GET[EXPORT])
    context = {
        "title": TITLE,
        "rows": rows,
        "total": total,
        "chosen": total[outlook.periods.index(outlook.period)].tally,
        "sort": request.GET.get(SORT, ""),
        **frame(outlook, "completeness", request),
    }
    return render(request, "submissions/completeness.html", context)


@dataclass(frozen=True)
class Cell:
    """The sums of one child (or of all) in one period, with the tone of its mark and where it leads."""

    period: ReportingPeriod
    tally: Tally
    tone: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    unit: Unit
    url: str
    cells: tuple[Cell, ...]

    def cell(self, period: ReportingPeriod) -> Cell:
        return next(cell for cell in self.cells if cell.period == period)


def _sums(outlook: Outlook, sort: str) -> tuple[list[Row], list[Cell]]:
    found = tallies(outlook.scope, outlook.periods)
    children = Unit.objects.filter(path__in={path for path, _period in found}).in_order()
    rows = [_row(outlook, unit, found) for unit in children]
    if sort == "share":
        rows.sort(key=lambda row: row.cell(outlook.period).tally.share)
    sums = {period: sum((row.cell(period).tally for row in rows), Tally()) for period in outlook.periods}
    return rows, [_cell(outlook, period, tally) for period, tally in sums.items()]


def _row(outlook: Outlook, unit: Unit, found: Tallies) -> Row:
    base = address(outlook, "completeness", scope=unit, form=outlook.form)
    cells = tuple(
        _cell(outlook, period, found.get((unit.path, period.pk), Tally()), f"{base}&period={period.pk}")
        for period in outlook.periods
    )
    return Row(unit, f"{base}&period={outlook.period.pk}", cells)


def _cell(outlook: Outlook, period: ReportingPeriod, tally: Tally, url: str = "") -> Cell:
    """Complete, incomplete though a due date is over, or still under way."""
    due = first_due(period)
    over = due is not None and due < outlook.today
    return Cell(period, tally, "good" if not tally.unsent else "bad" if over else "plain", url)


def _export(outlook: Outlook, rows: Sequence[Row], kind: str) -> HttpResponseBase:
    header = [_("Unit"), _("Period"), _("Units that owe it"), _("Sent in time"), _("Sent late"),
              _("Has figures, day unknown"), _("Returned, to be mended"), _("Not sent")]  # fmt: skip

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            for cell in row.cells:
                if (one := cell.tally).expected:
                    yield [row.unit.name, cell.period.label, one.expected, one.in_time, one.late, one.untimed,
                           one.returned, one.unsent]  # fmt: skip

    if kind == "csv":
        return csv_response(EXPORT_NAME, [header, *lines()])
    return xlsx_response(EXPORT_NAME, [Sheet(str(TITLE), header, lines())])


# --- units by period -------------------------------------------------------------------------------------------


class OutlookList(ListPage):
    """A list of the units below, narrowed by what the address says of unit, form and period."""

    route: ClassVar[str]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        outlook = read_outlook(request)
        if outlook is None:
            return nothing(request)
        self.outlook: Outlook = outlook
        return super().get(request, *args, **kwargs)

    @cached_property
    def late_kinds(self) -> dict[int, list[str]]:
        return overdue(self.outlook.periods, self.outlook.today)

    @cached_property
    def filterset(self) -> StandingFilter:
        return StandingFilter(
            self.request.GET, queryset=self.get_queryset(), request=self.request, outlook=self.outlook
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clear = address(self.outlook, self.route)
        return {**kwargs, **frame(self.outlook, self.route, self.request), "clear_url": clear}


@signed_in
class Standings(OutlookList):
    """Each unit below with its standing in the last periods; every cell leads to the report."""

    template_name = "submissions/standings.html"
    table_class = StandingTable
    title = TITLE
    empty_text = gettext_lazy("No unit below owes this report")
    export_name = EXPORT_NAME
    route = "standings"

    def get_queryset(self) -> QuerySet[Any]:
        rank = Case(
            *(When(**{self.outlook.key: standing}, then=Value(place)) for place, standing in enumerate(WORST_FIRST)),
            output_field=IntegerField(),
        )
        return self.outlook.with_standings().annotate(**{RANK: rank})  # type: ignore[no-any-return]

    @cached_property
    def table(self) -> StandingTable:
        columns = [
            (f"p{period.pk}", StandingColumn(period, self.late_kinds[period.pk], chosen=period == self.outlook.period))
            for period in self.outlook.periods
        ]
        table = StandingTable(self.filterset.qs, extra_columns=columns)
        if sort := self.request.GET.getlist(SORT):
            table.order_by = sort
        return table

    def count_text(self, count: int) -> str:
        return _("%(count)s units; filters apply to %(period)s") % {
            "count": format_number(count),
            "period": self.outlook.period.label,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        legend = [(STANDING_TONES[standing], standing.label) for standing in Standing if standing != Standing.ABSENT]
        together = tallies(self.outlook.scope, [self.outlook.period], steps=0)
        chosen = together.get((self.outlook.scope.path, self.outlook.period.pk), Tally())
        return super().get_context_data(**kwargs, legend=legend, chosen=chosen, nested=self.outlook.is_nested())
