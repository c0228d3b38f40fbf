"""Which numbers hold fractions of divided units: they are shown as estimates.

A unit that was divided by percent counts in part at a unit that does not hold all of its successors. Its own months
are an estimate there, and what its successors carried over is one until they report themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise

from programmes.choices import MeasureKind, Provenance
from programmes.queries.reporters import FOREVER, Lineages
from programmes.queries.tracks import Facts, read_figures
from units.models import Lineage

Spans = dict[tuple[int, int], list[tuple[int, int]]]  # unit, measure → months, both included


def read_estimates(lineages: Lineages, measures: Collection[Facts], first: int) -> Spans:
    """The months of estimates, by unit and measure. No query where no unit was divided by percent, as a rule."""
    found: Spans = defaultdict(list)
    divided = {reporter.unit_id for some in lineages.parts.values() for reporter in some}
    if not divided:
        return found
    wanted = [facts.pk for facts in measures if facts.kind in {MeasureKind.FLOW, MeasureKind.STOCK}]
    heirs = _heirs(divided, set(lineages.parts))
    every = divided | {heir for some in heirs.values() for heir in some}
    figures = read_figures(sorted(every), wanted, first)
    for above, some in lineages.parts.items():
        for reporter in some:
            for measure in wanted:
                points = figures.get((reporter.unit_id, measure), [])
                if points:
                    found[above, measure].append((min(points)[0], (reporter.closing or FOREVER) - 1))
                for heir in heirs[above, reporter.unit_id]:
                    found[above, measure] += _carried(figures.get((heir, measure), []))
    return found


def _heirs(divided: set[int], asked: set[int]) -> dict[tuple[int, int], set[int]]:
    """Asked unit and divided unit → those that came of it and stand at or below the asked one."""
    after = Lineage.objects.filter(unit__in=divided, own=False, weight__gt=0).values_list("unit", "ancestor")
    came = list(after)
    inside = Lineage.objects.filter(unit__in={heir for _, heir in came}, ancestor__in=asked, own=True)
    below = set(inside.values_list("ancestor", "unit"))
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for unit, heir in came:
        for above in asked:
            if (above, heir) in below:
                found[above, unit].add(heir)
    return found


def _carried(points: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """From each opening to the month before the next report."""
    ordered = [*sorted(points), (FOREVER, 0, "")]
    return [
        (month, after - 1) for (month, _, origin), (after, _, _) in pairwise(ordered) if origin == Provenance.OPENING
    ]
