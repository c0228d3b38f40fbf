"""People who open pages in this process, and what a page costs at the least."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import connection
from django.test import Client

from accounts.models import User
from benchmarks import served
from benchmarks.portal import programme_code
from units.models import Unit

_asked = count()
_SIGN_IN = ('FROM "django_session"', 'FROM "accounts_user"')  # every page asks these, the bare ones too


def client_of(username: str) -> Client:
    client = Client()
    user = User.objects.get(username=username)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def dashboard(unit: Unit, indicators: int) -> str:
    return f"/tong-quan/{unit.pk}/?chuong-trinh={programme_code(indicators)}"


def anew(address: str) -> str:
    """The same page under an address that nobody has asked for yet: it cannot have been kept."""
    return f"{address}{'&' if '?' in address else '?'}bench={next(_asked)}"


def get(client: Client, address: str) -> bytes:
    """The page, read to its end."""
    response: Any = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}")
    return b"".join(response.streaming_content) if response.streaming else response.content


def statements_of(client: Client, address: str) -> list[str]:
    """The SQL of a page with its values, without that of signing in."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(context["cursor"].cursor.mogrify(sql, params).decode())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        get(client, address)
    return [text for text in found if not any(part in text for part in _SIGN_IN)]


def keep_bare(name: str, client: Client, address: str) -> str:
    """Keep the page's bytes and SQL, and return the address of the bare page made of them."""
    address = anew(address)
    served.keep(name, get(client, address), statements_of(client, anew(address)))
    served.keep(served.CONSTANT, get(client, anew(address)), [])
    return f"/bench/{name}/"


def queries_of(client: Client, address: str) -> int:
    return len(statements_of(client, anew(address))) + len(_SIGN_IN)
