"""Tabs beside the lists of programmes that the rooms above add. The lists know none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

_tabs: dict[str, str | Promise] = {}


def register(route: str, label: str | Promise) -> None:
    """Called from AppConfig.ready. Raises ValueError when the route has another label already."""
    if _tabs.setdefault(route, label) != label:
        raise ValueError(f"two tabs lead to {route!r}")


def added_tabs() -> list[tuple[str | Promise, str]]:
    return [(label, route) for route, label in _tabs.items()]
