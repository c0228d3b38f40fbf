"""Reorganisations: proposed, previewed, applied in one transaction, undone while nothing has come after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from units.models import Reorganisation
from units.plans import Link
from units.reorganisation_checks import Decision, PlannedChange, SumCheck

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Preview:
    """What applying would do. It may be applied when there are no `problems`; `decisions` are for people to read."""

    change: PlannedChange
    sums: tuple[SumCheck, ...]
    decisions: tuple[Decision, ...]
    problems: tuple[str, ...]

    @property
    def applicable(self) -> bool:
        return not self.problems


@transaction.atomic
def propose_reorganisation(
    *,
    kind: str,
    on: date,
    legal_basis: str,
    links: Sequence[Link],
    by: User,
    title: str = "",
    note: str = "",
) -> Reorganisation:
    """Keep a plan; nothing changes yet. `on` is the first day of the new order."""
    raise NotImplementedError


def preview_reorganisation(*, reorganisation: Reorganisation, by: User, today: date | None = None) -> Preview:
    """What applying would do now: arrows (with units that follow), sums before and after, what is open."""
    raise NotImplementedError


@transaction.atomic
def apply_reorganisation(*, reorganisation: Reorganisation, by: User, today: date | None = None) -> Reorganisation:
    """Close predecessors on the day before, open successors, pass on grants and contacts, write links and lineage."""
    raise NotImplementedError


@transaction.atomic
def undo_reorganisation(*, reorganisation: Reorganisation, by: User, reason: str) -> Reorganisation:
    """Restore the state before, if nothing came after at the successors; a mere proposal is withdrawn."""
    raise NotImplementedError
