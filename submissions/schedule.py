"""Which periods a form has, when they are due and when they close. Pure: days and months only."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.periods import (
    Calendar,
    Period,
    PeriodKind,
    Window,
    make_month,
    month_in_year,
    month_of,
    periods_between,
    year_of,
)
from submissions.choices import DayShift, Frequency

SEPTEMBER, DECEMBER = 9, 12
SATURDAY = 5  # of date.weekday()
AHEAD = 48  # months; of whatever length, three periods end within them
KINDS: dict[Frequency, PeriodKind] = {
    Frequency.MONTH: PeriodKind.MONTH,
    Frequency.QUARTER: PeriodKind.QUARTER,
    Frequency.HALF: PeriodKind.HALF,
    Frequency.YEAR: PeriodKind.YEAR,
}


@dataclass(frozen=True)
class Due:
    """By when units of one kind report: a day of the month, so many months after the one in which the period ends."""

    kind: str
    day: int
    months_after: int = 0


def window(frequency: Frequency, calendar: Calendar, month: int) -> Window:
    """The days covered by the period that ends in the month. Nine months run from the start of the year.

    Raises ValueError where no such period ends in that month, and for ad hoc forms, which have no calendar.
    """
    if frequency != Frequency.NINE:
        return Period(month, KINDS[frequency]).window(calendar) if frequency in KINDS else _no_window()
    if month_in_year(month) != SEPTEMBER:
        raise ValueError("nine months end in September")
    year = Period(make_month(year_of(month), DECEMBER), PeriodKind.YEAR)
    return Window(year.window(calendar).start, Period(month, PeriodKind.QUARTER).window(calendar).end)


def begun_months(frequency: Frequency, calendar: Calendar, first: int, today: date) -> Iterator[int]:
    """The last months of the periods that end in `first` or later and have begun by today, oldest first."""
    for month in _last_months(frequency, first, make_month(today.year + 1, DECEMBER)):
        if window(frequency, calendar, month).start > today:
            return
        yield month


def coming_months(frequency: Frequency, calendar: Calendar, first: int, today: date) -> Iterator[int]:
    """The last months of the periods that end in `first` or later and are not over by today, oldest first."""
    for month in _last_months(frequency, first, max(first, month_of(today)) + AHEAD):
        if window(frequency, calendar, month).end >= today:
            yield month


def due_days(dues: Iterable[Due], month: int, shift: Callable[[date], date], cut_off: date) -> dict[str, date]:
    """By kind of unit, when the period that ends in `month` is due: never before its cut-off day, however it is
    shifted."""
    return {due.kind: max(due_day(month, due.months_after, due.day, shift), cut_off) for due in dues}


def lock_day(lock_after: int | None, dues: Mapping[str, date]) -> date | None:
    """The last day on which numbers may be typed and sent; none for a period that stays open."""
    last = max(dues.values(), default=None)
    return None if lock_after is None or last is None else last + timedelta(days=lock_after)


def due_day(month: int, months_after: int, day: int, shift: Callable[[date], date]) -> date:
    """A day of the month that comes so many months after `month`; the last one where that month is shorter."""
    year, place = divmod(month + months_after, 12)
    return shift(date(year, place + 1, min(day, monthrange(year, place + 1)[1])))


def shifter(rule: DayShift, holidays: Collection[date]) -> Callable[[date], date]:
    """Moves a day off weekends and holidays by the rule."""
    step = {DayShift.NONE: 0, DayShift.NEXT: 1, DayShift.BEFORE: -1}[rule]

    def shift(day: date) -> date:
        while step and (day.weekday() >= SATURDAY or day in holidays):
            day += timedelta(days=step)
        return day

    return shift


def _last_months(frequency: Frequency, first: int, last: int) -> Iterator[int]:
    if frequency == Frequency.NINE:
        years = range(year_of(first), year_of(last) + 1)
        yield from (month for year in years if first <= (month := make_month(year, SEPTEMBER)) <= last)
    elif frequency in KINDS:
        yield from (period.month for period in periods_between(KINDS[frequency], first, last))


def _no_window() -> Window:
    raise ValueError("an ad hoc form has no calendar")
