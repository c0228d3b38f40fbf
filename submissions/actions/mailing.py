"""Putting waiting notices into e-mails and sending these.

At least once: an e-mail is claimed in a committed row, sent, and closed. A crash in between leaves it claimed, and it
is sent again; a crash before leaves the notices waiting. Nothing is lost, and at worst one copy comes twice.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from submissions.choices import MailPace, MailState, NoticeMail
from submissions.mailing import message_of
from submissions.models import Mail, MailChoice, Notice
from submissions.queries.reminding import mail_is_due, may_mail, still_open

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)
CLAIM_HOLDS = timedelta(minutes=10)
MAIL_ATTEMPTS = 5


def send_mails(*, now: datetime) -> int:
    """Everything that may go out now. Returns how many e-mails were sent. Safe to run twice at the same time."""
    if not may_mail(now):
        return 0
    claimed = [*_abandoned(now), *_new_claims(now)]
    return sum(_send(mail_id) for mail_id in claimed)


def _abandoned(now: datetime) -> list[int]:
    """E-mails whose sender died or failed, claimed anew: by one caller each."""
    stale = Mail.objects.filter(state=MailState.CLAIMED, claimed_at__lt=now - CLAIM_HOLDS)
    stale.filter(attempts__gte=MAIL_ATTEMPTS).update(state=MailState.FAILED)
    return [
        pk
        for pk, claimed_at in stale.filter(attempts__lt=MAIL_ATTEMPTS).values_list("pk", "claimed_at")
        if Mail.objects.filter(pk=pk, claimed_at=claimed_at).update(claimed_at=now)
    ]


def _new_claims(now: datetime) -> list[int]:
    waiting = Notice.objects.filter(by_mail=NoticeMail.WAITING)
    people = list(waiting.order_by("person_id").values_list("person_id", flat=True).distinct())
    return [mail.pk for person_id in people if (mail := _claim(person_id, now))]


@transaction.atomic
def _claim(person_id: int, now: datetime) -> Mail | None:
    """Take what waits for one person into one e-mail, or settle what needs none."""
    person: User = get_user_model().objects.select_for_update().get(pk=person_id)
    waiting = list(Notice.objects.filter(person=person, by_mail=NoticeMail.WAITING).order_by("created_at", "pk"))
    if not waiting:
        return None
    pace = MailChoice.objects.filter(person=person).values_list("pace", flat=True).first() or MailPace.EACH
    if pace == MailPace.NEVER or not person.email or not person.is_active:
        _settle(waiting, NoticeMail.UNWANTED if pace == MailPace.NEVER else NoticeMail.NOWHERE)
        return None
    last = Mail.objects.filter(person=person).order_by("-created_at", "-pk").first()
    if not mail_is_due(pace, last, waiting[0], now):
        return None
    wanted = still_open(waiting, timezone.localdate(now))
    _settle([notice for notice in waiting if notice.pk not in wanted], NoticeMail.SETTLED)
    if not wanted:
        return None
    mail = Mail.objects.create(person=person, address=person.email, claimed_at=now)
    Notice.objects.filter(pk__in=wanted).update(by_mail=NoticeMail.TAKEN, mail=mail)
    return mail


def _settle(notices: Collection[Notice], outcome: NoticeMail) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(by_mail=outcome)


def _send(mail_id: int) -> bool:
    Mail.objects.filter(pk=mail_id).update(attempts=F("attempts") + 1)
    mail = Mail.objects.select_related("person").get(pk=mail_id)
    try:
        message_of(mail).send()
    except Exception as error:  # whatever the mail server says: the next run tries again, the log shows it
        logger.warning("e-mail %s could not be sent", mail_id, exc_info=True)
        Mail.objects.filter(pk=mail_id).update(error=f"{type(error).__name__}: {error}"[:300])
        return False
    Mail.objects.filter(pk=mail_id).update(state=MailState.SENT, sent_at=timezone.now(), error="")
    return True
