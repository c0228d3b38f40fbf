"""What this room says about a planned reorganisation: reports of the units concerned that are still open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from core.periods import last_day
from submissions.choices import SubmissionState
from submissions.models import Submission
from units.reorganisation_checks import Decision, Findings, PlannedChange


def open_reports(change: PlannedChange) -> Findings:
    """Reports for months that the unit no longer ends go to its successor as drafts; earlier ones should be decided."""
    units = [unit.pk for unit in change.predecessors]
    found = (
        Submission.objects.filter(unit__in=units)
        .exclude(state=SubmissionState.ACCEPTED)
        .select_related("unit", "period__form")
    )
    return Findings(
        decisions=tuple(_decision(row, change) for row in found.order_by("unit__sort_key", "unit_id", "period__month"))
    )


def _decision(report: Submission, change: PlannedChange) -> Decision:
    late = last_day(report.period.month) >= change.on
    detail = _("goes to the successor as a draft") if late else _("stays with the unit: send or decide it")
    return Decision(
        title=_("Open report of %(unit)s: %(period)s") % {"unit": report.unit.name, "period": str(report.period)},
        detail=detail,
        url=reverse("submissions:grid", args=[report.period_id, report.unit_id]),
    )
