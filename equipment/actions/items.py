"""Machines: registered, corrected, their events recorded, moved. An item's present state follows from its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.remarks import remark
from core.text import clean_line
from core.verdicts import require
from equipment import state
from equipment.actions import rules
from equipment.actions.registers import refresh_units
from equipment.choices import Condition, ItemEventKind, Remark
from equipment.models import Declaration, Item, ItemEvent, ItemKind
from equipment.permissions import may_keep
from equipment.queries.registers import events_of
from units.models import RECORDS_BEGIN, Unit

if TYPE_CHECKING:
    from accounts.models import User

Kind = ItemEventKind
OLDEST_YEAR = 1990
EDITABLE = frozenset(
    {"kind", "model", "serial", "year", "ram_gb", "storage_gb", "specification", "place", "value", "asset_code"}
)
RECORDED = frozenset(Kind) - {Kind.RECEIVED, Kind.TRANSFERRED}  # the others have verbs of their own


@dataclass(frozen=True)
class NewItem:
    """A machine that is there already and came by no gift of the portal. `condition` since `condition_on`."""

    unit: Unit
    kind: ItemKind
    received_on: date
    condition: str = Condition.GOOD
    condition_on: date | None = None
    shared: bool = False
    model: str = ""
    serial: str | None = None
    year: int | None = None
    ram_gb: int | None = None
    storage_gb: int | None = None
    specification: str = ""
    place: str = ""
    value: int | None = None
    asset_code: str = ""
    note: str = ""
    sample: bool = False


@transaction.atomic
def register_item(*, entry: NewItem, by: User, today: date | None = None) -> Item:
    """Enter one existing machine into the register of its unit."""
    return register_items(entries=[entry], by=by, today=today)[0]


@transaction.atomic
def register_items(*, entries: Sequence[NewItem], by: User, today: date | None = None) -> list[Item]:
    """Enter many at once, all or none; the units' states and figures follow."""
    day = rules.today_or(today)
    units = {entry.unit.pk: entry.unit for entry in entries}
    for unit in units.values():
        require(may_keep(by, unit))
    for entry in entries:
        check_entry(entry, day)
    items = store_items([_item(entry) for entry in entries])
    pairs = zip(entries, items, strict=True)
    effects = [audit.Effect(item, item.unit_id, after=_facts(entry)) for entry, item in pairs]
    audit.record_many(by=by, action="equipment.item.register", effects=effects)
    events = [event for entry, item in zip(entries, items, strict=True) for event in _first_events(entry, item, by)]
    ItemEvent.objects.bulk_create(events)
    refresh_units(unit_ids=units, by=by, reason=remark(Remark.REGISTERED), today=day)
    return items


@transaction.atomic
def edit_item(*, item: Item, changes: dict[str, Any], by: User, today: date | None = None) -> Item:
    """Correct what was typed wrongly. What changed on a day is an event, not a correction."""
    require(may_keep(by, item.unit))
    item = _locked(item)
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise ValueError(f"these fields of an item are not edited here: {sorted(unknown)}")
    if "serial" in changes:
        changes = {**changes, "serial": rules.clean_serial(changes["serial"])}
        _check_serials([changes["serial"]], besides=item.pk)
    _check_year(changes.get("year"), rules.today_or(today))
    before, after = audit.changes(item, changes)
    if not after:
        return item
    for name, value in after.items():
        setattr(item, name, value)
    _store(item, [*after, "search"])
    specification = {name: after[name] for name in ("ram_gb", "storage_gb") if name in after}
    if specification:
        told = item.events.standing().filter(kind__in=[Kind.RECEIVED, Kind.UPGRADED]).order_by("-on", "-pk")
        ItemEvent.objects.filter(pk__in=told.values("pk")[:1]).update(**specification)
    audit.record(by=by, action="equipment.item.edit", obj=item, unit_id=item.unit_id, before=before, after=after)
    _refresh(item, by, remark(Remark.CORRECTED), today)
    return item


@transaction.atomic
def record_event(
    *,
    item: Item,
    kind: str,
    on: date,
    by: User,
    note: str = "",
    ram_gb: int | None = None,
    storage_gb: int | None = None,
    today: date | None = None,
) -> ItemEvent:
    """What happened to the machine on a day. It must make sense between what happened before and after."""
    if kind not in RECORDED:
        raise ValueError(f"{kind} is not recorded as a bare event")
    item = _locked(item)
    require(may_keep(by, item.unit))
    rules.not_in_future("on", on, rules.today_or(today))
    rules.not_before("on", on, item.received_on, _("day of the receipt"))
    if kind == Kind.UPGRADED and not (ram_gb or storage_gb):
        raise rules.refuse("ram_gb", _("Enter what the machine has now: memory, storage, or both."))
    life = events_of([item.pk]).get(item.pk, ())
    there = _unit_then(item, life, on, by)
    specification = {"ram_gb": ram_gb, "storage_gb": storage_gb} if kind == Kind.UPGRADED else {}
    event = ItemEvent.objects.create(
        item=item, kind=kind, on=on, unit_id=there, note=clean_line(note), by=by, **specification
    )
    _must_make_sense(item, "kind")
    after = {"kind": kind, "on": on, "note": event.note, **specification}
    audit.record(by=by, action="equipment.item.event", obj=item, unit_id=there, after=after)
    _follow_events(item)
    _refresh(item, by, remark(Kind(kind)), today)
    return event


