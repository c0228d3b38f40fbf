"""The official units of the country, from the lists in `units/data` into the tree: lives, links, lineage.

Loading only adds what is missing. What stands already, whoever wrote it, is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from units.choices import ReorganisationState
from units.lineage import rebuild_lineage
from units.models import Reorganisation, Succession, Unit
from units.official import Key, OfficialEvent, OfficialLink, OfficialUnit, official_links, official_units

BATCH = 2000


@dataclass(frozen=True)
class Loaded:
    """How much was added; all zero when the tree was complete."""

    units: int
    links: int
    reorganisations: int

    @property
    def anything(self) -> bool:
        return bool(self.units or self.links or self.reorganisations)


@dataclass(frozen=True)
class _Place:
    pk: int
    path: str


@transaction.atomic
def load_units() -> Loaded:
    """Bring the tree of units up to the official lists; a second call adds nothing."""
    places = _places()
    created = _create([unit for unit in official_units() if unit.key not in places], places)
    links = official_links()
    events, opened = _events({link.event for link in links}, places)
    linked = _link(links, places, events)
    concerned = created | {pk for pair in linked for pk in pair}
    if concerned:
        rebuild_lineage(None if len(concerned) > BATCH else concerned)
    return Loaded(units=len(created), links=len(linked), reorganisations=opened)


def _places() -> dict[Key, _Place]:
    columns = ("kind", "code", "valid_from", "pk", "path")
    rows = Unit.objects.order_by().values_list(*columns).iterator()
    return {(kind, code, opened): _Place(pk, path) for kind, code, opened, pk, path in rows}


def _create(missing: list[OfficialUnit], places: dict[Key, _Place]) -> set[int]:
    """Write the missing lives level by level, with paths of our own: treebeard's way takes minutes for a country."""
    last = _last_steps(places.values())
    children = Counter(unit.parent for unit in missing if unit.parent)
    for parent, number in children.items():
        if parent in places:
            Unit.objects.filter(pk=places[parent].pk).update(numchild=F("numchild") + number)
    created: set[int] = set()
    waiting = missing
    while waiting:
        ready = [unit for unit in waiting if unit.parent is None or unit.parent in places]
        waiting = [unit for unit in waiting if not (unit.parent is None or unit.parent in places)]
        rows = [_row(unit, places, last, children[unit.key]) for unit in ready]
        for unit, row in zip(ready, Unit.objects.bulk_create(rows, batch_size=BATCH), strict=True):
            places[unit.key] = _Place(row.pk, row.path)
            created.add(row.pk)
    return created


def _last_steps(places: Iterable[_Place]) -> Counter[str]:
    """The number of the last child below each path ("" above the roots)."""
    last: Counter[str] = Counter()
    for place in places:
        above, step = place.path[: -Unit.steplen], Unit._str2int(place.path[-Unit.steplen :])
        last[above] = max(last[above], step)
    return last


def _row(unit: OfficialUnit, places: dict[Key, _Place], last: Counter[str], numchild: int) -> Unit:
    above = places[unit.parent].path if unit.parent else ""
    last[above] += 1
    depth = len(above) // Unit.steplen + 1
    kind, code, opened = unit.key
    row = Unit(
        kind=kind,
        code=code,
        valid_from=opened,
        valid_to=unit.valid_to,
        designation=unit.designation,
        name=unit.name,
        short_name=unit.short_name,
        legal_basis=unit.legal_basis,
        closing_basis=unit.closing_basis,
        lat=unit.lat,
        lon=unit.lon,
        area_km2=unit.area_km2,
        path=Unit._get_path(above, depth, last[above]),
        depth=depth,
        numchild=numchild,
    )
    row.fill_keys()
    return row


def _events(wanted: set[OfficialEvent], places: dict[Key, _Place]) -> tuple[dict[OfficialEvent, int], int]:
    """The reorganisation behind each event, and how many had to be written."""
    standing = {(kind, on, scope): pk for kind, on, scope, pk in Reorganisation.objects.values_list(
        "kind", "on", "scope", "pk"
    )}  # fmt: skip
    found: dict[OfficialEvent, int] = {}
    written = 0
    for event in sorted(wanted, key=lambda one: (one.on, one.title)):
        scope = places[event.scope].pk
        pk = standing.get((event.kind, event.on, scope))
        if pk is None:
            pk = Reorganisation.objects.create(
                kind=event.kind,
                on=event.on,
                scope_id=scope,
                title=event.title,
                legal_basis=event.legal_basis,
                state=ReorganisationState.APPLIED,
            ).pk
            written += 1
        found[event] = pk
    return found, written


def _link(
    links: list[OfficialLink], places: dict[Key, _Place], events: dict[OfficialEvent, int]
) -> set[tuple[int, int]]:
    """Write the missing links; returns the pairs (predecessor, successor)."""
    standing = set(Succession.objects.values_list("predecessor", "successor"))
    fresh = {}
    for link in links:
        pair = places[link.predecessor].pk, places[link.successor].pk
        if pair not in standing:
            fresh[pair] = Succession(
                predecessor_id=pair[0],
                successor_id=pair[1],
                share=link.share,
                note=link.note,
                reorganisation_id=events[link.event],
            )
    Succession.objects.bulk_create(fresh.values(), batch_size=BATCH)
    return set(fresh)
