"""Forms that turn what a person fills in into the arrows of a reorganisation (`units.plans.Link`)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, LineField, NotesField, RowsField
from units.actions import Link, NewUnit
from units.choices import Designation, ReorganisationKind, Right, Share, UnitKind
from units.models import Unit, UnitQuerySet
from units.permissions import units_with

if TYPE_CHECKING:
    from accounts.models import User

MOST_PARTS = 4  # successors of one divided unit that the form has room for
AREA_KINDS = (UnitKind.CENTRE, UnitKind.PROVINCE)
CHOOSE = gettext_lazy("Choose a unit")
DESIGNATION_WORDS = ("thành phố", "thị trấn", "đặc khu", "phường", "tỉnh", "xã")
PARTS = range(1, MOST_PARTS + 1)
OFFERED = [ReorganisationKind.MERGE, ReorganisationKind.SPLIT, ReorganisationKind.MOVE, ReorganisationKind.CLOSE]


class AreaForm(Form):
    """First step: what kind of reorganisation, and among the units of which area."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in OFFERED], widget=forms.RadioSelect
    )
    area = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Among the units of"),
        empty_label=CHOOSE,
        help_text=gettext_lazy("The unit directly above those that change."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = _kept_by(user).filter(kind__in=AREA_KINDS).order_by("depth", "sort_key")
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["area"].initial = areas.first() if areas.count() == 1 else None


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A unit with its code, for names repeat."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": CHOOSE, **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class UnitChoices(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class ReorganisationForm(Form):
    """Second step: date, legal basis and title, the same for all kinds. Subclasses say which units and `links()`."""

    on = DateField(
        label=gettext_lazy("First day of the new order"), help_text=gettext_lazy("Old units end the day before.")
    )
    legal_basis = LineField(label=gettext_lazy("Legal basis"), max_length=200)
    title = LineField(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty, it is made from the kind and the names."),
    )
    note = NotesField(label=gettext_lazy("Note"), required=False)

    def __init__(self, *args: Any, area: Unit, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = area
        self.fields.update(self.more_fields())
        self.order_fields(self.in_order())
        today = timezone.localdate()
        below = Unit.objects.get_children(area).active(today - timedelta(days=1)).active(today).in_order()
        for name in ("predecessors", "predecessor", "successor", *(f"successor_{n}" for n in PARTS)):
            if name in self.fields:
                self.fields[name].queryset = below  # type: ignore[attr-defined]  # choices of units
        if "parent" in self.fields:
            self.fields["parent"].queryset = _parents(user, area)  # type: ignore[attr-defined]

    def more_fields(self) -> dict[str, forms.Field]:
        """Fields that come in numbers."""
        return {}

    def in_order(self) -> list[str]:
        """The fields that come before date and legal basis."""
        return []

    def links(self) -> list[Link]:
        """The arrows; ask after `is_valid()`."""
        raise NotImplementedError

    def _new(self, like: Unit, suffix: str = "") -> NewUnit:
        """The new unit of the fields that end with the suffix, of the same level as the old one."""
        cleaned = self.cleaned_data
        return NewUnit(
            parent=self.area,
            kind=like.kind,
            name=cleaned[f"name{suffix}"],
            short_name=cleaned[f"short_name{suffix}"] or bare_name(cleaned[f"name{suffix}"]),
            designation=cleaned[f"designation{suffix}"] or like.designation,
            code=cleaned.get(f"code{suffix}", ""),
        )


def _parents(user: User, area: Unit) -> UnitQuerySet:
    """Where units of this area may move to: other units like it."""
    found: UnitQuerySet = _kept_by(user).filter(kind=area.kind).exclude(pk=area.pk).in_order()
    return found


def _kept_by(user: User) -> UnitQuerySet:
    """The open units whose reorganisation the person may propose."""
    kept = units_with(user, Right.MANAGE_UNITS).values("pk")
    found: UnitQuerySet = Unit.objects.active(timezone.localdate()).filter(pk__in=kept)
    return found


def bare_name(name: str) -> str:
    """«Tân Cương» of «Xã Tân Cương»: what tables show and sorting uses."""
    for word in DESIGNATION_WORDS:
        if name.lower().startswith(f"{word} "):
            return name[len(word) + 1 :]
    return name


def _designation() -> forms.ChoiceField:
    choices = [("", gettext_lazy("As before")), *((key, label) for key, label in Designation.choices if key)]
    return forms.ChoiceField(label=gettext_lazy("Type"), choices=choices, required=False)


class MergeForm(ReorganisationForm):
    """Several units become one, which is new or is one that goes on."""

    predecessors = UnitChoices(Unit.objects.none(), label=gettext_lazy("Units that merge"))
    successor = UnitChoice(
        Unit.objects.none(),
        label=gettext_lazy("Into a unit that goes on"),
        required=False,
        help_text=gettext_lazy("Leave this empty and name a new unit below, if one is founded."),
    )
    name = LineField(
        label=gettext_lazy("Name of the new unit"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("The full name, for example Xã Tân Cương."),
    )
    short_name = LineField(label=gettext_lazy("Short name of the new unit"), max_length=120, required=False)
    designation = _designation()
    code = LineField(label=gettext_lazy("Code of the new unit"), max_length=20, required=False)

    def in_order(self) -> list[str]:
        return ["predecessors", "successor", "name", "short_name", "designation", "code"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "successor" in cleaned and bool(cleaned["successor"]) == bool(cleaned.get("name")):
            self.add_error("successor", _("Choose a unit that goes on, or name a new one: exactly one of the two."))
        return cleaned

    def links(self) -> list[Link]:
        old = list(self.cleaned_data["predecessors"])
        into = self.cleaned_data["successor"] or self._new(old[0])
        return [Link(unit, into) for unit in old if unit != into]


class SplitForm(ReorganisationForm):
    """One unit becomes several; one of them takes the larger part."""

    predecessor = UnitChoice(Unit.objects.none(), label=gettext_lazy("Unit that is divided"))

    def more_fields(self) -> dict[str, forms.Field]:
        return {name: field for number in PARTS for name, field in _part_fields(number).items()}

    def in_order(self) -> list[str]:
        return ["predecessor", *self.more_fields()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        filled = self._filled()
        if len(filled) < 2:
            self.add_error("name_1", _("A division needs at least two parts: name them, or choose units that go on."))
        for number in filled:
            if cleaned.get(f"successor_{number}") and cleaned.get(f"name_{number}"):
                self.add_error(f"name_{number}", _("Choose a unit that goes on, or name a new one, not both."))
        return cleaned

    def links(self) -> list[Link]:
        old = self.cleaned_data["predecessor"]
        found = []
        for place, number in enumerate(self._filled()):
            into = self.cleaned_data[f"successor_{number}"] or self._new(old, f"_{number}")
            share = Share.MAIN if place == 0 else Share.PART
            found.append(Link(old, into, share, self.cleaned_data[f"percent_{number}"]))
        return found

    def _filled(self) -> list[int]:
        cleaned = self.cleaned_data
        return [n for n in PARTS if cleaned.get(f"name_{n}") or cleaned.get(f"successor_{n}")]


def _part_fields(number: int) -> dict[str, forms.Field]:
    """The fields of one part of a division; the first takes the larger part."""
    words = {"number": number}
    name = _("Part %(number)s: new unit") % words if number > 1 else _("Part 1, the larger one: new unit")
    return {
        f"name_{number}": LineField(label=name, max_length=160, required=False),
        f"short_name_{number}": LineField(label=_("Short name"), max_length=120, required=False),
        f"designation_{number}": _designation(),
        f"successor_{number}": UnitChoice(Unit.objects.none(), label=_("or a unit that goes on"), required=False),
        f"percent_{number}": IntegerField(
            label=_("Share in percent, if it is known"), required=False, min_value=1, max_value=99
        ),
    }


class MoveForm(ReorganisationForm):
    """Units go on below another unit."""

    predecessors = UnitChoices(Unit.objects.none(), label=gettext_lazy("Units that move"))
    parent = UnitChoice(Unit.objects.none(), label=gettext_lazy("To the unit above"))

    def in_order(self) -> list[str]:
        return ["predecessors", "parent"]

    def links(self) -> list[Link]:
        parent = self.cleaned_data["parent"]
        return [
            Link(unit, NewUnit(parent, unit.kind, unit.name, unit.short_name, unit.designation))
            for unit in self.cleaned_data["predecessors"]
        ]


class ClosingForm(ReorganisationForm):
    """Units end without a successor."""

    predecessors = UnitChoices(Unit.objects.none(), label=gettext_lazy("Units that end"))

    def in_order(self) -> list[str]:
        return ["predecessors"]

    def links(self) -> list[Link]:
        return [Link(unit) for unit in self.cleaned_data["predecessors"]]


REORGANISATION_FORMS: dict[str, type[ReorganisationForm]] = {
    ReorganisationKind.MERGE: MergeForm,
    ReorganisationKind.SPLIT: SplitForm,
    ReorganisationKind.MOVE: MoveForm,
    ReorganisationKind.CLOSE: ClosingForm,
}
