"""What the rooms above say about a planned reorganisation: sums before and after, and what needs a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from units.models import Unit


@dataclass(frozen=True)
class PlannedLink:
    """One arrow of the plan. `successor` is None while the unit is still to be opened, or when nothing follows."""

    predecessor: Unit
    successor: Unit | None
    successor_name: str  # empty when nothing follows (closing)
    weight: int  # hundredths of the predecessor's counts that pass
    counts: bool  # the predecessor counts as one unit there (whole, main)
    carried: bool = False  # follows from the closing of the unit above; nobody named it


@dataclass(frozen=True)
class PlannedChange:
    """The whole plan: `on` is the first day of the new order."""

    on: date
    links: tuple[PlannedLink, ...]

    @property
    def predecessors(self) -> tuple[Unit, ...]:
        return tuple({link.predecessor.pk: link.predecessor for link in self.links}.values())


@dataclass(frozen=True)
class SumCheck:
    """A sum over the predecessors and what the successors will have of it. Different sums forbid the plan."""

    title: str | Promise
    before: Decimal
    after: Decimal
    estimated: bool = False  # fractions were used

    @property
    def equal(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class Decision:
    """Something open at a predecessor that somebody should look at: it passes to the successor as it is."""

    title: str | Promise
    detail: str | Promise = ""
    url: str = ""
    count: int = 1


@dataclass(frozen=True)
class Findings:
    sums: tuple[SumCheck, ...] = ()
    decisions: tuple[Decision, ...] = ()


Checker = Callable[[PlannedChange], Findings]
_checkers: dict[str, Checker] = {}


def register(key: str, checker: Checker) -> None:
    """Called from AppConfig.ready of a room above; reads only. Raises ValueError when the key is taken by another."""
    if _checkers.setdefault(key, checker) is not checker:
        raise ValueError(f"two checks are called {key!r}")


def findings(change: PlannedChange) -> Findings:
    """What all rooms say, in the order in which they registered."""
    said = [checker(change) for checker in _checkers.values()]
    return Findings(
        sums=tuple(line for one in said for line in one.sums),
        decisions=tuple(line for one in said for line in one.decisions),
    )
