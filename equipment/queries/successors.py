"""Who keeps a closed unit's things: the unit that the whole, or the larger part, went to, however many times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from equipment.queries.registers import batches
from units.choices import Share
from units.models import Succession, Unit

_LONGEST_CHAIN = 20


def keeper_of(unit: Unit, on: date) -> Unit | None:
    """The unit itself while it is active, else its successor (or the successor's, and so on); None without one."""
    now: Unit | None = unit
    for _step in range(_LONGEST_CHAIN):
        if now is None or now.is_active(on):
            return now
        now = Unit.objects.filter(pk=next_keepers([now]).get(now.pk)).first()
    return None


def next_keepers(units: Iterable[Unit]) -> dict[int, int]:
    """unit → unit to which the whole or the larger part went. Without a link of its own, that of the nearest above."""
    found: dict[int, int] = {}
    wanted = list(units)
    above: dict[str, list[Unit]] = {}
    for unit in wanted:
        for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen):
            above.setdefault(unit.path[:end], []).append(unit)
    keys = dict(_keys_of(above))
    links = _links(keys)
    for path in sorted(keys, key=len):  # the nearest link is read last and stands
        if keys[path] in links:
            found.update({unit.pk: links[keys[path]] for unit in above[path]})
    return found


def _keys_of(paths: Iterable[str]) -> Iterable[tuple[str, int]]:
    every = sorted(paths)
    for start in range(0, len(every), 400):
        yield from Unit.objects.filter(path__in=every[start : start + 400]).order_by().values_list("path", "pk")


def _links(keys: dict[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in batches(keys.values()):
        rows = Succession.objects.filter(predecessor__in=some).exclude(share=Share.PART)
        found.update(dict(rows.values_list("predecessor_id", "successor_id")))
    return found
