"""The leader's screen as a whole: who has reported, where the indicators stand, what moved, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programmes.choices import Status
from programmes.queries import Points, children_of, points_of
from reports.queries.dashboard import Dashboard, Reading, dashboard, since_of
from reports.queries.indicator import Opened, opened_from
from reports.queries.moves import Move, Moves, moves_of, parts_of
from reports.queries.pace import Progress, progress_of
from reports.queries.reported import Reported, reported_in
from reports.queries.scope import Scope
from reports.queries.waiting import Waiting, waiting_at
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MOST_PRESSING = 5  # indicators named one by one; the rows below hold them all


@dataclass(frozen=True)
class Pressing:
    """An indicator that is behind or at risk, and how it keeps pace."""

    reading: Reading
    progress: Progress | None


@dataclass(frozen=True)
class Screen:
    """`opened`: the leading indicator at the units below, for the map; None where there are none."""

    page: Dashboard
    reported: tuple[Reported, ...]
    waiting: Waiting
    moves: Moves
    opened: Opened | None

    @property
    def scope(self) -> Scope:
        return self.page.scope

    @property
    def reform_index(self) -> int | None:
        return self.waiting.reform_index(self.page.months)

    @property
    def pressing(self) -> list[Reading]:
        """Indicators that are behind or at risk, the worst first."""
        order = [Status.BEHIND, Status.AT_RISK]
        found = [reading for reading in self.page.readings if reading.standing.status in order]
        return sorted(found, key=lambda one: (order.index(one.standing.status), one.standing.achieved or 0))

    @property
    def named_pressing(self) -> list[Pressing]:
        return [Pressing(one, progress_of(one, self.scope)) for one in self.pressing[:MOST_PRESSING]]

    @property
    def without_target(self) -> int:
        """How many indicators have no target."""
        return self.page.counts.get(Status.NONE, 0)


def screen_of(scope: Scope, user: User | AnonymousUser) -> Screen:
    page = dashboard(scope)
    moves, opened = _below(page, moves_of(page.readings, scope))
    return Screen(page, tuple(reported_in(scope)), waiting_at(scope, page.months, user), moves, opened)


def _below(page: Dashboard, moves: Moves) -> tuple[Moves, Opened | None]:
    """What the units below say: who made the indicators move, and where each stands at the leading one."""
    scope = page.scope
    lead = next((reading for reading in page.readings if reading.indicator.is_ratio), None)
    if not scope.unit.numchild:
        return moves, None
    units = children_of(scope.unit, scope.month, scope.basis)
    wanted = {move.reading.indicator.pk: move.reading.indicator for move in (*moves.up, *moves.down)}
    if lead is not None:
        wanted[lead.indicator.pk] = lead.indicator
    first = min(moves.month - 1, scope.month)
    points = points_of(units, list(wanted.values()), first, scope.month, basis=scope.basis, since=since_of(scope))
    named = replace(moves, up=_named(moves.up, units, points), down=_named(moves.down, units, points))
    return named, opened_from(scope, lead, units, points) if lead else None


def _named(moves: Sequence[Move], units: Sequence[Unit], points: Points) -> tuple[Move, ...]:
    return tuple(replace(move, parts=parts_of(move, units, points)) for move in moves)
