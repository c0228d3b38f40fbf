"""Pages of the trainings: list, one record, recording, editing, cancelling."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs, signed_in
from core.keys import key_of
from core.lists import ListPage
from core.numbers import format_number
from core.pages import FormPage
from core.verdicts import require
from imports.links import import_links
from trainings import actions, queries
from trainings.filters import TrainingFilter
from trainings.forms.trainings import CancelForm, TrainingForm
from trainings.importing import TrainingImporter
from trainings.models import TrainingClass
from trainings.permissions import may_keep_list, may_record
from trainings.tables import TrainingTable, page_of
from units.choices import Right
from units.models import Unit
from units.permissions import may_anywhere, units_with

if TYPE_CHECKING:
    from accounts.models import User

TITLE = gettext_lazy("Trainings")


@signed_in
class TrainingList(ListPage):
    template_name = "trainings/list.html"
    table_class = TrainingTable
    filterset_class = TrainingFilter
    title = TITLE
    empty_text = gettext_lazy("No training has been recorded yet")
    export_name = "tap-huan"

    def get_queryset(self) -> QuerySet[Any]:
        return TrainingClass.objects.visible_to(self.request.user)

    def count_text(self, count: int) -> str:
        found = queries.sums(self.filterset.qs)
        return _("%(count)s trainings; those held: %(turns)s turns, of which %(women)s women") % {
            "count": format_number(count),
            "turns": format_number(found.turns),
            "women": format_number(found.women),
        }

    def action_link(self) -> tuple[str, str] | None:
        if not may_anywhere(self.request.user, Right.ENTER):
            return None
        return reverse("trainings:add"), _("Record a training")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        persons = (_("Persons trained"), reverse("trainings:persons"), "people")
        return {**kwargs, "actions": [*import_links(self.request, TrainingImporter.kind), persons]}


@signed_in
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One training: what, where, how many, which month it counts in, and who wrote it down."""
    visible = TrainingClass.objects.visible_to(request.user).select_related("organiser", "programme", "sponsor")
    training = get_object_or_404(visible, pk=pk)
    counts = queries.list_counts(training)
    context = {
        "training": training,
        "listed": counts,
        "list_differs": bool(counts.turns) and not training.is_counted_by_list and not counts.agrees_with(training),
        "rows": queries.compared(training, counts),
        "history": queries.history(training),
        "may_record": may_record(request.user, training.organiser),
        "may_keep_list": may_keep_list(request.user, training.organiser),
        "overdue": training.is_overdue(timezone.localdate()),
        "breadcrumbs": [(TITLE, reverse("trainings:list")), (training.title, "")],
    }
    return render(request, "trainings/detail.html", context)


class _Page(FormPage):
    @property
    def person(self) -> User:
        """Who is at work; the access of the page lets nobody in without signing in."""
        return cast("User", self.request.user)


@needs("right.enter")
class Add(_Page):
    """Records a training; `?unit=` chooses the organiser beforehand."""

    template_name = "trainings/form.html"
    form_class = TrainingForm
    title = gettext_lazy("Record a training")
    message = gettext_lazy("The training has been recorded.")

    def form_arguments(self) -> dict[str, Any]:
        today = timezone.localdate()
        initial: dict[str, Any] = {"start": today, "turns": None}
        if unit := self._wanted_unit():
            initial["organiser"] = unit.pk
        return {"person": self.person, "today": today, "initial": initial}

    def perform(self, form: TrainingForm) -> TrainingClass:
        return actions.record_training(details=form.details(), by=self.person, today=form.today)

    def success_url(self, result: TrainingClass) -> str:
        return page_of(result)

    def cancel_url(self) -> str:
        return reverse("trainings:list")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(TITLE, reverse("trainings:list")), (self.title, "")]}

    def _wanted_unit(self) -> Unit | None:
        wanted = self.request.GET.get("unit", "")
        found = units_with(self.request.user, Right.ENTER)
        return found.filter(pk=key_of(wanted)).first()


class OfTraining(_Page):
    """A form about one training that the person may see and has to be allowed to change."""

    def load(self) -> None:
        self.training: TrainingClass = self.fetch(
            TrainingClass.objects.visible_to(self.person).select_related("organiser"), pk=self.kwargs["pk"]
        )
        require(may_record(self.person, self.training.organiser))

    def success_url(self, result: Any) -> str:
        return page_of(self.training)

    def context(self) -> dict[str, Any]:
        way = [(TITLE, reverse("trainings:list")), (self.training.title, page_of(self.training)), (self.title, "")]
        return {"breadcrumbs": way, "training": self.training}


@needs("right.enter")
class Edit(OfTraining):
    template_name = "trainings/form.html"
    form_class = TrainingForm
    title = gettext_lazy("Edit the training")
    message = gettext_lazy("The training has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        # a copy, because a form puts typed values on its instance
        return {"person": self.person, "today": timezone.localdate(), "instance": copy(self.training)}

    def perform(self, form: TrainingForm) -> TrainingClass:
        return actions.edit_training(training=self.training, details=form.details(), by=self.person, today=form.today)


@needs("right.enter")
class Cancel(OfTraining):
    form_class = CancelForm
    title = gettext_lazy("Cancel the training")
    submit_label = gettext_lazy("Cancel this training")
    message = gettext_lazy("The training has been cancelled.")
    danger = True

    def perform(self, form: CancelForm) -> TrainingClass:
        return actions.cancel_training(training=self.training, reason=form.cleaned_data["reason"], by=self.person)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.training.title, "changes": self._changes()}

    def _changes(self) -> list[str]:
        if not self.training.is_held:
            return [_("The training stays in the list, marked as cancelled.")]
        return [
            _("%(turns)s turns are taken out of the figures of “%(unit)s”.")
            % {"turns": format_number(self.training.turns), "unit": self.training.organiser.name},
            _("The training stays in the list, marked as cancelled."),
        ]
