"""The portal as the benchmarks serve it: its own pages, and beside them pages that cost only what cannot be saved.

`bench/NAME/` runs the statements that were kept under the name and answers with the bytes that were kept with them,
behind the same middleware and the same sign-in as every other page.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.access import signed_in
from dtportal.urls import urlpatterns as portal

CONSTANT = "constant"


def keep(name: str, body: bytes, statements: list[str]) -> None:
    text = json.dumps({"body": body.decode(), "statements": statements})
    _file(name).write_text(text, encoding="utf-8")
    _kept.cache_clear()


@signed_in
def bare(request: HttpRequest, name: str) -> HttpResponse:
    body, statements = _kept(name)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse(body)


def _file(name: str) -> Path:
    return Path(os.environ["VAR_DIR"]) / f"{name}.json"


@lru_cache
def _kept(name: str) -> tuple[bytes, list[str]]:
    found = json.loads(_file(name).read_text(encoding="utf-8"))
    return found["body"].encode(), found["statements"]


urlpatterns = [*portal, path("bench/<str:name>/", bare)]
