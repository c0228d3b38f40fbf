"""Asking for work, doing it, and finding what got lost. The ledger decides; the broker only carries numbers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import Denied
from jobs.models import Job, JobState
from jobs.registry import Progress, Result, work

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)
ATTEMPTS = 3
SILENT_FOR = timedelta(minutes=2)  # work tells at least once a minute: silent for so long, it has lost its worker
UNSENT_FOR = timedelta(seconds=30)


@transaction.atomic
def ask(*, kind: str, arguments: dict[str, Any], by: User | None) -> Job:
    """Write the wish into the ledger; it is carried to a worker once the transaction is committed."""
    work(kind)  # LookupError now rather than in the worker
    job = Job.objects.create(kind=kind, arguments=arguments, asked_by=by)
    audit.record(by=by, action="jobs.ask", obj=job, after={"kind": kind, "arguments": arguments})
    transaction.on_commit(lambda: relay(job.pk))
    return job


def relay(job_id: int) -> bool:
    """Hand one job to the broker. A dead broker loses nothing: the sweeper tries again."""
    from jobs.tasks import run  # tasks import this module

    try:
        run.apply_async(args=[job_id], retry=False)
    except Exception:  # any failure of the broker means the same: not sent
        logger.warning("job %s could not be handed to the broker", job_id, exc_info=True)
        return False
    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())
    return True


def execute(job_id: int) -> None:
    """Claim the job and do it. Safe to call twice: only one caller gets the claim."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state__in=[JobState.WAITING, JobState.FAILED]).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now, heartbeat_at=now, message=""
    )
    if not claimed:
        return
    job = Job.objects.select_related("asked_by").get(pk=job_id)
    try:
        with translation.override("vi"):
            result = work(job.kind).run(Progress(job.arguments, job.asked_by, _teller(job_id))) or Result()
    except Denied as refusal:
        _finish(job, JobState.PARKED, message=str(refusal.reason))
    except Exception as error:  # whatever went wrong is kept where the person and the administrator see it
        logger.exception("job %s failed", job_id)
        state = JobState.PARKED if job.attempts >= ATTEMPTS else JobState.FAILED
        _finish(job, state, message=_("The work failed: %(error)s") % {"error": error})
    else:
        _keep_file(job, result)
        _finish(job, JobState.DONE, message=result.message)


def sweep(*, now: datetime) -> int:
    """Send again what was never sent, what failed and may be tried again, and what lost its worker."""
    Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - SILENT_FOR, attempts__gte=ATTEMPTS).update(
        state=JobState.PARKED, message=_("The worker died three times during this work.")
    )
    Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - SILENT_FOR).update(state=JobState.FAILED)
    late = Q(sent_at__isnull=True, created_at__lt=now - UNSENT_FOR) | Q(sent_at__lt=now - SILENT_FOR)
    again = Job.objects.filter(Q(state=JobState.FAILED) | Q(state=JobState.WAITING) & late)
    return sum(relay(job_id) for job_id in list(again.values_list("pk", flat=True)[:500]))


@transaction.atomic
def retry(*, job: Job, by: User) -> Job:
    """Give a parked job three new attempts; one that is not parked stays as it is."""
    stored = Job.objects.select_for_update().get(pk=job.pk)
    if stored.state != JobState.PARKED:
        return stored
    stored.state, stored.attempts, stored.sent_at = JobState.WAITING, 0, None
    stored.save(update_fields=["state", "attempts", "sent_at"])
    audit.record(by=by, action="jobs.retry", obj=stored, reason=stored.message)
    transaction.on_commit(lambda: relay(stored.pk))
    return stored


def _teller(job_id: int) -> Callable[[int, int], None]:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < 1 and done < total:
            return
        last = time.monotonic()
        Job.objects.filter(pk=job_id).update(done=done, total=total, heartbeat_at=timezone.now())

    return tell


def _keep_file(job: Job, result: Result) -> None:
    if result.file is None:
        return
    with result.file.open("rb") as content:
        job.result_file.save(f"{job.pk}-{result.file.name}", File(content), save=False)
    job.result_name = result.file_name or result.file.name
    job.save(update_fields=["result_file", "result_name"])
    result.file.unlink(missing_ok=True)


def _finish(job: Job, state: JobState, *, message: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, message=message, finished_at=timezone.now())
