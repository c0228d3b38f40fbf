"""Serving the demo from the process that prepared it: a second start must not load Django twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import Application


class DemoServer(Application):
    """gunicorn with the settings of dtportal/gunicorn.py and the application that is already set up."""

    def init(self, parser: Any, opts: Any, args: Any) -> None:
        return None

    def load_config(self) -> None:
        self.load_config_from_module_name_or_filename("python:dtportal.gunicorn")

    def load(self) -> Any:
        return get_wsgi_application()


def serve() -> None:
    """Serve until stopped. Connections are closed first: a worker process must not inherit them."""
    connections.close_all()
    DemoServer("demo").run()


def collect_static(say: Callable[[str], Any]) -> None:
    """Collect and compress the static files when one of them changed since the last start."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = _state_of_sources()
    if stamp.exists() and stamp.read_text() == state:
        return
    say("Chuẩn bị giao diện…")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def _state_of_sources() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.update(f"{name}{storage.get_modified_time(name).timestamp()}".encode())
    return found.hexdigest()
