"""The choices of a cross table as a form of the address, and the two forms of saved views."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LineField, MonthField
from core.periods import PeriodKind, last_finished, month_of
from core.periods import label as month_label
from programmes.choices import Status
from programmes.models import Indicator, Measure
from reports.choices import Sharing
from reports.exploring.choices import Amount, Axis, Level
from reports.exploring.question import Question
from reports.models import SavedView
from reports.queries.scope import FIRST_MONTH, Scope
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units

if TYPE_CHECKING:
    from accounts.models import User

MOST_MONTHS = 120
USUAL_INDICATORS, USUAL_MONTHS, MOST_NAMED = 4, 6, 5
_MONTH = re.compile(r"^([0-9]{1,2})-([0-9]{4})$")


class QuestionForm(Form):
    """Reads a question from an address, which anybody can type; what it does not say gets the usual choice."""

    hang = forms.ChoiceField(label=gettext_lazy("Rows"), choices=Axis.choices)
    cot = forms.ChoiceField(label=gettext_lazy("Columns"), choices=Axis.choices)
    cap = forms.ChoiceField(label=gettext_lazy("Which units"), choices=Level.choices)
    tu = MonthField(label=gettext_lazy("From month"))
    den = MonthField(label=gettext_lazy("To month"))
    buoc = forms.ChoiceField(label=gettext_lazy("Period"), choices=PeriodKind.choices)
    so = forms.ChoiceField(label=gettext_lazy("What the cells hold"), choices=Amount.choices)
    chi_so = forms.MultipleChoiceField(label=gettext_lazy("Indicators"), widget=forms.CheckboxSelectMultiple)
    trang_thai = forms.MultipleChoiceField(
        label=gettext_lazy("Only with the status"),
        choices=Status.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, asked: QueryDict, *, scope: Scope, indicators: list[Indicator]) -> None:
        self.scope, self.indicators = scope, {one.code: one for one in indicators}
        super().__init__(data=self._complete(asked))
        chosen: Any = self.fields["chi_so"]
        chosen.choices = [(one.code, one.name) for one in indicators]

    def add_prefix(self, field_name: str) -> str:
        """Addresses have hyphens, as everywhere in the portal."""
        return field_name.replace("_", "-")

    def _complete(self, asked: QueryDict) -> QueryDict:
        last = last_finished(self.scope.today)
        below = self.scope.unit.numchild > 0
        usual: dict[str, str] = {
            "hang": Axis.UNIT if below else Axis.PERIOD,
            "cot": Axis.INDICATOR,
            "cap": Level.BELOW,
            "tu": month_label(last - USUAL_MONTHS + 1),
            "den": month_label(last),
            "buoc": PeriodKind.MONTH,
            "so": Amount.DEFINED,
        }
        data = asked.copy()
        for name, value in usual.items():
            data[name] = data.get(name) or value
        for name in ("tu", "den"):  # addresses say 10-2026, people write 10/2026
            data[name] = _MONTH.sub(r"\1/\2", str(data[name]))
        data.setlist("chi-so", [code for code in data.getlist("chi-so") if code in self.indicators])
        if not data.getlist("chi-so"):  # also those of another programme
            data.setlist("chi-so", self._usual_indicators(Axis.PART in {data["hang"], data["cot"]}))
        return data

    def _usual_indicators(self, divided: bool) -> list[str]:
        return self.divided[:1] if divided and self.divided else list(self.indicators)[:USUAL_INDICATORS]

    @cached_property
    def divided(self) -> list[str]:
        """The codes of indicators whose measure has a breakdown."""
        wholes = set(Measure.objects.filter(whole__isnull=False, active=True).values_list("whole", flat=True))
        return [code for code, one in self.indicators.items() if one.numerator_id in wholes]

    def clean_den(self) -> int:
        last: int = self.cleaned_data["den"]
        if last > month_of(self.scope.today):
            raise ValidationError(
                _("There are no figures after %(month)s yet. Choose that month or an earlier one.")
                % {"month": month_label(month_of(self.scope.today))}
            )
        return last

    def clean_tu(self) -> int:
        first: int = self.cleaned_data["tu"]
        if first < FIRST_MONTH:
            raise ValidationError(
                _("The figures of the portal begin with %(month)s.") % {"month": month_label(FIRST_MONTH)}
            )
        return first

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        axes = {values.get("hang"), values.get("cot")}
        if len(axes) == 1 and None not in axes:
            self.add_error("cot", _("Rows and columns show the same. Choose something else for the columns."))
        if axes == {Axis.INDICATOR, Axis.PART}:
            self.add_error(
                "cot", _("A breakdown belongs to one indicator. Put units or periods beside it, not indicators.")
            )
        self._check_months(values.get("tu"), values.get("den"))
        if Axis.PART in axes and values.get("chi_so"):
            self._check_parts(self.indicators[values["chi_so"][0]])
        return values

    def _check_months(self, first: int | None, last: int | None) -> None:
        if first is None or last is None:
            return
        if first > last:
            self.add_error("tu", _("The first month is after the last one."))
        elif last - first >= MOST_MONTHS:
            self.add_error("tu", _("Choose at most %(count)s months.") % {"count": MOST_MONTHS})

    def _check_parts(self, indicator: Indicator) -> None:
        if indicator.code in self.divided:
            return
        message = _("“%(indicator)s” has no breakdown.") % {"indicator": indicator.name}
        if self.divided:
            names = "; ".join(self.indicators[code].name for code in self.divided[:MOST_NAMED])
            message += " " + _("Choose only one that has: %(names)s.") % {"names": names}
        self.add_error("chi_so", message)

    @property
    def chosen(self) -> int:
        """How many indicators are ticked."""
        return len(self["chi_so"].value() or [])

    def question(self) -> Question:
        """What is asked, once the form is valid."""
        values = self.cleaned_data
        return Question(
            scope=replace(self.scope, month=values["den"]),
            rows=Axis(values["hang"]),
            columns=Axis(values["cot"]),
            indicators=tuple(self.indicators[code] for code in values["chi_so"]),
            first=values["tu"],
            last=values["den"],
            step=PeriodKind(values["buoc"]),
            level=Level(values["cap"]),
            amount=Amount(values["so"]),
            statuses=tuple(values["trang_thai"]),
        )


class SavedViewForm(Form):
    """Name of a saved view, the unit in whose name it is shared, and with whom."""

    name = LineField(label=gettext_lazy("Name of the view"), max_length=120)
    unit: Any = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.none(), empty_label=None)
    sharing = forms.ChoiceField(
        label=gettext_lazy("Who may open it"),
        choices=Sharing.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Everybody sees only the figures that their role allows."),
    )

    def __init__(self, *args: Any, user: User, view: SavedView | None = None, **kwargs: Any) -> None:
        units = granted_units(user, Right.VIEW).order_by("depth", "-valid_from", "pk")
        usual: dict[str, Any] = {"unit": units.first(), "sharing": Sharing.ME}
        if view is not None:
            usual = {"name": view.name, "unit": view.unit_id, "sharing": view.sharing}
        super().__init__(*args, initial=usual, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units
        if not units.filter(depth=1).exists():
            choices: Any = self.fields["sharing"]
            choices.choices = [choice for choice in Sharing.choices if choice[0] != Sharing.NATION]
