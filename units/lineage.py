"""Which units each unit counts for: its ancestors then, and through successions its successors' ancestors today.

The weight of unit u at ancestor a is 100 when a stands in u's own path, and otherwise the sum over u's links of
share × weight of the successor at a. A unit without links takes the links of the nearest unit above it that has some,
so that the districts and branches of a closed unit count where it counts. Chains of any length follow by themselves,
and an ancestor that several successors share gets the sum of their shares, never more than the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q

from units.choices import Share
from units.models import Lineage, Succession, Unit
from units.signals import lineage_changed

WHOLE = 100
MANY = 2000  # units changed at once: a load, not an event
BATCH = 400  # ids in one IN list: well below the 999 parameters of old SQLite builds

_Key = TypeVar("_Key", int, str)
Part = tuple[Fraction | int, bool]  # (hundredths, counted there as one)


@dataclass(frozen=True)
class _Link:
    successor: int
    weight: int
    counts: bool


@dataclass
class _Forest:
    """The part of the tree and of the links that a computation needs, by key."""

    paths: dict[int, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    links: dict[int, list[_Link]] = field(default_factory=dict)
    _beyond: dict[int, dict[int, Part]] = field(default_factory=dict)

    def add_units(self, rows: Iterable[tuple[int, str]]) -> None:
        for pk, path in rows:
            self.paths[pk] = path
            self.ids[path] = pk

    def add_links(self, rows: Iterable[tuple[int, int, str, int | None]]) -> None:
        for predecessor, successor, share, percent in rows:
            weight = percent if percent is not None else (0 if share == Share.PART else WHOLE)
            self.links.setdefault(predecessor, []).append(_Link(successor, weight, share != Share.PART))

    def own(self, pk: int) -> list[int]:
        """The unit and its ancestors, root first."""
        path = self.paths[pk]
        return [self.ids[path[:end]] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]

    def beyond(self, pk: int) -> dict[int, Part]:
        """What the links lead to, without the unit's own ancestors: ancestor → part."""
        known = self._beyond.get(pk)
        if known is None:
            known = self._beyond[pk] = self._follow(pk)
        return known

    def _follow(self, pk: int) -> dict[int, Part]:
        own = self.own(pk)
        links = self.links.get(pk)
        if links is None:
            return self.beyond(own[-2]) if len(own) > 1 else {}
        sums: dict[int, Part] = {}
        for link in links:
            for ancestor, (weight, counts) in self._everything(link.successor).items():
                before, counted = sums.get(ancestor, (0, False))
                more = weight if link.weight == WHOLE else Fraction(weight) * link.weight / WHOLE
                sums[ancestor] = (before + more, counted or (counts and link.counts))
        for ancestor in own:
            sums.pop(ancestor, None)
        return sums

    def _everything(self, pk: int) -> dict[int, Part]:
        return self.beyond(pk) | dict.fromkeys(self.own(pk), (WHOLE, True))

    def rows(self, pk: int) -> Iterator[Lineage]:
        """The lineage of one unit. A part that counts nothing leaves no row: who gets nothing sees nothing."""
        for ancestor in self.own(pk):
            yield Lineage(unit_id=pk, ancestor_id=ancestor, depth=self._depth(ancestor))
        for ancestor, (exact, counts) in self.beyond(pk).items():
            weight = min(WHOLE, int(exact + Fraction(1, 2)))
            if weight or counts:
                yield Lineage(
                    unit_id=pk,
                    ancestor_id=ancestor,
                    weight=weight,
                    counts=counts,
                    depth=self._depth(ancestor),
                    own=False,
                )

    def _depth(self, pk: int) -> int:
        return len(self.paths[pk]) // Unit.steplen


def rebuild_lineage(unit_ids: Iterable[int] | None = None) -> set[int]:
    """Write anew the lineage of these units and of all that depend on them (None: of every unit).

    Depending are the units below and the predecessors, in any generation. Returns the keys of the units whose rows
    changed, after telling them through `signals.lineage_changed`.
    """
    with transaction.atomic():
        concerned = None if unit_ids is None else _dependents(set(unit_ids))
        forest = _whole_forest() if concerned is None else _part_of_forest(concerned)
        wanted = sorted(forest.paths if concerned is None else concerned & forest.paths.keys())
        changed = _write(forest, wanted, everything=concerned is None)
        if len(changed) > MANY:
            _gather_statistics()
        if changed:
            lineage_changed.send(sender=Lineage, unit_ids=changed)
    return changed


