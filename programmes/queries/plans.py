"""What the pages of programmes show: tasks with their standing, chosen indicators with targets, parts of a target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programmes.choices import MeasureKind, TaskState
from programmes.models import Indicator, Pillar, Programme, Target, Task
from programmes.models.plans import TaskQuerySet
from units.choices import Right
from units.models import Unit, UnitQuerySet
from units.permissions import granted_units, units_with
from units.queries import children

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

SOON = timedelta(days=14)


@dataclass(frozen=True)
class TaskSummary:
    """How a set of tasks stands. Stopped tasks are not part of `total`."""

    total: int = 0
    done: int = 0
    doing: int = 0
    todo: int = 0
    late: int = 0
    stopped: int = 0

    @property
    def percent(self) -> Decimal | None:
        return Decimal(100 * self.done) / self.total if self.total else None


@dataclass(frozen=True)
class PillarTasks:
    """A pillar (None: tasks without one) with its tasks in their order."""

    pillar: Pillar | None
    tasks: list[Task]
    summary: TaskSummary


@dataclass(frozen=True)
class FollowedIndicator:
    """An indicator that a programme follows, with its targets for one unit, the nearest day first."""

    pk: int
    indicator: Indicator
    targets: list[Target]


@dataclass(frozen=True)
class Part:
    """A unit directly below, and its target where it has one."""

    unit: Unit
    target: Target | None


@dataclass(frozen=True)
class Parts:
    """A target handed down. `difference` = whole − sum of the parts; None where parts do not add up (shares, ranks)."""

    parts: list[Part]
    total: Decimal | None
    difference: Decimal | None

    @property
    def given(self) -> int:
        return sum(part.target is not None for part in self.parts)


def with_task_counts(programmes: QuerySet[Programme], user: User | AnonymousUser, on: date) -> QuerySet[Programme]:
    """Adds `task_count`, `done_count` and `late_count`, of the tasks that the person may see."""
    tasks = Task.objects.visible_to(user).exclude(state=TaskState.STOPPED)
    return programmes.annotate(
        task_count=_count(tasks),
        done_count=_count(tasks.filter(state=TaskState.DONE)),
        late_count=_count(tasks.late(on)),
    )


def task_summary(tasks: QuerySet[Task], on: date) -> TaskSummary:
    counts = tasks.order_by().aggregate(
        done=Count("pk", filter=Q(state=TaskState.DONE)),
        doing=Count("pk", filter=Q(state=TaskState.DOING)),
        todo=Count("pk", filter=Q(state=TaskState.TODO)),
        stopped=Count("pk", filter=Q(state=TaskState.STOPPED)),
        late=Count("pk", filter=Q(due__lt=on, state__in=[TaskState.TODO, TaskState.DOING])),
    )
    return TaskSummary(total=counts["done"] + counts["doing"] + counts["todo"], **counts)


def pillars_with_tasks(programme: Programme, user: User | AnonymousUser, on: date) -> list[PillarTasks]:
    """All pillars, also those without a task yet; tasks without a pillar come last."""
    tasks = list(programme.tasks.visible_to(user).select_related("owner"))
    groups: list[Pillar | None] = [*programme.pillars.all(), None]
    found = [
        PillarTasks(pillar, own, _summary_of(own, on))
        for pillar in groups
        for own in [[task for task in tasks if task.pillar_id == (pillar.pk if pillar else None)]]
    ]
    return [group for group in found if group.pillar or group.tasks]


def home_unit(user: User | AnonymousUser, programme: Programme) -> Unit:
    """The unit whose targets concern the person first: where the person holds a role, else the programme's owner."""
    own = granted_units(user).filter(pk__in=programme.units().values("pk")).order_by("path").first()
    return own or programme.owner


def followed_indicators(programme: Programme, unit: Unit) -> list[FollowedIndicator]:
    """The chosen indicators in the order of the programme, with the targets of this unit."""
    targets: dict[int, list[Target]] = {}
    for target in programme.targets.filter(unit=unit).order_by("due"):
        targets.setdefault(target.indicator_id, []).append(target)
    chosen = programme.chosen.select_related("indicator__numerator", "indicator__denominator")
    return [
        FollowedIndicator(entry.pk, entry.indicator, targets.get(entry.indicator_id, []))
        for entry in chosen.order_by("pillar__order", "order", "pk")
    ]


def parts_of(target: Target) -> Parts:
    """The targets of the units directly below that are active on its day, and whether they add up to it."""
    units = list(children(target.unit, target.due))
    below = target.programme.targets.filter(indicator=target.indicator_id, due=target.due, unit__in=units)
    by_unit = {found.unit_id: found for found in below}
    parts = [Part(unit, by_unit.get(unit.pk)) for unit in units]
    values = [part.target.value for part in parts if part.target]
    if not adds_up(target.indicator) or not values:
        return Parts(parts, None, None)
    total = sum(values, Decimal(0))
    return Parts(parts, total, target.value - total)


def adds_up(indicator: Indicator) -> bool:
    """Whether values of units add to the value of the unit above: counts do, shares and given values do not."""
    return not indicator.is_ratio and indicator.numerator.kind != MeasureKind.GIVEN


def pressing_tasks(user: User, on: date) -> TaskQuerySet:
    """Open tasks that are late or due within 14 days, at units where the person plans or enters data."""
    mine = Q(owner__in=units_with(user, Right.PLAN)) | Q(owner__in=units_with(user, Right.ENTER))
    return Task.objects.open().filter(mine, due__lte=on + SOON).select_related("programme", "owner")


def _summary_of(tasks: Iterable[Task], on: date) -> TaskSummary:
    states = [task.state for task in tasks]
    stopped = states.count(TaskState.STOPPED)
    return TaskSummary(
        total=len(states) - stopped,
        done=states.count(TaskState.DONE),
        doing=states.count(TaskState.DOING),
        todo=states.count(TaskState.TODO),
        late=sum(task.is_late(on) for task in tasks),
        stopped=stopped,
    )


def _count(tasks: QuerySet[Task]) -> Coalesce:
    of_one = tasks.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_one, output_field=IntegerField()), 0)


def answerable_within(programme: Programme, *, on: date, also: Unit | None = None) -> UnitQuerySet:
    """Units that can be answerable for a task: the owner and the level below, active that day, and `also`."""
    wanted = Q(depth__lte=programme.owner.depth + 1, pk__in=Unit.objects.active(on).values("pk"))
    found = programme.units().filter(wanted | Q(pk=also.pk if also else None))
    return found.order_by("depth", "sort_key", "pk")  # type: ignore[no-any-return]  # treebeard ships no types
