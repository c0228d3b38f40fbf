"""Sending reports for acceptance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import label
from core.verdicts import require
from submissions.actions.saving import closed_reason
from submissions.choices import SubmissionState
from submissions.models import Submission
from submissions.permissions import may_send
from submissions.queries.sheets import Sheet, load_sheet
from submissions.rules import large_changes, missing_wholes, place_problem, problems

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def send_submission(*, submission: Submission, by: User, today: date) -> Submission:
    """Send a draft or a returned report for acceptance. One that is already sent stays as it is.

    Raises Denied without the right at the unit; ValidationError by `str(key)` for cells that need mending or a note,
    or for the whole where there is nothing to send.
    """
    stored = Submission.objects.select_for_update(of=("self",)).select_related("unit").get(pk=submission.pk)
    require(may_send(by, stored.unit))
    if stored.is_sent:
        return stored
    if not stored.is_open:
        raise ValidationError(closed_reason(stored))
    refuse_unsendable(load_sheet(stored.unit, stored.period), today=today)
    before = stored.state
    stored.state, stored.sent_by, stored.sent_at = SubmissionState.SENT, by, timezone.now()
    stored.version += 1
    stored.save(update_fields=["state", "sent_by", "sent_at", "version"])
    audit.record(
        by=by,
        action="submissions.send",
        obj=stored,
        unit_id=stored.unit_id,
        before={"state": before},
        after={"state": stored.state},
    )
    return stored


@transaction.atomic
def send_submissions(*, submissions: Iterable[Submission], by: User, today: date) -> list[Submission]:
    """Send several, all or none; the refusal names the unit that holds them up."""
    sent = []
    for submission in sorted(submissions, key=lambda row: row.pk):
        try:
            sent.append(send_submission(submission=submission, by=by, today=today))
        except ValidationError as refusal:
            words = {"unit": submission.unit.name, "month": label(submission.period), "reason": refusal.messages[0]}
            raise ValidationError(_("%(unit)s, %(month)s: %(reason)s") % words) from refusal
    return sent


def refuse_unsendable(sheet: Sheet, *, today: date) -> None:
    """ValidationError unless the sheet may go out as it stands."""
    if text := place_problem(sheet.unit, sheet.month, today=today):
        raise ValidationError(text)
    cells = sheet.facts.cells
    if not any(cell.value is not None for cell in cells.values()) and not sheet.facts.recorded.keys() & cells.keys():
        raise ValidationError(_("No number has been entered yet. Enter at least one before sending."))
    found = problems(sheet, {measure_id: cell.value for measure_id, cell in cells.items()})
    found = missing_wholes(sheet) | found
    for change in large_changes(sheet):
        if not change.noted:
            found.setdefault(change.measure.pk, change.text + " " + _("Say why in the note."))
    if found:
        raise ValidationError({str(sheet.key(measure_id)): text for measure_id, text in found.items()})
