"""Remarks that the portal itself stores beside figures and records: a code and what it is about, worded when shown.

«Minutes 12/BB-BTV», written into a row, would keep the language of the person who caused it. What people typed is
stored and shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import TextChoices

Choices = TypeVar("Choices", bound=type[TextChoices])

_MARK = "~"
_rooms: dict[type[TextChoices], str] = {}
_words: dict[str, Any] = {}  # code → translatable words


def remarks_of(room: str) -> Callable[[Choices], Choices]:
    """Makes the choices known as remarks under the name of their room; their words hold `%(about)s` for the subject."""

    def known(choices: Choices) -> Choices:
        _rooms[choices] = room
        _words.update({f"{room}.{choice.value}": choice.label for choice in choices})
        return choices

    return known


def remark(choice: TextChoices, about: object = "") -> str:
    """What is stored: «~equipment.minutes:12/BB-BTV»."""
    code = f"{_MARK}{_rooms[type(choice)]}.{choice.value}"
    return f"{code}:{about}" if about else code


def in_words(stored: str) -> str:
    """The remark in the language of the reader; any other text as it stands."""
    code, _colon, about = stored.removeprefix(_MARK).partition(":")
    if not stored.startswith(_MARK) or code not in _words:
        return stored
    return str(_words[code]) % {"about": about}
