"""Sections of the page of a figure that the rooms above add: the reports that quote it. The page knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest

    from reports.queries.figure import FigurePage
    from reports.queries.scope import Scope


@dataclass(frozen=True)
class Panel:
    """One section: `template` gets what `context(request, scope, page)` returns; its reads start from visible_to."""

    key: str
    order: int
    template: str
    context: Callable[[HttpRequest, Scope, FigurePage], dict[str, Any]]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called from AppConfig.ready. Raises ValueError when another panel already has the key."""
    if _panels.setdefault(panel.key, panel) != panel:
        raise ValueError(f"two panels are called {panel.key!r}")


def panels() -> tuple[Panel, ...]:
    return tuple(sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)))
