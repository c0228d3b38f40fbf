"""Where every unit's figures stand in the tree of a chosen day, whenever they were reported.

A unit that lived on the day stands where it stood. One that had ended before is followed to what came of it, by the
shares of the links. One that was opened later is led back to the units of which it came: where all of these stand
below the same unit, its figures are wholly that unit's; where they do not, nobody knows how much belongs to whom, and
the figures count at none of them («không chia lại được»). A unit without links goes with the unit above it.
A unit that lived on while it took others in keeps its figures, which from then on hold theirs too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from programmes.choices import OnDay
from programmes.models import WEIGHT_SCALE
from programmes.queries.reporters import Lineages, Reporter, closing_of
from units.choices import Share
from units.models import Succession, Unit


@dataclass(frozen=True)
class Place:
    """The units of the day, by their paths, at which a unit's figures stand.

    `parts`: hundredths at each, and whether the unit counts there as one. A unit that was led back has no parts of a
    sum: its figures and it itself are wholly wherever all of `origins` and all of `counted` stand.
    """

    parts: tuple[tuple[str, Fraction | int, bool], ...] = ()
    origins: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()

    @property
    def paths(self) -> set[str]:
        return {path for path, _, _ in self.parts} | self.origins | self.counted


NOWHERE = Place()


@dataclass(frozen=True)
class _Link:
    path: str  # of the unit to which the link leads
    weight: int
    counts: bool


class Placing:
    """All units and links as they lie to a day. Two queries, whatever is asked of it."""

    def __init__(self, day: date) -> None:
        self.day = day
        rows = Unit.objects.order_by().values_list("pk", "path", "valid_from", "valid_to")
        self.lives = {path: (pk, opened, ended) for pk, path, opened, ended in rows.iterator()}
        self.paths = {pk: path for path, (pk, _, _) in self.lives.items()}
        self.onward: dict[str, list[_Link]] = defaultdict(list)
        self.back: dict[str, list[_Link]] = defaultdict(list)
        for old, new, share, percent in Succession.objects.values_list("predecessor", "successor", "share", "percent"):
            weight = percent if percent is not None else 0 if share == Share.PART else WEIGHT_SCALE
            counts = share != Share.PART
            self.onward[self.paths[old]].append(_Link(self.paths[new], weight, counts))
            self.back[self.paths[new]].append(_Link(self.paths[old], weight, counts))
        self._known: dict[str, Place] = {}

    def lived(self, path: str) -> bool:
        _, opened, ended = self.lives[path]
        return opened <= self.day and (ended is None or ended >= self.day)

    def place(self, path: str) -> Place:
        if path not in self._known:
            self._known[path] = self._place(path)
        return self._known[path]

    def _place(self, path: str) -> Place:
        if not path:
            return NOWHERE
        if self.lived(path):
            return Place(parts=((path, WEIGHT_SCALE, True),))
        if self.lives[path][1] > self.day:
            links = self.back.get(path)
            return self._origins(links) if links else self.place(path[: -Unit.steplen])
        links = [link for link in self.onward.get(path, ()) if self.lives[link.path][1] <= self.day]
        return self._heirs(links) if links else self.place(path[: -Unit.steplen])

    def _heirs(self, links: Iterable[_Link]) -> Place:
        """Shares multiply along the links; a unit is counted only along whole and main ones."""
        weights: dict[str, Fraction | int] = defaultdict(int)
        counts: dict[str, bool] = defaultdict(bool)
        for link in links:
            for path, weight, counted in self.place(link.path).parts:
                whole = link.weight == WEIGHT_SCALE  # nearly always; fractions are slow
                weights[path] += weight if whole else Fraction(weight) * link.weight / WEIGHT_SCALE
                counts[path] |= counted and link.counts
        return Place(parts=tuple((path, weight, counts[path]) for path, weight in weights.items()))

    def _origins(self, links: Sequence[_Link]) -> Place:
        """What passed nothing is passed over, unless nothing else is known of where the unit came from."""
        passing = [link for link in links if link.weight] or links
        counting = [link for link in links if link.counts] or links
        return Place(
            origins=frozenset(path for link in passing for path in self.place(link.path).paths),
            counted=frozenset(path for link in counting for path in self.place(link.path).paths),
        )


@dataclass
class Placed:
    """The reporters of the units that were asked for, and whose figures cannot be divided among units of the day."""

    lineages: Lineages = field(default_factory=Lineages)
    undivided: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def placing_of(way: OnDay) -> Placing:
    """The units as they lie to the day, read once for each page."""
    if "placing" not in way.known:
        way.known["placing"] = Placing(way.day)
    found: Placing = way.known["placing"]
    return found


def placed(units: Iterable[Unit], way: OnDay) -> Placed:
    """Who reports for these units, read by the units of the day. The root holds everybody and needs no list."""
    found = Placed()
    asked = {unit.path: unit.pk for unit in units if unit.depth > 1 or not unit.numchild}
    if not asked:
        return found
    placing = placing_of(way)
    found.lineages.placed = {pk: [] for pk in asked.values()}
    for path, (reporter, _, ended) in placing.lives.items():
        for above, weight, counts, unclear in _shares(placing.place(path), asked):
            if unclear:
                found.undivided[above].append(reporter)
            if weight or counts:
                row = Reporter(reporter, weight, int(counts), closing_of(ended))
                found.lineages.placed[above].append(row)
                if 0 < weight < WEIGHT_SCALE:
                    found.lineages.parts[above].append(row)
    return found


def _shares(place: Place, asked: dict[str, int]) -> Iterator[tuple[int, int, bool, bool]]:
    """At each asked unit: whole hundredths, whether counted as one, whether only some of what it came from is there."""
    if len(place.parts) == 1:
        path, exact, counts = place.parts[0]
        weight = _rounded(exact)
        yield from ((asked[above], weight, counts, False) for above in _above(path) if above in asked)
        return
    inside: dict[str, set[str]] = defaultdict(set)
    for path in place.paths:
        for above in _above(path):
            if above in asked:
                inside[above].add(path)
    for above, there in inside.items():
        if place.parts:
            here = [part for part in place.parts if part[0] in there]
            yield asked[above], _rounded(sum(part[1] for part in here)), any(part[2] for part in here), False
        else:
            whole, counts = place.origins <= there, place.counted <= there
            yield asked[above], WEIGHT_SCALE * whole, counts, not (whole and counts)


def _above(path: str) -> list[str]:
    """The path and those of the units above it."""
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def _rounded(exact: Fraction | int) -> int:
    return int(min(exact, WEIGHT_SCALE) + Fraction(1, 2))


def undivided(units: Iterable[Unit], way: OnDay) -> list[Unit]:
    """Units opened after the day that came of one of these and of others: their figures cannot be divided back."""
    keys = {pk for some in placed(units, way).undivided.values() for pk in some}
    return list(Unit.objects.filter(pk__in=keys).order_by("depth", "sort_key", "pk"))


def units_then(unit: Unit, way: OnDay) -> list[Unit]:
    """The units of the day in which a unit that did not live then stood: what came of it, or what it came of."""
    paths = placing_of(way).place(unit.path).paths
    return list(Unit.objects.filter(path__in=paths).order_by("sort_key", "pk"))
