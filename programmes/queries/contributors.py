"""Whose figures make the value of a unit, month by month, named one by one: for explaining how a sum moved.

Sums are read from totals (`programmes.queries.series`); here the same rules are told reporter by reporter. That the
two agree in every month and in all ways of reading is what the property tests of changes prove.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from core.periods import first_day
from programmes.choices import Basis, OnDay, Way
from programmes.models import WEIGHT_SCALE
from programmes.queries.placing import placed
from programmes.queries.reporters import FOREVER, Reporter, closing_of, lives_of, read_lineages
from units.models import Lineage, Unit

ENTERED_LATE = 3  # months in which a unit whose end was entered late may still have reported; such reports count


@dataclass(frozen=True)
class Span:
    """Months (both included) in which a reporter counts, with hundredths and as how many units."""

    first: int
    last: int
    weight: int
    counts: int


@dataclass
class Contributor:
    """A reporting unit and the months in which it counts.

    `closing`: the month from which it reports no more. `later`: hundredths that what it reported is worth, after it
    has ended, to the unit that speaks in the last month. Read as it was then they count for nothing, and say with
    what the sums of its successors are to be compared.
    """

    unit_id: int
    closing: int | None
    spans: list[Span] = field(default_factory=list)
    later: int = 0

    def weight(self, month: int, *, is_flag: bool) -> int:
        """Hundredths with which its figure counts in the month; yes/no measures count whole or not at all."""
        for span in self.spans:
            if span.first <= month <= span.last:
                return span.counts * WEIGHT_SCALE if is_flag else span.weight
        return 0

    def turns(self, first: int, last: int) -> set[int]:
        """The months after `first` and up to `last` in which its weight may change."""
        edges = {month for span in self.spans for month in (span.first, span.last + 1)}
        return {month for month in edges if first < month <= last}


@dataclass(frozen=True)
class Contributors:
    """Those who count, and the units that speak for the asked one in these months, by their keys."""

    some: list[Contributor]
    speakers: list[int]


def contributors(unit: Unit, first: int, last: int, *, basis: Way) -> Contributors:
    """Everybody whose figures of the months from `first` to `last` may count at the unit. A few queries."""
    if isinstance(basis, OnDay) and unit.depth > 1:
        return Contributors(_always(placed([unit], basis).lineages.placed.get(unit.pk, [])), [unit.pk])
    if basis == Basis.THEN or unit.valid_to is not None:
        return _as_it_was(unit, first, last)
    return Contributors(_today(unit, first), [unit.pk])


def _always(reporters: Iterable[Reporter]) -> list[Contributor]:
    return [
        Contributor(one.unit_id, one.closing, [Span(0, FOREVER, one.weight, one.counts)], one.weight)
        for one in reporters
    ]


def _today(unit: Unit, first: int) -> list[Contributor]:
    """By today's units: the lineage, without what moved out."""
    lives = lives_of([unit], first, Basis.TODAY)[unit.pk]
    excess = read_lineages(lives, Basis.TODAY).corrections.get(unit.pk, [])
    worth: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    closings: dict[int, int | None] = {}
    for one in [*(one for _above, _own, one in _lineage(Q(ancestor=unit), first)), *excess]:
        weight, counts = worth[one.unit_id]
        worth[one.unit_id] = (weight + one.weight, counts + one.counts)
        closings[one.unit_id] = one.closing
    return _always(Reporter(pk, *both, closings[pk]) for pk, both in worth.items() if any(both))


def _as_it_was(unit: Unit, first: int, last: int) -> Contributors:
    """As it was then: who stood below the unit that spoke in each month. What ended and came to the last speaker with
    a reorganisation counts for nothing itself, and is remembered for comparing."""
    lives = [life for life in lives_of([unit], first, Basis.THEN)[unit.pk] if life.first <= last and life.last >= first]
    found: dict[int, Contributor] = {}
    by_life = {life.unit_id: life for life in lives}
    for above, own, one in _lineage(Q(ancestor__in=by_life), first):
        life = by_life[above]
        is_last = life is lives[-1]
        if own or (is_last and one.closing is not None and one.closing <= last):
            known = found.setdefault(one.unit_id, Contributor(one.unit_id, one.closing))
            if own:
                known.spans.append(Span(life.first, life.last, WEIGHT_SCALE, 1))
            if is_last:
                known.later = one.weight
    return Contributors(list(found.values()), list(by_life))


def _lineage(rows: Q, first: int) -> list[tuple[int, bool, Reporter]]:
    """Ancestor, whether it stands in the own path, and the reporter: those that had not ended well before `first`."""
    living = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=first_day(first - ENTERED_LATE))
    columns = ("ancestor", "own", "unit", "weight", "counts", "unit__valid_to")
    chosen = Lineage.objects.filter(rows & living).order_by().values_list(*columns)
    return [
        (above, own, Reporter(pk, weight, int(counts), closing_of(ended)))
        for above, own, pk, weight, counts, ended in chosen
    ]
