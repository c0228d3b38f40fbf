"""Envelopes for background work."""

from __future__ import annotations

from celery import shared_task

from equipment.actions.registers import refresh_all


@shared_task(name="equipment.tasks.judge_nightly")
def judge_nightly() -> int:
    """Machines grow too old and new minimums come into force without anybody doing anything.

    Returns the number of figures that changed.
    """
    return refresh_all()