@transaction.atomic
def cancel_event(*, event: ItemEvent, reason: str, by: User, today: date | None = None) -> ItemEvent:
    """An event recorded by mistake no longer counts; it stays visible with the reason."""
    item = _locked(event.item)
    require(may_keep(by, item.unit))
    require(may_keep(by, event.unit))
    event.refresh_from_db()
    if event.cancelled_for:
        return event
    if event.kind == Kind.RECEIVED or event.reorganisation_id:
        raise ValidationError(_("“%(what)s” cannot be cancelled here.") % {"what": event.get_kind_display()})
    event.cancelled_for, event.cancelled_by = rules.needs_reason(reason)[:300], by
    event.save(update_fields=["cancelled_for", "cancelled_by"])
    _must_make_sense(item, "reason")
    audit.record(
        by=by,
        action="equipment.item.cancel_event",
        obj=item,
        unit_id=event.unit_id,
        reason=event.cancelled_for,
        before={"kind": event.kind, "on": event.on, "note": event.note},
    )
    _follow_events(item)
    _refresh(item, by, event.cancelled_for, today)
    return event


@transaction.atomic
def transfer_item(
    *, item: Item, to: Unit, on: date, by: User, note: str = "", place: str = "", today: date | None = None
) -> ItemEvent:
    """Move a machine to another active unit that the person may see. Both units are judged anew."""
    item = _locked(item)
    require(may_keep(by, item.unit))
    if not Unit.objects.visible_to(by).filter(pk=to.pk).exists():
        raise rules.refuse("to", _("Choose a unit of the list."))
    if to.pk == item.unit_id:
        raise rules.refuse("to", _("The machine is already there."))
    rules.not_in_future("on", on, rules.today_or(today))
    rules.active_on("to", to, on)
    last = item.events.standing().order_by("-on", "-pk").values_list("on", flat=True).first() or item.received_on
    rules.not_before("on", on, last, _("last event of the machine"))
    event = ItemEvent.objects.create(
        item=item, kind=Kind.TRANSFERRED, on=on, unit=to, from_unit=item.unit, note=clean_line(note), by=by
    )
    _must_make_sense(item, "on")
    before, after = {"unit": item.unit_id, "place": item.place}, {"unit": to.pk, "on": on, "place": clean_line(place)}
    for unit_id in (item.unit_id, to.pk):
        audit.record(by=by, action="equipment.item.transfer", obj=item, unit_id=unit_id, before=before, after=after)
    item.place = clean_line(place)
    _store(item, ["place", "search"])
    _follow_events(item)
    _refresh(item, by, remark(Remark.MOVED), today)
    return event


@transaction.atomic
def declare_no_computer(
    *, unit: Unit, on: date, by: User, note: str = "", today: date | None = None, sample: bool = False
) -> Declaration:
    """The unit states that it has no computer: «none» instead of «not declared»."""
    require(may_keep(by, unit))
    day = rules.today_or(today)
    rules.not_in_future("on", on, day)
    rules.active_on("on", unit, on)
    here = Item.objects.filter(unit=unit).computers().present().count()
    if here:
        words = {"unit": unit.name, "n": here}
        raise ValidationError(_("%(unit)s has %(n)s computers in the register. Record what became of them.") % words)
    declaration, created = Declaration.objects.get_or_create(
        unit=unit, on=on, defaults={"note": clean_line(note), "by": by, "sample": sample}
    )
    if created:
        after = {"on": on, "note": declaration.note}
        audit.record(by=by, action="equipment.declare_none", obj=declaration, unit_id=unit.pk, after=after)
        refresh_units(unit_ids=[unit.pk], by=by, reason=remark(Remark.DECLARED), today=day)
    return declaration


def store_items(items: list[Item]) -> list[Item]:
    """Write new items with their search keys. A serial number taken meanwhile is an error, not a crash."""
    _check_serials([item.serial for item in items])
    for item in items:
        item.fill_keys()
    try:
        with transaction.atomic():
            return Item.objects.bulk_create(items)
    except IntegrityError as clash:
        raise rules.refuse("serial", _("One of these serial numbers is already in the register.")) from clash


def follow_events(items: Iterable[Item]) -> None:
    """Write into the items what their events say of today: for verbs that move many at once."""
    rows = list(items)
    lives = events_of([item.pk for item in rows])
    for item in rows:
        _take_over(item, lives.get(item.pk, ()))
    Item.objects.bulk_update(rows, ["unit", "condition", "shared", "ram_gb", "storage_gb"], batch_size=200)


