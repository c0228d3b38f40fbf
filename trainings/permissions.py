"""Who may record trainings: whoever may enter data at the organiser (its own staff, or officers above it)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.verdicts import Verdict, allowed
from units.choices import Right
from units.models import Unit
from units.permissions import may, units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_record(user: User | AnonymousUser, organiser: Unit) -> Verdict:
    """Record, edit and cancel trainings of this organiser."""
    return may(user, Right.ENTER, organiser)


def may_record_all(user: User | AnonymousUser, organisers: Iterable[Unit]) -> Verdict:
    """The same of many at once; the reason names the first one that stands against it."""
    wanted = {unit.pk: unit for unit in organisers}
    held = set(units_with(user, Right.ENTER).filter(pk__in=wanted).values_list("pk", flat=True))
    refused = next((unit for pk, unit in wanted.items() if pk not in held), None)
    return allowed() if refused is None else may_record(user, refused)
