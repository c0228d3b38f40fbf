"""Forms of programmes, pillars, tasks and progress. The actions check by `programmes.rules`, at the same fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, Form, IntegerField, LineField, ModelForm, NotesField
from core.stale import StaleGuard
from programmes.choices import TaskState
from programmes.forms.checked import RulesInAction
from programmes.models import Indicator, Pillar, Programme, Task
from programmes.rules import ProgrammeDetails, ProgressReport, TaskDetails
from units.models import Unit

NO_PILLAR = _("Without a pillar")
DATE_HELP = _("Day/month/year, for example 21/11/2026.")


class CheckedByAction(StaleGuard, RulesInAction, ModelForm):
    """A form of a record that two people may edit at once."""


class ProgrammeForm(CheckedByAction):
    """A programme. The owner is asked only for a new one, where the person plans at more than one unit."""

    owner = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit that leads the programme"))

    class Meta:
        model = Programme
        fields = ("name", "short_name", "code", "start", "end", "legal_basis", "description")
        labels = {"start": _("First day"), "end": _("Last day")}
        help_texts = {
            "short_name": _("As staff call it; shown in lists and headings."),
            "code": _("A short code for files and letters, for example CDS-2026."),
            "start": DATE_HELP,
            "end": _("Leave empty if no end has been decided."),
            "legal_basis": _("Number and date of the decision or plan."),
        }

    def __init__(self, *args: Any, owners: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owners is None:
            del self.fields["owner"]
            self._guarded.remove("owner")
        else:
            self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField
            self.order_fields(["owner", *self.Meta.fields])

    def details(self) -> ProgrammeDetails:
        return ProgrammeDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class PillarForm(StaleGuard, Form):
    name = LineField(label=_("Name of the pillar"), max_length=160)
    order = IntegerField(label=_("Place in the order"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, with_order: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_order:
            del self.fields["order"]
            self._guarded.remove("order")


class TaskForm(CheckedByAction):
    """What a task is. How far it is, is reported apart."""

    class Meta:
        model = Task
        fields = ("name", "pillar", "number", "owner", "owner_name", "start", "due", "note")
        labels = {
            "name": _("Task"),
            "number": _("Number in the plan"),
            "owner_name": _("Person or body in charge"),
            "start": _("First day"),
        }
        help_texts = {
            "number": _("Leave empty for the next free number."),
            "owner": _("It reports the progress."),
            "owner_name": _("For example “Department of Science and Technology”."),
            "start": DATE_HELP,
            "due": DATE_HELP,
        }

    def __init__(self, *args: Any, programme: Programme, owners: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["pillar"].queryset = programme.pillars.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["pillar"].empty_label = NO_PILLAR  # type: ignore[attr-defined]
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField

    def details(self) -> TaskDetails:
        return TaskDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class ProgressForm(Form):
    """What is said about a task on a day."""

    on = DateField(label=_("Date of this report"), help_text=DATE_HELP)
    state = forms.ChoiceField(label=_("State"), choices=TaskState.choices)
    progress = IntegerField(
        label=_("Progress (%)"), required=False, help_text=_("From 0 to 100. Leave empty if it has not changed.")
    )
    note = NotesField(label=_("What was done, what is in the way"), required=False, max_length=2000)

    def details(self) -> ProgressReport:
        return ProgressReport(**{name: self.cleaned_data[name] for name in ("on", "state", "progress", "note")})


@dataclass(frozen=True)
class OptionGroup:
    name: str
    options: list[Any]


class ChooseIndicatorsForm(Form):
    """Indicators to follow, in the groups of the catalogue; those already followed are not offered."""

    pillar = forms.ModelChoiceField(
        Pillar.objects.none(), label=_("Under the pillar"), required=False, empty_label=NO_PILLAR
    )
    indicators = forms.MultipleChoiceField(
        label=_("Indicators"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one indicator.")},
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].queryset = programme.pillars.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        followed = programme.chosen.values("indicator")
        self._open = list(Indicator.objects.in_use().exclude(pk__in=followed).order_by("group", "order", "code"))
        self.fields["indicators"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (group or _("Other"), [(str(entry.pk), f"{entry.name} ({entry.code})") for entry in entries])
            for group, entries in groupby(self._open, key=lambda entry: entry.group)
        ]

    def groups(self) -> list[OptionGroup]:
        """The check boxes as the page lays them out: one set for each group of the catalogue."""
        boxes = iter(self["indicators"])
        choices: Any = self.fields["indicators"].choices  # type: ignore[attr-defined]  # a MultipleChoiceField
        return [OptionGroup(str(name), [next(boxes) for _option in options]) for name, options in choices]

    def chosen(self) -> list[Indicator]:
        wanted = set(self.cleaned_data["indicators"])
        return [indicator for indicator in self._open if str(indicator.pk) in wanted]


class PlaceIndicatorForm(StaleGuard, Form):
    """Pillar and place of an indicator within the programme."""

    pillar = forms.ModelChoiceField(Pillar.objects.none(), label=_("Pillar"), required=False, empty_label=NO_PILLAR)
    order = IntegerField(label=_("Place in the order"), min_value=0, max_value=999)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].queryset = programme.pillars.all()  # type: ignore[attr-defined]  # a ModelChoiceField


def first_report(task: Task, today: date) -> dict[str, Any]:
    """What the progress form shows before anything is typed."""
    state = TaskState.DOING if task.state == TaskState.TODO else task.state
    return {"on": today, "state": state}
