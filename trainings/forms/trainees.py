"""Forms about lists of trainees. They check by `trainings.trainee_rules`, as the actions do; they do not save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, IntegerField, LineField, NotesField, NumberInput
from core.phones import PhoneField
from core.stale import StaleGuard
from imports.columns import ALL_BUT_BRANCHES
from imports.matching import UnitIndex
from trainings.choices import CountsFrom, Gender, Standing
from trainings.models import Trainee, TrainingClass
from trainings.trainee_rules import (
    OLDEST,
    TraineeDetails,
    details_of,
    list_problems,
    standing_keys,
)

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from accounts.models import User

ROWS = 6  # empty lines of the page: as many as a phone shows without tiring
MOST_OFFERED = 400  # units in the list of suggestions; a longer one would make the page heavy
TYPED = ("full_name", "birth_year", "position", "branch", "unit", "phone")  # one of them filled in makes a line count


class YearField(IntegerField):
    """A year of four digits, shown without a point."""

    widget = NumberInput({"size": "5", "maxlength": "4"}, inputmode="numeric")

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


def trainee_fields(*, with_units: bool) -> dict[str, forms.Field]:
    """What is asked of one person. Where units stand below the organiser the unit is asked, else the branch."""
    belongs = LineField(label=_("Unit"), max_length=250, required=False)
    belongs.widget.attrs["list"] = "units-on-offer"
    branch = LineField(label=_("Branch, place of work"), max_length=120, required=False)
    fields: dict[str, forms.Field] = {
        "full_name": LineField(label=_("Full name"), max_length=120),
        "birth_year": YearField(label=_("Year of birth"), min_value=OLDEST, max_value=2200),
        "gender": forms.ChoiceField(label=_("Gender"), choices=Gender.choices, initial=Gender.WOMAN),
        "ethnic_minority": forms.BooleanField(label=_("Ethnic minority"), required=False),
        "standing": forms.ChoiceField(label=_("Standing"), choices=Standing.choices, initial=Standing.MEMBER),
        **({"unit": belongs} if with_units else {"branch": branch}),
        "position": LineField(label=_("Position"), max_length=120, required=False),
        "phone": PhoneField(label=_("Phone"), required=False),
    }
    for field in fields.values():
        if isinstance(field, LineField):
            field.widget.attrs["autocomplete"] = "off"
            field.widget.attrs.pop("size", None)  # the width is that of its column
    return fields


@dataclass
class UnitsOfClass:
    """The units from which the people of a class may come: the organiser and those below it."""

    training: TrainingClass
    by: User

    @cached_property
    def index(self) -> UnitIndex:
        return UnitIndex.load(self.by, self.training.organiser)

    @cached_property
    def several(self) -> bool:
        return any(self._fits(pk) for pk in self.index.units if pk != self.training.organiser_id)

    @cached_property
    def offered(self) -> list[str]:
        found = sorted(self.index.label(pk) for pk in self.index.units if self._fits(pk))
        return found if len(found) <= MOST_OFFERED else []

    def find(self, typed: str) -> int:
        """The unit of this name on the day of the class; the organiser where nothing is typed."""
        if not typed:
            return self.training.organiser_id
        found = self.index.find(code="", name=typed, on=self.training.end, kinds=ALL_BUT_BRANCHES)
        if found.choice:
            names = "; ".join(f"{self.index.units[pk].name} ({self.index.units[pk].code})" for pk in found.choice)
            text = _("“%(typed)s” fits several units. Write one of them: %(names)s.")
            raise ValidationError(text % {"typed": typed, "names": names})
        if found.pk is None:
            raise ValidationError(found.problem)
        return found.pk

    def label(self, pk: int) -> str:
        """How the unit of a stored person is written; empty for the organiser."""
        return "" if pk == self.training.organiser_id or pk not in self.index.units else self.index.label(pk)

    def _fits(self, pk: int) -> bool:
        unit = self.index.units[pk]
        return unit.kind in ALL_BUT_BRANCHES and unit.is_active(self.training.end)


class PeopleForm(Form):
    """Several people who join the list at once; lines left empty are passed over. Messages name the line."""

    def __init__(self, *args: Any, training: TrainingClass, units: UnitsOfClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training, self.units = training, units
        self.names = tuple(trainee_fields(with_units=units.several))
        for number in range(1, ROWS + 1):
            for name, field in trainee_fields(with_units=units.several).items():
                label, field.required = field.label, False
                field.cell_label = label  # type: ignore[attr-defined]  # for the template: the label without the line
                field.label = _("Line %(number)s, %(field)s") % {"number": number, "field": label}
                self.fields[f"{name}-{number}"] = field

    @property
    def lines(self) -> list[tuple[int, list[BoundField]]]:
        """The bound fields line by line, for the template."""
        return [(number, [self[f"{name}-{number}"] for name in self.names]) for number in range(1, ROWS + 1)]

    @property
    def headings(self) -> list[str]:
        return [str(self.fields[f"{name}-1"].cell_label) for name in self.names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.people: list[TraineeDetails] = []
        self.numbers: list[int] = []
        for number in range(1, ROWS + 1):
            if any(self.data.get(self.add_prefix(f"{name}-{number}"), "").strip() for name in TYPED):
                self._read_line(number, cleaned)
        if not self.people and not self.errors:
            self.add_error("full_name-1", _("Enter at least one person."))
        present = standing_keys(list(self.training.trainees.all()))
        for (place, name), text in list_problems(self.people, self.training, present, self.numbers).items():
            self.add_error(f"{name}-{self.numbers[place]}", text)
        return cleaned

    def _read_line(self, number: int, cleaned: Mapping[str, Any]) -> None:
        needed = {"full_name": _("Enter the full name."), "birth_year": _("Enter the year of birth.")}
        for name, text in needed.items():
            if not cleaned.get(f"{name}-{number}") and f"{name}-{number}" not in self.errors:
                self.add_error(f"{name}-{number}", text)
        values = {name: cleaned.get(f"{name}-{number}") for name in self.names}
        try:
            unit = self.units.find(str(values.pop("unit", None) or ""))
        except ValidationError as refusal:
            self.add_error(f"unit-{number}", refusal)
            return
        if not any(f"{name}-{number}" in self.errors for name in self.names):
            self.people.append(_details(values, self.training, unit))
            self.numbers.append(number)


class TraineeForm(StaleGuard, Form):
    """One person of the list."""

    def __init__(self, *args: Any, trainee: Trainee, units: UnitsOfClass, **kwargs: Any) -> None:
        self.trainee, self.units = trainee, units
        fields = trainee_fields(with_units=units.several)
        stored = {name: getattr(trainee, name) for name in fields} | {"unit": units.label(trainee.unit_id)}
        self.base_fields = fields  # type: ignore[misc]  # what is asked depends on the class
        super().__init__(*args, initial=stored, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            self.unit_id = self.units.find(cleaned.get("unit") or "")
        except ValidationError as refusal:
            self.add_error("unit", refusal)
        if not self.errors:
            details, training = self.details(), self.trainee.training
            others = standing_keys(list(training.trainees.exclude(pk=self.trainee.pk)))
            for (_place, name), text in list_problems([details], training, others).items():
                self.add_error(name, text)
        return cleaned

    def details(self) -> TraineeDetails:
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("unit", "seen")}
        return replace(details_of(self.trainee), unit=self._unit(), **values)

    def _unit(self) -> Any:
        return _unit(self.trainee.training, self.unit_id)


class CountsForm(Form):
    """What makes the counts of the class."""

    counts_from = forms.ChoiceField(
        label=gettext_lazy("Which numbers count"), widget=forms.RadioSelect, choices=CountsFrom.choices[1:]
    )


class CertificatesForm(Form):
    """How the certificates of a class are numbered."""

    first = IntegerField(label=gettext_lazy("First number"), min_value=1, max_value=99_999, initial=1)
    symbol = LineField(
        label=gettext_lazy("Symbol after the number"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("For example GCN-BTV; certificates then read 001/GCN-BTV."),
    )


class EraseForm(Form):
    """The reason for which names are erased, for the audit trail."""

    reason = NotesField(label=gettext_lazy("Reason"), max_length=300)


def _details(values: dict[str, Any], training: TrainingClass, unit_id: int) -> TraineeDetails:
    chosen = {name: value for name, value in values.items() if value not in (None, "")}
    return TraineeDetails(unit=_unit(training, unit_id), **chosen)


def _unit(training: TrainingClass, unit_id: int) -> Any:
    """The organiser as it is at hand, or another unit fetched."""
    return training.organiser if unit_id == training.organiser_id else type(training.organiser).objects.get(pk=unit_id)
