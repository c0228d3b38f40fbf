"""The tasks of a unit as figures: how many it is answerable for, and how many of them are done, month by month.

Always computed from the tasks, so that calling it twice gives the same. A task counts from the month in which its
programme begins, a stopped one until it was stopped. What a unit left undone when it closed counts at its successor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Q

from core.periods import month_of
from core.remarks import remark
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance, Remark, TaskState
from programmes.models import Figure, Task
from programmes.registered import PR_TASKS, PR_TASKS_DONE, measure
from units.models import Lineage, Unit, UnitQuerySet

if TYPE_CHECKING:
    from accounts.models import User

Levels = dict[int, tuple[int, int]]  # month → tasks, done


def lock_counts(unit_ids: Iterable[int]) -> None:
    """Puts two people who change tasks of one unit in a row, or the later count would miss the earlier change.

    Called before the change is written: two writers that already refer to the unit would block each other.
    """
    list(_holders(set(unit_ids)).select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def refresh_task_figures(owner_ids: Iterable[int], *, by: User | None, today: date) -> None:
    """Counts the tasks of these units anew and records what differs, also at the successors of closed ones."""
    both = (measure(PR_TASKS).pk, measure(PR_TASKS_DONE).pk)
    entries = [entry for holder in _holders(set(owner_ids)) for entry in _entries(holder, both, today)]
    if entries:
        record_figures(entries=entries, provenance=Provenance.REGISTER, by=by, reason=remark(Remark.TASKS_COUNTED))


def _holders(owner_ids: set[int]) -> UnitQuerySet:
    """The units themselves and the successors of closed ones, in the order in which they are locked."""
    successors = Lineage.objects.filter(
        unit__in=owner_ids, own=False, counts=True, ancestor__kind=F("unit__kind"), unit__valid_to__isnull=False
    )
    return Unit.objects.filter(Q(pk__in=owner_ids) | Q(pk__in=successors.values("ancestor"))).order_by("pk")  # type: ignore[no-any-return]


def _entries(holder: Unit, measures: tuple[int, int], today: date) -> Iterator[Entry]:
    """The levels in the months in which they change; figures in other months are taken back."""
    levels = _levels(holder, today)
    for place, measure_id in enumerate(measures):
        stored = dict(
            Figure.objects.filter(unit=holder, measure=measure_id, provenance=Provenance.REGISTER).values_list(
                "period", "value"
            )
        )
        for month in sorted(levels.keys() | stored.keys()):
            value = Decimal(levels[month][place]) if month in levels else None
            if stored.get(month) != value:
                yield Entry(unit_id=holder.pk, measure_id=measure_id, period=month, value=value)


def _levels(holder: Unit, today: date) -> Levels:
    steps: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    closing = _closing(holder)
    for task in _tasks_of(holder):
        begin = min(max(month_of(task.programme.start), month_of(holder.valid_from)), month_of(today))
        if task.owner_id != holder.pk:
            begin = max(begin, _closing(task.owner) or begin)
        for month, place, step in _events(task, begin):
            if closing is None or month < closing:
                steps[month][place] += step
    levels: Levels = {}
    tasks = done = 0
    for month in sorted(steps):
        tasks, done = tasks + steps[month][0], done + steps[month][1]
        levels[month] = (tasks, done)
    return levels


def _events(task: Task, begin: int) -> Iterator[tuple[int, int, int]]:
    """What the task does to the two counts: month, which count (0 tasks, 1 done), and by how much."""
    yield begin, 0, 1
    if task.state == TaskState.DONE and task.done_on:
        yield max(begin, month_of(task.done_on)), 1, 1
    if task.state == TaskState.STOPPED:
        stopped_on: date | None = getattr(task, "last_update", None)
        yield max(begin, month_of(stopped_on)) if stopped_on else begin, 0, -1


def _tasks_of(holder: Unit) -> Iterable[Task]:
    """Tasks of the unit itself, and of closed units of its kind that it took over from."""
    taken_over = Lineage.objects.filter(
        ancestor=holder, own=False, counts=True, unit__kind=holder.kind, unit__valid_to__isnull=False
    )
    return (
        Task.objects.filter(Q(owner=holder) | Q(owner__in=taken_over.values("unit")))
        .select_related("programme", "owner")
        .annotate(last_update=Max("updates__on"))
    )


def _closing(unit: Unit) -> int | None:
    """The first month in which the unit no longer counts."""
    return month_of(unit.valid_to + timedelta(days=1)) if unit.valid_to else None
