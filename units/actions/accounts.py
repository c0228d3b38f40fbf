"""Accounts as administrators of units keep them: opened together with a first role, within the own subtree only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def open_account(
    *,
    full_name: str,
    email: str,
    role: str,
    unit: Unit,
    by: User,
    username: str = "",
    position: str = "",
    phone: str = "",
) -> tuple[User, str]:
    """A new account with its first role; returns it and the secret of its one-time link (`accounts.actions`)."""
    raise NotImplementedError


@transaction.atomic
def renew_link(*, user: User, by: User) -> str:
    """A new one-time link for a person; only who administers every unit where the person holds a role."""
    raise NotImplementedError


@transaction.atomic
def set_account_active(*, user: User, active: bool, by: User, reason: str) -> User:
    """Close or reopen an account; the same rule as for links."""
    raise NotImplementedError
