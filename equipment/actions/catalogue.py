"""Kinds of things and the minimum specification: what may be given, and what «fit for the work» means from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from equipment.actions import rules
from equipment.models import ItemKind, MinimumSpecification
from jobs.actions import ask
from units.choices import Right
from units.permissions import may_anywhere

if TYPE_CHECKING:
    from accounts.models import User

REFRESH_ALL = "equipment.refresh_all"
KIND_FIELDS = frozenset({"code", "name", "counted_in", "is_computer", "registered", "active"})
MINIMUM_FIELDS = frozenset({"min_ram_gb", "min_storage_gb", "max_age_years", "legal_basis", "note"})


@transaction.atomic
def save_kind(*, values: dict[str, Any], by: User, kind: ItemKind | None = None) -> ItemKind:
    """Add or change a kind. Whether it is a computer cannot change once things of it are there."""
    require(may_anywhere(by, Right.MANAGE_CATALOGUE))
    if unknown := values.keys() - KIND_FIELDS:
        raise ValueError(f"no fields of a kind: {sorted(unknown)}")
    row = ItemKind.objects.select_for_update().get(pk=kind.pk) if kind else ItemKind()
    before, after = audit.changes(row, values)
    if kind and after.keys() & {"is_computer", "registered"} and (kind.items.exists() or kind.gift_lines.exists()):
        raise ValidationError(_("Things of this kind are there already: make a new kind instead."))
    if ItemKind.objects.filter(code=values.get("code", row.code)).exclude(pk=row.pk).exists():
        raise rules.refuse("code", _("The code %(code)s is taken. Enter another one.") % {"code": values["code"]})
    for name, value in after.items():
        setattr(row, name, value)
    if row.is_computer and not row.registered:
        raise rules.refuse("registered", _("Computers are kept as single items."))
    row.save()
    audit.record(by=by, action="equipment.kind.save", obj=row, before=before if kind else {}, after=after)
    return row


@transaction.atomic
def save_minimum(
    *,
    valid_from: date,
    values: dict[str, Any],
    by: User,
    minimum: MinimumSpecification | None = None,
) -> MinimumSpecification:
    """Add a minimum specification from a day on, or correct one. All units are judged anew in the background."""
    require(may_anywhere(by, Right.MANAGE_CATALOGUE))
    if unknown := values.keys() - MINIMUM_FIELDS:
        raise ValueError(f"no fields of a minimum specification: {sorted(unknown)}")
    others = MinimumSpecification.objects.exclude(pk=minimum.pk) if minimum else MinimumSpecification.objects.all()
    if others.filter(valid_from=valid_from).exists():
        raise rules.refuse("valid_from", _("There already is a minimum specification from that day on."))
    row = MinimumSpecification.objects.select_for_update().get(pk=minimum.pk) if minimum else MinimumSpecification()
    typed = {name: clean_line(value) if name == "legal_basis" else value for name, value in values.items()}
    before, after = audit.changes(row, {**typed, "valid_from": valid_from})
    for name, value in after.items():
        setattr(row, name, value)
    row.save()
    audit.record(by=by, action="equipment.minimum.save", obj=row, before=before if minimum else {}, after=after)
    if after.keys() - {"legal_basis", "note"}:
        ask(kind=REFRESH_ALL, arguments={}, by=by)
    return row
