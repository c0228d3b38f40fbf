"""What a reorganisation is to do: arrows from units to their successors, and how a proposal keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from units.choices import Share
from units.models import Unit
from units.reorganisation_checks import PlannedChange, PlannedLink

WHOLE = 100


@dataclass(frozen=True)
class NewUnit:
    """A successor that does not exist yet; equal values mean the same unit. Its legal basis is the reorganisation's."""

    parent: Unit
    kind: str
    name: str  # with its designation: Xã Tân Cương
    short_name: str
    designation: str = ""
    code: str = ""  # empty: the code of the predecessor


@dataclass(frozen=True)
class Link:
    """One arrow. No successor means that the unit closes for good. `percent` only where real shares are known."""

    predecessor: Unit
    successor: Unit | NewUnit | None = None
    share: str = Share.WHOLE
    percent: int | None = None

    @property
    def counts(self) -> bool:
        """The predecessor counts there as one unit; grants and contacts go the same way."""
        return self.successor is not None and self.share != Share.PART

    @property
    def weight(self) -> int:
        if self.percent is not None:
            return self.percent
        return WHOLE if self.counts else 0


@dataclass(frozen=True)
class Follower:
    """A unit that nobody named: the unit above it closes, so it gets a new life below the successor of that unit."""

    unit: Unit
    above: Unit  # its parent until now: a predecessor of the plan or another follower
    target_kind: str  # kind of the unit below which it will stand; empty when its parent has no successor


def main_targets(links: Iterable[Link]) -> dict[int, Unit | NewUnit | None]:
    """Where each predecessor goes as a whole or for its larger part; None when it closes for good."""
    targets: dict[int, Unit | NewUnit | None] = {}
    for link in links:
        if link.counts or link.predecessor.pk not in targets:
            targets[link.predecessor.pk] = link.successor if link.counts else None
    return targets


def followers(links: Sequence[Link], on: date) -> list[Follower]:
    """Units still open on the day below a closing one, parents first."""
    targets = main_targets(links)
    kinds = {pk: target.kind if target else "" for pk, target in targets.items()}
    found: list[Follower] = []
    for top in _topmost([link.predecessor for link in links]):
        above = {top.path: top}
        for unit in Unit.objects.below(top).active(on).exclude(pk=top.pk).order_by("path"):
            parent = above.get(unit.path[: -Unit.steplen])
            above[unit.path] = unit
            if unit.pk not in targets and parent is not None:
                found.append(Follower(unit, parent, kinds[parent.pk]))
                kinds[unit.pk] = unit.kind
    return found


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    tops: list[Unit] = []
    for unit in sorted({unit.pk: unit for unit in units}.values(), key=lambda one: one.path):
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def planned_change(links: Sequence[Link], on: date) -> PlannedChange:
    """The plan as the checks of the rooms above read it: named arrows and those that follow."""
    named = [
        PlannedLink(
            predecessor=link.predecessor,
            successor=link.successor if isinstance(link.successor, Unit) else None,
            successor_name=link.successor.name if link.successor else "",
            weight=link.weight,
            counts=link.counts,
        )
        for link in links
    ]
    carried = [
        PlannedLink(follower.unit, None, follower.unit.name, WHOLE, counts=True, carried=True)
        for follower in followers(links, on)
    ]
    return PlannedChange(on=on, links=(*named, *carried))


def scope_of(links: Sequence[Link]) -> Unit:
    """The smallest unit that holds every unit concerned and is not itself among them."""
    paths = [link.predecessor.path[: -Unit.steplen] for link in links]
    for link in links:
        if isinstance(link.successor, Unit):
            paths.append(link.successor.path[: -Unit.steplen])
        elif link.successor is not None:
            paths.append(link.successor.parent.path)
    shared = min(paths, key=len)
    while not all(path.startswith(shared) for path in paths):
        shared = shared[: -Unit.steplen]
    return Unit.objects.get(path=shared)  # type: ignore[no-any-return]


def to_json(links: Sequence[Link]) -> dict[str, Any]:
    """The arrows as a proposal keeps them; units by key."""
    new = list({link.successor for link in links if isinstance(link.successor, NewUnit)})
    return {
        "new": [
            {
                "parent": unit.parent.pk,
                "kind": str(unit.kind),
                "name": unit.name,
                "short_name": unit.short_name,
                "designation": str(unit.designation),
                "code": unit.code,
            }
            for unit in new
        ],
        "links": [
            {
                "predecessor": link.predecessor.pk,
                "successor": link.successor.pk if isinstance(link.successor, Unit) else None,
                "new": new.index(link.successor) if isinstance(link.successor, NewUnit) else None,
                "share": str(link.share),
                "percent": link.percent,
            }
            for link in links
        ],
    }


def from_json(plan: dict[str, Any]) -> list[Link]:
    """The arrows of a kept proposal, with units as they stand now."""
    keys = {row["predecessor"] for row in plan["links"]} | {row["successor"] for row in plan["links"]}
    keys |= {row["parent"] for row in plan["new"]}
    units = Unit.objects.in_bulk(keys - {None})
    new = [NewUnit(**{**row, "parent": units[row["parent"]]}) for row in plan["new"]]
    links = []
    for row in plan["links"]:
        successor: Unit | NewUnit | None = units.get(row["successor"])
        if row["new"] is not None:
            successor = new[row["new"]]
        links.append(Link(units[row["predecessor"]], successor, row["share"], row["percent"]))
    return links
