"""Pages kept for the person who asked: shown again as long as nobody has written anything to the database.

One query asks PostgreSQL which transactions it has seen. Every write is a new transaction, so the same answer as when
the page was made means that nothing on it can have changed: figures, names, the person's own roles. SQLite cannot
tell; there every page is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
CACHE = "pages"


@dataclass(frozen=True)
class KeptPage:
    seen: str  # the transactions that the database had seen before the page was made
    etag: str
    body: bytes


def kept(view: View) -> View:
    """Answers with the kept page while it holds, and with 304 where the browser still has it.

    The page may depend on the person, the address, the language, the day and the database, and on nothing else.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = None if messages.get_messages(request) else transactions_seen()
        if seen is None:
            return view(request, *args, **kwargs)
        key, cache = _key(request), caches[CACHE]
        page = cache.get(key)
        if page is None or page.seen != seen:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            page = KeptPage(seen, f'"{hashlib.sha256(response.content).hexdigest()}"', response.content)
            cache.set(key, page)
        return _response(request, page)

    return answer


def transactions_seen() -> str | None:
    """What stays the same until somebody writes; None where that cannot be told."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:  # its own writes do not show in it
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()")
        return str(cursor.fetchone()[0])


def _key(request: HttpRequest) -> str:
    """The token's secret is part of it, for the forms of a page work only in the browser that it was made for."""
    get_token(request)
    parts = [request.user.pk, request.META["CSRF_COOKIE"], get_language(), timezone.localdate()]
    return hashlib.sha256(repr([*parts, request.get_full_path()]).encode()).hexdigest()


def _response(request: HttpRequest, page: KeptPage) -> HttpResponse:
    response = HttpResponse(page.body, headers={"ETag": page.etag})
    patch_cache_control(response, private=True, no_cache=True)  # the browser keeps it, and asks each time
    found = get_conditional_response(request, etag=page.etag, response=response)
    return found if isinstance(found, HttpResponse) else response
