"""Minutes: prepared from open allotments, handed over, or cancelled. They count once the receiver has confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from equipment.actions import rules
from equipment.choices import AllotmentState, GiftState, HandoverState
from equipment.models import Allotment, Gift, Handover, HandoverLine, Item
from equipment.permissions import may_give
from equipment.queries.successors import keeper_of
from units.models import Contact, Unit

if TYPE_CHECKING:
    from accounts.models import User

DEFAULT_MARK = "BB-BTV"  # minutes of the standing committee, as Nghị định 30/2020 abbreviates
EDITABLE = frozenset(
    {"on", "place", "legal_basis", "giver_name", "giver_position", "receiver_name", "receiver_position", "note"}
)


@dataclass(frozen=True)
class Paper:
    """What all minutes of one round share."""

    on: date
    place: str
    giver_name: str
    giver_position: str = ""
    legal_basis: str = ""
    note: str = ""
    mark: str = DEFAULT_MARK


@dataclass(frozen=True)
class Person:
    """Who signs for a party."""

    name: str
    position: str = ""


@transaction.atomic
def prepare_handovers(
    *,
    gift: Gift,
    allotments: Sequence[Allotment],
    paper: Paper,
    by: User,
    first_number: int | None = None,
    receivers: Mapping[int, Person] | None = None,
    today: date | None = None,
    sample: bool = False,
) -> list[Handover]:
    """One set of minutes for each receiver of these open allotments, numbered in one series in the order of names.

    Who signs for a receiver is taken from `receivers` (by unit), else from the unit's contacts, else left open.
    Without `first_number` the series goes on after the last number of the giver in that year.
    """
    require(may_give(by, gift))
    gift = Gift.objects.select_for_update(of=("self",)).select_related("unit").get(pk=gift.pk)
    giver = _giver_on(gift, paper.on)
    _check_round(gift, paper, rules.today_or(today))
    by_unit = _open_by_unit(gift, allotments, paper.on)
    numbers = _numbers(giver, paper.on.year, first_number, len(by_unit))
    people = _signers(list(by_unit)) | dict(receivers or {})
    made = []
    for number, (unit, rows) in zip(numbers, by_unit.items(), strict=True):
        handover = _write(gift, giver, unit, number, paper, people.get(unit.pk), by, sample)
        HandoverLine.objects.bulk_create(
            HandoverLine(handover=handover, allotment=row, quantity=row.quantity) for row in rows
        )
        Allotment.objects.filter(pk__in=[row.pk for row in rows]).update(state=AllotmentState.PREPARED)
        after = {"number": handover.number, "receiver": unit.pk, "allotments": [row.pk for row in rows]}
        audit.record(by=by, action="equipment.handover.prepare", obj=handover, unit_id=unit.pk, after=after)
        made.append(handover)
    return made


@transaction.atomic
def edit_handover(
    *, handover: Handover, changes: dict[str, Any], by: User, serials: Mapping[int, Sequence[str]] | None = None
) -> Handover:
    """Correct minutes that are not handed over yet; `serials` gives the serial numbers by line."""
    require(may_give(by, handover.gift))
    handover = locked(handover)
    _must_be(handover, HandoverState.DRAFT)
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise ValueError(f"these fields of minutes are not edited here: {sorted(unknown)}")
    before, after = audit.changes(handover, changes)
    if "on" in after and after["on"].year != handover.year:
        raise rules.refuse(
            "on", _("The number belongs to %(year)s: the date stays in that year.") % {"year": handover.year}
        )
    for name, value in after.items():
        setattr(handover, name, value)
    if after:
        handover.save(update_fields=list(after))
    for line in handover.lines.filter(pk__in=list(serials or {})):
        line.serials = checked_serials(serials[line.pk], line.quantity, f"serials_{line.pk}")  # type: ignore[index]
        line.save(update_fields=["serials"])
    extra = {"serials": {str(key): list(value) for key, value in (serials or {}).items()}} if serials else {}
    audit.record(
        by=by,
        action="equipment.handover.edit",
        obj=handover,
        unit_id=handover.receiver_id,
        before=before,
        after={**after, **extra},
    )
    return handover


@transaction.atomic
def hand_over(*, handover: Handover, by: User, on: date | None = None, today: date | None = None) -> Handover:
    """The things left the giver's hands, on the day of the minutes unless said. Now the receiver may confirm."""
    require(may_give(by, handover.gift))
    handover = locked(handover)
    if handover.state == HandoverState.HANDED:
        return handover
    _must_be(handover, HandoverState.DRAFT)
    day = on or handover.on
    rules.not_in_future("on", day, rules.today_or(today))
    rules.not_before("on", day, handover.gift.pledged_on, _("day of the pledge"))
    rules.active_on("on", handover.receiver, day)
    handover.state, handover.handed_on, handover.handed_by = HandoverState.HANDED, day, by
    handover.save(update_fields=["state", "handed_on", "handed_by"])
    Allotment.objects.filter(handover_lines__in=handover.lines.filter(void=False)).update(state=AllotmentState.HANDED)
    audit.record(
        by=by,
        action="equipment.handover.hand",
        obj=handover,
        unit_id=handover.receiver_id,
        after={"state": handover.state, "handed_on": day},
    )
    return handover


@transaction.atomic
def cancel_handover(*, handover: Handover, reason: str, by: User) -> Handover:
    """Minutes that were not confirmed fall; their allotments are open again, the number stays used."""
    require(may_give(by, handover.gift))
    handover = locked(handover)
    _must_be(handover, HandoverState.DRAFT, HandoverState.HANDED)
    cleaned = rules.needs_reason(reason)
    before = {"state": handover.state}
    release(handover)
    handover.state, handover.note = HandoverState.CANCELLED, f"{handover.note}\n{cleaned}".strip()
    handover.save(update_fields=["state", "note"])
    audit.record(
        by=by,
        action="equipment.handover.cancel",
        obj=handover,
        unit_id=handover.receiver_id,
        reason=cleaned,
        before=before,
        after={"state": handover.state},
    )
    return handover


