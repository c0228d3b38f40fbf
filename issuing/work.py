"""The work of the room for the ledger of jobs: a snapshot where one is asked for, then the three files."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.verdicts import Denied, require
from issuing.actions import making
from issuing.models import IssuedReport
from issuing.permissions import may_draft
from jobs.registry import Progress, Result, handler


@handler(making.WORK, gettext_lazy("Making a report"))
def make(progress: Progress) -> Result:
    """The figures are three quarters of the work. A template that cannot be filled in is told to its unit."""
    report = IssuedReport.objects.select_related("unit", "programme", "replaces").get(pk=progress.arguments["report"])
    if progress.by is not None:
        require(may_draft(progress.by, report.unit))
    number = progress.arguments["snapshot"]
    taken = report.snapshot
    if number and report.is_draft:
        taken = making.take_snapshot(
            report, number, progress.by, timezone.localdate(), lambda done, total: progress.step(done * 3, total * 4)
        )
    if taken is None:
        raise Denied(_("The report has no figures yet."))
    try:
        making.make_files(report, taken, lambda done, total: progress.step(total * 3 + done, total * 4))
    except ValidationError as refusal:
        raise Denied(" ".join(refusal.messages)) from refusal
    return Result(message=_("Word, PDF and Excel are ready."))
