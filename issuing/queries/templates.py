"""Which Word template a unit's reports use."""

from __future__ import annotations

from issuing.models import ReportTemplate
from units.models import Unit


def template_for(unit: Unit) -> ReportTemplate | None:
    """The newest in use of the unit, else of the nearest unit above; None means the standard template."""
    path = [unit, *reversed(list(Unit.objects.get_ancestors(unit)))]
    newest: dict[int, ReportTemplate] = {}
    for one in ReportTemplate.objects.filter(unit__in=path, retired=False).order_by("number").select_related("unit"):
        newest[one.unit_id] = one
    return next((newest[one.pk] for one in path if one.pk in newest), None)
