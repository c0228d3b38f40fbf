"""Web server: threads in one process in the embedded default, several processes where Redis carries the work."""

from __future__ import annotations

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
max_requests = 0
accesslog = None
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """The memory broker lives in one process: its worker and clock run as threads of it."""
    from django.conf import settings  # settings are ready only inside the worker

    if settings.JOBS_IN_PROCESS:
        from dtportal.celery import app
        from jobs.inprocess import start

        start(app)
