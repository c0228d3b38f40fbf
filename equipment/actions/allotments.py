"""Allotments: which unit shall get how many of a gift line. Never more than the line has left, also for two at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from equipment.actions import rules
from equipment.choices import AllotmentState, GiftState
from equipment.models import Allotment, GiftLine
from equipment.permissions import may_give
from equipment.queries.successors import keeper_of
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Share:
    """So many for this unit."""

    unit: Unit
    quantity: int = 1


@transaction.atomic
def allot(
    *,
    line: GiftLine,
    shares: Sequence[Share],
    on: date,
    by: User,
    reason: str = "",
    today: date | None = None,
) -> list[Allotment]:
    """Promise parts of a line to units: all of them or none.

    Errors stand at `on`, `shares`, or at `unit_<key>` for the unit that they concern.
    """
    require(may_give(by, line.gift))
    line = GiftLine.objects.select_for_update(of=("self",)).select_related("gift__unit", "kind").get(pk=line.pk)
    _check_day(line, on, rules.today_or(today))
    _check_units(line, shares, on)
    left = left_of(line)
    asked = sum(share.quantity for share in shares)
    if asked > left:
        words = {"asked": asked, "left": left, "counted_in": line.kind.counted_in}
        raise rules.refuse("shares", _("%(asked)s chosen, but only %(left)s %(counted_in)s are left.") % words)
    cleaned = clean_line(reason)
    rows = [Allotment(line=line, unit=s.unit, quantity=s.quantity, on=on, by=by, reason=cleaned) for s in shares]
    made = Allotment.objects.bulk_create(rows)
    for row in made:
        after = {"unit": row.unit_id, "quantity": row.quantity, "on": on, "line": str(line)}
        audit.record(by=by, action="equipment.allot", obj=line.gift, unit_id=row.unit_id, reason=cleaned, after=after)
    return made


@transaction.atomic
def cancel_allotment(*, allotment: Allotment, reason: str, by: User) -> Allotment:
    """Take back a promise that is not in any minutes; what it took is free again."""
    require(may_give(by, allotment.line.gift))
    GiftLine.objects.select_for_update().get(pk=allotment.line_id)
    allotment.refresh_from_db()
    if allotment.state != AllotmentState.OPEN:
        words = {"state": allotment.get_state_display()}
        raise ValidationError(_("This allotment is “%(state)s” and cannot be cancelled.") % words)
    allotment.state, allotment.reason = AllotmentState.CANCELLED, rules.needs_reason(reason)
    allotment.save(update_fields=["state", "reason"])
    audit.record(
        by=by,
        action="equipment.allot.cancel",
        obj=allotment.line.gift,
        unit_id=allotment.unit_id,
        reason=allotment.reason,
        before={"unit": allotment.unit_id, "quantity": allotment.quantity},
    )
    return allotment


def left_of(line: GiftLine) -> int:
    """How many of the line nobody was promised yet."""
    return line.quantity - (line.allotments.standing().aggregate(sum=Sum("quantity"))["sum"] or 0)


def _check_day(line: GiftLine, on: date, today: date) -> None:
    if line.gift.state != GiftState.PLEDGED:
        raise ValidationError(_("This gift is “%(state)s”.") % {"state": line.gift.get_state_display()})
    rules.not_in_future("on", on, today)
    rules.not_before("on", on, line.gift.pledged_on, _("day of the pledge"))


def _check_units(line: GiftLine, shares: Sequence[Share], on: date) -> None:
    if not shares:
        raise rules.refuse("shares", _("Choose at least one unit."))
    keeper = keeper_of(line.gift.unit, on)
    inside = set() if keeper is None else _inside(keeper, [share.unit.pk for share in shares])
    had = dict(
        line.allotments.standing()
        .filter(unit__in=[share.unit.pk for share in shares])
        .values_list("unit_id", "quantity")
    )
    errors: dict[str, list[str]] = {}
    seen: set[int] = set()
    for share in shares:
        if message := _objection(share, line, on, inside, had, seen):
            errors.setdefault(f"unit_{share.unit.pk}", []).append(message)
        seen.add(share.unit.pk)
    if errors:
        raise ValidationError(errors)


def _inside(keeper: Unit, unit_ids: list[int]) -> set[int]:
    return set(Unit.objects.below(keeper).filter(pk__in=unit_ids).values_list("pk", flat=True))


def _objection(share: Share, line: GiftLine, on: date, inside: set[int], had: dict[int, int], seen: set[int]) -> str:
    """Why this unit cannot have its share; empty when it can."""
    name = {"unit": share.unit.name}
    if share.unit.pk in seen:
        return _("%(unit)s stands here twice.") % name
    if share.quantity <= 0:
        return _("%(unit)s: enter a quantity of at least 1.") % name
    if not share.unit.is_active(on):
        try:
            rules.active_on("unit", share.unit, on)
        except ValidationError as refusal:
            return str(refusal.message_dict["unit"][0])
    if share.unit.pk not in inside:
        return _("%(unit)s is not below %(giver)s.") % {**name, "giver": line.gift.unit.name}
    if share.unit.pk in had:
        return _("%(unit)s already has %(n)s of this line.") % {**name, "n": had[share.unit.pk]}
    return ""
