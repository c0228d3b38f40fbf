"""One bar in parts: how a whole number of units divides, e.g. reported in time, late, not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.charts.base import at


@dataclass(frozen=True, slots=True)
class StackPart:
    """A part as drawn: place and width, and its look: a status, or "empty" for what is not there (hatched)."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stack:
    """The parts fill the whole width; those of nothing are left out. The words stand beside it in the page."""

    template: ClassVar[str] = "components/charts/stack.html"
    width: ClassVar[int] = 600
    height: ClassVar[int] = 20
    key: str
    label: str
    parts: tuple[StackPart, ...]


def stack(parts: Sequence[tuple[str, int]], *, key: str, label: str) -> Stack:
    """(kind, number) from the left; `label` says the numbers in words. `key` makes ids on the page unique."""
    whole, done, drawn = sum(max(number, 0) for _kind, number in parts), 0, []
    for kind, number in parts:
        if number > 0:
            drawn.append(StackPart(kind, at(done / whole * Stack.width), at(number / whole * Stack.width)))
            done += number
    return Stack(key, label, tuple(drawn))
