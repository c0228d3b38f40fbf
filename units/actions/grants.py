"""Giving and ending roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.text import clean_line
from core.verdicts import require
from units.choices import Role, UnitKind
from units.models import Grant, Unit
from units.permissions import may_end_grant, may_grant
from units.rules import not_open

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
    require(may_grant(by, role, unit, to=user))
    grant = Grant(
        user=user,
        role=role,
        unit=unit,
        valid_from=valid_from or timezone.localdate(),
        valid_to=valid_to,
        granted_by=by,
        note=clean_line(note),
    )
    _check(grant)
    grant.save()
    audit.record(by=by, action="units.grant", obj=grant, unit_id=unit.pk, after=facts_of(grant))
    return grant


def _check(grant: Grant) -> None:
    problems: dict[str, str] = {}
    if not grant.user.is_active:
        problems["user"] = _("This account is closed.")
    if text := not_open(grant.unit, grant.valid_from):
        problems["unit"] = text
    if grant.valid_to and grant.valid_to < grant.valid_from:
        problems["valid_to"] = _("The last day lies before the first.")
    if grant.role == Role.NATIONAL and grant.unit.kind != UnitKind.CENTRE:
        problems["role"] = _("The national role is given at the centre only.")
    same = Grant.objects.filter(user=grant.user, role=grant.role, unit=grant.unit)
    same = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=grant.valid_from))
    if same.filter(valid_from__lte=grant.valid_to or date.max).exists():
        problems["role"] = _("%(person)s already holds this role here.") % {"person": grant.user}
    if problems:
        raise ValidationError(problems)
    grant.clean_fields()


@transaction.atomic
def end_grant(*, grant: Grant, by: User, on: date | None = None, reason: str = "") -> Grant:
    """End a grant; `on` is its last day (yesterday unless told: it ends at once). Nobody ends an own grant.

    A grant that has not begun by then never takes effect: its row goes, the audit trail keeps it.
    """
    require(may_end_grant(by, grant))
    last = on or timezone.localdate() - timedelta(days=1)
    if grant.valid_to is not None and grant.valid_to <= last:
        raise ValidationError({"on": _("This grant has ended already.")})
    before = facts_of(grant)
    after = {} if grant.valid_from > last else {"valid_to": last}
    audit.record(
        by=by, action="units.end_grant", obj=grant, unit_id=grant.unit_id, reason=reason, before=before, after=after
    )
    if not after:
        grant.delete()
        return grant
    grant.valid_to = last
    grant.save(update_fields=["valid_to"])
    return grant


def facts_of(grant: Grant) -> dict[str, object]:
    """A grant as the audit trail keeps it."""
    return {
        "user": grant.user_id,
        "role": grant.role,
        "unit": grant.unit_id,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
    }
