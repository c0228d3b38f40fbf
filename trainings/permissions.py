"""Who may record trainings: whoever may enter data at the organiser (its own staff, or officers above it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.verdicts import Verdict
from units.choices import Right
from units.models import Unit
from units.permissions import may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_record(user: User | AnonymousUser, organiser: Unit) -> Verdict:
    """Record, edit and cancel trainings of this organiser."""
    return may(user, Right.ENTER, organiser)
