"""Whose figures make the value of a unit, in either way of reading, and where that differs from what totals hold.

Totals hold a unit's own reporters and, through successions, those whose successors stand below it. For a unit that
was opened by a reorganisation that is all: months before its life belong to others as it was then, and to it by
today's units. But a unit that lived on while a reporter moved in or out holds that reporter in both ways of reading.
Such reporters are few; they are found here and set right while reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.periods import month_of
from programmes.choices import Basis
from programmes.models import WEIGHT_SCALE
from units.choices import Share
from units.models import Lineage, Succession, Unit

FOREVER = 10**6  # a month beyond all others


@dataclass(frozen=True)
class Life:
    """One unit and the months in which it speaks for the unit that is asked about."""

    unit_id: int
    has_children: bool
    is_root: bool
    closing: int | None
    first: int = 0
    last: int = FOREVER


@dataclass(frozen=True)
class Reporter:
    """A unit whose figures count, with hundredths and as how many units; below zero what totals hold too much."""

    unit_id: int
    weight: int
    counts: int
    closing: int | None


@dataclass
class Lineages:
    """By unit: the reporters of units without children, corrections of totals, and reporters that count in part.

    `placed`: all reporters of a unit that is read by the units of a chosen day; no totals hold those.
    """

    reporters: dict[int, list[Reporter]] = field(default_factory=lambda: defaultdict(list))
    corrections: dict[int, list[Reporter]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[int, list[Reporter]] = field(default_factory=lambda: defaultdict(list))
    placed: dict[int, list[Reporter]] = field(default_factory=dict)


def closing_of(ended: date | None) -> int | None:
    """The month from which a unit with this last day counts no more."""
    return None if ended is None else month_of(ended + timedelta(days=1))


def lives_of(units: Sequence[Unit], first: int, basis: Basis) -> dict[int, list[Life]]:
    """Who speaks for each unit in which months, oldest first.

    By today's units a unit speaks for itself at all times, through its lineage. As it was then, the months before its
    life belong to the predecessor that it continues: the linked one with the same code and short name.
    """
    lives = {unit.pk: [Life(unit.pk, unit.numchild > 0, unit.depth == 1, closing_of(unit.valid_to))] for unit in units}
    if basis == Basis.THEN:
        seeking = {unit.pk: (unit.pk, month_of(unit.valid_from)) for unit in units if month_of(unit.valid_from) > first}
        while seeking:
            seeking = _look_back(lives, seeking, first)
    return lives


def _look_back(
    lives: dict[int, list[Life]], seeking: dict[int, tuple[int, int]], first: int
) -> dict[int, tuple[int, int]]:
    """Put the continued predecessor in front of each unit; unit → (its oldest life so far, month when that begins)."""
    links = Succession.objects.filter(
        successor__in={pk for pk, _ in seeking.values()},
        predecessor__code=F("successor__code"),
        predecessor__short_name=F("successor__short_name"),
    )
    columns = ("numchild", "depth", "valid_from", "valid_to")
    rows = links.order_by("-pk").values_list("successor", "predecessor", *(f"predecessor__{name}" for name in columns))
    before = {row[0]: row[1:] for row in rows}
    further = {}
    for asked, (pk, begins) in seeking.items():
        lives[asked][0] = replace(lives[asked][0], first=begins)
        if pk in before:
            predecessor, children, depth, opened, ended = before[pk]
            life = Life(predecessor, children > 0, depth == 1, closing_of(ended), last=begins - 1)
            lives[asked].insert(0, life)
            if month_of(opened) > first:
                further[asked] = (predecessor, month_of(opened))
    return further


def read_lineages(lives: Iterable[Life], basis: Basis) -> Lineages:
    """One query as a rule; none for the root, which holds everybody in both ways of reading."""
    found = Lineages()
    every = {life.unit_id: life for life in lives}
    leaves = {pk for pk, life in every.items() if not life.has_children}
    upper = {pk for pk, life in every.items() if life.has_children and not life.is_root}
    if basis == Basis.THEN:
        for pk in leaves:
            found.reporters[pk].append(Reporter(pk, WEIGHT_SCALE, 1, every[pk].closing))
        _read_moved_in(found, upper)
    else:
        _read_today(found, leaves, upper)
    return found


def _read_moved_in(found: Lineages, upper: set[int]) -> None:
    """As it was then: reporters that stood elsewhere while the unit lived do not belong to it."""
    rows = Lineage.objects.filter(Q(weight__lt=WEIGHT_SCALE) | Q(unit__valid_to__gte=F("ancestor__valid_from")))
    for above, reporter in _reporters(rows.filter(ancestor__in=upper, own=False)) if upper else ():
        found.corrections[above].append(replace(reporter, weight=-reporter.weight, counts=-reporter.counts))
        if 0 < reporter.weight < WEIGHT_SCALE:
            found.parts[above].append(reporter)


def _read_today(found: Lineages, leaves: set[int], upper: set[int]) -> None:
    """By today's units: a unit without children through its lineage; from totals, reporters that moved out go off."""
    inside = Lineage.objects.filter(
        unit=OuterRef("successor"), ancestor=OuterRef(OuterRef("ancestor")), weight=WEIGHT_SCALE
    )
    elsewhere = Succession.objects.filter(predecessor=OuterRef("unit")).exclude(Exists(inside))
    parts = Q(ancestor__in=upper, weight__lt=WEIGHT_SCALE)
    gone = Q(Exists(elsewhere), ancestor__in=upper, own=True, unit__valid_to__isnull=False)
    moved_from = set()
    rows = Lineage.objects.filter(Q(ancestor__in=leaves) | parts | gone)
    for above, reporter in _reporters(rows):
        if 0 < reporter.weight < WEIGHT_SCALE:
            found.parts[above].append(reporter)
        if above in leaves:
            found.reporters[above].append(reporter)
        elif reporter.weight == WEIGHT_SCALE:
            moved_from.add(above)
    for above in moved_from:
        found.corrections[above] += _moved_out(above)