def _write(forest: _Forest, wanted: list[int], *, everything: bool) -> set[int]:
    """Replace the rows of the units that differ from what stands in the table; returns those units."""
    before = _standing(None if everything else wanted)
    fresh = {pk: list(forest.rows(pk)) for pk in wanted}
    changed = {pk for pk in wanted if {_values(row) for row in fresh[pk]} != before.get(pk, set())}
    for some in _batches(pk for pk in sorted(changed) if pk in before):
        Lineage.objects.filter(unit__in=some).delete()
    Lineage.objects.bulk_create((row for pk in wanted if pk in changed for row in fresh[pk]), batch_size=5000)
    return changed


def _gather_statistics() -> None:
    """PostgreSQL plans joins over freshly filled tables a thousand times too slow until it has looked at them."""
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in (Unit, Succession, Lineage))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def _values(row: Lineage) -> tuple[int, int, bool, int, bool]:
    return row.ancestor_id, row.weight, row.counts, row.depth, row.own


def _standing(unit_ids: list[int] | None) -> dict[int, set[tuple[int, int, bool, int, bool]]]:
    columns = ("unit_id", "ancestor_id", "weight", "counts", "depth", "own")
    found: dict[int, set[tuple[int, int, bool, int, bool]]] = {}
    for condition in _conditions("unit", unit_ids):
        for pk, *values in Lineage.objects.filter(condition).values_list(*columns).iterator():
            found.setdefault(pk, set()).add(tuple(values))
    return found


def _dependents(unit_ids: set[int]) -> set[int]:
    """The units, what is below them, and the predecessors of all of these, in every generation."""
    found: set[int] = set()
    fresh = unit_ids
    while fresh:
        found |= fresh
        fresh = (_below(fresh) | _predecessors(fresh)) - found
    return found


def _below(unit_ids: set[int]) -> set[int]:
    """Keys of the subtrees; one query for each topmost unit, for subtrees of the same parent lie side by side."""
    tops: list[str] = []
    for path in sorted(path for _, path in _paths(unit_ids, with_children=True)):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    found: set[int] = set()
    for some in _batches(tops):
        inside = Q()
        for path in some:
            inside |= Q(path__range=(path, path + "Z" * Unit.steplen))
        found.update(Unit.objects.filter(inside).order_by().values_list("pk", flat=True))
    return found


def _predecessors(unit_ids: set[int]) -> set[int]:
    found: set[int] = set()
    for some in _batches(unit_ids):
        found.update(Succession.objects.filter(successor__in=some).values_list("predecessor", flat=True))
    return found


def _paths(unit_ids: set[int], *, with_children: bool = False) -> Iterator[tuple[int, str]]:
    for some in _batches(unit_ids):
        units = Unit.objects.filter(pk__in=some, **({"numchild__gt": 0} if with_children else {}))
        yield from units.order_by().values_list("pk", "path")


LINK_COLUMNS = ("predecessor", "successor", "share", "percent")


def _whole_forest() -> _Forest:
    forest = _Forest()
    forest.add_units(Unit.objects.order_by().values_list("pk", "path").iterator())
    forest.add_links(Succession.objects.values_list(*LINK_COLUMNS).iterator())
    return forest


def _part_of_forest(unit_ids: set[int]) -> _Forest:
    """The units with their ancestors, their successors with theirs, and so on until no link leads further."""
    forest = _Forest()
    fresh = unit_ids
    while fresh:
        forest.add_units(_paths(fresh))
        above = _add_ancestors(forest, fresh)
        links: list[tuple[int, int, str, int | None]] = []
        for some in _batches(fresh | above):
            links.extend(Succession.objects.filter(predecessor__in=some).values_list(*LINK_COLUMNS))
        forest.add_links(links)
        fresh = {link[1] for link in links} - forest.paths.keys()
    return forest


def _add_ancestors(forest: _Forest, unit_ids: set[int]) -> set[int]:
    """Bring in the ancestors that are not there yet; returns their keys."""
    missing = {
        path[:end]
        for path in (forest.paths[pk] for pk in unit_ids if pk in forest.paths)
        for end in range(Unit.steplen, len(path), Unit.steplen)
    } - forest.ids.keys()
    above: set[int] = set()
    for some in _batches(missing):
        rows = list(Unit.objects.filter(path__in=some).order_by().values_list("pk", "path"))
        forest.add_units(rows)
        above.update(pk for pk, _ in rows)
    return above


def _conditions(column: str, keys: list[int] | None) -> Iterator[Q]:
    """Conditions that together cover the keys, or one that covers everything."""
    if keys is None:
        yield Q()
        return
    for some in _batches(keys):
        yield Q(**{f"{column}__in": some})


def _batches(keys: Iterable[_Key]) -> Iterator[list[_Key]]:
    everything = list(keys)
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]
