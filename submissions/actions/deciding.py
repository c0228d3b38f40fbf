"""Accepting, returning and reopening reports. Acceptance writes the figures in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import label, last_day
from core.verdicts import require
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from submissions.choices import SubmissionState
from submissions.models import Cell, Submission
from submissions.permissions import may_decide, may_reopen, not_own_entry

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 300


@transaction.atomic
def accept_submissions(
    *, submissions: Collection[Submission], by: User, seen: Mapping[int, int] | None = None
) -> list[Submission]:
    """Accept sent reports of one month: all or none. Their figures count in every total at once.

    `seen` is the version of each that was on the screen, by key. One that is already accepted is left as it is, so
    that a second click changes nothing. Raises Denied without the right or for an own entry, ValidationError for a
    report that is not waiting or has changed. A correction is accepted by itself: its reason belongs to its figures.
    """
    stored = _lock({submission.pk for submission in submissions})
    waiting = [submission for submission in stored if not submission.is_accepted]
    for submission in waiting:
        require(may_decide(by, submission.unit))
        _require_waiting(submission, seen)
        require(not_own_entry(by, submission))
    _require_one_kind(waiting)
    if waiting:
        _write_figures(waiting, by)
    for submission in waiting:
        _decide(submission, SubmissionState.ACCEPTED, by, reason=submission.correction_reason)
    return waiting


@transaction.atomic
def return_submission(*, submission: Submission, reason: str, by: User, seen: int | None = None) -> Submission:
    """Give a sent report back for mending; the reason is shown wherever its enterer looks."""
    stored = _lock({submission.pk})[0]
    require(may_decide(by, stored.unit))
    if stored.is_returned:
        return stored
    _require_waiting(stored, None if seen is None else {stored.pk: seen})
    _require_reason(reason)
    _decide(stored, SubmissionState.RETURNED, by, reason=reason.strip())
    return stored


@transaction.atomic
def reopen_submission(*, submission: Submission, reason: str, by: User) -> Submission:
    """Open an accepted report for a correction. Its accepted figures stay in force until the correction is accepted."""
    stored = _lock({submission.pk})[0]
    require(may_reopen(by, stored.unit))
    if stored.is_open and stored.is_correction:
        return stored
    if not stored.is_accepted:
        raise ValidationError(_("Only an accepted report can be reopened for a correction."))
    _require_reason(reason)
    stored.state, stored.correction_reason = SubmissionState.DRAFT, reason.strip()[:LONGEST_REASON]
    stored.version += 1
    stored.save(update_fields=["state", "correction_reason", "version"])
    _record(by, "submissions.reopen", stored, SubmissionState.ACCEPTED, reason)
    return stored


def _lock(keys: set[int]) -> list[Submission]:
    found = Submission.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=keys)
    return list(found.order_by("unit_id", "period"))


def _require_waiting(submission: Submission, seen: Mapping[int, int] | None) -> None:
    words = {"unit": submission.unit.name, "month": label(submission.period)}
    if not submission.is_sent:
        raise ValidationError(_("The report of “%(unit)s” for %(month)s is not waiting for acceptance.") % words)
    if seen is not None and seen.get(submission.pk) != submission.version:
        changed = _("The report of “%(unit)s” for %(month)s has changed since you opened this page. Look at it again.")
        raise ValidationError(changed % words)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})


def _require_one_kind(submissions: Collection[Submission]) -> None:
    if len({submission.period for submission in submissions}) > 1:
        raise ValidationError(_("Accept reports of one month at a time."))
    if len(submissions) > 1 and any(submission.is_correction for submission in submissions):
        raise ValidationError(_("Open a correction and accept it by itself: its reason is kept with its figures."))


def _write_figures(submissions: Collection[Submission], by: User) -> None:
    """All figures in one call of the writer, which puts its rows into one order (no two officers block each other)."""
    owners = {submission.pk: submission for submission in submissions}
    first = next(iter(owners.values()))
    entries = [
        Entry(owners[cell.submission_id].unit_id, cell.measure_id, first.period, cell.value, cell.note)
        for cell in Cell.objects.filter(submission__in=owners)
    ]
    sent = [timezone.localdate(submission.sent_at) for submission in submissions if submission.sent_at]
    record_figures(
        entries=entries,
        provenance=Provenance.SUBMISSION,
        by=by,
        reason=first.correction_reason,
        reference=f"BC {label(first.period)}",
        as_of=min([last_day(first.period), *sent]),
    )


def _decide(submission: Submission, state: SubmissionState, by: User, *, reason: str) -> None:
    submission.state, submission.decided_by, submission.decided_at = state, by, timezone.now()
    submission.return_reason = reason if state == SubmissionState.RETURNED else ""
    if state == SubmissionState.ACCEPTED:
        submission.correction_reason = ""
    submission.version += 1
    submission.save(
        update_fields=["state", "decided_by", "decided_at", "return_reason", "correction_reason", "version"]
    )
    verb = "submissions.accept" if state == SubmissionState.ACCEPTED else "submissions.return"
    _record(by, verb, submission, SubmissionState.SENT, reason)


def _record(by: User, action: str, submission: Submission, before: SubmissionState, reason: str) -> None:
    audit.record(
        by=by,
        action=action,
        obj=submission,
        unit_id=submission.unit_id,
        reason=reason,
        before={"state": before},
        after={"state": submission.state},
    )
