"""My jobs: what I asked for, how far it is, its result. For those who keep the portal: all work, and trying again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.lists import ListPage
from core.pages import FormPage
from jobs import actions
from jobs.filters import LedgerFilter
from jobs.models import Job
from jobs.tables import JobTable, LedgerTable

KEEPERS = "right.reorganise"  # work has no unit: who keeps the whole country keeps it


@signed_in
class JobList(ListPage):
    """The jobs of the person who asks."""

    title = _("My background work")
    table_class = JobTable
    empty_text = _("You have not asked for any long work yet. Exports and recalculations appear here.")

    def get_queryset(self) -> QuerySet[Any]:
        return Job.objects.visible_to(self.request.user)


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress of one job; the partial polls itself until the work is over."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "jobs/progress.html" if getattr(request, "htmx", False) else "jobs/detail.html"
    return render(request, template, {"job": job, "over": job.is_over})


@signed_in
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The result file, to the person who asked for it and nobody else."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)


@needs(KEEPERS)
class Ledger(ListPage):
    """All work, whoever asked for it; parked work can be tried again."""

    table_class = LedgerTable
    filterset_class = LedgerFilter
    title = _("All background work")
    lead = _("Work that failed three times is parked until somebody tries it again.")
    empty_text = _("Nobody has asked for any long work yet")
    export_name = "viec-nen"

    def get_queryset(self) -> QuerySet[Any]:
        return Job.objects.select_related("asked_by")


@needs(KEEPERS)
class Retry(FormPage):
    """Three new attempts for parked work."""

    title = _("Try again")
    submit_label = _("Try again")
    message = _("The work will be tried again.")

    def load(self) -> None:
        self.job: Job = self.fetch(Job.objects.select_related("asked_by"), pk=self.kwargs["pk"])

    def perform(self, form: Any) -> Job:
        return actions.retry(job=self.job, by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("jobs:ledger")

    def context(self) -> dict[str, Any]:
        return {"kicker": self.job.title, "note": self.job.message}
