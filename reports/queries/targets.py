"""Which target counts for an indicator at a unit on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from programmes.models import Programme, Target
from units.models import Unit


def targets_at(units: Collection[int], programme: Programme | None) -> dict[tuple[int, int], list[Target]]:
    """All targets of the programme at these units, by (unit, indicator), the earliest due first."""
    found: dict[tuple[int, int], list[Target]] = {}
    if programme is None:
        return found
    for target in Target.objects.filter(unit__in=units, programme=programme).order_by("due", "pk"):
        found.setdefault((target.unit_id, target.indicator_id), []).append(target)
    return found


def target_on(targets: Iterable[Target], on: date) -> Target | None:
    """The target being worked towards: the next one due; when all are past, the last one."""
    ordered = list(targets)
    return next((target for target in ordered if target.due >= on), ordered[-1] if ordered else None)


def target_for(unit: Unit, indicator_id: int, programme: Programme | None, on: date) -> Target | None:
    return target_on(targets_at([unit.pk], programme).get((unit.pk, indicator_id), []), on)
