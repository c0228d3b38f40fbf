"""From a percentage down to the machine and the signed minutes: the records behind the figures of this room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from core.periods import first_day, last_day
from equipment.choices import HandoverState
from equipment.models import Handover, HandoverLine, Item
from equipment.queries.registers import MachineVerdict, read_register, verdict_in
from programmes import registered
from units.models import Unit

FLAGS = (registered.EQ_WORKING, registered.EQ_FIT, registered.EQ_SHARED, registered.EQ_WEAK, registered.EQ_NONE)
FLOWS = (registered.EQ_GIVEN, registered.EQ_VALUE)


@dataclass(frozen=True)
class MinutesRecord:
    """Minutes behind a figure: who gave what to whom, who confirmed it when, and whether a signed scan is there."""

    handover_id: int
    number: str
    on: date
    received_on: date | None
    gift_id: int
    gift_title: str
    sponsor: str
    receiver_id: int
    confirmed_by: str
    has_scan: bool
    quantity: int
    value: int | None
    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class UnitRecord:
    """What stands behind one unit's figure in a month: its state with the reason, its machines, their minutes."""

    unit_id: int
    unit_name: str
    state: str
    reason: str
    machines: tuple[MachineVerdict, ...]
    minutes: tuple[MinutesRecord, ...]


def records_behind(
    unit_ids: Iterable[int], measure_code: str, month: int, *, today: date, first_month: int | None = None
) -> list[UnitRecord]:
    """The records behind a measure of this room at these units, in the order of names.

    For the flags: the state at the end of the month (today while it lasts), the machines there then, and the minutes
    that brought them. For EQ-GIVEN and EQ-VALUE: the minutes confirmed from `first_month` (the month itself unless
    said) to `month`. ValueError for a measure that does not come from this room. The caller has checked visibility.
    """
    if measure_code not in (*FLAGS, *FLOWS):
        raise ValueError(f"{measure_code} is not computed from the equipment register")
    day = min(last_day(month), today)
    wanted = list(unit_ids)
    units = Unit.objects.filter(pk__in=wanted).in_order().values_list("pk", "name")
    if measure_code in FLOWS:
        begin = first_day(month if first_month is None else first_month)
        received = Q(receiver__in=wanted, received_on__range=(begin, last_day(month)))
        minutes = _minutes(received)
        return [UnitRecord(pk, name, "", "", (), tuple(minutes[pk])) for pk, name in units if pk in minutes]
    register = read_register(wanted)
    found = {pk: verdict_in(register, pk, day) for pk in wanted}
    brought = _minutes_of_items({machine.item_id for verdict in found.values() for machine in verdict.machines})
    return [
        UnitRecord(pk, name, verdict.state, verdict.reason, verdict.machines, _own(verdict.machines, brought))
        for pk, name in units
        for verdict in [found[pk]]
    ]


def minutes_of_item(item: Item) -> MinutesRecord | None:
    """The minutes that brought an item; None where it came otherwise."""
    return _minutes_of_items({item.pk}).get(item.pk)


def _own(machines: tuple[MachineVerdict, ...], brought: dict[int, MinutesRecord]) -> tuple[MinutesRecord, ...]:
    rows = {
        brought[machine.item_id].handover_id: brought[machine.item_id]
        for machine in machines
        if machine.item_id in brought
    }
    return tuple(rows.values())


def _minutes_of_items(item_ids: set[int]) -> dict[int, MinutesRecord]:
    records = _minutes(Q(lines__items__in=item_ids)) if item_ids else {}
    every = {record.handover_id: record for rows in records.values() for record in rows}
    return {item: record for record in every.values() for item in record.item_ids if item in item_ids}


def _minutes(condition: Q) -> dict[int, list[MinutesRecord]]:
    """Confirmed minutes by receiver, oldest first."""
    rows = Handover.objects.filter(condition, state=HandoverState.RECEIVED).distinct()
    handovers = list(rows.select_related("gift__sponsor", "confirmed_by").order_by("received_on", "pk"))
    keys = [handover.pk for handover in handovers]
    quantities, values = _amounts(keys)
    items: dict[int, list[int]] = {}
    of_lines = Item.objects.filter(handover_line__handover__in=keys).order_by("pk")
    for item_id, handover_id in of_lines.values_list("pk", "handover_line__handover"):
        items.setdefault(handover_id, []).append(item_id)
    found: dict[int, list[MinutesRecord]] = {}
    for handover in handovers:
        record = MinutesRecord(
            handover_id=handover.pk,
            number=handover.number,
            on=handover.on,
            received_on=handover.received_on,
            gift_id=handover.gift_id,
            gift_title=handover.gift.title,
            sponsor=handover.gift.sponsor.name,
            receiver_id=handover.receiver_id,
            confirmed_by=str(handover.confirmed_by or ""),
            has_scan=bool(handover.scan),
            quantity=quantities.get(handover.pk, 0),
            value=values.get(handover.pk),
            item_ids=tuple(items.get(handover.pk, ())),
        )
        found.setdefault(handover.receiver_id, []).append(record)
    return found


def _amounts(handover_ids: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Things received and their known value, by minutes."""
    quantities: dict[int, int] = {}
    values: dict[int, int] = {}
    lines = HandoverLine.objects.filter(handover__in=handover_ids, void=False)
    for pk, received, price in lines.values_list("handover_id", "received", "allotment__line__unit_value"):
        quantities[pk] = quantities.get(pk, 0) + (received or 0)
        if price is not None:
            values[pk] = values.get(pk, 0) + (received or 0) * price
    return quantities, values
