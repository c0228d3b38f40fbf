"""Opening, editing, renaming and closing single units, and the people to call there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.text import clean_line, clean_text
from core.verdicts import require
from units.choices import Right, UnitKind
from units.lineage import rebuild_lineage
from units.models import Contact, Grant, Unit, UnitName
from units.permissions import may, may_keep_contacts
from units.rules import code_taken, misplaced, next_code, not_open
from units.signals import lineage_changed

if TYPE_CHECKING:
    from accounts.models import User

KEPT_BY_ADMINISTRATORS = frozenset({UnitKind.ATTACHED, UnitKind.BRANCH})  # the others take a national decision


class ProfileChanges(TypedDict, total=False):
    """What `edit_unit` may change; names, parents and dates have verbs of their own."""

    code: str
    legal_basis: str
    lat: float | None
    lon: float | None
    area_km2: Decimal | None
    upland: bool
    ethnic_minority: bool
    remote: bool
    address: str
    phone: str
    email: str
    parent_body: str
    issuing_body: str
    document_mark: str
    note: str


@dataclass(frozen=True)
class ContactLine:
    """One person to call, in the order of the list."""

    full_name: str
    position: str
    phone: str = ""
    email: str = ""


@transaction.atomic
def add_unit(
    *,
    parent: Unit,
    kind: str,
    name: str,
    on: date,
    by: User,
    short_name: str = "",
    designation: str = "",
    code: str = "",
    legal_basis: str = "",
) -> Unit:
    """Open an attached unit or a branch below a unit (right: keep units); a commune or province takes `reorganise`.

    Without a code the parent's code and a number are taken; without a short name the name is one.
    """
    require(may(by, _right_over(kind), parent))
    facts: dict[str, Any] = {
        "kind": kind,
        "name": clean_line(name),
        "short_name": clean_line(short_name) or clean_line(name),
        "designation": designation,
        "code": clean_line(code) or next_code(parent, kind),
        "legal_basis": clean_line(legal_basis),
        "valid_from": on,
    }
    _check_opening(parent, facts)
    unit = Unit.objects.add_child(parent, facts)
    rebuild_lineage({unit.pk})
    audit.record(by=by, action="units.add", obj=unit, unit_id=unit.pk, after={**facts, "parent": parent})
    return unit  # type: ignore[no-any-return]


def _check_opening(parent: Unit, facts: dict[str, Any]) -> None:
    on, kind = facts["valid_from"], facts["kind"]
    problems: dict[str, str] = {
        "kind": misplaced(kind, parent.kind),
        "parent": not_open(parent, on),
        "code": code_taken(kind, facts["code"], on),
        "on": _not_in_the_future(on),
    }
    siblings = Unit.objects.get_children(parent).active(on)
    if siblings.filter(kind=kind, name=facts["name"]).exists():
        problems["name"] = _("There is already a unit of this name below %(unit)s.") % {"unit": parent.name}
    _raise(problems)
    Unit(**facts).clean_fields(exclude=["path", "depth", "numchild", "search", "sort_key"])


@transaction.atomic
def edit_unit(*, unit: Unit, by: User, reason: str = "", **changes: Unpack[ProfileChanges]) -> Unit:
    """Change profile, flags, contact and letter-head fields; only what differs is written."""
    require(may(by, Right.MANAGE_UNITS, unit))
    before, after = audit.changes(unit, {name: _clean(name, value) for name, value in changes.items()})
    if not after:
        return unit
    if "code" in after:
        _raise({"code": code_taken(unit.kind, after["code"], unit.valid_from, ignoring=[unit.pk])})
    for name, value in after.items():
        setattr(unit, name, value)
    unit.clean_fields(exclude={field.name for field in Unit._meta.fields} - set(after))
    unit.save(update_fields=[*after, "search"])
    audit.record(by=by, action="units.edit", obj=unit, unit_id=unit.pk, reason=reason, before=before, after=after)
    return unit


def _clean(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return clean_text(value) if name == "note" else clean_line(value)


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, short_name: str, on: date, by: User, legal_basis: str, designation: str | None = None
) -> Unit:
    """Give a new name from a day on; the life goes on and the former name stays findable with its dates."""
    require(may(by, _right_over(unit.kind), unit))
    values = {
        "name": clean_line(name),
        "short_name": clean_line(short_name) or clean_line(name),
        "designation": unit.designation if designation is None else designation,
    }
    before, after = audit.changes(unit, values)
    last = unit.names.order_by("-valid_to").first()
    since = last.valid_to + timedelta(days=1) if last else unit.valid_from
    problems = {"name": "" if "name" in after else _("This is the present name."), "on": _not_in_the_future(on)}
    if on <= since:
        problems["on"] = _("The present name holds since %(day)s: choose a later day.") % {"day": format_date(since)}
    _raise(problems | ({"on": not_open(unit, on)} if not problems["on"] else {}))
    UnitName.objects.create(
        unit=unit,
        name=unit.name,
        valid_from=since,
        valid_to=on - timedelta(days=1),
        legal_basis=clean_line(legal_basis),
    )
    for field, value in after.items():
        setattr(unit, field, value)
    unit.clean_fields(exclude={field.name for field in Unit._meta.fields} - set(after))
    unit.save(update_fields=[*after, "search", "sort_key"])
    audit.record(
        by=by,
        action="units.rename",
        obj=unit,
        unit_id=unit.pk,
        reason=legal_basis,
        before=before,
        after={**after, "on": on},
    )
    return unit


@transaction.atomic
def close_unit(*, unit: Unit, on: date, by: User, legal_basis: str) -> Unit:
    """Close a unit without successor; `on` is its last day. Grants end with it. Units below must be closed first."""
    require(may(by, _right_over(unit.kind), unit))
    problems = {"on": _not_in_the_future(on) or not_open(unit, on), "unit": ""}
    if unit.valid_to is not None:
        problems["unit"] = _("%(unit)s is closed already.") % {"unit": unit.name}
    elif below := Unit.objects.get_children(unit).active(on + timedelta(days=1)).count():
        problems["unit"] = _("%(count)s units below are still open: close or move them first.") % {"count": below}
    _raise(problems)
    unit.valid_to, unit.closing_basis = on, clean_line(legal_basis)
    unit.save(update_fields=["valid_to", "closing_basis"])
    ended = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), unit=unit, valid_from__lte=on)
    number = ended.update(valid_to=on)
    lineage_changed.send(sender=Unit, unit_ids={unit.pk})
    audit.record(
        by=by,
        action="units.close",
        obj=unit,
        unit_id=unit.pk,
        reason=legal_basis,
        after={"valid_to": on, "grants_ended": number},
    )
    return unit


@transaction.atomic
def set_contacts(*, unit: Unit, contacts: Sequence[ContactLine], by: User) -> list[Contact]:
    """Replace the list of people to call (right: keep contacts, or sign for the unit)."""
    require(may_keep_contacts(by, unit))
    standing = list(unit.contacts.all())
    before = [asdict(_line(contact)) for contact in standing]
    after = [{name: clean_line(value) for name, value in asdict(line).items()} for line in contacts]
    if before == after:
        return standing
    fresh = [Contact(unit=unit, order=order, **values) for order, values in enumerate(after)]
    for contact in fresh:
        contact.clean_fields(exclude=["unit"])
    unit.contacts.all().delete()
    for contact in fresh:
        contact.save()
    audit.record(
        by=by,
        action="units.set_contacts",
        obj=unit,
        unit_id=unit.pk,
        before={"contacts": before},
        after={"contacts": after},
    )
    return fresh


def _line(contact: Contact) -> ContactLine:
    return ContactLine(contact.full_name, contact.position, contact.phone, contact.email)


def _right_over(kind: str) -> Right:
    return Right.MANAGE_UNITS if kind in KEPT_BY_ADMINISTRATORS else Right.REORGANISE


def _not_in_the_future(on: date) -> str:
    return _("The day lies in the future.") if on > timezone.localdate() else ""


def _raise(problems: dict[str, str]) -> None:
    found = {field: text for field, text in problems.items() if text}
    if found:
        raise ValidationError(found)