def _follow_events(item: Item) -> None:
    follow_events([item])


def _take_over(item: Item, life: tuple[state.Event, ...]) -> None:
    now = state.replay(life, date.max)
    if now is not None:
        item.unit_id, item.condition, item.shared = now.unit_id, now.condition, now.shared
        item.ram_gb, item.storage_gb = now.ram_gb, now.storage_gb


def _refresh(item: Item, by: User, reason: str, today: date | None) -> None:
    """All units where the machine ever stood: a correction of the past concerns them too."""
    places = item.events.filter(kind__in=[Kind.RECEIVED, Kind.TRANSFERRED]).values_list("unit_id", flat=True)
    reference = remark(Remark.ITEM, item.serial or f"#{item.pk}")[:60]
    refresh_units(unit_ids=set(places), by=by, reason=reason, reference=reference, today=today)


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).select_related("unit", "kind").get(pk=item.pk)


def _unit_then(item: Item, life: tuple[state.Event, ...], on: date, by: User) -> int:
    """Where the machine was on that day. Whose past is changed must be kept by the same person."""
    then = state.replay(life, on)
    if then is None or then.unit_id == item.unit_id:
        return item.unit_id
    require(may_keep(by, Unit.objects.get(pk=then.unit_id)))
    return then.unit_id


def _must_make_sense(item: Item, field: str) -> None:
    if words := state.fault(events_of([item.pk]).get(item.pk, ())):
        raise rules.refuse(field, words)


def check_entry(entry: NewItem, today: date) -> None:
    """What a machine must satisfy to be registered. Raises ValidationError at the field; asks no database."""
    if not entry.kind.registered or not entry.kind.active:
        raise rules.refuse("kind", _("Things of this kind are counted, not registered."))
    rules.not_in_future("received_on", entry.received_on, today)
    if entry.unit.valid_from > RECORDS_BEGIN or entry.received_on >= RECORDS_BEGIN:
        rules.active_on("received_on", entry.unit, entry.received_on)
    _check_year(entry.year, today)
    if entry.condition_on is not None:
        rules.not_in_future("condition_on", entry.condition_on, today)
        rules.not_before("condition_on", entry.condition_on, entry.received_on, _("day of the receipt"))


def _check_year(year: int | None, today: date) -> None:
    if year is not None and not OLDEST_YEAR <= year <= today.year:
        words = {"first": OLDEST_YEAR, "year": today.year}
        raise rules.refuse("year", _("Enter a year from %(first)s to %(year)s.") % words)


def _check_serials(serials: Sequence[str | None], besides: int | None = None) -> None:
    known = [serial for serial in serials if serial]
    twice = {serial for serial, times in Counter(known).items() if times > 1}
    taken = Item.objects.filter(serial__in=known).values_list("pk", "serial")
    if wrong := sorted(twice | {str(serial) for pk, serial in taken if pk != besides}):
        words = {"serial": ", ".join(wrong)}
        raise rules.refuse("serial", _("The serial number %(serial)s is already in the register.") % words)


def _store(item: Item, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            item.save(update_fields=fields)
    except IntegrityError as clash:
        raise rules.refuse("serial", _("One of these serial numbers is already in the register.")) from clash


def _item(entry: NewItem) -> Item:
    return Item(
        kind=entry.kind,
        unit=entry.unit,
        model=clean_line(entry.model),
        serial=rules.clean_serial(entry.serial),
        year=entry.year,
        ram_gb=entry.ram_gb,
        storage_gb=entry.storage_gb,
        specification=clean_line(entry.specification),
        condition=entry.condition,
        shared=entry.shared,
        place=clean_line(entry.place),
        value=entry.value,
        asset_code=clean_line(entry.asset_code),
        received_on=entry.received_on,
        sample=entry.sample,
    )


def _first_events(entry: NewItem, item: Item, by: User) -> list[ItemEvent]:
    """The receipt, and what made the condition in which the machine is registered."""
    later = entry.condition_on or entry.received_on
    kinds = [(Kind.RECEIVED, entry.received_on)]
    kinds += [] if entry.condition == Condition.GOOD else [(Kind(entry.condition), later)]
    kinds += [(Kind.SHARED, later)] if entry.shared else []
    first = ItemEvent(ram_gb=item.ram_gb, storage_gb=item.storage_gb, note=clean_line(entry.note))
    events = [first, *(ItemEvent() for _kind in kinds[1:])]
    for event, (kind, on) in zip(events, kinds, strict=True):
        event.item, event.kind, event.on, event.unit, event.by = item, kind, on, item.unit, by
    return events


def _facts(entry: NewItem) -> dict[str, Any]:
    return {
        "received_on": format_date(entry.received_on),
        "condition": entry.condition,
        "shared": entry.shared,
        "model": entry.model,
        "serial": entry.serial,
    }
