"""Forms of those who keep forms, periods, permits and holidays. They read and check; actions store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, LineField, MonthField, RowsField
from core.periods import Calendar, Window
from core.stale import StaleGuard
from programmes.models import Programme
from submissions.choices import DayShift, Frequency
from submissions.frames import FormDetails
from submissions.models import ReportingPeriod
from submissions.schedule import Due
from units.choices import UnitKind
from units.models import Unit

KINDS = (UnitKind.COMMUNE, UnitKind.ATTACHED, UnitKind.PROVINCE)  # those that report
KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]
MONTHS_LATER = [
    (0, gettext_lazy("of the month in which the period ends")),
    (1, gettext_lazy("of the month after")),
    (2, gettext_lazy("of the second month after")),
    (3, gettext_lazy("of the third month after")),
]
LONGEST_REASON = 300


class _Frame(Form):
    """The fields of a frame, with a due day for each kind of unit."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=gettext_lazy("Programme"))
    name = LineField(label=gettext_lazy("Name"), max_length=160)
    code = LineField(
        label=gettext_lazy("Code"), max_length=30, help_text=gettext_lazy("Short, for files and letters: BC-THANG.")
    )
    frequency = forms.ChoiceField(label=gettext_lazy("Frequency"), choices=Frequency.choices)
    calendar = forms.ChoiceField(
        label=gettext_lazy("Days that a report covers"), choices=Calendar.choices, widget=forms.RadioSelect
    )
    first_month = MonthField(
        label=gettext_lazy("First month"),
        help_text=gettext_lazy("Periods that end in this month or later are opened. For example 01/2027."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Owed by"),
        choices=KIND_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Units of these kinds that the programme binds."),
    )
    shift = forms.ChoiceField(label=gettext_lazy("Due day on a weekend or holiday"), choices=DayShift.choices)
    lock_after = IntegerField(
        label=gettext_lazy("Locked so many days after the last due day"),
        min_value=0,
        max_value=366,
        required=False,
        help_text=gettext_lazy("After that nothing can be typed or sent without a permit. Empty: never locked."),
    )
    signed = forms.BooleanField(label=gettext_lazy("Signed by the unit's leader before it is sent"), required=False)
    active = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        help_text=gettext_lazy("A form that is not in use opens no new periods."),
    )

    def __init__(self, *args: Any, programmes: QuerySet[Programme] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields |= _due_fields(kind)
        if programmes is None:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a ModelChoiceField

    def due_rows(self) -> list[tuple[str, Any, Any]]:
        """Label of the kind, its day and its month, as the page lays them out."""
        return [(str(kind.label), self[f"day_{kind.value}"], self[f"months_{kind.value}"]) for kind in KINDS]


class FrameForm(StaleGuard, _Frame):
    """How often a form is reported, by which calendar, of whom, by when. The programme is asked only for a new one."""

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        dues = [cleaned.get(f"day_{kind}") for kind in cleaned.get("kinds", ())]
        if cleaned.get("lock_after") is not None and cleaned.get("frequency") != Frequency.ADHOC and not any(dues):
            self.add_error("lock_after", _("Without a due day there is no day to count from."))
        return cleaned

    def details(self, roots: Iterable[Unit] = ()) -> FormDetails:
        cleaned = self.cleaned_data
        return FormDetails(
            code=cleaned["code"],
            name=cleaned["name"],
            frequency=Frequency(cleaned["frequency"]),
            calendar=Calendar(cleaned["calendar"]),
            kinds=tuple(cleaned["kinds"]),
            first_month=cleaned["first_month"],
            dues=tuple(
                Due(kind, cleaned[f"day_{kind}"], int(cleaned[f"months_{kind}"] or 0))
                for kind in cleaned["kinds"]
                if cleaned[f"day_{kind}"] is not None
            ),
            roots=tuple(roots),
            signed=cleaned["signed"],
            shift=DayShift(cleaned["shift"]),
            lock_after=cleaned["lock_after"],
            active=cleaned["active"],
        )


def _due_fields(kind: UnitKind) -> dict[str, forms.Field]:
    words = {"kind": kind.label}
    return {
        f"day_{kind.value}": IntegerField(
            label=_("Due day, %(kind)s") % words, min_value=1, max_value=31, required=False
        ),
        f"months_{kind.value}": forms.ChoiceField(
            label=_("Due month, %(kind)s") % words, choices=MONTHS_LATER, required=False
        ),
    }


def values_of(details: FormDetails) -> dict[str, Any]:
    """A frame as the initial values of its form."""
    dues = {due.kind: due for due in details.dues}
    return {
        **{name: getattr(details, name) for name in ("code", "name", "first_month", "lock_after", "signed", "active")},
        "frequency": details.frequency.value,
        "calendar": details.calendar.value,
        "shift": details.shift.value,
        "kinds": list(details.kinds),
        **{f"day_{kind}": due.day for kind, due in dues.items()},
        **{f"months_{kind}": due.months_after for kind, due in dues.items()},
    }


class UnitPick(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One unit. Only those that a search found are offered; any that the person may choose is taken."""

    widget = forms.RadioSelect

    def offer(self, units: Iterable[Unit]) -> None:
        self.choices = [(unit.pk, f"{unit.name} ({unit.code})") for unit in units]


class UnitPicks(RowsField):
    """Several units, offered and taken like `UnitPick`."""

    def offer(self, units: Iterable[Unit]) -> None:
        self.choices = [(unit.pk, f"{unit.name} ({unit.code})") for unit in units]


class _Roots(Form):
    roots = UnitPicks(Unit.objects.none(), label=gettext_lazy("Only these units and those below"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], offered: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roots"]
        field.queryset = units
        field.offer(offered)


class RootsForm(StaleGuard, _Roots):
    """To which units and what is below them a form is limited."""


class PublishForm(Form):
    note = LineField(label=gettext_lazy("What changed, for those who fill it in"), max_length=300, required=False)

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = not first


class _Period(Form):
    locks_on = DateField(
        label=gettext_lazy("Last day for typing and sending"),
        required=False,
        help_text=gettext_lazy("Empty: the period is never locked."),
    )
    reason = LineField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(UnitKind.choices)
        dues = {
            f"due_{kind}": DateField(label=_("Due, %(kind)s") % {"kind": labels[kind]}, required=False)
            for kind in period.form.kinds
            if kind in labels
        }
        self.fields |= dues
        self.order_fields([*dues, "locks_on", "reason"])


class PeriodForm(StaleGuard, _Period):
    """Due days and lock of one period, with the reason of the change."""

    def dues(self) -> dict[str, Any]:
        return {
            name.removeprefix("due_"): day
            for name, day in self.cleaned_data.items()
            if name.startswith("due_") and day is not None
        }


class AdhocForm(Form):
    """One period of an ad hoc form, opened by hand."""

    title = LineField(label=gettext_lazy("Name of the period"), max_length=120)
    starts_on = DateField(label=gettext_lazy("First day that it covers"))
    ends_on = DateField(label=gettext_lazy("Last day that it covers (cut-off)"))
    due_on = DateField(label=gettext_lazy("Due on"))

    def days(self) -> Window:
        return Window(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])


class PermitForm(Form):
    """Lets one unit report after the lock."""

    unit = UnitPick(Unit.objects.none(), label=gettext_lazy("Unit"))
    period = forms.ModelChoiceField(ReportingPeriod.objects.none(), label=gettext_lazy("Reporting period"))
    until = DateField(label=gettext_lazy("Until"), help_text=gettext_lazy("The last day for typing and sending."))
    reason = LineField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON)

    def __init__(
        self,
        *args: Any,
        units: QuerySet[Unit],
        offered: Iterable[Unit],
        periods: QuerySet[ReportingPeriod],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units
        field.offer(offered)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]  # a ModelChoiceField


class HolidayForm(Form):
    day = DateField(label=gettext_lazy("Day"))
    name = LineField(label=gettext_lazy("Name"), max_length=120)
