"""May this person do this here? One answer for views, actions, admin, files and jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
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


def rights_at(user: User | AnonymousUser, unit: Unit, *, on: date | None = None) -> frozenset[Right]:
    """Every right the person holds on the unit, in one query: what its page offers."""
    if not user.is_authenticated:
        return frozenset()
    ancestors = Lineage.objects.filter(unit=unit).values("ancestor")
    roles = Grant.objects.in_force(on).filter(user=user, unit__in=ancestors).values_list("role", flat=True)
    return frozenset().union(*(ROLE_RIGHTS[role] for role in roles))


def rights_anywhere(user: User | AnonymousUser, *, on: date | None = None) -> frozenset[Right]:
    """Every right the person holds on some unit, in one query."""
    if not user.is_authenticated:
        return frozenset()
    roles = Grant.objects.in_force(on).filter(user=user).values_list("role", flat=True).distinct()
    return frozenset().union(*(ROLE_RIGHTS[role] for role in roles))


def grants_now(user: User | AnonymousUser) -> tuple[Grant, ...]:
    """The person's grants in force today with their units, the highest unit first.

    Read once for each user object, which is once a request: for pages that ask again and again who the person is.
    What may be done is asked anew by every action (`may`).
    """
    if not user.is_authenticated:
        return ()
    today = timezone.localdate()
    known: tuple[date, tuple[Grant, ...]] | None = getattr(user, "_grants_now", None)
    if known is None or known[0] != today:
        rows = Grant.objects.in_force(today).filter(user=user).select_related("unit").order_by("unit__depth", "pk")
        known = (today, tuple(rows))
        user._grants_now = known  # type: ignore[attr-defined]  # as Django keeps its own permissions on the object
    return known[1]


def rights_now(user: User | AnonymousUser) -> frozenset[Right]:
    """Every right the person holds on some unit today; see `grants_now`."""
    return frozenset().union(*(ROLE_RIGHTS[grant.role] for grant in grants_now(user)))


def homes_now(user: User | AnonymousUser, rights: Iterable[Right] = (Right.VIEW,)) -> list[Unit]:
    """The open units named in grants that give one of the rights; see `grants_now`."""
    wanted, today = frozenset(rights), timezone.localdate()
    found = {grant.unit_id: grant.unit for grant in grants_now(user) if wanted & ROLE_RIGHTS[grant.role]}
    return [unit for unit in found.values() if unit.is_active(today)]


def may_anywhere(user: User | AnonymousUser, right: Right, *, on: date | None = None) -> Verdict:
    """Whether any grant in force gives the right: decides if a route is open at all."""
    if not user.is_authenticated:
        return denied(_("Please sign in."))
    if Grant.objects.in_force(on).filter(user=user, role__in=roles_with(right)).exists():
        return allowed()
    return denied(_("Your account does not have the right “%(right)s”.") % {"right": right.label})


def seen_keys(user: User | AnonymousUser, units: Iterable[Unit]) -> set[int]:
    """Which of these units the person may open. Names of units are public, so pages name all and link these."""
    keys = {unit.pk for unit in units}
    return set(Unit.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


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


def users_visible_to(user: User | AnonymousUser, *, on: date | None = None) -> QuerySet[User]:
    """The person, and everybody who holds or has held a role on a unit that the person may see."""
    people = get_user_model().objects
    if not user.is_authenticated:
        return people.none()
    holders = Grant.objects.filter(unit__in=Unit.objects.visible_to(user, on=on)).values("user")
    return people.filter(Q(pk=user.pk) | Q(pk__in=holders))


def may_grant(user: User | AnonymousUser, role: str, unit: Unit, *, to: User | None, on: date | None = None) -> Verdict:
    """Nobody grants to oneself, nor more than an administrator of the unit may give. `to`: None for a new account."""
    if user == to:
        return denied(_("Nobody may grant rights to oneself."))
    verdict = may(user, Right.MANAGE_USERS, unit, on=on)
    if not verdict:
        return verdict
    if role == Role.NATIONAL and not may(user, Right.REORGANISE, unit, on=on):
        return denied(_("Only a national administrator may grant the national role."))
    return allowed()


def may_end_grant(user: User | AnonymousUser, grant: Grant, *, on: date | None = None) -> Verdict:
    """Who may give the role there may end it; nobody an own one, so that no unit is left without administrator."""
    if user == grant.user:
        return denied(_("Nobody may end an own role."))
    return may_grant(user, grant.role, grant.unit, to=None, on=on)


def may_keep_contacts(user: User | AnonymousUser, unit: Unit, *, on: date | None = None) -> Verdict:
    """Officers and administrators of the unit or of one above, and the unit's own leader."""
    verdict = may(user, Right.KEEP_CONTACTS, unit, on=on)
    return verdict or may(user, Right.SIGN, unit, on=on)


def may_prepare(user: User | AnonymousUser, unit: Unit, *, on: date | None = None) -> Verdict:
    """Proposing a reorganisation of the unit: who keeps it. Applying is `Right.REORGANISE`."""
    return may(user, Right.MANAGE_UNITS, unit, on=on)


def may_keep_account(user: User | AnonymousUser, person: User, *, on: date | None = None) -> Verdict:
    """Who may give every role that the person holds now or later may renew links and close the account.

    One role elsewhere is enough to refuse: a link that opens the account opens that role too. Of a person without
    present roles the former ones decide; of one who never held any, the national administrators.
    """
    if user == person:
        return denied(_("Another administrator keeps your account."))
    today = on or timezone.localdate()
    grants = list(person.grants.select_related("unit"))
    held = [grant for grant in grants if grant.valid_to is None or grant.valid_to >= today] or grants
    for grant in held:
        verdict = may_grant(user, grant.role, grant.unit, to=person, on=on)
        if not verdict:
            return verdict
    return allowed() if held else may_anywhere(user, Right.REORGANISE, on=on)


RIGHT_NAMES: tuple[str, ...] = tuple(f"right.{right}" for right in Right.values)  # what `core.access.needs` may name
