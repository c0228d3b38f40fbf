"""What the header of every page shows of this room."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from submissions.models import Notice


def notices(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """How many notices the person has not read; asked only where a template shows it."""
    return {"unread_notices": lambda: Notice.objects.of(request.user).unread().count()}
