"""Who may give, keep and receive things. Each answer carries its reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from equipment.models import Gift, Handover
from units.choices import Right, UnitKind
from units.models import Grant, Unit
from units.permissions import may, roles_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_give(user: User | AnonymousUser, gift: Gift) -> Verdict:
    """Recording, allotting and handing over: the right at the unit that the gift was given to, or at its successor."""
    return may(user, Right.GIVE, gift.unit)


def may_keep(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Registering machines and what happened to them."""
    return may(user, Right.ENTER, unit)


def may_confirm(user: User | AnonymousUser, handover: Handover, *, on: date | None = None) -> Verdict:
    """Only the receiver's own people confirm or refuse, and never who handed over.

    A right granted further up, by which officers see and keep the units below, is not enough: the giver would
    confirm to itself.
    """
    if not user.is_authenticated:
        return denied(_("Please sign in."))
    homes = [handover.receiver.pk]
    if handover.receiver.kind == UnitKind.BRANCH:  # branches have no accounts of their own
        homes += [parent.pk for parent in Unit.objects.get_ancestors(handover.receiver) if parent.is_reporting_kind]
    held = Grant.objects.in_force(on).filter(user=user, unit__in=homes, role__in=roles_with(Right.RECEIVE))
    if not held.exists():
        return denied(
            _("Only people of %(unit)s may confirm or refuse this receipt. Sign in with an account of that unit.")
            % {"unit": handover.receiver.name}
        )
    if handover.handed_by_id == user.pk:
        return denied(_("You handed these things over yourself. Another person of the receiver must confirm."))
    return allowed()
