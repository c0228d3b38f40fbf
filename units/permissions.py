"""May this person do this here? One answer for views, actions, admin, files and jobs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from units.choices import ROLE_RIGHTS, Right, Role
from units.models import Grant, Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def roles_with(right: Right) -> list[str]:
    return [role for role, rights in ROLE_RIGHTS.items() if right in rights]


def may(user: User | AnonymousUser, right: Right, unit: Unit, *, on: date | None = None) -> Verdict:
    """Whether a grant in force gives the right on this unit (granted there or above, or on its successor)."""
    if not user.is_authenticated:
        return denied(_("Please sign in."))
    ancestors = Lineage.objects.filter(unit=unit).values("ancestor")
    held = Grant.objects.in_force(on).filter(user=user, unit__in=ancestors, role__in=roles_with(right))
    if held.exists():
        return allowed()
    return denied(_("You do not have the right “%(right)s” at %(unit)s.") % {"right": right.label, "unit": unit.name})


def may_anywhere(user: User | AnonymousUser, right: Right, *, on: date | None = None) -> Verdict:
    """Whether any grant in force gives the right: decides if a route is open at all."""
    if not user.is_authenticated:
        return denied(_("Please sign in."))
    if Grant.objects.in_force(on).filter(user=user, role__in=roles_with(right)).exists():
        return allowed()
    return denied(_("Your account does not have the right “%(right)s”.") % {"right": right.label})


def units_with(user: User | AnonymousUser, right: Right, *, on: date | None = None) -> QuerySet[Unit]:
    """All units on which the person holds the right: what drop-downs of that duty offer."""
    if not user.is_authenticated:
        return Unit.objects.none()  # type: ignore[no-any-return]
    granted = Grant.objects.in_force(on).filter(user=user, role__in=roles_with(right)).values("unit")
    return Unit.objects.filter(pk__in=Lineage.objects.filter(ancestor__in=granted).values("unit"))  # type: ignore[no-any-return]


def granted_units(user: User | AnonymousUser, right: Right = Right.VIEW, *, on: date | None = None) -> QuerySet[Unit]:
    """The units named in the person's grants that give the right: where the person is at home."""
    if not user.is_authenticated:
        return Unit.objects.none()  # type: ignore[no-any-return]
    granted = Grant.objects.in_force(on).filter(user=user, role__in=roles_with(right)).values("unit")
    return Unit.objects.filter(pk__in=granted)  # type: ignore[no-any-return]


def may_grant(user: User | AnonymousUser, role: str, unit: Unit, *, to: User, on: date | None = None) -> Verdict:
    """Nobody grants to oneself, nor more than an administrator of the unit may give."""
    if user == to:
        return denied(_("Nobody may grant rights to oneself."))
    verdict = may(user, Right.MANAGE_USERS, unit, on=on)
    if not verdict:
        return verdict
    if role == Role.NATIONAL and not may(user, Right.REORGANISE, unit, on=on):
        return denied(_("Only a national administrator may grant the national role."))
    return allowed()


RIGHT_NAMES: tuple[str, ...] = tuple(f"right.{right}" for right in Right.values)  # what `core.access.needs` may name
