"""What the figures say about a planned reorganisation: levels before and after, and figures that come too late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from core.periods import label, month_of
from programmes.carrying import last_levels
from programmes.choices import MeasureKind, MeasureSource
from programmes.models import VALUE_SCALE, WEIGHT_SCALE, Figure, Measure
from units.reorganisation_checks import Decision, Findings, PlannedChange, PlannedLink, SumCheck


def check_reorganisation(change: PlannedChange) -> Findings:
    """Every level that passes to successors, summed over the units that close and over those that take over."""
    return Findings(tuple(_sums(change)), tuple(_late_figures(change)))


def _sums(change: PlannedChange) -> Iterator[SumCheck]:
    passing = [link for link in change.links if link.successor_name]
    measures = Measure.objects.filter(source=MeasureSource.FORM, kind=MeasureKind.STOCK).order_by("order", "code")
    names = dict(measures.values_list("pk", "name"))
    found: dict[int, list[tuple[PlannedLink, int]]] = defaultdict(list)
    levels = last_levels({link.predecessor.pk for link in passing}, names.keys())
    for link in passing:
        for measure in names:
            if (link.predecessor.pk, measure) in levels:
                found[measure].append((link, levels[link.predecessor.pk, measure]))
    for measure, name in names.items():
        if found[measure]:
            before = sum({link.predecessor.pk: value for link, value in found[measure]}.values())
            after = Decimal(sum(link.weight * value for link, value in found[measure])) / WEIGHT_SCALE
            parts = any(0 < link.weight < WEIGHT_SCALE for link, _value in found[measure])
            yield SumCheck(name, Decimal(before) / VALUE_SCALE, after / VALUE_SCALE, estimated=parts)


def _late_figures(change: PlannedChange) -> Iterator[Decision]:
    """Forms filled in for the first month of the new order or later by units that will be closed then."""
    month = month_of(change.on)
    late = Figure.objects.filter(unit__in=change.predecessors, measure__source=MeasureSource.FORM, period__gte=month)
    for unit in change.predecessors:
        number = late.filter(unit=unit).count()
        if number:
            yield Decision(
                _("Figures of %(unit)s for %(month)s or later") % {"unit": unit.name, "month": label(month)},
                _("were reported before the closing was known and should be entered at the successor instead"),
                count=number,
            )
