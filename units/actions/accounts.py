"""Accounts as administrators of units keep them: opened together with a first role, within the own subtree only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts import audit
from core.verdicts import require
from units.actions.grants import facts_of, grant_role
from units.choices import Role, UnitKind
from units.models import Grant, Unit
from units.permissions import may_grant, may_keep_account

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
    require(may_grant(by, role, unit, to=None))
    user = accounts.create_account(
        full_name=full_name, email=email, by=by, username=username, position=position, phone=phone
    )
    grant_role(user=user, role=role, unit=unit, by=by)
    return user, accounts.issue_link(user=user, by=by)


@transaction.atomic
def renew_link(*, user: User, by: User) -> str:
    """A new one-time link for a person; only who keeps the accounts of every unit where the person holds a role."""
    require(may_keep_account(by, user))
    return accounts.issue_link(user=user, by=by)


@transaction.atomic
def set_account_active(*, user: User, active: bool, by: User, reason: str) -> User:
    """Close or reopen an account; the same rule as for links."""
    require(may_keep_account(by, user))
    return accounts.set_active(user=user, active=active, by=by, reason=reason)


@transaction.atomic
def lift_pause(*, user: User, by: User) -> int:
    """Let a person who typed too many wrong passwords try again at once; the same rule as for links."""
    require(may_keep_account(by, user))
    return accounts.lift_pause(user=user, by=by)


@transaction.atomic
def create_administrator(*, email: str, full_name: str, another: bool = False) -> tuple[User, str]:
    """A national administrator from the server's own command line, where nobody could grant the role.

    Refuses while one holds the role, unless `another` is asked for. Returns the account and its one-time secret.
    """
    centre = Unit.objects.filter(kind=UnitKind.CENTRE, valid_to__isnull=True).first()
    if centre is None:
        raise ValidationError(_("There are no units yet: run “manage.py load_units” first."))
    holder = Grant.objects.in_force().filter(role=Role.NATIONAL, user__is_active=True).select_related("user").first()
    if holder is not None and not another:
        raise ValidationError(
            _("%(person)s is a national administrator already. Add --another to make one more.")
            % {"person": holder.user}
        )
    user = accounts.create_account(full_name=full_name, email=email, by=None)
    grant = Grant.objects.create(user=user, role=Role.NATIONAL, unit=centre, valid_from=timezone.localdate())
    audit.record(by=None, action="units.grant", obj=grant, unit_id=centre.pk, after=facts_of(grant))
    return user, accounts.issue_link(user=user, by=None)
