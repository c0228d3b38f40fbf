"""What happened to a report, from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from submissions.models import Submission

WORDS = {
    "submissions.save": _("Saved"),
    "submissions.hand_over": _("Handed over for the signature"),
    "submissions.sign": _("Signed and sent"),
    "submissions.send": _("Sent"),
    "submissions.take_back": _("Taken back"),
    "submissions.accept": _("Accepted"),
    "submissions.return": _("Returned"),
    "submissions.reopen": _("Reopened for a correction"),
    "submissions.import": _("Read from an Excel file"),
    "submissions.restore": _("Import undone"),
    "submissions.unchanged": _("Confirmed as unchanged"),
    "submissions.pass_on": _("Taken over from a unit that ended"),
}
SHOWN = 20


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    what: str
    reason: str


def history(submission: Submission) -> list[Event]:
    """Who did what, the newest first; saves one after the other by the same person count once."""
    rows = AuditEntry.objects.filter(
        object_type="submissions.submission", object_id=str(submission.pk), denied=False
    ).select_related("actor")
    found: list[Event] = []
    for row in rows[: SHOWN * 5]:
        event = Event(row.at, str(row.actor or "–"), str(WORDS.get(row.action, row.action)), row.reason)
        if found and not event.reason and (found[-1].who, found[-1].what) == (event.who, event.what):
            continue
        found.append(event)
    return found[:SHOWN]
