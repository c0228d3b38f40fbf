from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import periods
from core.periods import Calendar, Period, PeriodKind, Window, make_month

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
kinds = st.sampled_from(list(PeriodKind))
calendars = st.sampled_from(list(Calendar))
OCTOBER = make_month(2023, 10)


def test_a_month_is_a_number_with_two_spellings() -> None:
    assert periods.month_of(date(2023, 10, 15)) == OCTOBER == 2023 * 12 + 9
    assert (periods.first_day(OCTOBER), periods.last_day(OCTOBER)) == (date(2023, 10, 1), date(2023, 10, 31))
    assert periods.last_day(make_month(2024, 2)) == date(2024, 2, 29)
    assert periods.label(OCTOBER) == "10/2023"
    assert periods.long_label(OCTOBER) == "tháng 10 năm 2023"
    assert (periods.year_of(OCTOBER), periods.month_in_year(OCTOBER)) == (2023, 10)


@given(st.integers(min_value=1900 * 12, max_value=2200 * 12))
def test_written_months_are_read_back(month: int) -> None:
    assert periods.parse_month(periods.label(month)) == month


@pytest.mark.parametrize("typed", ["10/2023", "2023-10", " 10-2023 "])
def test_months_are_read(typed: str) -> None:
    assert periods.parse_month(typed) == OCTOBER


@pytest.mark.parametrize("typed", ["13/2023", "0/2023", "10/23", "10/1023", "tháng 10", ""])
def test_what_is_no_month_is_refused_in_words(typed: str) -> None:
    with pytest.raises(periods.MonthError, match="không phải tháng"):
        periods.parse_month(typed)


def test_last_finished_month_over_the_turn_of_a_year() -> None:
    assert periods.label(periods.last_finished(date(2026, 1, 1))) == "12/2025"
    assert periods.label(periods.last_finished(date(2026, 12, 31))) == "11/2026"


@pytest.mark.parametrize(
    ("kind", "month", "start", "end"),
    [
        (PeriodKind.MONTH, make_month(2026, 10), date(2026, 9, 15), date(2026, 10, 14)),
        (PeriodKind.QUARTER, make_month(2026, 3), date(2025, 12, 15), date(2026, 3, 14)),
        (PeriodKind.HALF, make_month(2026, 6), date(2025, 12, 15), date(2026, 6, 14)),
        (PeriodKind.HALF, make_month(2026, 12), date(2026, 6, 15), date(2026, 12, 14)),
        (PeriodKind.YEAR, make_month(2026, 12), date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_windows_of_decree_09(kind: PeriodKind, month: int, start: date, end: date) -> None:
    assert periods.window_nd09(kind, month) == Window(start, end)


def test_windows_of_the_calendar() -> None:
    assert periods.window_civil(PeriodKind.QUARTER, make_month(2026, 6)) == Window(date(2026, 4, 1), date(2026, 6, 30))


@given(kinds, calendars, days)
def test_every_day_is_in_one_period_and_the_next_begins_the_day_after(
    kind: PeriodKind, calendar: Calendar, day: date
) -> None:
    period = periods.period_at(kind, calendar, day)
    window = period.window(calendar)
    assert day in window
    assert period.following.window(calendar).start == window.end + timedelta(days=1)
    assert period.following.previous == period
    assert periods.last_closed(kind, calendar, day).window(calendar).end < day


@pytest.mark.parametrize(
    ("kind", "month", "name"),
    [
        (PeriodKind.MONTH, make_month(2026, 10), "Tháng 10/2026"),
        (PeriodKind.QUARTER, make_month(2026, 3), "Quý I/2026"),
        (PeriodKind.QUARTER, make_month(2026, 12), "Quý IV/2026"),
        (PeriodKind.HALF, make_month(2026, 6), "6 tháng đầu năm 2026"),
        (PeriodKind.HALF, make_month(2026, 12), "6 tháng cuối năm 2026"),
        (PeriodKind.YEAR, make_month(2026, 12), "Năm 2026"),
    ],
)
def test_periods_are_named_as_staff_name_them(kind: PeriodKind, month: int, name: str) -> None:
    assert Period(month, kind).label == name


def test_a_period_ends_only_where_its_kind_can_end() -> None:
    with pytest.raises(ValueError, match="no quarter ends in 10/2023"):
        Period(OCTOBER, PeriodKind.QUARTER)


def test_periods_between_two_months_end_within_them() -> None:
    found = list(periods.periods_between(PeriodKind.QUARTER, make_month(2025, 11), make_month(2026, 8)))
    assert [period.label for period in found] == ["Quý IV/2025", "Quý I/2026", "Quý II/2026"]
