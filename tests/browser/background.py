"""Background work of the stories, done by a worker: on Redis a process of its own, else a thread as in the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import connection

from dtportal.celery import app
from submissions.queries import reminding
from tests.mailserver import Letter, MailServer

ROOT = Path(__file__).resolve().parents[2]
STOPS_WITHIN = 20  # seconds


class Background:
    """`tick` is the hand of the clock; `letter` waits for an e-mail by its number."""

    def __init__(self, mail: MailServer, alive: Callable[[], None] = lambda: None) -> None:
        self._mail, self._alive = mail, alive

    def tick(self, task: str) -> None:
        """Hands a task of the schedule to the broker, as beat does when its time has come."""
        assert task in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}, task
        app.send_task(task)

    def letter(self, number: int) -> Letter:
        return self._mail.wait_for(number, self._alive)

    @property
    def letters(self) -> list[Letter]:
        return self._mail.letters


def at_any_hour(put: Callable[[Any, str, int], None]) -> None:
    """Lifts the rest of the night. `put` sets an attribute of a module."""
    put(reminding, "FIRST_HOUR", 0)
    put(reminding, "LAST_HOUR", 24)


@contextmanager
def own_queue() -> Iterator[str]:
    """Tests that share a broker must not take each other's work."""
    before, name = app.conf.task_default_queue, f"tests-{uuid4().hex}"
    app.conf.task_default_queue = name
    try:
        yield name
    finally:
        app.conf.task_default_queue = before
        with app.connection_for_write() as broker:
            queue = app.amqp.queues[name].bind(broker.default_channel)
            queue.declare()  # a connection takes back only the bindings that it knows
            queue.delete()


@contextmanager
def worker_process(mail: MailServer, portal: str, log: Path) -> Iterator[Background]:
    """A worker as production starts it, on the database and the broker of this test, with the mail server given."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "PORTAL_URL": portal,
    }
    command = [sys.executable, "-m", "celery", "-A", "tests.browser.working", "worker", "--concurrency=1"]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with own_queue() as queue, log.open("w") as out:
        process = subprocess.Popen(
            [*command, *alone, f"--queues={queue}", f"--hostname={queue}@%h", "--loglevel=info"],
            cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip

        def alive() -> None:
            assert process.poll() is None, f"the worker has died:\n{log.read_text()}"

        try:
            yield Background(mail, alive)
        finally:
            process.terminate()  # warm: it ends what it is doing
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def worker_thread(mail: MailServer, portal: str, change: Any) -> Iterator[Background]:
    """A worker inside this process on the memory broker. `change` sets settings until the test is over."""
    change.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    change.EMAIL_HOST, change.EMAIL_PORT, change.PORTAL_URL = "127.0.0.1", mail.port, portal
    with own_queue() as queue, start_worker(app, pool="threads", perform_ping_check=False, queues=[queue]):
        yield Background(mail)


def database_url() -> str:
    """The address of the database that this test works on."""
    at = connection.settings_dict
    person = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    return f"postgres://{person}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
