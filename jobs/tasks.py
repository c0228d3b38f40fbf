"""Envelopes for Celery: they take a number and call one action."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from jobs import actions


@shared_task(name="jobs.tasks.run")
def run(job_id: int) -> None:
    actions.execute(job_id)


@shared_task(name="jobs.tasks.sweep")
def sweep() -> int:
    return actions.sweep(now=timezone.now())
