"""Sections of the sponsor page that the rooms above add: gifts, trainings. The page knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest

    from sponsors.models import Sponsor


@dataclass(frozen=True)
class Panel:
    """One section: `template` gets what `context(request, sponsor)` returns; what it shows starts from visible_to."""

    key: str
    order: int
    template: str
    context: Callable[[HttpRequest, Sponsor], dict[str, Any]]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called from AppConfig.ready. Raises ValueError when another panel already has the key."""
    if _panels.setdefault(panel.key, panel) != panel:
        raise ValueError(f"two panels are called {panel.key!r}")


def panels() -> tuple[Panel, ...]:
    return tuple(sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)))
