"""Forms of targets: one for a unit, and one that hands a target down to all units directly below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import DecimalField, Form
from programmes.forms.plans import DATE_HELP, CheckedByAction
from programmes.models import Indicator, Programme, Target
from programmes.queries.plans import Parts
from programmes.rules import TargetDetails
from units.models import Unit

DETAILS = ("value", "due", "baseline", "baseline_on", "source_text")
NO_BASELINE = _("A target needs a baseline: the value from which the path starts, and its day.")


class _IndicatorChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.unit_label})"


class TargetForm(CheckedByAction):
    """A target. Unit and indicator are asked only for a new one."""

    indicator = _IndicatorChoice(Indicator.objects.none(), label=_("Indicator"))

    class Meta:
        model = Target
        fields = ("indicator", "unit", *DETAILS)
        help_texts = {
            "value": _("In the unit of measure of the indicator: 100 for 100%."),
            "due": DATE_HELP,
            "baseline": _("The value on the day of the baseline; the path to the target starts there."),
            "baseline_on": DATE_HELP,
            "source_text": _("The document that sets the target."),
        }
        error_messages = {"baseline": {"required": NO_BASELINE}, "baseline_on": {"required": NO_BASELINE}}

    def __init__(
        self, *args: Any, programme: Programme | None = None, units: QuerySet[Unit] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if programme is None or units is None:
            for name in ("indicator", "unit"):
                del self.fields[name]
                self._guarded.remove(name)
            return
        followed = Indicator.objects.filter(chosen__programme=programme).select_related("numerator")
        self.fields["indicator"].queryset = followed  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField

    def details(self) -> TargetDetails:
        return TargetDetails(**{name: self.cleaned_data[name] for name in DETAILS})


@dataclass(frozen=True)
class HandDownRow:
    """One unit of the form: its name and the two fields."""

    unit: Unit
    value: Any
    baseline: Any


class HandDownForm(Form):
    """A value and a baseline for each unit directly below; a unit left empty keeps what it has."""

    def __init__(self, *args: Any, parts: Parts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = [part.unit for part in parts.parts]
        for part in parts.parts:
            stored = part.target
            self.fields[f"value_{part.unit.pk}"] = _number(
                _("%(unit)s: target") % {"unit": part.unit.name}, stored.value if stored else None
            )
            self.fields[f"baseline_{part.unit.pk}"] = _number(
                _("%(unit)s: baseline") % {"unit": part.unit.name}, stored.baseline if stored else None
            )

    def rows(self) -> Iterator[HandDownRow]:
        for unit in self.units:
            yield HandDownRow(unit, self[f"value_{unit.pk}"], self[f"baseline_{unit.pk}"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for unit in self.units:
            value, baseline = cleaned.get(f"value_{unit.pk}"), cleaned.get(f"baseline_{unit.pk}")
            if value is not None and baseline is None and f"baseline_{unit.pk}" not in self.errors:
                self.add_error(f"baseline_{unit.pk}", NO_BASELINE)
        if not self.errors and not any(cleaned.get(f"value_{unit.pk}") is not None for unit in self.units):
            self.add_error(None, _("Enter a target for at least one unit."))
        return cleaned

    def values(self) -> dict[Unit, tuple[Decimal, Decimal | None]]:
        """Unit → (value, baseline) for the units that were filled in."""
        return {
            unit: (self.cleaned_data[f"value_{unit.pk}"], self.cleaned_data[f"baseline_{unit.pk}"])
            for unit in self.units
            if self.cleaned_data[f"value_{unit.pk}"] is not None
        }


def _number(label: Any, initial: Decimal | None) -> DecimalField:
    return DecimalField(label=label, required=False, initial=initial, min_value=0)
