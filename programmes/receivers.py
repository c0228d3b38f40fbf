"""What follows in figures and totals when units change: called inside the transaction that changes them."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from programmes import totals
from programmes.actions.figures import carry_over, forget_units, register_units
from units.models import Reorganisation, Unit
from units.signals import lineage_changed, reorganisation_applied


@receiver(lineage_changed)
def follow_lineage(sender: object, unit_ids: set[int], **_kwargs: Any) -> None:
    """Totals first: what is written next is added to them. Then what successors carry over, then the register."""
    totals.sync(unit_ids)
    carry_over(unit_ids)
    register_units(unit_ids)


@receiver(reorganisation_applied)
def follow_reorganisation(sender: object, reorganisation: Reorganisation, undone: bool, **_kwargs: Any) -> None:
    """Units that took others in keep their own lineage, so no word of it comes; units that vanish leave no figure."""
    links = reorganisation.links.all()
    carry_over(links.values_list("successor", flat=True))
    if undone:
        opened = Unit.objects.filter(pk__in=reorganisation.undo_data.get("opened", []))
        forget_units(opened.values_list("pk", flat=True))
