"""Programmes with their pillars, tasks and chosen indicators: every write, with its check and its audit row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from programmes.actions.task_figures import lock_counts, refresh_task_figures
from programmes.actions.writing import change, locked, refuse, save
from programmes.choices import TaskState
from programmes.models import Indicator, Pillar, Programme, ProgrammeIndicator, Task, TaskUpdate
from programmes.permissions import may_plan, may_report
from programmes.rules import (
    Problems,
    ProgrammeDetails,
    ProgressReport,
    TaskDetails,
    others,
    programme_problems,
    progress_problems,
    task_problems,
)
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def create_programme(
    *, owner: Unit, details: ProgrammeDetails, by: User, today: date, sample: bool = False
) -> Programme:
    """Opens a programme of a unit. Raises Denied without the right to plan there, ValidationError by field."""
    require(may_plan(by, owner))
    problems = programme_problems(details, stored=None)
    if not owner.is_active(today):
        problems["owner"] = _("“%(unit)s” is not active today.") % {"unit": owner.name}
    refuse(problems)
    programme = Programme.objects.create(owner=owner, sample=sample, **details.as_values())
    _record(by, "programmes.create", programme, owner.pk, after={"owner": owner, **details.as_values()})
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, details: ProgrammeDetails, by: User, today: date) -> Programme:
    """Changes the frame of a programme; its owner stays. A moved start moves the months in which its tasks count."""
    programme = locked(programme, "owner")
    require(may_plan(by, programme.owner))
    lock_counts(owner_ids(programme))
    refuse(programme_problems(details, stored=programme))
    changed = change(programme, details.as_values(), by=by, action="programmes.edit", unit_id=programme.owner_id)
    if "start" in changed:
        refresh_task_figures(owner_ids(programme), by=by, today=today)
    return programme


@transaction.atomic
def add_pillar(*, programme: Programme, name: str, by: User) -> Pillar:
    """A new pillar, after those that are there."""
    require(may_plan(by, programme.owner))
    refuse(_pillar_problems(programme, name, stored=None))
    last = programme.pillars.aggregate(last=Max("order"))["last"] or 0
    pillar = Pillar.objects.create(programme=programme, name=name, order=last + 1)
    _record(by, "programmes.add_pillar", pillar, programme.owner_id, after={"programme": programme, "name": name})
    return pillar


@transaction.atomic
def edit_pillar(*, pillar: Pillar, name: str, order: int, by: User) -> Pillar:
    """Another name or place for a pillar."""
    pillar = locked(pillar, "programme__owner")
    require(may_plan(by, pillar.programme.owner))
    refuse(_pillar_problems(pillar.programme, name, stored=pillar))
    values = {"name": name, "order": order}
    change(pillar, values, by=by, action="programmes.edit_pillar", unit_id=pillar.programme.owner_id)
    return pillar


@transaction.atomic
def remove_pillar(*, pillar: Pillar, by: User) -> None:
    """Takes the heading away; its tasks and indicators stay in the programme without a pillar."""
    require(may_plan(by, pillar.programme.owner))
    _record(by, "programmes.remove_pillar", pillar, pillar.programme.owner_id, before={"name": pillar.name})
    pillar.delete()


@transaction.atomic
def create_task(*, programme: Programme, details: TaskDetails, by: User, today: date, sample: bool = False) -> Task:
    """Adds a task; without a number it gets the next free one. Raises Denied, ValidationError by field."""
    require(may_plan(by, programme.owner))
    lock_counts({details.owner.pk})
    refuse(task_problems(details, programme=programme, stored=None, today=today))
    values = details.as_values()
    if values["number"] is None:
        values["number"] = (programme.tasks.aggregate(last=Max("number"))["last"] or 0) + 1
    task = Task.objects.create(programme=programme, sample=sample, **values)
    _record(by, "programmes.create_task", task, details.owner.pk, after={"programme": programme, **values})
    refresh_task_figures({details.owner.pk}, by=by, today=today)
    return task


@transaction.atomic
def edit_task(*, task: Task, details: TaskDetails, by: User, today: date) -> Task:
    """Changes what a task is, not how far it is (see `report_task_progress`)."""
    owners = {Task.objects.values_list("owner", flat=True).get(pk=task.pk), details.owner.pk}
    lock_counts(owners)
    task = locked(task, "programme__owner", "owner")
    require(may_plan(by, task.programme.owner))
    refuse(task_problems(details, programme=task.programme, stored=task, today=today))
    values = details.as_values()
    if values["number"] is None:
        del values["number"]
    changed = change(task, values, by=by, action="programmes.edit_task", unit_id=details.owner.pk)
    if "owner" in changed:
        refresh_task_figures(owners, by=by, today=today)
    return task


@transaction.atomic
def remove_task(*, task: Task, by: User, today: date) -> None:
    """Takes back a task entered by mistake. One with reported progress is stopped instead, never removed."""
    require(may_plan(by, task.programme.owner))
    lock_counts({task.owner_id})
    if task.updates.exists():
        raise ValidationError(_("Progress was reported on this task. Report it as stopped instead."))
    owner_id = task.owner_id
    _record(by, "programmes.remove_task", task, owner_id, before={"number": task.number, "name": task.name})
    task.delete()
    refresh_task_figures({owner_id}, by=by, today=today)


@transaction.atomic
def report_task_progress(*, task: Task, report: ProgressReport, by: User, today: date) -> TaskUpdate:
    """Adds a dated statement; the task stands as its latest statement says, and the counts of its unit follow.

    A task that is done stands at 100%. Raises Denied, ValidationError by field.
    """
    require(may_report(by, task))
    lock_counts({task.owner_id})
    task = locked(task, "programme", "owner")
    refuse(progress_problems(report, task=task, today=today))
    progress = report.progress
    if progress is None:
        progress = {TaskState.DONE.value: 100, TaskState.TODO.value: 0}.get(report.state, task.progress)
    update = TaskUpdate.objects.create(
        task=task, on=report.on, state=report.state, progress=progress, note=report.note, by=by
    )
    standing = _standing(task)
    before = {name: getattr(task, name) for name in standing}
    save(task, standing)
    _record(
        by,
        "programmes.report_progress",
        task,
        task.owner_id,
        reason=report.note,
        before=before,
        after=report.as_values(),
    )
    refresh_task_figures({task.owner_id}, by=by, today=today)
    return update


@transaction.atomic
def choose_indicators(
    *, programme: Programme, indicators: Iterable[Indicator], pillar: Pillar | None = None, by: User
) -> list[ProgrammeIndicator]:
    """The programme follows these indicators too, under the pillar. Those already chosen stay where they are."""
    require(may_plan(by, programme.owner))
    if pillar and pillar.programme_id != programme.pk:
        refuse({"pillar": _("This pillar belongs to another programme.")})
    followed = set(programme.chosen.values_list("indicator_id", flat=True))
    last = programme.chosen.aggregate(last=Max("order"))["last"] or 0
    fresh = [
        ProgrammeIndicator(programme=programme, indicator=indicator, pillar=pillar, order=last + place)
        for place, indicator in enumerate((i for i in indicators if i.pk not in followed), start=1)
    ]
    ProgrammeIndicator.objects.bulk_create(fresh)
    if fresh:
        codes = [entry.indicator.code for entry in fresh]
        _record(by, "programmes.choose_indicators", programme, programme.owner_id, after={"indicators": codes})
    return fresh


@transaction.atomic
def place_indicator(*, chosen: ProgrammeIndicator, pillar: Pillar | None, order: int, by: User) -> ProgrammeIndicator:
    """Moves a chosen indicator to a pillar and a place in the order."""
    chosen = locked(chosen, "programme__owner")
    programme = chosen.programme
    require(may_plan(by, programme.owner))
    if pillar and pillar.programme_id != programme.pk:
        refuse({"pillar": _("This pillar belongs to another programme.")})
    values = {"pillar": pillar, "order": order}
    change(chosen, values, by=by, action="programmes.place_indicator", unit_id=programme.owner_id)
    return chosen


@transaction.atomic
def drop_indicator(*, chosen: ProgrammeIndicator, by: User) -> None:
    """The programme no longer follows the indicator. Its targets must be gone first."""
    programme = chosen.programme
    require(may_plan(by, programme.owner))
    if programme.targets.filter(indicator=chosen.indicator).exists():
        raise ValidationError(_("There are targets for this indicator in the programme. Remove them first."))
    _record(by, "programmes.drop_indicator", programme, programme.owner_id, before={"indicator": chosen.indicator.code})
    chosen.delete()


def owner_ids(programme: Programme) -> set[int]:
    """Keys of the units that are answerable for its tasks."""
    return set(programme.tasks.order_by().values_list("owner", flat=True))


def _standing(task: Task) -> dict[str, Any]:
    """State, progress and day of completion by the statements: the latest counts, and since when it has been done."""
    updates = list(task.updates.order_by("-on", "-pk"))
    latest = updates[0]
    done_on = None
    if latest.state == TaskState.DONE:
        for update in updates:
            if update.state != TaskState.DONE:
                break
            done_on = update.on
    return {"state": latest.state, "progress": latest.progress, "done_on": done_on}


def _pillar_problems(programme: Programme, name: str, *, stored: Pillar | None) -> Problems:
    if others(programme.pillars.all(), stored).filter(name__iexact=name).exists():
        return {"name": _("The programme has a pillar of this name already.")}
    return {}


def _record(by: User, action: str, obj: models.Model, unit_id: int, **words: Any) -> None:
    audit.record(by=by, action=action, obj=obj, unit_id=unit_id, **words)