def release(handover: Handover) -> None:
    """The lines no longer hold their allotments, which are open again."""
    keys = list(handover.lines.filter(void=False).values_list("allotment_id", flat=True))
    handover.lines.update(void=True)
    Allotment.objects.filter(pk__in=keys).update(state=AllotmentState.OPEN)


def locked(handover: Handover) -> Handover:
    """The minutes as stored now, held until the end of the transaction."""
    related = ("gift__unit", "receiver", "giver")
    return Handover.objects.select_for_update(of=("self",)).select_related(*related).get(pk=handover.pk)


def checked_serials(typed: Sequence[str], most: int, field: str, *, besides: Sequence[int] = ()) -> list[str]:
    """Cleaned serial numbers: no more than things, none twice, none that another item of the register has."""
    serials = [serial for one in typed if (serial := rules.clean_serial(one))]
    if len(serials) > most:
        words = {"n": len(serials), "most": most}
        raise rules.refuse(field, _("%(n)s serial numbers for %(most)s things.") % words)
    twice = sorted({serial for serial in serials if serials.count(serial) > 1})
    if twice:
        raise rules.refuse(field, _("The serial number %(serial)s stands here twice.") % {"serial": ", ".join(twice)})
    known = Item.objects.filter(serial__in=serials).exclude(pk__in=besides).values_list("serial", flat=True)
    if known:
        taken = ", ".join(sorted(str(one) for one in known))
        raise rules.refuse(field, _("The serial number %(serial)s is already in the register.") % {"serial": taken})
    return serials


def _giver_on(gift: Gift, on: date) -> Unit:
    keeper = keeper_of(gift.unit, on)
    if keeper is None:
        raise rules.refuse("on", _("Nobody keeps this gift on that day."))
    return keeper


def _check_round(gift: Gift, paper: Paper, today: date) -> None:
    if gift.state != GiftState.PLEDGED:
        raise ValidationError(_("This gift is “%(state)s”.") % {"state": gift.get_state_display()})
    rules.not_before("on", paper.on, gift.pledged_on, _("day of the pledge"))
    if not clean_line(paper.place):
        raise rules.refuse("place", _("Enter the place of the handover."))
    if not clean_line(paper.giver_name):
        raise rules.refuse("giver_name", _("Enter who hands over."))
    if (paper.on - today).days > 366:
        rules.not_in_future("on", paper.on, today)


def _open_by_unit(gift: Gift, allotments: Sequence[Allotment], on: date) -> dict[Unit, list[Allotment]]:
    """The allotments as stored now, by receiver in the order of names; every one must be open and of this gift."""
    keys = [row.pk for row in allotments]
    rows = Allotment.objects.select_for_update(of=("self",)).filter(pk__in=keys, line__gift=gift).open()
    found = list(rows.select_related("unit").order_by("unit__sort_key", "unit_id", "pk"))
    if not found:
        raise rules.refuse("allotments", _("Choose at least one open allotment."))
    if len(found) != len(set(keys)):
        raise rules.refuse("allotments", _("Some of these allotments are no longer open. Load the page again."))
    by_unit: dict[Unit, list[Allotment]] = {}
    for row in found:
        rules.active_on("allotments", row.unit, on)
        by_unit.setdefault(row.unit, []).append(row)
    return by_unit


def _numbers(giver: Unit, year: int, first: int | None, count: int) -> list[int]:
    """The next free numbers, or the asked ones if all of them are free. The row of the giver orders the askers."""
    Unit.objects.select_for_update().filter(pk=giver.pk).values_list("pk").first()
    used = Handover.objects.filter(giver=giver, year=year)
    start = first or (used.aggregate(last=Max("sequence"))["last"] or 0) + 1
    rules.positive("first_number", start)
    numbers = list(range(start, start + count))
    taken = sorted(used.filter(sequence__in=numbers).values_list("sequence", flat=True))
    if taken:
        words = {"taken": ", ".join(str(one) for one in taken[:5]), "year": year}
        raise rules.refuse("first_number", _("Already used in %(year)s: %(taken)s.") % words)
    return numbers


def _signers(units: list[Unit]) -> dict[int, Person]:
    """The first contact of each unit."""
    people: dict[int, Person] = {}
    for contact in Contact.objects.filter(unit__in=[unit.pk for unit in units]).order_by("unit_id", "order", "pk"):
        people.setdefault(contact.unit_id, Person(contact.full_name, contact.position))
    return people


def _write(
    gift: Gift, giver: Unit, unit: Unit, number: int, paper: Paper, person: Person | None, by: User, sample: bool
) -> Handover:
    signer = person or Person("")
    return Handover.objects.create(
        gift=gift,
        giver=giver,
        receiver=unit,
        sequence=number,
        year=paper.on.year,
        number=f"{number:02d}/{clean_line(paper.mark) or DEFAULT_MARK}",
        on=paper.on,
        place=clean_line(paper.place),
        legal_basis=paper.legal_basis,
        giver_name=clean_line(paper.giver_name),
        giver_position=clean_line(paper.giver_position),
        receiver_name=clean_line(signer.name),
        receiver_position=clean_line(signer.position),
        note=paper.note,
        prepared_by=by,
        sample=sample,
    )


def _must_be(handover: Handover, *states: HandoverState) -> None:
    if handover.state not in states:
        words = {"number": handover.number, "state": handover.get_state_display()}
        raise ValidationError(_("Minutes %(number)s are “%(state)s”.") % words)
