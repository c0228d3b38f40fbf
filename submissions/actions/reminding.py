"""Telling people about reports: the calendar's reminders, an officer's «remind now», returned reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts import audit
from core.verdicts import require
from submissions.choices import MailPace, Occasion, Standing
from submissions.models import MailChoice, Notice, ReportingPeriod, ReturnedCell, Submission
from submissions.permissions import may_follow
from submissions.queries.completeness import followed
from submissions.queries.reminding import Told, due_notices, lag_notices, recipients, to_remind
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

BATCH = 1000


def remind_by_calendar(*, today: date) -> int:
    """7 and 2 days before a due date, on the day and after it; then also those who look after the units that lag.

    Running twice tells once. Returns how many were told.
    """
    return _tell(due_notices(today)) + _tell(lag_notices(today))


@transaction.atomic
def remind_now(*, scope: Unit, period: ReportingPeriod, by: User, today: date) -> tuple[int, int, int]:
    """Tell the people of the unit, or of all units below it, that the report has not come; once a day to each person.

    Returns how many people were told, of how many units, and how many units have nobody to tell. Denied without the
    right at the unit.
    """
    require(may_follow(by, scope))
    stored = followed(today).get(pk=period.pk)
    people = recipients(to_remind(scope, stored, today))
    told = _tell(
        (
            Told(person, unit_id, stored.pk, Occasion.ASKED, f"asked:{stored.pk}:{unit_id}:{person}:{today}")
            for unit_id, of_unit in people.items()
            for person in of_unit
        ),
        by=by,
    )
    reached = sum(1 for of_unit in people.values() if of_unit)
    after = {"period": stored.pk, "people": told, "units": reached}
    audit.record(by=by, action="submissions.remind", obj=scope, unit_id=scope.pk, after=after)
    return told, reached, len(people) - reached


def tell_of_return(*, submission: Submission, cells: Iterable[ReturnedCell], by: User) -> None:
    """The unit's people and who sent it learn of a return, with its reason and the numbers that it names."""
    people = set(recipients({submission.unit_id: Standing.RETURNED})[submission.unit_id])
    if submission.sent_by and submission.sent_by.is_active:
        people.add(submission.sent_by.pk)
    named = [f"– {cell.measure.name}: {cell.reason}" if cell.reason else f"– {cell.measure.name}" for cell in cells]
    reason = "\n".join([submission.return_reason, *named])
    _tell(
        (
            Told(person, submission.unit_id, submission.period_id, Occasion.RETURNED,
                 f"returned:{submission.pk}:{submission.version}:{person}")
            for person in sorted(people - {by.pk})
        ),
        by=by,
        reason=reason,
    )  # fmt: skip


def _tell(told: Iterable[Told], *, by: User | None = None, reason: str = "") -> int:
    """One row for each key that is not there yet. Returns how many are new."""
    wanted = list(told)
    new = 0
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        known = set(Notice.objects.filter(key__in=[one.key for one in part]).values_list("key", flat=True))
        rows = [
            Notice(person_id=one.person_id, unit_id=one.unit_id, period_id=one.period_id, occasion=one.occasion,
                   key=one.key, by=by, reason=reason)
            for one in part
            if one.key not in known
        ]  # fmt: skip
        # another run may have written the same meanwhile: its rows stand
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        new += len(rows)
    return new


@transaction.atomic
def read_notices(*, notices: Collection[int] | None = None, by: User, now: datetime | None = None) -> int:
    """Mark these of the person's notices as read; all of them unless named."""
    unread = Notice.objects.of(by).unread()
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=now or timezone.now())


@transaction.atomic
def choose_pace(*, person: User, pace: MailPace, by: User | None) -> MailChoice:
    """How often the person gets e-mail. `by` is None where the link of an e-mail was used, without signing in."""
    choice, _created = MailChoice.objects.select_for_update().get_or_create(person=person)
    if choice.pace != pace:
        before, choice.pace = choice.pace, pace
        choice.save(update_fields=["pace"])
        audit.record(by=by, action="submissions.mail_pace", obj=person, before={"pace": before}, after={"pace": pace})
    return choice
