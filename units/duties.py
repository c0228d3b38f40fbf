"""What a person has to do now, gathered from all rooms for the home page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User


@dataclass(frozen=True)
class Duty:
    """One thing to do: where, by when (None: no date), and of what kind (for the icon and for grouping)."""

    title: str | Promise
    url: str
    detail: str | Promise = ""
    due: date | None = None
    kind: str = ""


_providers: list[Callable[[User], list[Duty]]] = []


def register(provider: Callable[[User], list[Duty]]) -> None:
    """Called from AppConfig.ready; the same provider counts once."""
    if provider not in _providers:
        _providers.append(provider)


def duties_of(user: User) -> list[Duty]:
    """All duties of the person: dated ones first, the nearest date on top; others in the order of the rooms."""
    found = [duty for provider in _providers for duty in provider(user)]
    return sorted(found, key=lambda duty: duty.due or date.max)
