"""Forms of measures and indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.catalogue_rules import REPORTING_KINDS
from programmes.forms.plans import CheckedByAction
from programmes.models import Indicator, Measure
from programmes.rules import IndicatorDetails, MeasureDetails


class MeasureChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A measure by its name, with its code for those who know it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class MeasureForm(CheckedByAction):
    whole = MeasureChoice(Measure.objects.all(), label=_("Part of"), required=False)
    entered_at = forms.MultipleChoiceField(
        label=_("Reported by"),
        choices=[(kind.value, kind.label) for kind in REPORTING_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Measure
        fields = (
            *("code", "name", "name_en", "kind", "unit_of_measure", "decimals", "whole", "entered_at"),
            *("minimum", "maximum", "group", "order", "help_text", "active"),
        )
        help_texts = {
            "kind": _("How it adds up. It cannot change once there are figures."),
            "maximum": _("Leave empty if there is no limit."),
            "help_text": _("Shown beside the field where it is entered."),
        }

    def details(self) -> MeasureDetails:
        return MeasureDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class IndicatorForm(CheckedByAction):
    numerator = MeasureChoice(Measure.objects.all(), label=_("Numerator"))
    denominator = MeasureChoice(
        Measure.objects.all(),
        label=_("Denominator"),
        required=False,
        help_text=_("Leave empty for a count. With it, the percentage is the sum of one over the sum of the other."),
    )

    class Meta:
        model = Indicator
        fields = (
            *("code", "name", "name_en", "group", "numerator", "denominator", "direction", "window", "unit_label"),
            *("decimals", "frequency", "source_text", "note", "order", "active"),
        )

    def details(self) -> IndicatorDetails:
        return IndicatorDetails(**{name: self.cleaned_data[name] for name in self.Meta.fields})
