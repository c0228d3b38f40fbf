"""The clock and the worker as they run in production: the schedule strikes, the worker reminds, an e-mail arrives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dtportal.celery import app
from submissions.choices import MailState, Occasion
from submissions.models import Mail, Notice
from tests.browser.background import ROOT, STOPS_WITHIN, database_url, worker_process
from tests.mailserver import mail_server
from tests.submissions.conftest import World


@contextmanager
def clock(log: Path, schedule: Path) -> Iterator[None]:
    """Celery beat, a process of its own on the queue of this test."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "TEST_QUEUE": app.conf.task_default_queue}
    command = [sys.executable, "-m", "celery", "-A", "tests.submissions.striking", "beat", "--max-interval=1"]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, f"--schedule={schedule}", "--pidfile="], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN)


@pytest.mark.django_db(transaction=True)
def test_the_clock_strikes_and_people_are_reminded(
    transactional_db: None, world: World, settings: Any, tmp_path: Path
) -> None:
    if settings.JOBS_IN_PROCESS:
        pytest.skip("clock and worker are processes of their own only on Redis")
    world.period().dues.update(due_on=timezone.localdate())
    with (
        mail_server() as mail,
        worker_process(mail, "http://127.0.0.1", tmp_path / "worker.log") as background,
        clock(tmp_path / "beat.log", tmp_path / "schedule"),
    ):
        letter = background.letter(1)
    assert letter.subject.startswith("Cần gửi: Báo cáo tháng, Tháng 10/2026")
    notice = Notice.objects.of(world.cast.enterer).get()  # told once, however often the clock struck
    assert (notice.occasion, notice.period) == (Occasion.DUE, world.period())
    assert Mail.objects.filter(state=MailState.SENT).exists()
