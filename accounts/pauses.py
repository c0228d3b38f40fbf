"""Sign-ins that are paused after too many wrong passwords. django-axes counts; here stands for whom, and since when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.actions import account_with
from accounts.models import FailedSignIn, User

PAUSE = timedelta(hours=settings.AXES_COOLOFF_TIME)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose password was tried: one name for an account, whether its name or address was typed, in whatever case.

    Otherwise each spelling would have ten guesses of its own.
    """
    given = credentials or {}
    typed = str(given.get("username") or given.get("email") or request.POST.get("login", ""))
    person = account_with(typed) or User.objects.filter(username=typed).first()
    return person.username if person else typed.strip().lower()[:255]


def is_paused(failed: FailedSignIn, now: datetime) -> bool:
    enough: bool = failed.failures_since_start >= settings.AXES_FAILURE_LIMIT
    return enough and failed.attempt_time + PAUSE > now
