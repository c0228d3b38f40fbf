"""Envelopes for background work."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from issuing.actions.comparing import compare_issued


@shared_task(name="issuing.tasks.compare")
def compare() -> int:
    """Returns how many issued reports quote numbers that have changed."""
    return compare_issued(today=timezone.localdate(), now=timezone.now())
