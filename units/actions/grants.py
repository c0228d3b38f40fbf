"""Giving and ending roles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from units.models import Grant, Unit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    unit: Unit,
    by: User,
    valid_from: date | None = None,
    valid_to: date | None = None,
    note: str = "",
) -> Grant:
    """Give a role on a unit and what is below it, from today unless told; rules in `permissions.may_grant`."""
    raise NotImplementedError


@transaction.atomic
def end_grant(*, grant: Grant, by: User, on: date | None = None, reason: str = "") -> Grant:
    """End a grant; `on` is its last day (yesterday unless told: it ends at once). Nobody ends an own grant."""
    raise NotImplementedError
