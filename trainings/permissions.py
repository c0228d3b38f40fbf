"""Who may record trainings and see the names in their lists: whoever may enter data at the organiser.

These are its own staff and the officers above it. Leaders, signers and administrators see counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from units.choices import Right
from units.models import Unit
from units.permissions import may, units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_record(user: User | AnonymousUser, organiser: Unit) -> Verdict:
    """Record, edit and cancel trainings of this organiser."""
    return may(user, Right.ENTER, organiser)


def may_keep_list(user: User | AnonymousUser, organiser: Unit) -> Verdict:
    """See, keep and take out the list of trainees of a class of this organiser."""
    verdict = may(user, Right.ENTER, organiser)
    return verdict or denied(_("Names are shown only to those who enter data at %(unit)s.") % {"unit": organiser.name})


def may_record_all(user: User | AnonymousUser, organisers: Iterable[Unit]) -> Verdict:
    """The same of many at once; the reason names the first one that stands against it."""
    wanted = {unit.pk: unit for unit in organisers}
    held = set(units_with(user, Right.ENTER).filter(pk__in=wanted).values_list("pk", flat=True))
    refused = next((unit for pk, unit in wanted.items() if pk not in held), None)
    return allowed() if refused is None else may_record(user, refused)
