"""What waits at a unit besides its figures: tasks, gifts, handovers; and when its units were last reorganised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.periods import month_of
from equipment.models import Allotment, GiftLine, Handover
from programmes.choices import TaskState
from programmes.models import Task
from reports.queries.dashboard import reforms
from reports.queries.scope import Scope
from units.models import Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Waiting:
    """Tasks of the programme (done, all, late); things promised and not allotted; handovers without a receipt.

    `reform`: the last day on which the unit or units below it were reorganised within the months shown.
    """

    done: int
    tasks: int
    late: int
    things: int
    handovers: int
    reform: date | None

    def reform_index(self, months: tuple[int, ...]) -> int | None:
        """Where in these months the drawing marks it."""
        return None if self.reform is None else month_of(self.reform) - months[0]


def waiting_at(scope: Scope, months: tuple[int, ...], user: User | AnonymousUser) -> Waiting:
    """One query for all of it: none of these numbers is worth a way to the database of its own."""
    tasks = Task.objects.filter(programme=scope.programme)
    lines = GiftLine.objects.visible_to(user).open().filter(gift__unit__in=_counted(scope))
    allotted = Allotment.objects.standing().filter(line__in=lines.order_by().values("pk"))
    handovers = Handover.objects.visible_to(user).waiting().filter(receiver__in=_counted(scope))
    found = Unit.objects.filter(pk=scope.unit.pk).values_list(
        _number(tasks.filter(state=TaskState.DONE)),
        _number(tasks),
        _number(tasks.late(scope.as_of)),
        _sum(lines) - _sum(allotted),
        _number(handovers),
        Subquery(reforms(scope.unit, months).values("on")[:1]),
    )
    return Waiting(*found.get())


def _counted(scope: Scope) -> QuerySet[Any]:
    """The unit, those below, and their predecessors: an old province's gift is its successor's business."""
    return Lineage.objects.filter(ancestor=scope.unit.pk).values("unit")


def _number(rows: QuerySet[Any]) -> Any:
    return Coalesce(Subquery(_together(rows).annotate(n=Count("pk", distinct=True)).values("n")), 0)


def _sum(rows: QuerySet[Any]) -> Any:
    return Coalesce(Subquery(_together(rows).annotate(n=Sum("quantity")).values("n")), 0)


def _together(rows: QuerySet[Any]) -> QuerySet[Any]:
    """All rows as one group."""
    found: QuerySet[Any] = rows.order_by().annotate(whole=Value(1)).values("whole")
    return found
