"""The Celery application for a clock of the tests, which strikes every second: `celery -A tests.submissions.striking`.

It is the portal's schedule with its tasks; only the hours are others. The queue is that of the test.
"""

from __future__ import annotations

import os

import django

django.setup()

from dtportal.celery import app  # noqa: E402 - settings first

STRUCK = ("remind", "send-mails")

app.conf.task_default_queue = os.environ["TEST_QUEUE"]
app.conf.beat_schedule = {name: {**app.conf.beat_schedule[name], "schedule": 1.0} for name in STRUCK}
