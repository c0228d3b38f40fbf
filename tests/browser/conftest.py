"""Real people at a real browser: the portal served by Django's live server, driven through Chromium.

Whatever a browser complains of on its console (a refused style, a missing file, a broken script) fails the test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.live_server_helper import LiveServer

    from accounts.models import User
    from tests.browser.background import Background
    from tests.browser.world import Portal
    from tests.cast import Cast

HERE = Path(__file__).parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
TIMEOUT = 30_000  # in milliseconds; other tests may keep the machine busy
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keeps SQLite in a file where browser tests are about to run.

    In memory, all threads of the live server share one connection and so one transaction: two requests at the same
    moment would disturb each other as they never do in life.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and any(HERE in item.path.parents for item in session.items):
        folder = tempfile.mkdtemp(prefix="dtportal-")
        session.config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        database.setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of the system: nothing is downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("There is no Chromium: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": program, "args": SWITCHES}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Addresses in the stories are paths."""
    return live_server.url


class Visits:
    """Opens browser windows for people, each with a session of its own, and keeps what their consoles complain of."""

    def __init__(self, address: str, new_context: Callable[..., BrowserContext], client_of: Any) -> None:
        self.address = address
        self.complaints: list[str] = []
        self._new_context, self._client_of = new_context, client_of
        self._contexts: list[BrowserContext] = []
        self._refusals: set[str] = set()

    def __call__(self, person: User | None = None, *, phone: bool = False, javascript: bool = True) -> Page:
        """A fresh window, signed in as the person; nobody is signed in without one. The phones are dark."""
        context = self._new_context(
            viewport=PHONE if phone else DESK,
            color_scheme="dark" if phone else "light",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
        )
        if person is not None:
            client: Client = self._client_of(person)
            (session,) = client.cookies.values()
            context.add_cookies([{"name": session.key, "value": session.value, "url": self.address}])
        self._contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def refused(self, page: Page, path: str, status: int) -> None:
        """Opens an address that has to be refused; the browser's note about that is no complaint."""
        self._refusals.add(self.address + path)
        response = page.goto(path)
        assert response is not None
        assert response.status == status, path

    def unreachable(self, *paths: str) -> None:
        """Addresses that will be out of reach for a while; the browser's note about that is no complaint."""
        self._refusals |= {self.address + path for path in paths}

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"] not in self._refusals:
            self.complaints.append(f"{message.text} ({message.location['url']})")


class Traffic:
    """How many requests the live server is answering. A click that nobody waits for is still worked on."""

    def __init__(self) -> None:
        self._open = 0
        self._changed = threading.Condition()

    def begin(self, **kwargs: Any) -> None:
        self._count(1)

    def end(self, **kwargs: Any) -> None:
        self._count(-1)

    def wait_for_silence(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._open == 0, TIMEOUT / 1000), "the server does not come to rest"

    def _count(self, step: int) -> None:
        with self._changed:
            self._open += step
            self._changed.notify_all()


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    from django.core.signals import request_finished, request_started

    traffic = Traffic()
    request_started.connect(traffic.begin)
    request_finished.connect(traffic.end)
    yield traffic
    request_started.disconnect(traffic.begin)
    request_finished.disconnect(traffic.end)


@pytest.fixture
def visit(
    live_server: LiveServer, traffic: Traffic, new_context: Any, client_of: Callable[[User], Client]
) -> Iterator[Visits]:
    """Ends when all windows are closed and the server rests: the database is emptied next."""
    visits = Visits(live_server.url, new_context, client_of)
    yield visits
    visits.close()
    traffic.wait_for_silence()
    assert visits.complaints == []


@pytest.fixture
def portal(live_server: LiveServer, cast: Cast) -> Portal:
    """The cast at work, see `tests.browser.world`."""
    from tests.browser import world  # needs the database settings, which are ready only inside a fixture

    return world.build(cast)


@pytest.fixture
def background(
    live_server: LiveServer, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Background]:
    """A worker that does the background work of this story and sends its e-mails over SMTP."""
    from tests.browser.background import at_any_hour, worker_process, worker_thread
    from tests.mailserver import mail_server

    with mail_server() as mail:
        if settings.JOBS_IN_PROCESS:
            at_any_hour(monkeypatch.setattr)
            work = worker_thread(mail, live_server.url, settings)
        else:
            work = worker_process(mail, live_server.url, tmp_path / "worker.log")
        with work as background:
            yield background
