"""What the room does when units are reorganised: envelopes that call one verb each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from submissions.actions import pass_drafts

if TYPE_CHECKING:
    from accounts.models import User
    from units.models import Reorganisation


def follow_reorganisation(
    sender: Any, *, reorganisation: Reorganisation, undone: bool, by: User | None, **kwargs: Any
) -> None:
    """Drafts pass to the successors in the transaction of the reorganisation."""
    pass_drafts(reorganisation=reorganisation, by=by, undone=undone)
