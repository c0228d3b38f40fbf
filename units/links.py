"""Links at the head of the list of units that the rooms above add. The list knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

Link = tuple[str, str, str]  # words, address, icon
Source = Callable[["HttpRequest"], list[Link]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Called from AppConfig.ready; the source gives the links that this person may follow."""
    if source not in _sources:
        _sources.append(source)


def added_links(request: HttpRequest) -> list[Link]:
    return [link for source in _sources for link in source(request)]
