"""Ears for what the room of units tells: envelopes that call one verb each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from equipment.actions.reorganisations import pass_on, take_back

if TYPE_CHECKING:
    from accounts.models import User
    from units.models import Reorganisation


def follow_reorganisation(
    sender: Any, *, reorganisation: Reorganisation, undone: bool, by: User | None, **kwargs: Any
) -> None:
    """Things move with their units, in the transaction of the reorganisation."""
    if undone:
        take_back(reorganisation=reorganisation, by=by)
    else:
        pass_on(reorganisation=reorganisation, by=by)
