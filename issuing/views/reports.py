"""The list of reports, one report with its figures and files, and the way to each file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.lists import ListPage
from core.numbers import format_number
from issuing import wording
from issuing.choices import REPORT_TONES, FileKind
from issuing.filters import ReportFilters
from issuing.models import IssuedReport, ReportFile, Snapshot, SnapshotRow
from issuing.permissions import may_draft, may_make
from issuing.queries.changed import Change, changes_since
from issuing.queries.templates import template_for
from issuing.tables import ReportTable
from programmes.choices import Basis, Status
from units.choices import Right
from units.permissions import may_anywhere

NAMES = {
    "value": gettext_lazy("result"),
    "before": gettext_lazy("same period last year"),
    "in_period": gettext_lazy("in the period"),
}


@signed_in
class ReportList(ListPage):
    title = gettext_lazy("Issued reports")
    lead = gettext_lazy("Periodic reports in the layout of Decree 30/2020; their figures are frozen and numbered.")
    table_class = ReportTable
    filterset_class = ReportFilters
    export_name = "bao-cao-phat-hanh"
    empty_text = gettext_lazy("No report has been drawn up yet.")

    def get_queryset(self) -> QuerySet[Any]:
        return IssuedReport.objects.visible_to(self.request.user).select_related("unit", "programme")

    def count_text(self, count: int) -> str:
        return _("%(count)s reports") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.ISSUE):
            return None
        return reverse("issuing:add"), _("Draw up a report")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "actions": [(_("Word templates"), reverse("issuing:templates"), "word")]}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, what changed since, its files, its text and its figures."""
    visible = IssuedReport.objects.visible_to(request.user)
    report = get_object_or_404(visible.select_related("unit", "programme", "job", "replaces", "issued_by"), pk=pk)
    if getattr(request, "htmx", False) and request.htmx.target == "report-progress":  # type: ignore[attr-defined]
        return _progress(request, report)
    return render(request, "issuing/detail.html", _context(request, report))


@signed_in
@require_safe
def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of a report, to whom the report is visible."""
    report = get_object_or_404(IssuedReport.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(report.files.all(), pk=file)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.download_name,
        content_type=FileKind(found.kind).content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _progress(request: HttpRequest, report: IssuedReport) -> HttpResponse:
    """The moving part; once the work is over, the browser loads the page with its result."""
    response = render(request, "issuing/progress.html", {"report": report})
    if not report.at_work:
        response["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest, report: IssuedReport) -> dict[str, Any]:
    taken, mine = report.snapshot, bool(may_draft(request.user, report.unit))
    rows = list(taken.rows.select_related("indicator").order_by("place")) if taken else []
    files = list(report.files.select_related("snapshot", "template"))
    today = timezone.localdate()
    changes = [] if report.at_work else changes_since(report, today)
    return {
        "report": report,
        "tone": REPORT_TONES[report.state],
        "snapshot": taken,
        "reading": Basis(taken.basis).label if taken else "",
        "figures": [_figure(row) for row in rows],
        "changes": [_change(one) for one in changes],
        "changed_title": _changed_title(report, len(changes)),
        "files": _newest(files),
        "older_files": _older(files),
        "outdated": _is_outdated(report, taken, files),
        "template": template_for(report.unit),
        "texts": _texts(report, rows),
        "may_draft": mine,
        "may_make": mine and not report.at_work and bool(may_make(request.user, report)),
        "breadcrumbs": [(_("Issued reports"), reverse("issuing:list")), (report.code or report.period.label, "")],
    }


def _changed_title(report: IssuedReport, count: int) -> str:
    number = {"count": format_number(count)}
    if report.is_draft:
        return _("%(count)s figures have changed since the snapshot was taken") % number
    return _("%(count)s figures have changed since the report was issued") % number


def _newest(files: list[ReportFile]) -> list[ReportFile]:
    """The newest of each kind, in the order of the kinds."""
    by_kind: dict[str, ReportFile] = {}
    for one in files:  # the newest comes first
        by_kind.setdefault(one.kind, one)
    return [by_kind[kind] for kind in FileKind.values if kind in by_kind]


def _older(files: list[ReportFile]) -> list[ReportFile]:
    newest = {one.pk for one in _newest(files)}
    return [one for one in files if one.pk not in newest]


def _is_outdated(report: IssuedReport, taken: Snapshot | None, files: list[ReportFile]) -> bool:
    """Whether text or figures are newer than the files."""
    return any(one.made_at < report.edited_at or one.snapshot_id != (taken and taken.pk) for one in _newest(files))


def _figure(row: SnapshotRow) -> dict[str, Any]:
    """A row as its page shows it; what is not known is left out beside the number it belongs to."""

    def unless_nothing(text: str) -> str:
        return "" if text == wording.NOTHING else text

    return {
        "row": row,
        "value": wording.amount(row, row.value),
        "fraction": wording.fraction(row),
        "in_period": unless_nothing(wording.amount(row, row.in_period)),
        "before": wording.amount(row, row.before),
        "difference": unless_nothing(wording.difference(row)),
        "plan": wording.plan(row),
        "of_plan": unless_nothing(wording.of_plan(row)),
        "status": row.status if row.status != Status.NONE else "",
        "known": row.reported + row.carried,
    }


def _change(change: Change) -> dict[str, Any]:
    return {"row": change.row, "name": NAMES[change.name], "then": change.then, "now": change.now}


def _texts(report: IssuedReport, rows: list[SnapshotRow]) -> list[tuple[str, str]]:
    """The parts as they will read, with the numbers of the snapshot in place of their codes."""
    by_code = {row.code: row for row in rows}
    parts = (
        (_("Assessment"), report.assessment),
        (_("Difficulties and obstacles"), report.difficulties),
        (_("Main tasks ahead"), report.tasks),
        (_("Proposals and petitions"), report.proposals),
    )
    return [(title, wording.with_figures(text, by_code)) for title, text in parts]
