"""A thin test client: every request is undone afterwards, and what it wrote to the database is written down."""

from __future__ import annotations

import io
import re
import sys
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import MULTIPART_CONTENT, ClientHandler

from accounts.models import User

TOP = f"{settings.BASE_DIR}/"
WRITE = re.compile(r"^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.I)
# What a request may write whatever its answer: the session itself, the trail of refused attempts, and what allauth
# completes from the account when its own page is opened.
ALWAYS_WRITTEN = frozenset(
    {"django_session", "accounts_auditentry", "usersessions_usersession", "axes_accesslog", "account_emailaddress"}
)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Data = Mapping[str, Any] | Sequence[tuple[str, str]]


@dataclass
class Answer:
    """What came back: status, headers, body as text (spreadsheets unpacked), the tables written, the error if any."""

    url: str
    status: int
    headers: dict[str, str]
    body: str
    raw: bytes
    written: set[str] = field(default_factory=set)
    error: str = ""
    context: Any = None

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def seen(self) -> str:
        """Everything the person gets: headers and body."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers.items()), self.body])


class Visitor:
    """One person with a session. Requests run in savepoints that are rolled back, unless they run in `staying()`."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self._factory = RequestFactory()
        self._open = ClientHandler(enforce_csrf_checks=False)
        self._closed = ClientHandler(enforce_csrf_checks=True)
        self._staying = False
        self.cookies = f"{settings.LANGUAGE_COOKIE_NAME}=vi"
        if user is not None:
            client = Client()
            client.force_login(user, backend=BACKEND)
            self.cookies += f"; {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def get(self, url: str, **headers: str) -> Answer:
        return self._send(self._factory.get(url, HTTP_COOKIE=self.cookies, **headers).environ, url, self._open)

    def post(self, url: str, data: Data = (), *, csrf: bool = False, **headers: str) -> Answer:
        handler = self._closed if csrf else self._open
        request = self._request(url, data, HTTP_COOKIE=self.cookies, **headers)
        return self._send(request.environ, url, handler)

    def _request(self, url: str, data: Data, **headers: str) -> Any:
        if isinstance(data, Mapping) and any(hasattr(value, "read") for value in data.values()):
            return self._factory.post(url, dict(data), content_type=MULTIPART_CONTENT, **headers)
        pairs = data.items() if isinstance(data, Mapping) else data
        body = urlencode([(name, str(value)) for name, value in pairs])
        return self._factory.post(url, body, content_type="application/x-www-form-urlencoded", **headers)

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Requests inside see what earlier ones inside did; all of it is undone at the end."""
        with undone():
            self._staying = True
            try:
                yield
            finally:
                self._staying = False

    def _send(self, environ: dict[str, Any], url: str, handler: ClientHandler) -> Answer:
        written: set[str] = set()
        errors: list[str] = []

        def note_error(**kwargs: Any) -> None:
            errors.append(where_it_broke())

        got_request_exception.connect(note_error)
        try:
            with undone(self._staying), connection.execute_wrapper(noting_writes(written)):
                response = handler(environ)
                raw = b"".join(response.streaming_content) if response.streaming else response.content
                context = getattr(response, "context_data", None)
                response.close()
        finally:
            got_request_exception.disconnect(note_error)
        headers = dict(response.headers)
        body = readable(raw, headers.get("Content-Type", ""))
        return Answer(url, response.status_code, headers, body, raw, written, "\n".join(errors), context)


def where_it_broke() -> str:
    """The exception being handled, and the last line of ours that led to it."""
    error = sys.exc_info()[1]
    frames = traceback.extract_tb(error.__traceback__) if error else []
    ours = [frame for frame in frames if "site-packages" not in frame.filename and "/lib/python" not in frame.filename]
    place = f"{ours[-1].filename.removeprefix(TOP)}:{ours[-1].lineno}" if ours else "outside our code"
    return f"{type(error).__name__}: {str(error)[:100]} ({place})"


@contextmanager
def undone(kept: bool = False) -> Iterator[None]:
    """Undoes what happens inside, and leaves the transaction around it usable."""
    if kept:
        yield
        return
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def noting_writes(tables: set[str]) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITE.match(sql):
            tables.add(found.group(1))
        return execute(sql, params, many, context)

    return wrapper


def readable(raw: bytes, content_type: str) -> str:
    """The text of a body; a spreadsheet is unpacked."""
    if "spreadsheetml" in content_type:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return raw.decode("utf-8", errors="replace")
