"""Which target counts for an indicator at a unit on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from programmes.choices import Basis
from programmes.models import Programme, Target
from reports.queries.scope import Scope
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
    """The target being worked towards: begun and next due; when all are past, the last one. None before any begins."""
    ordered = sorted((target for target in targets if target.baseline_on <= on), key=lambda target: target.due)
    return next((target for target in ordered if target.due >= on), ordered[-1] if ordered else None)


def targets_in(scope: Scope) -> dict[int, Target]:
    """The target that counts for each indicator at the scope's unit on its day, by the indicator's key.

    Read as it was then, the targets of the predecessors that the unit continues are its own.
    """
    units = [scope.unit.pk]
    if scope.basis == Basis.THEN:
        units += continued(scope.unit)
    found: dict[int, list[Target]] = {}
    for (_unit, indicator), targets in targets_at(units, scope.programme).items():
        found.setdefault(indicator, []).extend(targets)
    chosen = {indicator: target_on(targets, scope.as_of) for indicator, targets in found.items()}
    return {indicator: target for indicator, target in chosen.items() if target is not None}


def continued(unit: Unit) -> list[int]:
    """Predecessors with the same code and short name, however many times the unit was renewed."""
    same = Unit.objects.filter(lineage__ancestor=unit, code=unit.code, short_name=unit.short_name, kind=unit.kind)
    return list(same.exclude(pk=unit.pk).values_list("pk", flat=True))
