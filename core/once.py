"""One effect for one filled-in form, however often its button is pressed or its answer gets lost.

A page that changes something carries a hidden token (`{% once_token %}`, or any form of `core.forms`). The first POST
with it runs the view; a later one, also one sent at the same moment, is sent on to where the first one led.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.module_loading import import_string

FIELD = "once"
LONGEST_TOKEN = 64
ViewFunction = TypeVar("ViewFunction", bound=Callable[..., HttpResponseBase])


class OnceStore(Protocol):
    """Where used tokens are kept; the class named by settings.ONCE_STORE. Always called inside a transaction.

    A token belongs to one person and one path: in other hands it is another token.
    """

    def claim(self, *, user_id: int | None, path: str, token: str) -> str | None:
        """Takes a new token and returns None, or returns the address kept for a token that was used before.

        A second claim at the same time must wait until the transaction of the first one has ended (a unique row does).
        """

    def keep(self, *, user_id: int | None, path: str, token: str, address: str) -> None:
        """Notes where the first use led."""

    def release(self, *, user_id: int | None, path: str, token: str) -> None:
        """Forgets a claimed token, because nothing was done."""


def new_token() -> str:
    return secrets.token_urlsafe(18)


def once(view: ViewFunction) -> ViewFunction:
    """A POST with a token that was used before does not run the view again but redirects to its first result.

    The token and what the view writes stand or fall in one transaction: a crash in between leaves neither. Done is
    what the view answers with a redirect (or HX-Redirect); any other answer, such as a form with errors, frees the
    token. A POST without a token runs as if this were not here.
    """

    @functools.wraps(view)
    def run_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token = request.POST.get(FIELD, "")[:LONGEST_TOKEN] if request.method == "POST" else ""
        if not token:
            return view(request, *args, **kwargs)
        store = cast(OnceStore, import_string(settings.ONCE_STORE)())
        key: dict[str, Any] = {"user_id": request.user.pk, "path": request.path, "token": token}
        with transaction.atomic():
            first_result = store.claim(**key)
            if first_result is not None:
                return redirect(first_result)
            response = view(request, *args, **kwargs)
            address = response.headers.get("Location") or response.headers.get("HX-Redirect")
            if address:
                store.keep(**key, address=address)
            else:
                store.release(**key)
        return response

    return cast(ViewFunction, run_once)
