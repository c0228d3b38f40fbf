"""Who may draft, issue and withdraw reports, and keep their templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.verdicts import Verdict, denied
from issuing.models import IssuedReport
from units.choices import Right
from units.models import Unit
from units.permissions import may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_draft(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Draft, issue, withdraw and replace reports of the unit; keep its templates."""
    return may(user, Right.ISSUE, unit)


def may_change(user: User | AnonymousUser, report: IssuedReport) -> Verdict:
    """Change text and figures: of a draft only, for what was issued is what others hold in their hands."""
    if not report.is_draft:
        return denied(_("The report has been issued. Draw up a report in its place to change anything."))
    return may_draft(user, report.unit)


def may_make(user: User | AnonymousUser, report: IssuedReport) -> Verdict:
    """Make the files: of a draft at any time, of an issued report until it has those with its number."""
    if not report.is_draft and report.files.filter(numbered=True).exists():
        return denied(_("The files of an issued report are made once and stay as they are."))
    return may_draft(user, report.unit)


def may_withdraw(user: User | AnonymousUser, report: IssuedReport) -> Verdict:
    if not report.is_issued:
        return denied(_("Only an issued report can be withdrawn."))
    return may_draft(user, report.unit)


def may_replace(user: User | AnonymousUser, report: IssuedReport) -> Verdict:
    """An amended copy of what was issued, once at a time."""
    if report.is_draft:
        return denied(_("A draft is changed, not replaced."))
    return may_draft(user, report.unit)
