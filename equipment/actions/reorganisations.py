"""Things move with their units: on the first day of the new order to the successor, and back when it is undone.

Machines, open allotments, open minutes and the knowledge «has no computer» pass along the whole or larger part. The
room of units asks for this inside its own transaction and has checked the right to reorganise.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts import audit
from core.remarks import remark
from equipment.actions.items import follow_events
from equipment.actions.registers import refresh_units
from equipment.choices import ComputerState, HandoverState, ItemEventKind, Remark
from equipment.models import Allotment, Declaration, Handover, Item, ItemEvent, Passing
from equipment.queries.registers import MOVES, batches, read_register
from equipment.queries.successors import next_keepers
from units.models import Reorganisation, Unit

if TYPE_CHECKING:
    from accounts.models import User

OPEN_MINUTES = [HandoverState.DRAFT, HandoverState.HANDED]


@transaction.atomic
def pass_on(*, reorganisation: Reorganisation, by: User | None, today: date | None = None) -> set[int]:
    """Everything open or present at closed predecessors goes to their successors. Returns the units concerned."""
    heirs = next_keepers(_closed_by(reorganisation))
    if not heirs:
        return set()
    bare = _declare_for_heirs(reorganisation, heirs, by)
    units = _move_items(reorganisation, heirs, by) | _pass_promises(reorganisation, heirs) | bare
    if units:
        after = {"units": len(units), "items": reorganisation.item_events.count()}
        audit.record(by=by, action="equipment.reorganisation.pass_on", obj=reorganisation, after=after)
        refresh_units(unit_ids=units, by=by, reason=reorganisation.title[:300], today=today)
    return units


@transaction.atomic
def take_back(*, reorganisation: Reorganisation, by: User | None, today: date | None = None) -> set[int]:
    """Undo `pass_on`. Nothing came after at the successors, so the rows of the passing simply go."""
    events = ItemEvent.objects.filter(reorganisation=reorganisation)
    rows = list(events.values_list("item_id", "unit_id", "from_unit_id"))
    units = {unit for _item, *ends in rows for unit in ends if unit}
    items = {row[0] for row in rows}
    for item_id, heir, origin in rows:
        _readdress_events(reorganisation, {item_id}, {heir: origin} if origin else {})
    events.delete()
    for some in batches(sorted(items)):
        follow_events(Item.objects.select_for_update().filter(pk__in=some).order_by("pk"))
    units |= _return_promises(reorganisation)
    declarations = Declaration.objects.filter(reorganisation=reorganisation)
    units |= set(declarations.values_list("unit_id", flat=True))
    declarations.delete()
    audit.record(by=by, action="equipment.reorganisation.take_back", obj=reorganisation, before={"items": len(items)})
    refresh_units(unit_ids=units, by=by, reason=reorganisation.title[:300], today=today)
    return units


def _closed_by(reorganisation: Reorganisation) -> list[Unit]:
    """The predecessors that ended with it, and the units below them that ended the same day."""
    last_day = reorganisation.on - timedelta(days=1)
    named = Unit.objects.filter(successions__reorganisation=reorganisation, valid_to=last_day).distinct()
    found: dict[int, Unit] = {}
    top = "-"
    for unit in named.order_by("path"):
        found[unit.pk] = unit
        if unit.numchild and not unit.path.startswith(top):
            top = unit.path
            found |= {below.pk: below for below in Unit.objects.below(unit).filter(valid_to=last_day)}
    return list(found.values())


def _move_items(reorganisation: Reorganisation, heirs: dict[int, int], by: User | None) -> set[int]:
    """Machines that stand at a closed predecessor go to its heir. Returns the units that gave or got one."""
    moved: list[Item] = []
    for some in batches(sorted(heirs)):
        moved += Item.objects.select_for_update().filter(unit__in=some).present().order_by("pk")
    _readdress_events(reorganisation, {item.pk for item in moved}, heirs)
    ItemEvent.objects.bulk_create(
        ItemEvent(
            item=item,
            kind=ItemEventKind.TRANSFERRED,
            on=max(reorganisation.on, item.received_on),
            unit_id=heirs[item.unit_id],
            from_unit_id=item.unit_id,
            reorganisation=reorganisation,
            note=reorganisation.title[:300],
            by=by,
        )
        for item in moved
    )
    units = {unit for item in moved for unit in (item.unit_id, heirs[item.unit_id])}
    for some in batches(item.pk for item in moved):
        follow_events(Item.objects.filter(pk__in=some))
    return units


def _readdress_events(reorganisation: Reorganisation, item_ids: set[int], ends: dict[int, int]) -> None:
    """What happened from the first day on happened at the other end: a reorganisation may be entered late."""
    late = ItemEvent.objects.filter(on__gte=reorganisation.on, unit__in=ends).exclude(kind__in=MOVES)
    changed = []
    for some in batches(sorted(item_ids)):
        for event in late.filter(item__in=some).exclude(reorganisation=reorganisation):
            event.unit_id = ends[event.unit_id]
            changed.append(event)
    ItemEvent.objects.bulk_update(changed, ["unit"], batch_size=200)


def _pass_promises(reorganisation: Reorganisation, heirs: dict[int, int]) -> set[int]:
    """Open allotments and minutes change their receiver; the way back is kept."""
    passings: list[Passing] = []
    for some in batches(sorted(heirs)):
        allotments = list(Allotment.objects.select_for_update().filter(unit__in=some).pending().order_by("pk"))
        for row in allotments:
            passings.append(_passing(reorganisation, row.unit_id, heirs[row.unit_id], allotment=row))
            row.unit_id, row.passed_on = heirs[row.unit_id], True
        Allotment.objects.bulk_update(allotments, ["unit", "passed_on"], batch_size=200)
        minutes = Handover.objects.select_for_update().filter(receiver__in=some, state__in=OPEN_MINUTES)
        handovers = list(minutes.order_by("pk"))
        for paper in handovers:
            passings.append(_passing(reorganisation, paper.receiver_id, heirs[paper.receiver_id], handover=paper))
            paper.receiver_id = heirs[paper.receiver_id]
        Handover.objects.bulk_update(handovers, ["receiver"], batch_size=200)
    Passing.objects.bulk_create(passings)
    return {unit for passing in passings for unit in (passing.from_unit_id, passing.to_unit_id)}


def _passing(
    reorganisation: Reorganisation,
    from_unit: int,
    to_unit: int,
    *,
    allotment: Allotment | None = None,
    handover: Handover | None = None,
) -> Passing:
    return Passing(
        reorganisation=reorganisation,
        from_unit_id=from_unit,
        to_unit_id=to_unit,
        allotment=allotment,
        handover=handover,
    )


def _return_promises(reorganisation: Reorganisation) -> set[int]:
    units: set[int] = set()
    for passing in Passing.objects.filter(reorganisation=reorganisation).select_related("allotment", "handover"):
        units |= {passing.from_unit_id, passing.to_unit_id}
        if passing.allotment is not None:
            earlier = passing.allotment.passings.exclude(pk=passing.pk).exists()
            Allotment.objects.filter(pk=passing.allotment.pk, unit=passing.to_unit_id).update(
                unit=passing.from_unit_id, passed_on=earlier
            )
        if passing.handover is not None:
            Handover.objects.filter(pk=passing.handover.pk, receiver=passing.to_unit_id).update(
                receiver=passing.from_unit_id
            )
    Passing.objects.filter(reorganisation=reorganisation).delete()
    return units


def _declare_for_heirs(reorganisation: Reorganisation, heirs: dict[int, int], by: User | None) -> set[int]:
    """An heir has no computer when every predecessor is known and none of them had one."""
    last_day = reorganisation.on - timedelta(days=1)
    register = read_register(heirs)
    states: dict[int, set[str]] = {}
    for unit, heir in heirs.items():
        states.setdefault(heir, set()).add(register.judge(unit, last_day).state)
    bare = [heir for heir, seen in sorted(states.items()) if seen == {ComputerState.NONE.value}]
    already = set(Declaration.objects.filter(unit__in=bare, on=reorganisation.on).values_list("unit_id", flat=True))
    rows = [
        Declaration(
            unit_id=heir,
            on=reorganisation.on,
            note=remark(Remark.INHERITED_NONE),
            by=by,
            reorganisation=reorganisation,
        )
        for heir in bare
        if heir not in already
    ]
    Declaration.objects.bulk_create(rows)
    return {row.unit_id for row in rows}
