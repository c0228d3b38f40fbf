"""What another minimum specification would change, before it is saved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from equipment.choices import ComputerState
from equipment.models import UnitEquipment
from equipment.queries.registers import read_register
from equipment.state import Minimum
from units.models import Unit

NAMED = 5


@dataclass(frozen=True)
class Shift:
    """So many units would be judged otherwise on the day; the first of them by name."""

    before: str
    after: str
    units: int
    names: tuple[str, ...]

    @property
    def before_label(self) -> str:
        return str(ComputerState(self.before).label)

    @property
    def after_label(self) -> str:
        return str(ComputerState(self.after).label)


def preview_minimum(new: Minimum, *, replaces: date | None, units: QuerySet[Unit], on: date) -> list[Shift]:
    """The units whose state on the day differs with the new minimum (in place of the one valid from `replaces`)."""
    known = UnitEquipment.objects.filter(unit__in=units.values("pk")).exclude(state=ComputerState.UNKNOWN)
    wanted = list(known.values_list("unit_id", flat=True))
    register = read_register(wanted)
    before = {unit_id: register.judge(unit_id, on).state for unit_id in wanted}
    register.minimums = [one for one in register.minimums if one.valid_from not in (replaces, new.valid_from)] + [new]
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    for unit_id in wanted:
        after = register.judge(unit_id, on).state
        if after != before[unit_id]:
            moved[before[unit_id], after].append(unit_id)
    names = _names([unit_id for keys in moved.values() for unit_id in keys])
    return [
        Shift(old, now, len(keys), tuple(sorted(names[key] for key in keys)[:NAMED]))
        for (old, now), keys in sorted(moved.items())
    ]


def _names(unit_ids: list[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=unit_ids).order_by().values_list("pk", "name"))
