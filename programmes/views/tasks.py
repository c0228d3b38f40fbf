"""Pages of tasks: list, one task with its reports on progress, adding and editing."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from programmes.actions import plans
from programmes.filters import TaskFilter
from programmes.forms import ProgressForm, TaskForm
from programmes.forms.plans import first_report
from programmes.models import Task, TaskUpdate
from programmes.permissions import may_plan, may_report
from programmes.queries.plans import answerable_within, task_summary
from programmes.tables import TaskTable, programme_url, task_url
from programmes.views.base import TASKS, TITLE, OfProgramme, PersonForm, tabs


@needs("right.view")
class TaskList(ListPage):
    """All tasks that concern the person, of all programmes."""

    template_name = "programmes/list.html"
    table_class = TaskTable
    filterset_class = TaskFilter
    title = TASKS
    empty_text = gettext_lazy("There are no tasks yet")
    export_name = "nhiem-vu"

    def get_queryset(self) -> QuerySet[Any]:
        return Task.objects.visible_to(self.request.user).most_pressing_first()

    def count_text(self, count: int) -> str:
        found = task_summary(self.filterset.qs, timezone.localdate())
        return _("%(count)s tasks: %(done)s done, %(late)s late") % {
            "count": format_number(count),
            "done": format_number(found.done),
            "late": format_number(found.late),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "tabs": tabs("programmes:tasks")}


@needs("right.view")
class TaskPage(PersonForm):
    """One task: what it is, what was reported, and the form to report for those who may."""

    template_name = "programmes/task.html"
    form_class = ProgressForm
    submit_label = gettext_lazy("Report progress")
    message = gettext_lazy("The progress has been recorded.")
    task: Task

    def load(self) -> None:
        visible = Task.objects.visible_to(self.request.user)
        related = visible.select_related("programme__owner", "owner", "pillar")
        self.task = self.fetch(related, pk=self.kwargs["pk"])
        if self.request.method == "POST":
            require(may_report(self.request.user, self.task))

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": first_report(self.task, timezone.localdate())}

    def perform(self, form: ProgressForm) -> TaskUpdate:
        today = timezone.localdate()
        return plans.report_task_progress(task=self.task, report=form.details(), by=self.person, today=today)

    def success_url(self, result: Any) -> str:
        return task_url(self.task)

    def get_title(self) -> str:
        return self.task.name

    def context(self) -> dict[str, Any]:
        task = self.task
        return {
            "task": task,
            "today": timezone.localdate(),
            "updates": task.updates.select_related("by"),
            "may_report": may_report(self.request.user, task),
            "may_plan": may_plan(self.request.user, task.programme.owner),
            "breadcrumbs": [
                (TITLE, reverse("programmes:list")),
                (task.programme.short_name, programme_url(task.programme)),
                (_("Task %(number)s") % {"number": task.number}, ""),
            ],
        }


@needs("right.plan")
class TaskCreate(OfProgramme):
    form_class = TaskForm
    title = gettext_lazy("New task")
    message = gettext_lazy("The task has been added.")

    def form_arguments(self) -> dict[str, Any]:
        wanted = key_of(self.request.GET.get("pillar", ""))
        pillar = self.programme.pillars.filter(pk=wanted).first() if wanted else None
        return {
            "programme": self.programme,
            "owners": answerable_within(self.programme, on=timezone.localdate()),
            "initial": {"owner": self.programme.owner, "pillar": pillar, "due": self.programme.end},
        }

    def perform(self, form: TaskForm) -> Task:
        today = timezone.localdate()
        return plans.create_task(programme=self.programme, details=form.details(), by=self.person, today=today)

    def success_url(self, result: Task | None) -> str:
        return task_url(result) if result else programme_url(self.programme)


class OfTask(OfProgramme):
    """A form about one task of a programme that the person plans."""

    task: Task

    def load(self) -> None:
        visible = Task.objects.visible_to(self.request.user).select_related("programme__owner", "owner")
        self.task = self.fetch(visible, pk=self.kwargs["pk"])
        self.programme = self.task.programme
        require(may_plan(self.request.user, self.programme.owner))

    def success_url(self, result: Any) -> str:
        return task_url(self.task)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.task.name}


@needs("right.plan")
class TaskEdit(OfTask):
    form_class = TaskForm
    title = gettext_lazy("Edit the task")
    message = gettext_lazy("The task has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        owners = answerable_within(self.programme, on=timezone.localdate(), also=self.task.owner)
        return {"programme": self.programme, "owners": owners, "instance": copy(self.task)}

    def perform(self, form: TaskForm) -> Task:
        today = timezone.localdate()
        return plans.edit_task(task=self.task, details=form.details(), by=self.person, today=today)


@needs("right.plan")
class TaskRemove(OfTask):
    title = gettext_lazy("Remove the task")
    submit_label = gettext_lazy("Remove the task")
    message = gettext_lazy("The task has been removed.")
    danger = True

    def perform(self, form: Any) -> None:
        plans.remove_task(task=self.task, by=self.person, today=timezone.localdate())

    def success_url(self, result: Any) -> str:
        return programme_url(self.programme)

    def cancel_url(self) -> str:
        return task_url(self.task)

    def context(self) -> dict[str, Any]:
        change = _("Task %(number)s is removed from “%(programme)s”.") % {
            "number": self.task.number,
            "programme": self.programme.short_name,
        }
        return {**super().context(), "changes": [change]}