def _reporters(rows: QuerySet[Lineage]) -> Iterator[tuple[int, Reporter]]:
    columns = ("ancestor", "unit", "weight", "counts", "unit__valid_to")
    for above, unit, weight, counts, ended in rows.values_list(*columns):
        yield above, Reporter(unit, weight, int(counts), closing_of(ended))


def _moved_out(above: int) -> list[Reporter]:
    """What closed units count too much at this unit by today's units, because what came of them stands elsewhere."""
    ended = Lineage.objects.filter(ancestor=above, unit__valid_to__isnull=False).exclude(unit=above)
    rows = [reporter for _, reporter in _reporters(ended)]
    paths, links = _follow({reporter.unit_id for reporter in rows})
    found = []
    for reporter in rows:
        exact, counts = _share(reporter.unit_id, above, paths, links)
        weight = int(min(exact, Fraction(WEIGHT_SCALE)) + Fraction(1, 2))
        if (weight, int(counts)) != (reporter.weight, reporter.counts):
            excess = replace(reporter, weight=weight - reporter.weight, counts=int(counts) - reporter.counts)
            found.append(excess)
    return found


def _follow(unit_ids: set[int]) -> tuple[dict[int, list[int]], dict[int, list[Succession]]]:
    """The paths (unit first, root last) of these units and all that came of them, and the links between."""
    paths: dict[int, list[int]] = defaultdict(list)
    links: dict[int, list[Succession]] = defaultdict(list)
    fresh = unit_ids
    while fresh:
        own = Lineage.objects.filter(unit__in=fresh, own=True).order_by("-depth")
        for unit, ancestor in own.values_list("unit", "ancestor"):
            paths[unit].append(ancestor)
        above = {ancestor for unit in fresh for ancestor in paths[unit]} - links.keys()
        for link in Succession.objects.filter(predecessor__in=above):
            links[link.predecessor_id].append(link)
        fresh = {link.successor_id for some in links.values() for link in some} - paths.keys()
    return paths, links


def _share(
    unit: int, above: int, paths: dict[int, list[int]], links: dict[int, list[Succession]]
) -> tuple[Fraction, bool]:
    """Hundredths of a unit that are at another today, and whether it is counted there as one."""
    following = next((links[one] for one in paths[unit] if links.get(one)), None)
    if following is None:
        inside = above in paths[unit]
        return Fraction(WEIGHT_SCALE if inside else 0), inside
    weight, counts = Fraction(0), False
    for link in following:
        further, counted = _share(link.successor_id, above, paths, links)
        weight += further * link.weight / WEIGHT_SCALE
        counts = counts or (counted and link.share != Share.PART)
    return weight, counts
