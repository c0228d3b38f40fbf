"""Opening, editing, renaming and closing single units, and the people to call there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction

from units.models import Contact, Unit

if TYPE_CHECKING:
    from accounts.models import User


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

    Without a code the parent's code and a number are taken.
    """
    raise NotImplementedError


@transaction.atomic
def edit_unit(*, unit: Unit, by: User, reason: str = "", **changes: Unpack[ProfileChanges]) -> Unit:
    """Change profile, flags, contact and letter-head fields; only what differs is written."""
    raise NotImplementedError


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, short_name: str, on: date, by: User, legal_basis: str, designation: str | None = None
) -> Unit:
    """Give a new name from a day on; the life goes on and the former name stays findable with its dates."""
    raise NotImplementedError


@transaction.atomic
def close_unit(*, unit: Unit, on: date, by: User, legal_basis: str) -> Unit:
    """Close a unit without successor; `on` is its last day. Grants end with it. Units below must be closed first."""
    raise NotImplementedError


@transaction.atomic
def set_contacts(*, unit: Unit, contacts: Sequence[ContactLine], by: User) -> list[Contact]:
    """Replace the list of people to call (right: keep units, or sign for the unit)."""
    raise NotImplementedError
