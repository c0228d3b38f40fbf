"""Forms that keep units, their contacts and the roles at them. They check; `units.actions` does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, DecimalField, Form, LineField, ModelForm
from core.phones import PhoneField
from core.stale import StaleGuard
from units.actions import ContactLine
from units.choices import Designation, Right, UnitKind
from units.models import Contact, Unit
from units.rules import PARENT_KINDS

if TYPE_CHECKING:
    pass

LATITUDES, LONGITUDES = (6, 24), (102, 118)  # the country with both archipelagos
SMALL_KINDS = (UnitKind.ATTACHED, UnitKind.BRANCH)


class ProfileForm(StaleGuard, ModelForm):
    """The profile of a unit. Name, parent and life have verbs of their own."""

    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    lat = DecimalField(label=gettext_lazy("Latitude"), decimals=6, required=False)
    lon = DecimalField(label=gettext_lazy("Longitude"), decimals=6, required=False)
    area_km2 = DecimalField(label=gettext_lazy("Area (km²)"), decimals=2, required=False, min_value=0)

    class Meta:
        model = Unit
        fields = [
            "code",
            "legal_basis",
            "upland",
            "ethnic_minority",
            "remote",
            "address",
            "phone",
            "email",
            "lat",
            "lon",
            "area_km2",
            "parent_body",
            "issuing_body",
            "document_mark",
            "note",
        ]
        labels = {
            "code": gettext_lazy("Code"),
            "legal_basis": gettext_lazy("Legal basis of the founding"),
            "address": gettext_lazy("Address"),
            "email": gettext_lazy("E-mail"),
            "parent_body": gettext_lazy("Parent body on letters"),
            "issuing_body": gettext_lazy("Issuing body on letters"),
            "document_mark": gettext_lazy("Abbreviation in document numbers"),
            "note": gettext_lazy("Note"),
        }

    def clean_lat(self) -> float | None:
        return _within(self.cleaned_data["lat"], LATITUDES)

    def clean_lon(self) -> float | None:
        return _within(self.cleaned_data["lon"], LONGITUDES)


def _within(value: Any, bounds: tuple[int, int]) -> float | None:
    if value is None:
        return None
    low, high = bounds
    if not low <= value <= high:
        raise ValidationError(_("In Viet Nam this lies between %(low)s and %(high)s.") % {"low": low, "high": high})
    return float(value)


class ContactForm(Form):
    """One person to call; an emptied line is taken off the list."""

    full_name = LineField(label=gettext_lazy("Full name"), max_length=120, required=False)
    position = LineField(label=gettext_lazy("Position"), max_length=120, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.values()):
            for name in ("full_name", "position"):
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, _("Fill this in, or empty the whole line to take the person off the list."))
        return cleaned


class ContactLines(forms.BaseFormSet):  # type: ignore[type-arg]  # of ContactForm
    """All contacts of a unit as one list. A stale save names the list as it stands now."""

    fields: dict[str, Any] = {}

    def __init__(self, *args: Any, stored: Sequence[Contact], **kwargs: Any) -> None:
        self.stored = [ContactLine(row.full_name, row.position, row.phone, row.email) for row in stored]
        kwargs |= {"initial": [asdict(line) for line in self.stored], "prefix": "lien-he"}
        super().__init__(*args, **kwargs)

    @cached_property
    def mark(self) -> str:
        """Short sign of the stored list, carried by the page."""
        return hashlib.sha256(repr(self.stored).encode()).hexdigest()[:16]

    def clean(self) -> None:
        seen = self.data.get("seen", "")
        if seen and seen != self.mark and self.lines() != self.stored:
            people = "; ".join(f"{line.full_name} ({line.position}) {line.phone}" for line in self.stored) or "–"
            raise ValidationError(
                _(
                    "Somebody has just changed the contacts. They are now: %(people)s. "
                    "Save again to replace them by the list below."
                )
                % {"people": people}
            )

    def lines(self) -> list[ContactLine]:
        rows = (form.cleaned_data for form in self.forms if form.is_valid())
        return [ContactLine(**row) for row in rows if row.get("full_name")]

    def add_error(self, field: str | None, error: Any) -> None:
        self._non_form_errors.extend(ValidationError(error).messages)  # type: ignore[attr-defined]  # set by full_clean


ContactFormSet = forms.formset_factory(ContactForm, formset=ContactLines, extra=2, max_num=30, absolute_max=30)


class AddUnitForm(Form):
    """An attached unit or a branch below a unit."""

    kind = forms.ChoiceField(label=gettext_lazy("Level"))
    name = LineField(
        label=gettext_lazy("Name"),
        max_length=160,
        help_text=gettext_lazy("The full name as in documents, for example Hội Phụ nữ Công an tỉnh."),
    )
    short_name = LineField(
        label=gettext_lazy("Short name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For tables and sorting. Left empty, the name is used."),
    )
    code = LineField(
        label=gettext_lazy("Code"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Left empty, the code of the unit above with a number is used."),
    )
    on = DateField(label=gettext_lazy("Founded on"))
    legal_basis = LineField(label=gettext_lazy("Decision"), max_length=200, required=False)

    def __init__(self, *args: Any, parent: Unit, rights: frozenset[Right], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_below(parent, rights)  # type: ignore[attr-defined]  # a ChoiceField


def kinds_below(parent: Unit, rights: frozenset[Right]) -> list[tuple[str, Any]]:
    """What the person may open below the unit: small units always, others with the right to reorganise."""
    fitting = [kind for kind, parents in PARENT_KINDS.items() if parent.kind in parents]
    offered = [kind for kind in fitting if kind in SMALL_KINDS or Right.REORGANISE in rights]
    return [(kind, label) for kind, label in UnitKind.choices if kind in offered and kind != UnitKind.DISTRICT]


class RenameForm(Form):
    name = LineField(label=gettext_lazy("New name"), max_length=160)
    short_name = LineField(label=gettext_lazy("New short name"), max_length=120, required=False)
    designation = forms.ChoiceField(label=gettext_lazy("Type"), choices=Designation.choices, required=False)
    on = DateField(label=gettext_lazy("The new name holds from"))
    legal_basis = LineField(label=gettext_lazy("Decision"), max_length=200)


class CloseForm(Form):
    on = DateField(label=gettext_lazy("Last day"))
    legal_basis = LineField(label=gettext_lazy("Decision"), max_length=200)
