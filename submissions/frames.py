"""The frame of a form as plain values: how often, by which calendar, of whom; and the periods that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from core.periods import Calendar, Window
from submissions.choices import DayShift, Frequency
from submissions.models import Form
from submissions.schedule import Due, coming_months, due_day, due_days, lock_day, shifter, window
from submissions.wording import period_name
from units.choices import UnitKind
from units.models import Unit

SHOWN = 3  # periods of a preview
TRIED = 24  # months in which a due day is compared with the cut-off: every kind of period ends in them


@dataclass(frozen=True)
class FormDetails:
    """The frame of a form; see `submissions.models.Form`."""

    code: str
    name: str
    frequency: Frequency
    calendar: Calendar
    kinds: tuple[str, ...]
    first_month: int
    dues: tuple[Due, ...] = ()
    roots: tuple[Unit, ...] = ()
    signed: bool = False
    shift: DayShift = DayShift.NEXT
    lock_after: int | None = None
    active: bool = True

    @property
    def is_adhoc(self) -> bool:
        return self.frequency == Frequency.ADHOC


@dataclass(frozen=True)
class Coming:
    """A period as it will be opened: its days, when each kind of unit owes it, and when it closes."""

    month: int
    label: str
    days: Window
    dues: Mapping[str, date]
    moved: Mapping[str, date]  # by kind, the due day that fell on a weekend or holiday
    locks_on: date | None


def details_of(form: Form) -> FormDetails:
    return FormDetails(
        code=form.code,
        name=form.name,
        frequency=Frequency(form.frequency),
        calendar=Calendar(form.calendar),
        kinds=tuple(form.kinds),
        first_month=form.first_month,
        dues=dues_of(form),
        roots=tuple(form.roots.all()),
        signed=form.signed,
        shift=DayShift(form.shift),
        lock_after=form.lock_after,
        active=form.active,
    )


def default_details(first_month: int) -> FormDetails:
    """What the page of a new form proposes: every month, due on the third of the month after, as provinces ask for."""
    kinds = (UnitKind.COMMUNE.value, UnitKind.ATTACHED.value)
    dues = tuple(Due(kind, 3, months_after=1) for kind in kinds)
    return FormDetails("", "", Frequency.MONTH, Calendar.CIVIL, kinds, first_month, dues)


def dues_of(form: Form) -> tuple[Due, ...]:
    """The due rules of the kinds of unit that owe the form."""
    return tuple(
        Due(rule.kind, rule.day, rule.months_after) for rule in form.due_rules.all() if rule.kind in form.kinds
    )


def coming(details: FormDetails, today: date, holidays: Collection[date]) -> list[Coming]:
    """The next periods, the running one first; none for an ad hoc form."""
    if details.is_adhoc:
        return []
    months = coming_months(details.frequency, details.calendar, details.first_month, today)
    return [_coming(details, month, holidays) for month in islice(months, SHOWN)]


def too_early(details: FormDetails) -> list[str]:
    """The kinds of unit whose due day, before it is shifted, lies before the cut-off of a period."""
    if details.is_adhoc:
        return []
    found = []
    months = list(islice(coming_months(details.frequency, details.calendar, details.first_month, date.min), TRIED))
    ends = {month: window(details.frequency, details.calendar, month).end for month in months}
    for due in details.dues:
        if any(due_day(month, due.months_after, due.day, lambda day: day) < end for month, end in ends.items()):
            found.append(due.kind)
    return found


def _coming(details: FormDetails, month: int, holidays: Collection[date]) -> Coming:
    days = window(details.frequency, details.calendar, month)
    dues = due_days(details.dues, month, shifter(details.shift, holidays), days.end)
    plain = {due.kind: due_day(month, due.months_after, due.day, lambda day: day) for due in details.dues}
    return Coming(
        month=month,
        label=period_name(details.frequency, month),
        days=days,
        dues=dues,
        moved={kind: day for kind, day in plain.items() if day != dues[kind]},
        locks_on=lock_day(details.lock_after, dues),
    )
