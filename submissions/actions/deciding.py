"""Accepting, returning and reopening reports. Acceptance writes the figures in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import label
from core.verdicts import require
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from submissions.actions.reminding import tell_of_return
from submissions.choices import SubmissionState
from submissions.models import Cell, ReturnedCell, Submission
from submissions.permissions import decides_at, may_decide, may_reopen, may_sign, not_own_entry
from submissions.queries import load_sheet
from submissions.queries.periods import permitted
from submissions.queries.review import own_entries
from submissions.rules import lock_problem

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 300


@transaction.atomic
def accept_submissions(
    *, submissions: Collection[Submission], by: User, seen: Mapping[int, int] | None = None
) -> list[Submission]:
    """Accept sent reports of one period: all or none. Their figures count in every total at once.

    `seen` is the version of each that was on the screen, by key. One that is already accepted is left as it is, so
    that a second click changes nothing. Raises Denied without the right or for an own entry, ValidationError for a
    report that is not waiting or has changed. A correction is accepted by itself: its reason belongs to its figures.
    """
    stored = _lock({submission.pk for submission in submissions})
    waiting = [submission for submission in stored if not submission.is_accepted]
    if not waiting:
        return []
    _require_decidable(waiting, by, seen)
    _require_one_kind(waiting)
    _write_figures(waiting, by)
    _close(waiting, by)
    return waiting


@transaction.atomic
def return_submission(
    *,
    submission: Submission,
    reason: str,
    by: User,
    cells: Mapping[int, str] | None = None,
    seen: int | None = None,
) -> Submission:
    """Give a report back for mending; the reason is shown wherever its enterer looks.

    An officer returns what was sent; the unit's leader gives back what waits for the signature. `cells` are the
    numbers to mend, by measure, each with what to check: only these open again. None named: all do.
    """
    stored = _lock({submission.pk})[0]
    require(may_sign(by, stored.unit) if stored.is_unsigned else may_decide(by, stored.unit))
    if stored.is_returned:
        return stored
    if not stored.is_unsigned:
        _require_waiting(stored, None if seen is None else {stored.pk: seen})
    _require_reason(reason)
    named = _named(stored, cells or {})
    _give_back(stored, by, reason=reason.strip(), named=[row.measure.code for row in named])
    ReturnedCell.objects.bulk_create(named)
    tell_of_return(submission=stored, cells=named, by=by)
    return stored


def _named(stored: Submission, cells: Mapping[int, str]) -> list[ReturnedCell]:
    """The numbers to mend; ValidationError for one that is not typed on this form."""
    typed = load_sheet(stored.unit, stored.period).typed if cells else {}
    if cells.keys() - typed.keys():
        raise ValidationError({"cells": _("Choose numbers of this form.")})
    return [
        ReturnedCell(submission=stored, measure=typed[measure_id], reason=text.strip()[:LONGEST_REASON])
        for measure_id, text in sorted(cells.items())
    ]


@transaction.atomic
def reopen_submission(*, submission: Submission, reason: str, by: User, today: date) -> Submission:
    """Open an accepted report for a correction. Its accepted figures stay in force until the correction is accepted.

    A locked period needs a late permit for the unit first.
    """
    stored = _lock({submission.pk})[0]
    require(may_reopen(by, stored.unit))
    if stored.is_open and stored.is_correction:
        return stored
    if not stored.is_accepted:
        raise ValidationError(_("Only an accepted report can be reopened for a correction."))
    _require_reason(reason)
    opened = bool(permitted([stored.unit], [stored.period], today))
    if text := lock_problem(stored.period, permitted=opened, today=today):
        raise ValidationError(text)
    stored.state, stored.correction_reason = SubmissionState.DRAFT, reason.strip()[:LONGEST_REASON]
    stored.signed_by = stored.signed_at = None
    stored.version += 1
    stored.save()
    _record(by, "submissions.reopen", stored, SubmissionState.ACCEPTED, reason)
    return stored


def _lock(keys: set[int]) -> list[Submission]:
    found = Submission.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(found.select_related("unit", "period__form__programme").order_by("unit_id", "period_id"))


def _require_decidable(waiting: Collection[Submission], by: User, seen: Mapping[int, int] | None) -> None:
    """Rights and own entries are asked once for all; only a refusal asks again, for its words."""
    decided = set(decides_at(by).filter(pk__in=[row.unit_id for row in waiting]).values_list("pk", flat=True))
    own = own_entries(by, waiting)
    for submission in waiting:
        if submission.unit_id not in decided:
            require(may_decide(by, submission.unit))
        _require_waiting(submission, seen)
        if submission.pk in own:
            require(not_own_entry(by, submission))


def _require_waiting(submission: Submission, seen: Mapping[int, int] | None) -> None:
    words = {"unit": submission.unit.name, "period": submission.period.label}
    if not submission.is_sent:
        raise ValidationError(_("The report of “%(unit)s” for %(period)s is not waiting for acceptance.") % words)
    if seen is not None and seen.get(submission.pk) != submission.version:
        changed = _("The report of “%(unit)s” for %(period)s has changed since you opened this page. Look at it again.")
        raise ValidationError(changed % words)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})


def _require_one_kind(submissions: Collection[Submission]) -> None:
    if len({submission.period_id for submission in submissions}) > 1:
        raise ValidationError(_("Accept reports of one period at a time."))
    if len(submissions) > 1 and any(submission.is_correction for submission in submissions):
        raise ValidationError(_("Open a correction and accept it by itself: its reason is kept with its figures."))


def _write_figures(submissions: Collection[Submission], by: User) -> None:
    """All figures in one call of the writer, which puts its rows into one order (no two officers block each other)."""
    owners = {submission.pk: submission for submission in submissions}
    first = next(iter(owners.values()))
    period = first.period
    entries = [
        Entry(owners[cell.submission_id].unit_id, cell.measure_id, period.month, cell.value, cell.note)
        for cell in Cell.objects.filter(submission__in=owners)
    ]
    sent = [timezone.localdate(submission.sent_at) for submission in submissions if submission.sent_at]
    record_figures(
        entries=entries,
        provenance=Provenance.SUBMISSION,
        by=by,
        reason=first.correction_reason,
        reference=f"{period.form.code} {label(period.month)}",
        as_of=min([period.ends_on, *sent]),
    )


def _close(waiting: Collection[Submission], by: User) -> None:
    """Mark the locked reports as accepted, with a few statements however many they are."""
    reason = next(iter(waiting)).correction_reason  # a correction comes by itself, the others have none
    before, keys = SubmissionState.SENT.value, [submission.pk for submission in waiting]
    values = {"state": SubmissionState.ACCEPTED, "decided_by": by, "decided_at": timezone.now()}
    values |= {"return_reason": "", "correction_reason": ""}
    Submission.objects.filter(pk__in=keys).update(version=F("version") + 1, **values)
    ReturnedCell.objects.filter(submission__in=keys).delete()
    for submission in waiting:
        for name, value in values.items():
            setattr(submission, name, value)
        submission.version += 1
    effects = (audit.Effect(row, row.unit_id, {"state": before}, {"state": row.state}) for row in waiting)
    audit.record_many(by=by, action="submissions.accept", effects=effects, reason=reason)


def _give_back(submission: Submission, by: User, *, reason: str, named: Collection[str]) -> None:
    before = submission.state
    submission.state, submission.decided_by, submission.decided_at = SubmissionState.RETURNED, by, timezone.now()
    # what is mended has to be signed again
    submission.return_reason, submission.signed_by, submission.signed_at = reason, None, None
    submission.version += 1
    submission.save()
    ReturnedCell.objects.filter(submission=submission).delete()
    _record(by, "submissions.return", submission, before, reason, {"cells": list(named)} if named else {})


def _record(
    by: User, action: str, submission: Submission, before: str, reason: str, more: Mapping[str, object] | None = None
) -> None:
    audit.record(
        by=by,
        action=action,
        obj=submission,
        unit_id=submission.unit_id,
        reason=reason,
        before={"state": before},
        after={"state": submission.state, **(more or {})},
    )
