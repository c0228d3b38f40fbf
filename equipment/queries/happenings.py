"""What happened to the computers of some units between two days, as the register tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from equipment.choices import ItemEventKind
from equipment.models import Declaration, ItemEvent

_SAYS_NOTHING = [ItemEventKind.CHECKED]  # seen again, and nothing changed
_HELPS = {ItemEventKind.RECEIVED, ItemEventKind.REPAIRED, ItemEventKind.UPGRADED, ItemEventKind.TRANSFERRED,
          ItemEventKind.UNSHARED, ItemEventKind.FOUND}  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One event at a unit: its day, its words («Hỏng: Dell Vostro 3910 SN123»), whether the unit has more by it."""

    on: date
    words: str
    helps: bool


def happenings(unit_ids: Collection[int], since: date, until: date) -> dict[int, list[Happening]]:
    """Events from the first day to the last (both included) by unit, the latest first.

    What a reorganisation moved is left out: it is told as such. Declarations are told where no machine says anything.
    """
    wanted, days = set(unit_ids), (since, until)
    found: dict[int, list[Happening]] = defaultdict(list)
    events = ItemEvent.objects.standing().filter(
        Q(unit__in=wanted) | Q(from_unit__in=wanted), on__range=days, item__kind__is_computer=True, reorganisation=None
    )
    events = events.exclude(kind__in=_SAYS_NOTHING).select_related("item__kind").order_by("-on", "-pk")
    for event in events:
        words = {"what": event.get_kind_display(), "machine": str(event.item)}
        if event.unit_id in wanted:
            found[event.unit_id].append(Happening(event.on, _("%(what)s: %(machine)s") % words, event.kind in _HELPS))
        if event.from_unit_id in wanted:
            found[event.from_unit_id].append(Happening(event.on, _("Given away: %(machine)s") % words, helps=False))
    if silent := wanted - found.keys():
        told = Declaration.objects.filter(unit__in=silent, on__range=days, reorganisation=None)
        for unit, on in told.values_list("unit_id", "on"):
            found[unit].append(Happening(on, _("declared to have no computer"), helps=False))
    return {unit: sorted(some, key=lambda one: one.on, reverse=True) for unit, some in found.items()}
