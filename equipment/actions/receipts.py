"""The receiver's word: confirmed, things enter the register and the figures; refused, the allotment is open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.remarks import remark
from core.text import clean_line
from core.verdicts import require
from equipment.actions import rules
from equipment.actions.handovers import checked_serials, locked, release
from equipment.actions.items import store_items
from equipment.actions.registers import refresh_units
from equipment.actions.scans import keep_scan
from equipment.choices import AllotmentState, HandoverState, ItemEventKind, Remark
from equipment.models import Allotment, Handover, HandoverLine, Item, ItemEvent
from equipment.permissions import may_confirm, may_give

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User


@dataclass(frozen=True)
class Received:
    """What came of one line: how many, and the serial numbers as they stand on the machines."""

    line_id: int
    quantity: int
    serials: tuple[str, ...] = ()


@transaction.atomic
def confirm_receipt(
    *,
    handover: Handover,
    received_on: date,
    by: User,
    lines: Sequence[Received] | None = None,
    scan: UploadedFile[Any] | None = None,
    receiver_name: str = "",
    receiver_position: str = "",
    note: str = "",
    today: date | None = None,
) -> Handover:
    """Only the receiver's own people. Without `lines` everything came as the minutes say.

    What came short stays allotted to the unit for a later delivery. Creates the items, moves EQ-GIVEN, EQ-VALUE and
    the unit's state in the same transaction. Confirming twice has one effect.
    """
    handover = locked(handover)
    require(may_confirm(by, handover))
    if handover.state == HandoverState.RECEIVED:
        return handover
    _must_wait(handover)
    day = rules.today_or(today)
    rules.not_in_future("received_on", received_on, day)
    rules.not_before("received_on", received_on, handover.handed_on or handover.on, _("day of the handover"))
    rules.active_on("received_on", handover.receiver, received_on)
    items = _receive_lines(handover, lines, received_on, by)
    handover.state, handover.received_on = HandoverState.RECEIVED, received_on
    handover.confirmed_by, handover.confirmed_at = by, timezone.now()
    fields = ["state", "received_on", "confirmed_by", "confirmed_at"]
    fields += _sign(handover, receiver_name, receiver_position, note)
    fields += keep_scan(handover, scan) if scan else []  # last: files do not roll back
    handover.save(update_fields=fields)
    _tell(handover, items, by, day)
    return handover


@transaction.atomic
def refuse_receipt(*, handover: Handover, reason: str, by: User) -> Handover:
    """The things did not come, or not as written. The allotment is open again, the reason stands at the minutes."""
    handover = locked(handover)
    require(may_confirm(by, handover))
    _must_wait(handover)
    handover.refusal = rules.needs_reason(reason)[:300]
    release(handover)
    handover.state = HandoverState.REFUSED
    handover.save(update_fields=["state", "refusal"])
    audit.record(
        by=by,
        action="equipment.receipt.refuse",
        obj=handover,
        unit_id=handover.receiver_id,
        reason=handover.refusal,
        after={"state": handover.state},
    )
    return handover


@transaction.atomic
def attach_scan(*, handover: Handover, scan: UploadedFile[Any], by: User) -> Handover:
    """Add the signed minutes afterwards, or a better scan: either party may."""
    handover = locked(handover)
    if not may_give(by, handover.gift):
        require(may_confirm(by, handover))
    if handover.state not in (HandoverState.HANDED, HandoverState.RECEIVED):
        raise ValidationError(_("Signed minutes belong to a handover that took place."))
    before = {"scan": handover.scan_name}
    handover.save(update_fields=keep_scan(handover, scan))
    audit.record(
        by=by,
        action="equipment.handover.scan",
        obj=handover,
        unit_id=handover.receiver_id,
        before=before,
        after={"scan": handover.scan_name},
    )
    return handover


def _tell(handover: Handover, items: Sequence[Item], by: User, today: date) -> None:
    """The trail and the figures of a confirmed receipt."""
    after = {
        "received_on": handover.received_on,
        "items": [item.pk for item in items],
        "scan": handover.scan_name,
    }
    audit.record(by=by, action="equipment.receipt.confirm", obj=handover, unit_id=handover.receiver_id, after=after)
    refresh_units(
        unit_ids=[handover.receiver_id],
        by=by,
        reason=remark(Remark.RECEIPT),
        reference=remark(Remark.MINUTES, handover.number),
        today=today,
    )


def _must_wait(handover: Handover) -> None:
    if handover.state != HandoverState.HANDED:
        words = {"number": handover.number, "state": handover.get_state_display()}
        raise ValidationError(_("Minutes %(number)s are “%(state)s”: there is nothing to confirm.") % words)


def _sign(handover: Handover, name: str, position: str, note: str) -> list[str]:
    """Who received, and a remark: only what was typed replaces what stood there."""
    typed = {"receiver_name": clean_line(name), "receiver_position": clean_line(position), "note": note.strip()}
    changed = {field: value for field, value in typed.items() if value}
    for field, value in changed.items():
        setattr(handover, field, value)
    return list(changed)


def _receive_lines(handover: Handover, lines: Sequence[Received] | None, received_on: date, by: User) -> list[Item]:
    rows = list(handover.lines.filter(void=False).select_related("allotment__line__kind").order_by("pk"))
    told = {one.line_id: one for one in lines} if lines is not None else {}
    if told.keys() - {row.pk for row in rows}:
        raise ValidationError(_("These minutes have other lines. Load the page again."))
    items: list[Item] = []
    typed: list[str] = []
    for row in rows:
        one = told.get(row.pk) or Received(row.pk, row.quantity, tuple(row.serials))
        items += _receive_line(handover, row, one, typed, received_on)
    if not any(row.received for row in rows):
        raise ValidationError(_("Nothing was received: refuse the receipt and say why."))
    made = store_items(items)
    ItemEvent.objects.bulk_create(_event(item, handover, by) for item in made)
    return made


def _receive_line(
    handover: Handover, row: HandoverLine, one: Received, typed: list[str], received_on: date
) -> list[Item]:
    """Close the line and its allotment; the items it brings, not stored yet. `typed`: serials of the lines before."""
    field = f"quantity_{row.pk}"
    if one.quantity < 0:
        raise rules.refuse(field, _("A quantity is never below 0."))
    if one.quantity > row.quantity:
        words = {"n": one.quantity, "most": row.quantity}
        raise rules.refuse(field, _("The minutes hold %(most)s, you entered %(n)s.") % words)
    serials = checked_serials(one.serials, one.quantity, f"serials_{row.pk}")
    if both := sorted(set(serials) & set(typed)):
        twice = _("The serial number %(serial)s stands here twice.") % {"serial": ", ".join(both)}
        raise rules.refuse(f"serials_{row.pk}", twice)
    typed += serials
    row.received, row.serials = one.quantity, serials
    row.void = not one.quantity  # nothing of it came: its allotment stays open and may stand in newer minutes
    row.save(update_fields=["received", "serials", "void"])
    _close_allotment(row.allotment, one.quantity)
    if not row.allotment.line.kind.registered:
        return []
    padded = [*serials, *[None] * (one.quantity - len(serials))]
    return [_item(handover, row, serial, received_on) for serial in padded]


def _close_allotment(allotment: Allotment, received: int) -> None:
    """Received as far as it came; the rest is an open allotment of its own."""
    if not received:
        allotment.state = AllotmentState.OPEN
        allotment.save(update_fields=["state"])
        return
    short = allotment.quantity - received
    allotment.state, allotment.quantity = AllotmentState.RECEIVED, received
    allotment.save(update_fields=["state", "quantity"])
    if short:
        Allotment.objects.create(
            line=allotment.line,
            unit=allotment.unit,
            quantity=short,
            on=allotment.on,
            by=allotment.by,
            reason=remark(Remark.NOT_DELIVERED),
            remainder_of=allotment,
        )


def _item(handover: Handover, row: HandoverLine, serial: str | None, received_on: date) -> Item:
    line = row.allotment.line
    return Item(
        kind=line.kind,
        unit=handover.receiver,
        model=line.model,
        serial=serial,
        year=line.year,
        ram_gb=line.ram_gb,
        storage_gb=line.storage_gb,
        specification=line.specification,
        value=line.unit_value,
        received_on=received_on,
        handover_line=row,
        sample=handover.sample,
    )


def _event(item: Item, handover: Handover, by: User) -> ItemEvent:
    return ItemEvent(
        item=item,
        kind=ItemEventKind.RECEIVED,
        on=item.received_on,
        unit=item.unit,
        ram_gb=item.ram_gb,
        storage_gb=item.storage_gb,
        note=remark(Remark.MINUTES, handover.number),
        by=by,
    )
