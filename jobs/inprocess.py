"""Background work without any server: a Celery worker and its clock as threads of the web process."""

from __future__ import annotations

import logging
import threading

from celery import Celery, beat

logger = logging.getLogger(__name__)


def start(app: Celery, threads: int = 2) -> None:
    """Start once per process. Only for the memory broker, whose messages no other process can see.

    WorkController rather than `app.Worker`: the latter redirects stdout to the log.
    """
    worker = app.WorkController(
        pool="threads", concurrency=threads, without_mingle=True, without_gossip=True, without_heartbeat=True
    )
    threading.Thread(target=worker.start, name="jobs-worker", daemon=True).start()
    clock = beat.EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    clock.daemon = True
    clock.start()
    logger.info("background work runs in this process with %s threads", threads)
