"""What this room says about a planned reorganisation: machines and promises that somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from equipment.choices import HandoverState
from equipment.models import Allotment, Handover, Item
from units.models import Unit
from units.reorganisation_checks import Decision, Findings, PlannedChange, SumCheck


def what_needs_a_decision(change: PlannedChange) -> Findings:
    """Machines of divided units (all go with the larger part) and of units without successor; open minutes."""
    heirs: dict[int, set[str]] = {}
    followed: set[int] = set()
    for link in change.links:
        if link.successor_name:
            heirs.setdefault(link.predecessor.pk, set()).add(link.successor_name)
        if link.counts and link.successor_name:
            followed.add(link.predecessor.pk)
    decisions = [line for unit in change.predecessors for line in _of_unit(unit, heirs.get(unit.pk, set()))]
    here = Item.objects.filter(unit__in=[unit.pk for unit in change.predecessors if unit.pk in heirs]).present()
    before = here.count()
    after = here.filter(unit__in=followed).count()
    sums = (SumCheck(_("Machines"), before=Decimal(before), after=Decimal(after)),) if before else ()
    return Findings(sums=sums, decisions=tuple(decisions))


def _of_unit(unit: Unit, heirs: set[str]) -> Iterator[Decision]:
    machines = Item.objects.filter(unit=unit).present().count()
    url = reverse("equipment:unit", args=[unit.pk])
    if machines and len(heirs) > 1:
        text = _("all go with the larger part; transfer afterwards what belongs elsewhere")
        yield Decision(_("Machines of the divided unit %(unit)s") % {"unit": unit.name}, text, url, machines)
    if machines and not heirs:
        text = _("no unit follows: transfer or dispose of them first")
        yield Decision(_("Machines of %(unit)s") % {"unit": unit.name}, text, url, machines)
    open_minutes = Handover.objects.filter(receiver=unit, state__in=[HandoverState.DRAFT, HandoverState.HANDED]).count()
    promised = Allotment.objects.filter(unit=unit).open().count()
    if open_minutes or promised:
        title = _("Machines on their way to %(unit)s") % {"unit": unit.name}
        text = _("pass to the successor") if heirs else _("no unit follows: cancel or allot them elsewhere")
        yield Decision(title, text, url, open_minutes + promised)
