"""Issued reports whose numbers have been corrected since, and drafts that wait for their number, on the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.numbers import format_number
from issuing.choices import ReportState
from issuing.models import IssuedReport
from units.choices import Right
from units.duties import Duty
from units.permissions import granted_units, rights_now

if TYPE_CHECKING:
    from accounts.models import User

KIND = "report"
MOST = 5


def report_duties(user: User) -> list[Duty]:
    """Of the person's own units: those below answer for theirs. A report that was replaced asks for nothing."""
    if Right.ISSUE not in rights_now(user):
        return []
    home = IssuedReport.objects.filter(unit__in=granted_units(user, Right.ISSUE).order_by().values("pk"))
    changed = Q(state=ReportState.ISSUED, changed__gt=0, replacements__isnull=True)
    found = list(home.filter(changed | Q(state=ReportState.DRAFT)).select_related("unit", "programme"))
    drafts = [one for one in found if one.state == ReportState.DRAFT]
    issued = [one for one in found if one.state != ReportState.DRAFT]
    return [*map(_changed, issued[:MOST]), *map(_draft, drafts[:MOST])]


def _changed(report: IssuedReport) -> Duty:
    title = _("%(count)s figures of report %(number)s have changed since it was issued")
    return _duty(report, title % {"count": format_number(report.changed), "number": report.code})


def _draft(report: IssuedReport) -> Duty:
    return _duty(report, _("Finish the report: %(report)s") % {"report": report})


def _duty(report: IssuedReport, title: str) -> Duty:
    detail = f"{report.unit.name} · {report.programme.short_name} · {report.period.label}"
    return Duty(title=title, url=reverse("issuing:detail", args=[report.pk]), detail=detail, kind=KIND)
