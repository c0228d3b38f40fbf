"""Gifts: pledged, corrected, paid, closed, withdrawn. A pledge is not a delivery: nothing here moves a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.numbers import format_money
from core.text import clean_line
from core.verdicts import require
from equipment.actions import rules
from equipment.choices import AllotmentState, GiftForm, GiftState
from equipment.models import Allotment, Gift, GiftLine, GiftPayment, ItemKind
from equipment.permissions import may_give
from sponsors.models import Sponsor
from units.choices import Right
from units.models import Unit
from units.permissions import may

if TYPE_CHECKING:
    from accounts.models import User

EDITABLE = frozenset(
    {"title", "code", "sponsor", "programme", "pledged_on", "ceremony_on", "ceremony_place"}
    | {"connecting_body", "wishes", "amount", "note"}
)


@dataclass(frozen=True)
class LineData:
    """One line as it shall stand; `line_id` names the existing line that it changes, `remove` takes that away."""

    kind: ItemKind
    quantity: int
    model: str = ""
    specification: str = ""
    ram_gb: int | None = None
    storage_gb: int | None = None
    year: int | None = None
    unit_value: int | None = None
    line_id: int | None = None
    remove: bool = False

    def values(self) -> dict[str, Any]:
        names = (one.name for one in fields(self) if one.name not in ("line_id", "remove"))
        return {name: getattr(self, name) for name in names}


@transaction.atomic
def create_gift(
    *,
    unit: Unit,
    sponsor: Sponsor,
    title: str,
    pledged_on: date,
    by: User,
    form: str = GiftForm.IN_KIND,
    lines: Sequence[LineData] = (),
    code: str = "",
    today: date | None = None,
    **details: Any,
) -> Gift:
    """Record a pledge to `unit`. `details`: programme, ceremony_on, ceremony_place, connecting_body, wishes, amount,
    note, sample. Without a code the next free one of the year is taken (TT-2026-0001)."""
    require(may(by, Right.GIVE, unit))
    day = rules.today_or(today)
    rules.not_in_future("pledged_on", pledged_on, day)
    rules.active_on("unit", unit, pledged_on)
    _check_sponsor(sponsor, by)
    gift = Gift(unit=unit, sponsor=sponsor, title=clean_line(title), pledged_on=pledged_on, form=form, **details)
    gift.code = _free_code(clean_line(code), gift)
    _check_form(gift, lines)
    gift.save()
    _write_lines(gift, lines, day)
    after = {"title": gift.title, "sponsor": sponsor, "form": form, "lines": [str(line) for line in gift.lines.all()]}
    audit.record(by=by, action="equipment.gift.create", obj=gift, unit_id=unit.pk, after=after)
    return gift


@transaction.atomic
def edit_gift(
    *,
    gift: Gift,
    changes: dict[str, Any],
    by: User,
    lines: Sequence[LineData] | None = None,
    today: date | None = None,
) -> Gift:
    """Correct a pledge. Lines that are not named stay; a line never falls below what is allotted of it."""
    require(may_give(by, gift))
    gift = _locked(gift)
    day = rules.today_or(today)
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise ValueError(f"these fields of a gift are not edited here: {sorted(unknown)}")
    before, after = audit.changes(gift, changes)
    _check_changes(gift, after, by, day)
    for name, value in after.items():
        setattr(gift, name, value)
    line_changes = _write_lines(gift, lines or (), day)
    _check_form(gift, gift.lines.all())
    if after:
        gift.save(update_fields=[*after, "search"])
    if after or line_changes:
        audit.record(
            by=by,
            action="equipment.gift.edit",
            obj=gift,
            unit_id=gift.unit_id,
            before=before,
            after={**after, "lines": line_changes},
        )
    return gift


@transaction.atomic
def withdraw_gift(*, gift: Gift, reason: str, by: User, on: date | None = None) -> Gift:
    """The sponsor takes the rest back: open allotments fall, what was received stays. Not while minutes are open."""
    require(may_give(by, gift))
    gift = _locked(gift)
    _must_stand(gift)
    cleaned = rules.needs_reason(reason)
    allotments = Allotment.objects.filter(line__gift=gift)
    if allotments.filter(state__in=[AllotmentState.PREPARED, AllotmentState.HANDED]).exists():
        raise ValidationError(_("Some things are being handed over. Finish or cancel those minutes first."))
    fallen = allotments.open().update(state=AllotmentState.CANCELLED, reason=cleaned)
    return _end(gift, GiftState.WITHDRAWN, cleaned, by, on, {"allotments_cancelled": fallen})


@transaction.atomic
def close_gift(*, gift: Gift, by: User, on: date | None = None) -> Gift:
    """Nothing more will come: every allotment is received or cancelled. What was never allotted stays visible."""
    require(may_give(by, gift))
    gift = _locked(gift)
    _must_stand(gift)
    if Allotment.objects.filter(line__gift=gift).pending().exists():
        raise ValidationError(_("Some allotments are not received yet. Cancel them or wait for the receipt."))
    return _end(gift, GiftState.CLOSED, "", by, on, {})


@transaction.atomic
def record_payment(
    *, gift: Gift, on: date, amount: int, by: User, document: str = "", today: date | None = None
) -> GiftPayment:
    """Money of a money gift that arrived. All payments together stay within the pledge."""
    require(may_give(by, gift))
    gift = _locked(gift)
    _must_stand(gift)
    if gift.form != GiftForm.MONEY:
        raise ValidationError(_("This gift is in kind: what arrives is recorded by handover minutes."))
    rules.not_in_future("on", on, rules.today_or(today))
    rules.not_before("on", on, gift.pledged_on, _("day of the pledge"))
    rules.positive("amount", amount)
    left = (gift.amount or 0) - paid_so_far(gift)
    if amount > left:
        words = {"left": format_money(left), "amount": format_money(gift.amount)}
        raise rules.refuse("amount", _("Only %(left)s of the pledged %(amount)s are open.") % words)
    payment = GiftPayment.objects.create(gift=gift, on=on, amount=amount, document=clean_line(document), by=by)
    after = {"on": on, "amount": amount, "document": payment.document}
    audit.record(by=by, action="equipment.gift.pay", obj=gift, unit_id=gift.unit_id, after=after)
    return payment


@transaction.atomic
def cancel_payment(*, payment: GiftPayment, reason: str, by: User) -> GiftPayment:
    """A payment recorded by mistake no longer counts; it stays visible with the reason."""
    require(may_give(by, payment.gift))
    _locked(payment.gift)
    payment.refresh_from_db(fields=["cancelled_for"])
    if payment.cancelled_for:
        return payment
    payment.cancelled_for = rules.needs_reason(reason)
    payment.save(update_fields=["cancelled_for"])
    audit.record(
        by=by,
        action="equipment.gift.cancel_payment",
        obj=payment.gift,
        unit_id=payment.gift.unit_id,
        reason=payment.cancelled_for,
        before={"on": payment.on, "amount": payment.amount},
    )
    return payment


def paid_so_far(gift: Gift) -> int:
    return gift.payments.filter(cancelled_for="").aggregate(sum=Sum("amount"))["sum"] or 0


def _locked(gift: Gift) -> Gift:
    """The gift as stored now, held until the end of the transaction."""
    return Gift.objects.select_for_update(of=("self",)).select_related("unit", "sponsor").get(pk=gift.pk)


def _must_stand(gift: Gift) -> None:
    if gift.state != GiftState.PLEDGED:
        words = {"state": gift.get_state_display(), "day": format_date(gift.ended_on)}
        raise ValidationError(_("This gift is “%(state)s” since %(day)s and no longer changes.") % words)


def _end(gift: Gift, state: GiftState, reason: str, by: User, on: date | None, more: dict[str, Any]) -> Gift:
    gift.state, gift.end_reason, gift.ended_on = state, reason, rules.today_or(on)
    gift.save(update_fields=["state", "end_reason", "ended_on"])
    after = {"state": state, "ended_on": gift.ended_on, **more}
    action = f"equipment.gift.{'withdraw' if state == GiftState.WITHDRAWN else 'close'}"
    audit.record(by=by, action=action, obj=gift, unit_id=gift.unit_id, reason=reason, after=after)
    return gift


def _check_sponsor(sponsor: Sponsor, by: User) -> None:
    if not Sponsor.objects.visible_to(by).filter(pk=sponsor.pk).exists():
        raise rules.refuse("sponsor", _("Choose a sponsor of the list."))


def _check_changes(gift: Gift, after: dict[str, Any], by: User, day: date) -> None:
    _must_stand(gift)
    if "sponsor" in after:
        _check_sponsor(after["sponsor"], by)
    if "pledged_on" in after:
        rules.not_in_future("pledged_on", after["pledged_on"], day)
        rules.active_on("pledged_on", gift.unit, after["pledged_on"])
        first = Allotment.objects.filter(line__gift=gift).standing().order_by("on").values_list("on", flat=True).first()
        if first and after["pledged_on"] > first:
            words = {"day": format_date(first)}
            raise rules.refuse("pledged_on", _("Something was already allotted on %(day)s.") % words)
    if "code" in after:
        after["code"] = _free_code(clean_line(after["code"]), gift)
    if (after.get("amount") or gift.amount or 0) < paid_so_far(gift):
        raise rules.refuse("amount", _("More than that has already been received."))


def _check_form(gift: Gift, lines: Any) -> None:
    if gift.form == GiftForm.MONEY:
        if not gift.amount:
            raise rules.refuse("amount", _("Enter the amount that is pledged."))
        if lines:
            raise ValidationError(_("A gift in money has no lines of things. Record things as a gift of their own."))
    elif not lines:
        raise ValidationError(_("Enter at least one line: what is given and how many."))


def _free_code(code: str, gift: Gift) -> str:
    """The typed code if nobody has it, or the next one of the year."""
    if code:
        if Gift.objects.filter(code=code).exclude(pk=gift.pk).exists():
            raise rules.refuse("code", _("The code %(code)s is taken. Enter another one, or none.") % {"code": code})
        return code
    start = f"TT-{gift.pledged_on.year}-"
    taken = Gift.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(one.removeprefix(start)) for one in taken if one.removeprefix(start).isdigit()]
    return f"{start}{max(numbers, default=0) + 1:04d}"


def _write_lines(gift: Gift, lines: Sequence[LineData], today: date) -> list[str]:
    """What changed, in words. An error of line n stands at `lines-n-<field>`, as form sets call it."""
    changed = []
    for index, data in enumerate(lines):
        try:
            changed.append(_write_line(gift, data, today))
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                raise
            named = {f"lines-{index}-{field}": errors for field, errors in refusal.message_dict.items()}
            raise ValidationError(named) from refusal
    return [change for change in changed if change]


def _write_line(gift: Gift, data: LineData, today: date) -> str:
    """Add, change or take away one line; returns in words what changed, empty for nothing."""
    if data.line_id is None:
        _check_line(data, 0, today)
        return f"+ {GiftLine.objects.create(gift=gift, **data.values())}"
    line = gift.lines.select_for_update().get(pk=data.line_id)
    allotted = line.allotments.standing().aggregate(sum=Sum("quantity"))["sum"] or 0
    if data.remove:
        if line.allotments.exists():
            raise ValidationError(_("“%(line)s” was allotted and cannot be taken away.") % {"line": line})
        gone = str(line)
        line.delete()
        return f"- {gone}"
    _check_line(data, allotted, today)
    before, after = audit.changes(line, data.values())
    if allotted and "kind" in after:
        raise ValidationError(_("“%(line)s” was allotted: its kind stays.") % {"line": line})
    for name, value in after.items():
        setattr(line, name, value)
    if after:
        line.save(update_fields=list(after))
    return f"{line.pk}: {audit.plain(before)} → {audit.plain(after)}" if after else ""


def _check_line(data: LineData, allotted: int, today: date) -> None:
    rules.positive("quantity", data.quantity)
    if data.quantity < allotted:
        words = {"allotted": allotted, "quantity": data.quantity}
        raise rules.refuse("quantity", _("%(allotted)s are already allotted: %(quantity)s are not enough.") % words)
    if data.year is not None and not 1990 <= data.year <= today.year:
        raise rules.refuse("year", _("Enter a year from 1990 to %(year)s.") % {"year": today.year})
