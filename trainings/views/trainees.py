"""Pages about the list of trainees of a class: the list, joining it, correcting, counting, certificates, names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import needs
from core.export import XLSX_TYPE
from core.forms import Form
from core.lists import ListPage
from core.numbers import format_number
from core.verdicts import require
from imports.actions import take_in
from imports.blank_forms import build
from imports.desk import Desk
from imports.forms import FileForm
from imports.models import Import
from imports.safety import FileError
from trainings import actions, queries
from trainings.actions.trainees import LIST_IMPORT
from trainings.choices import CountsFrom
from trainings.forms.trainees import (
    CertificatesForm,
    CountsForm,
    EraseForm,
    PeopleForm,
    TraineeForm,
    UnitsOfClass,
)
from trainings.importing import TraineeImporter
from trainings.models import Trainee, TrainingClass
from trainings.permissions import may_keep_list
from trainings.tables import FullTraineeTable, OneUnitTraineeTable, TraineeTable, page_of
from trainings.trainee_filters import TraineeFilter
from trainings.views.trainings import TITLE, OfTraining
from units.choices import Right
from units.models import Unit

LIST_TITLE = gettext_lazy("List of trainees")


def list_url(training: TrainingClass) -> str:
    return reverse("trainings:trainees", args=[training.pk])


def way_to(training: TrainingClass, *more: tuple[object, str]) -> list[tuple[object, str]]:
    """The breadcrumbs of pages about a list."""
    return [(TITLE, reverse("trainings:list")), (training.title, page_of(training)), *more]


@needs("right.enter")
class TraineeList(ListPage):
    """Everybody in the list, with masked telephone numbers. The export holds them whole and leaves a trail."""

    template_name = "trainings/trainees.html"
    table_class = TraineeTable
    filterset_class = TraineeFilter
    title = LIST_TITLE
    empty_text = gettext_lazy("Nobody is in the list yet")
    export_name = "hoc-vien"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.training = class_of(request, self.kwargs["pk"])
        if not Unit.objects.get_children(self.training.organiser).exists():
            self.table_class = OneUnitTraineeTable  # type: ignore[misc]  # of this request alone
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return Trainee.objects.visible_to(self.request.user).filter(training=self.training).in_order()

    def get_title(self) -> str:
        return _("List of trainees: %(training)s") % {"training": self.training.title}

    def count_text(self, count: int) -> str:
        return _("%(count)s people") % {"count": format_number(count)}

    def action_link(self) -> tuple[str, str] | None:
        if not self._may_change():
            return None
        return reverse("trainings:trainees-add", args=[self.training.pk]), _("Add people")

    def export(self, kind: str) -> HttpResponseBase:
        self.table_class = FullTraineeTable  # type: ignore[misc]  # of this request alone
        count = self.filterset.qs.count()
        actions.note_export(training=self.training, count=count, by=self.request.user)  # type: ignore[arg-type]  # signed in
        return super().export(kind)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **kwargs,
            "training": self.training,
            "may_change": self._may_change(),
            "actions": list_links(self.training) if self._may_change() else [],
            "breadcrumbs": way_to(self.training, (LIST_TITLE, "")),
        }

    def _may_change(self) -> bool:
        return not self.training.is_cancelled and self.training.names_erased_at is None


def class_of(request: HttpRequest, pk: int) -> TrainingClass:
    """A class whose list the person may keep: 404 where the class is not seen, refused where only counts are."""
    visible = TrainingClass.objects.visible_to(request.user).select_related("organiser")
    training: TrainingClass = get_object_or_404(visible, pk=pk)
    require(may_keep_list(request.user, training.organiser))
    return training


def list_links(training: TrainingClass) -> list[tuple[str, str, str]]:
    """What can be done with a whole list."""
    return [
        (_("Import from Excel"), reverse("trainings:list-import", args=[training.pk]), "upload"),
        (_("Number certificates"), reverse("trainings:certificates", args=[training.pk]), "award"),
    ]


class _OfList(OfTraining):
    """A form about the list of one class."""

    def load(self) -> None:
        super().load()
        require(may_keep_list(self.person, self.training.organiser))
        self.units = UnitsOfClass(self.training, self.person)

    def success_url(self, result: Any) -> str:
        return list_url(self.training)

    def context(self) -> dict[str, Any]:
        way = way_to(self.training, (LIST_TITLE, list_url(self.training)), (self.get_title(), ""))
        return {"training": self.training, "breadcrumbs": way, "units": self.units}


@needs("right.enter")
class Add(_OfList):
    """Some lines to fill in, and again: afterwards the same page is open for the next people."""

    template_name = "trainings/trainees_add.html"
    form_class = PeopleForm
    title = gettext_lazy("Add people")
    submit_label = gettext_lazy("Save these people")

    def form_arguments(self) -> dict[str, Any]:
        return {"training": self.training, "units": self.units}

    def perform(self, form: PeopleForm) -> list[Trainee]:
        return actions.add_trainees(training=self.training, people=form.people, by=self.person)

    def success_url(self, result: Any) -> str:
        return reverse("trainings:trainees-add", args=[self.training.pk])

    def cancel_url(self) -> str:
        return list_url(self.training)

    def success_message(self, result: list[Trainee]) -> str:
        words = {"count": len(result), "all": format_number(self.training.trainees.count())}
        return _("%(count)s people added; the list has %(all)s.") % words

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.training.title, "count": self.training.trainees.count()}


class _OfTrainee(_OfList):
    """A form about one person of the list."""

    def load(self) -> None:
        super().load()
        visible = Trainee.objects.visible_to(self.person).filter(training=self.training).select_related("unit")
        self.trainee: Trainee = self.fetch(visible.exclude(full_name=""), pk=self.kwargs["trainee"])
        self.trainee.training = self.training


@needs("right.enter")
class Edit(_OfTrainee):
    template_name = "trainings/trainee_form.html"
    form_class = TraineeForm
    title = gettext_lazy("Correct a person")
    message = gettext_lazy("The person has been corrected.")

    def form_arguments(self) -> dict[str, Any]:
        return {"trainee": self.trainee, "units": self.units}

    def perform(self, form: TraineeForm) -> Trainee:
        return actions.edit_trainee(trainee=self.trainee, details=form.details(), by=self.person)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "trainee": self.trainee}


@needs("right.enter")
class Remove(_OfTrainee):
    form_class = Form
    title = gettext_lazy("Take off the list")
    submit_label = gettext_lazy("Take off the list")
    message = gettext_lazy("The person was taken off the list.")
    danger = True

    def perform(self, form: Form) -> int:
        return actions.remove_trainees(training=self.training, pks=[self.trainee.pk], by=self.person)

    def context(self) -> dict[str, Any]:
        words = {"name": self.trainee.full_name, "year": self.trainee.birth_year, "title": self.training.title}
        gone = _("%(name)s, born %(year)s, is taken off the list of “%(title)s”.") % words
        return {**super().context(), "changes": [gone]}


@needs("right.enter")
class Counts(OfTraining):
    """Where list and typed numbers differ: which of them count."""

    template_name = "trainings/counts.html"
    form_class = CountsForm
    title = gettext_lazy("Which numbers count")
    message = gettext_lazy("The numbers of the training have been set.")

    def form_arguments(self) -> dict[str, Any]:
        chosen = self.training.counts_from
        return {"initial": {"counts_from": CountsFrom.LIST if chosen == CountsFrom.TYPED else chosen}}

    def perform(self, form: CountsForm) -> TrainingClass:
        chosen = CountsFrom(form.cleaned_data["counts_from"])
        return actions.choose_counts(training=self.training, counts_from=chosen, by=self.person)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "rows": queries.compared(self.training)}


@needs("right.enter")
class Certificates(_OfList):
    form_class = CertificatesForm
    title = gettext_lazy("Number certificates")
    lead = gettext_lazy("Everybody in the list who has no number yet gets the next one, in the order of names.")
    submit_label = gettext_lazy("Number them")

    def perform(self, form: CertificatesForm) -> int:
        told = form.cleaned_data
        return actions.number_certificates(
            training=self.training, first=told["first"], symbol=told["symbol"], by=self.person
        )

    def success_message(self, result: int) -> str:
        return _("%(count)s certificates have been numbered.") % {"count": format_number(result)}

    def context(self) -> dict[str, Any]:
        waiting = self.training.trainees.filter(certificate="").count()
        change = _("%(count)s people get a number.") % {"count": format_number(waiting)}
        return {**super().context(), "changes": [change]}


@needs("right.enter")
class Erase(_OfList):
    form_class = EraseForm
    title = gettext_lazy("Erase the names")
    submit_label = gettext_lazy("Erase for good")
    message = gettext_lazy("The names have been erased; the counts stay.")
    danger = True

    def perform(self, form: EraseForm) -> TrainingClass:
        return actions.erase_names(
            training=self.training, reason=form.cleaned_data["reason"], by=self.person, now=timezone.now()
        )

    def context(self) -> dict[str, Any]:
        named = _("Names, years of birth, positions and telephone numbers of %(count)s people are erased.")
        changes = [
            named % {"count": format_number(self.training.trainees.count())},
            _("Files and previews by which the list was imported are emptied."),
            _("The counts of the class and the number of different persons of the year stay as they are."),
        ]
        return {**super().context(), "changes": changes, "note": _("This cannot be undone.")}


@needs("right.enter")
class ListImport(_OfList):
    """The form of this class to fill in, and the field for the file; the rest is the way of every import."""

    template_name = "trainings/list_import.html"
    form_class = FileForm
    title = gettext_lazy("Import the list from Excel")
    submit_label = gettext_lazy("Check the file")

    def perform(self, form: FileForm) -> Import:
        told = {"class": str(self.training.pk)}
        try:
            return take_in(
                kind=LIST_IMPORT,
                scope=self.training.organiser,
                file=form.cleaned_data["file"],
                by=self.person,
                options=told,
            )
        except FileError as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal

    def success_url(self, result: Import) -> str:
        return reverse("imports:detail", args=[result.pk])

    def cancel_url(self) -> str:
        return list_url(self.training)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "lead": self.training.title, "importer_lead": TraineeImporter.lead}


@needs("right.enter")
@require_safe
def blank(request: HttpRequest, pk: int) -> FileResponse:
    """The Excel form of this class; with `?du-lieu=1` filled with the list, which leaves a trail."""
    training = class_of(request, pk)
    filled = request.GET.get("du-lieu") == "1"
    person: Any = request.user
    if filled:
        actions.note_export(training=training, count=training.trainees.count(), by=person)
    desk = Desk(person, training.organiser, timezone.localdate(), Right.ENTER, {"class": str(training.pk)})
    file = build(TraineeImporter(), desk, filled=filled)
    return FileResponse(file, as_attachment=True, filename=f"{LIST_IMPORT}-{pk}.xlsx", content_type=XLSX_TYPE)
