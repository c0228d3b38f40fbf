"""Forms for the draft of a form: sections, lines, rules, their order. Actions check again and store."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.forms import DecimalField, Form, LineField, RowsField
from core.stale import StaleGuard
from programmes.models import Measure
from submissions.choices import Relation, RuleKind, Severity, Side
from submissions.content import LineContent, RuleContent
from submissions.models import CheckRule, FormLine, FormSection, FormVersion

UP, DOWN = "up", "down"
NOT_BELOW_ZERO = [MinValueValidator(Decimal(0))]


class SectionForm(StaleGuard, Form):
    title = LineField(label=gettext_lazy("Title of the section"), max_length=120)
    help_text = LineField(label=gettext_lazy("Help"), max_length=300, required=False)


class AddLinesForm(Form):
    """Measures of the catalogue for a section. Only those that a search found are offered."""

    measures = RowsField(
        Measure.objects.none(),
        label=gettext_lazy("Measures"),
        error_messages={"required": gettext_lazy("Choose at least one measure.")},
    )

    def __init__(self, *args: Any, measures: QuerySet[Measure], offered: Iterable[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measures"]
        field.queryset = measures
        field.choices = [(measure.pk, f"{measure.name} ({measure.code})") for measure in offered]


class _Line(Form):
    section = forms.ModelChoiceField(FormSection.objects.none(), label=gettext_lazy("Section"), empty_label=None)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    minimum = DecimalField(label=gettext_lazy("Least value"), required=False, max_digits=16)
    maximum = DecimalField(label=gettext_lazy("Greatest value"), required=False, max_digits=16)
    help_text = LineField(
        label=gettext_lazy("Help"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Left empty, the help of the measure is shown."),
    )

    def __init__(self, *args: Any, version: FormVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = version.sections.all()  # type: ignore[attr-defined]  # a ModelChoiceField


class LineForm(StaleGuard, _Line):
    """What a line of the form demands beside the limits of its measure."""

    def content(self, line: FormLine) -> LineContent:
        cleaned = self.cleaned_data
        limits = {name: cleaned[name] for name in ("required", "minimum", "maximum", "help_text")}
        return LineContent(line.measure_id, **limits)


class MoveForm(Form):
    direction = forms.ChoiceField(
        label=gettext_lazy("Where to"), choices=[(UP, gettext_lazy("Up")), (DOWN, gettext_lazy("Down"))]
    )


class _Rule(Form):
    """What rules of both kinds have."""

    severity = forms.ChoiceField(label=gettext_lazy("What happens"), choices=Severity.choices)
    message = LineField(
        label=gettext_lazy("Message of your own"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Shown beside the number. Left empty, the portal names the numbers and the rule."),
    )
    left = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, version: FormVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(version.lines.select_related("measure", "section").order_by("section__order", "order", "pk"))
        choices = [(str(line.measure_id), line.measure.name) for line in self.lines]
        for side in (Side.LEFT, Side.RIGHT):
            if side in self.fields:
                self.fields[side].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField


class CompareForm(StaleGuard, _Rule):
    """One sum of numbers against another."""

    left = forms.MultipleChoiceField(label=gettext_lazy("Left side"), widget=forms.CheckboxSelectMultiple)
    right = forms.MultipleChoiceField(label=gettext_lazy("Right side"), widget=forms.CheckboxSelectMultiple)
    relation = forms.ChoiceField(label=gettext_lazy("The left side must be"), choices=Relation.choices)
    percent = DecimalField(
        label=gettext_lazy("Tolerance, in per cent of the right side"),
        max_digits=6,
        required=False,
        validators=NOT_BELOW_ZERO,
    )
    field_order = ["left", "relation", "right", "percent", "severity", "message"]

    def content(self) -> RuleContent:
        cleaned = self.cleaned_data
        return RuleContent(
            RuleKind.COMPARE,
            Severity(cleaned["severity"]),
            relation=Relation(cleaned["relation"]),
            percent=cleaned["percent"] or Decimal(0),
            message=cleaned["message"],
            left=tuple(map(int, cleaned["left"])),
            right=tuple(map(int, cleaned["right"])),
        )


class ChangeForm(StaleGuard, _Rule):
    """A number against the one reported before."""

    left = forms.MultipleChoiceField(
        label=gettext_lazy("Numbers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Tick none for every number of the form."),
    )
    percent = DecimalField(
        label=gettext_lazy("Speaks up above this change, in per cent"), max_digits=6, validators=NOT_BELOW_ZERO
    )
    least = DecimalField(
        label=gettext_lazy("and from this difference on"),
        max_digits=16,
        required=False,
        validators=NOT_BELOW_ZERO,
        help_text=gettext_lazy("Small numbers jump by large percentages: differences below this are left alone."),
    )
    field_order = ["left", "percent", "least", "severity", "message"]

    def content(self) -> RuleContent:
        cleaned = self.cleaned_data
        return RuleContent(
            RuleKind.CHANGE,
            Severity(cleaned["severity"]),
            percent=cleaned["percent"],
            least=cleaned["least"] or Decimal(0),
            message=cleaned["message"],
            left=tuple(map(int, cleaned["left"])),
        )


RULE_FORMS: dict[str, type[CompareForm] | type[ChangeForm]] = {
    RuleKind.COMPARE: CompareForm,
    RuleKind.CHANGE: ChangeForm,
}


def values_of_rule(row: CheckRule) -> dict[str, Any]:
    """A stored rule as the initial values of its form."""
    terms = list(row.terms.all())
    return {
        **{name: getattr(row, name) for name in ("severity", "relation", "percent", "least", "message")},
        **{side.value: [str(term.measure_id) for term in terms if term.side == side] for side in Side},
    }
