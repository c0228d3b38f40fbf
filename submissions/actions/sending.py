"""Sending reports for acceptance, signed by the unit's leader where the form asks it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from submissions.actions.claiming import closed_reason
from submissions.choices import SubmissionState
from submissions.models import Submission
from submissions.permissions import may_send, may_sign
from submissions.queries import Sheet, load_sheet
from submissions.queries.periods import permitted
from submissions.rules import findings, lock_problem, missing, place_problem, problems, too_early

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def send_submission(*, submission: Submission, by: User, today: date, seen: int | None = None) -> Submission:
    """Send a draft or a returned report: to the unit's leader if the form is signed, else for acceptance.

    The leader who sends signs with it. One that is already on its way stays as it is. `seen` is the version that was
    on the screen. Raises Denied without the right at the unit; ValidationError by `str(key)` for cells that need
    mending or a note, or for the whole where there is nothing to send or it has changed.
    """
    stored = _lock(submission)
    require(may_send(by, stored.unit))
    if stored.is_sent or stored.is_unsigned:
        return stored
    if not stored.is_open:
        raise ValidationError(closed_reason(stored))
    _refuse_unseen(stored, seen)
    refuse_unsendable(load_sheet(stored.unit, stored.period), today=today)
    if not stored.period.form.signed:
        return _send(stored, by)
    if may_sign(by, stored.unit):
        return _sign(stored, by)
    return _hand_over(stored, by)


@transaction.atomic
def sign_submission(*, submission: Submission, by: User, today: date, seen: int | None = None) -> Submission:
    """The leader of the unit signs what waits for the signature; with that it is sent.

    `seen` is the version that was on the screen. Raises Denied without the right, ValidationError where the report
    does not wait, has changed, or may no longer be sent.
    """
    stored = _lock(submission)
    require(may_sign(by, stored.unit))
    if stored.is_sent:
        return stored
    if not stored.is_unsigned:
        raise ValidationError(_("This report does not wait for a signature."))
    _refuse_unseen(stored, seen)
    refuse_unsendable(load_sheet(stored.unit, stored.period), today=today)
    return _sign(stored, by)


@transaction.atomic
def take_back(*, submission: Submission, by: User) -> Submission:
    """Open a report again that waits for its signature or for acceptance: it counts as not sent."""
    stored = _lock(submission)
    require(may_send(by, stored.unit))
    if stored.is_open:
        return stored
    if stored.is_accepted:
        raise ValidationError(closed_reason(stored))
    before = stored.state
    stored.state = SubmissionState.DRAFT
    stored.signed_by = stored.signed_at = stored.arrived_at = None
    return _store(stored, "submissions.take_back", by, before)


@transaction.atomic
def send_submissions(*, submissions: Iterable[Submission], by: User, today: date) -> list[Submission]:
    """Send several, all or none; the refusal names the unit that holds them up."""
    sent = []
    for submission in sorted(submissions, key=lambda row: row.pk):
        try:
            sent.append(send_submission(submission=submission, by=by, today=today))
        except ValidationError as refusal:
            words = {
                "unit": submission.unit.name,
                "period": submission.period.label,
                "reason": refusal.messages[0],
            }
            raise ValidationError(_("%(unit)s, %(period)s: %(reason)s") % words) from refusal
    return sent


def refuse_unsendable(sheet: Sheet, *, today: date) -> None:
    """ValidationError unless the sheet may go out as it stands."""
    opened = bool(permitted([sheet.unit], [sheet.period], today))
    text = (
        place_problem(sheet.unit, sheet.period, today=today)
        or lock_problem(sheet.period, permitted=opened, today=today)
        or too_early(sheet.period, today=today)
    )
    if text:
        raise ValidationError(text)
    cells = sheet.facts.cells
    if not any(cell.value is not None for cell in cells.values()) and not sheet.facts.recorded.keys() & cells.keys():
        raise ValidationError(_("No number has been entered yet. Enter at least one before sending."))
    if found := obstacles(sheet):
        raise ValidationError({str(sheet.key(measure_id)): text for measure_id, text in found.items()})


def obstacles(sheet: Sheet) -> dict[int, str]:
    """What stands in the way of sending, by measure: what is wrong, what is missing, what needs a note."""
    typed = {measure_id: cell.value for measure_id, cell in sheet.facts.cells.items() if measure_id in sheet.typed}
    found = missing(sheet) | problems(sheet, typed)
    for finding in findings(sheet):
        if finding.blocks:
            found.setdefault(finding.measure.pk, finding.text + finding.advice)
    return found


def _refuse_unseen(stored: Submission, seen: int | None) -> None:
    if seen is not None and seen != stored.version:
        raise ValidationError(_("The report has changed since you opened this page. Look at it again."))


def _lock(submission: Submission) -> Submission:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("unit", "period__form__programme")
    return rows.get(pk=submission.pk)


def _sign(stored: Submission, by: User) -> Submission:
    stored.signed_by, stored.signed_at = by, timezone.now()
    return _send(stored, by)


def _send(stored: Submission, by: User) -> Submission:
    before, now = stored.state, timezone.now()
    stored.state = SubmissionState.SENT
    if before != SubmissionState.UNSIGNED:
        stored.sent_by = by
    stored.sent_at, stored.arrived_at = now, stored.arrived_at or now
    return _store(stored, "submissions.sign" if stored.signed_by == by else "submissions.send", by, before)


def _hand_over(stored: Submission, by: User) -> Submission:
    before = stored.state
    stored.state, stored.sent_by, stored.sent_at = SubmissionState.UNSIGNED, by, timezone.now()
    return _store(stored, "submissions.hand_over", by, before)


def _store(stored: Submission, action: str, by: User, before: str) -> Submission:
    stored.version += 1
    stored.save(update_fields=["state", "sent_by", "sent_at", "arrived_at", "signed_by", "signed_at", "version"])
    audit.record(
        by=by,
        action=action,
        obj=stored,
        unit_id=stored.unit_id,
        before={"state": before},
        after={"state": stored.state},
    )
    return stored
