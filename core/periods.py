"""Months as whole numbers, the kinds of reporting periods, and the two calendars that say which days they cover.

A month is year * 12 + month - 1. A period is its kind and the month in which it ends.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})")
_ROMAN = ("I", "II", "III", "IV")
_CUT_OFF_DAY = 14


class PeriodKind(TextChoices):
    MONTH = "month", gettext_lazy("Month")
    QUARTER = "quarter", gettext_lazy("Quarter")
    HALF = "half", gettext_lazy("Half-year")
    YEAR = "year", gettext_lazy("Year")

    @property
    def months(self) -> int:
        """How many months such a period has."""
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


class Calendar(TextChoices):
    ND09 = "nd09", gettext_lazy("Decree 09/2019/NĐ-CP (from the 15th to the 14th)")
    CIVIL = "civil", gettext_lazy("Calendar (from the first to the last day)")


class MonthError(ValueError):
    """Typed text is not a month; the text of the error says what to type instead."""


@dataclass(frozen=True)
class Window:
    """The days that a report covers, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, order=True)
class Period:
    """A period of one kind that ends in `month`. Raises ValueError where no such period ends in that month."""

    month: int
    kind: PeriodKind

    def __post_init__(self) -> None:
        if (self.month + 1) % self.kind.months:
            raise ValueError(f"no {self.kind.value} ends in {label(self.month)}")

    @property
    def first_month(self) -> int:
        return self.month - self.kind.months + 1

    @property
    def previous(self) -> Period:
        return Period(self.month - self.kind.months, self.kind)

    @property
    def following(self) -> Period:
        return Period(self.month + self.kind.months, self.kind)

    @property
    def label(self) -> str:
        """As staff write it: Tháng 10/2026, Quý I/2026, 6 tháng đầu năm 2026, Năm 2026."""
        return period_label(self.kind, self.month)

    def window(self, calendar: Calendar) -> Window:
        """The days it covers in that calendar."""
        return window_nd09(self.kind, self.month) if calendar == Calendar.ND09 else window_civil(self.kind, self.month)


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def make_month(year: int, month: int) -> int:
    """The month of a year; `month` counts from 1."""
    return year * 12 + month - 1


def year_of(month: int) -> int:
    return month // 12


def month_in_year(month: int) -> int:
    """1 to 12."""
    return month % 12 + 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    year, place = divmod(month, 12)
    return date(year, place + 1, monthrange(year, place + 1)[1])


def label(month: int) -> str:
    """10/2023."""
    return f"{month % 12 + 1:02d}/{month // 12}"


def long_label(month: int) -> str:
    """tháng 10 năm 2023."""
    return _("month %(month)s of %(year)s") % {"month": month % 12 + 1, "year": month // 12}


def parse_month(text: str) -> int:
    """The month that was typed: 10/2023, 1/2026, and 2023-10 of month pickers.

    Raises MonthError (a ValueError) with a translated text.
    """
    typed = text.strip()
    if match := _MONTH_FIRST.fullmatch(typed):
        month, year = (int(part) for part in match.groups())
    elif match := _YEAR_FIRST.fullmatch(typed):
        year, month = (int(part) for part in match.groups())
    else:
        month, year = 0, 0
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        raise MonthError(_("“%(typed)s” is not a month. Enter month/year, for example 10/2026.") % {"typed": typed})
    return make_month(year, month)


def last_finished(today: date) -> int:
    """The last month that is over on this day."""
    return month_of(today) - 1


def period_label(kind: PeriodKind, month: int) -> str:
    """The name of the period of this kind that ends in `month`, as staff write it."""
    year, place = divmod(month, 12)
    if kind == PeriodKind.MONTH:
        return _("Month %(month)s") % {"month": label(month)}
    if kind == PeriodKind.QUARTER:
        return _("Quarter %(number)s/%(year)s") % {"number": _ROMAN[place // 3], "year": year}
    if kind == PeriodKind.HALF:
        text = _("First half of %(year)s") if place < 6 else _("Second half of %(year)s")
        return text % {"year": year}
    return _("Year %(year)s") % {"year": year}


def period_with(kind: PeriodKind, month: int) -> Period:
    """The period of this kind to which `month` belongs."""
    return Period(month - month % kind.months + kind.months - 1, kind)


def period_at(kind: PeriodKind, calendar: Calendar, day: date) -> Period:
    """The period of this kind that covers `day` in that calendar."""
    late = calendar == Calendar.ND09 and day.day > _CUT_OFF_DAY
    return period_with(kind, month_of(day) + (1 if late else 0))


def last_closed(kind: PeriodKind, calendar: Calendar, today: date) -> Period:
    """The last period of this kind whose days are all over on `today`."""
    return period_at(kind, calendar, today).previous


def periods_between(kind: PeriodKind, first: int, last: int) -> Iterator[Period]:
    """The periods of this kind that end in the months from `first` to `last`, both included, oldest first."""
    period = period_with(kind, first)
    while period.month <= last:
        yield period
        period = period.following


def window_nd09(kind: PeriodKind, month: int) -> Window:
    """Days of the period of this kind that ends in `month`, by Nghị định 09/2019/NĐ-CP article 12.

    From the 15th of the month before its first month to the 14th of its last month: a month 15/09 to 14/10,
    the first half 15/12 to 14/06, a year 15/12 to 14/12.
    """
    period = Period(month, kind)
    start = first_day(period.first_month - 1) + timedelta(days=_CUT_OFF_DAY)
    return Window(start, first_day(month).replace(day=_CUT_OFF_DAY))


def window_civil(kind: PeriodKind, month: int) -> Window:
    """Days of the period of this kind that ends in `month`, from the first day of its first month to the last day."""
    return Window(first_day(Period(month, kind).first_month), last_day(month))
