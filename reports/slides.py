"""The leader's screen as slides for a projector: one thing on each, in large type. Plain pages, one address each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

SLIDE = "trinh-chieu"  # the number of the slide in the address, from 1
ROWS = 5  # indicators that are read from the last row of a room
ITEMS = 6  # decisions or changes


@dataclass(frozen=True)
class Slide:
    """`kind` names what the template draws; `rows` are what it draws it of."""

    kind: str
    title: str
    rows: tuple[Any, ...] = ()


def slides_of(context: dict[str, Any]) -> list[Slide]:
    """First how things stand, then what needs a decision and what changed, then the indicators, last the map."""
    found = [Slide("standing", _("Where we stand"))]
    found += _split("decisions", _("Needs a decision"), context["decisions"], ITEMS)
    found += _split("changes", _("What changed"), context["changes"], ITEMS)
    for name, rows in context["pillars"]:
        found += _split("indicators", name or _("Indicators"), rows, ROWS)
    if context["map"]:
        found.append(Slide("map", context["opened"].reading.indicator.name))
    return found


def slide(context: dict[str, Any], asked: str) -> dict[str, Any]:
    """What the page of one slide shows; a number beyond the last is the last, what is no number the first."""
    every = slides_of(context)
    number = min(max(int(asked), 1), len(every)) if asked.isdecimal() and len(asked) < 5 else 1
    return {
        "slide": every[number - 1],
        "number": number,
        "count": len(every),
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number < len(every) else None,
    }


def _split(kind: str, title: str, rows: Any, most: int) -> list[Slide]:
    """As many slides as the rows need, evenly filled."""
    pieces = -(-len(rows) // most)
    size = -(-len(rows) // pieces) if pieces else 0
    parts = [tuple(rows[start : start + size]) for start in range(0, len(rows), size)] if size else []
    return [
        Slide(kind, title if len(parts) == 1 else f"{title} ({place}/{len(parts)})", part)
        for place, part in enumerate(parts, start=1)
    ]
