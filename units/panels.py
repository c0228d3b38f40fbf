"""Sections of the unit page that the rooms above add: figures, machines, trainings. The page knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from units.choices import Right

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

    from units.models import Unit


@dataclass(frozen=True)
class Panel:
    """One section. `template` gets what `context(request, unit)` returns; it is shown to who has `right` there."""

    key: str  # last part of its address, in Vietnamese without tones
    title: str | Promise
    order: int
    template: str
    context: Callable[[HttpRequest, Unit], dict[str, Any]]
    right: Right = Right.VIEW


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called from AppConfig.ready. Raises ValueError when another panel already has the key."""
    if _panels.setdefault(panel.key, panel) != panel:
        raise ValueError(f"two panels are called {panel.key!r}")


def panels() -> tuple[Panel, ...]:
    """All panels in the order in which the page shows them."""
    return tuple(sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)))


def panel(key: str) -> Panel | None:
    return _panels.get(key)
