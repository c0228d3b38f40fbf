"""Envelopes for background work."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from submissions.actions import open_periods
from submissions.actions.mailing import send_mails as send
from submissions.actions.reminding import remind_by_calendar


@shared_task(name="submissions.tasks.open_periods_daily")
def open_periods_daily() -> int:
    """Returns how many periods were opened."""
    return len(open_periods(today=timezone.localdate()))


@shared_task(name="submissions.tasks.remind")
def remind() -> int:
    """What the calendar asks to be told today. Returns how many people were told."""
    return remind_by_calendar(today=timezone.localdate())


@shared_task(name="submissions.tasks.send_mails")
def send_mails() -> int:
    """Returns how many e-mails went out."""
    return send(now=timezone.now())
