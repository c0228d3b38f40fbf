"""Who may share a saved view with whom, and who may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from reports.choices import Sharing
from reports.models import SavedView
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_save(user: User | AnonymousUser, unit: Unit, sharing: str) -> Verdict:
    """Save a view at one of the person's own units. For everybody only the centre speaks."""
    if not granted_units(user, Right.VIEW).filter(pk=unit.pk).exists():
        return denied(_("You may share only in the name of a unit where you have a role."))
    if sharing == Sharing.NATION and unit.depth > 1:
        return denied(_("Only the centre shares with everybody. Share with your unit and the units below it."))
    return allowed()


def may_keep(user: User | AnonymousUser, view: SavedView) -> Verdict:
    """Change it: who saved it."""
    if view.owner_id == user.pk:
        return allowed()
    return denied(_("Only the person who saved this view may change it."))


def may_drop(user: User | AnonymousUser, view: SavedView) -> Verdict:
    """Who saved it, and of shared ones those who keep the accounts of the unit: people leave, their views stay."""
    if view.owner_id == user.pk or view.sharing == Sharing.ME:
        return may_keep(user, view)
    return may(user, Right.MANAGE_USERS, view.unit)
