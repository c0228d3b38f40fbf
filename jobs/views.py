"""My jobs: what I asked for, how far it is, and its result."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.lists import ListPage
from jobs.models import Job, JobState
from jobs.tables import JobTable


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
    over = job.state in {JobState.DONE, JobState.PARKED}
    return render(request, template, {"job": job, "over": over})


@signed_in
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The result file, to the person who asked for it and nobody else."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)
