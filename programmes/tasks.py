"""Envelopes for background work."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from programmes.verifying import part_of, verify_and_heal


@shared_task(name="programmes.tasks.verify_nightly")
def verify_nightly() -> int:
    """Returns how many keys differed; they are healed and logged."""
    return len(verify_and_heal(part_of(timezone.localdate())).differences)
