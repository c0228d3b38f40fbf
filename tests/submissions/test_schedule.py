"""Periods, due days and locks for every frequency and calendar, at all ends of months, quarters and years."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Calendar, first_day, last_day, make_month, month_in_year, month_of
from submissions.choices import DayShift, Frequency
from submissions.schedule import (
    SATURDAY,
    Due,
    begun_months,
    coming_months,
    due_day,
    due_days,
    lock_day,
    shifter,
    window,
)

REGULAR = [Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR]
WITH_CALENDAR = [*REGULAR, Frequency.NINE]
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
months = st.integers(make_month(2020, 1), make_month(2040, 12))
calendars = st.sampled_from(list(Calendar))
shifts = st.sampled_from(list(DayShift))


def as_it_is(day: date) -> date:
    return day


# --- windows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "calendar", "month", "start", "end"),
    [
        (Frequency.MONTH, Calendar.ND09, (2026, 1), (2025, 12, 15), (2026, 1, 14)),
        (Frequency.MONTH, Calendar.CIVIL, (2028, 2), (2028, 2, 1), (2028, 2, 29)),
        (Frequency.MONTH, Calendar.CIVIL, (2027, 2), (2027, 2, 1), (2027, 2, 28)),
        (Frequency.QUARTER, Calendar.ND09, (2026, 3), (2025, 12, 15), (2026, 3, 14)),
        (Frequency.HALF, Calendar.ND09, (2026, 6), (2025, 12, 15), (2026, 6, 14)),
        (Frequency.HALF, Calendar.ND09, (2026, 12), (2026, 6, 15), (2026, 12, 14)),
        (Frequency.NINE, Calendar.ND09, (2026, 9), (2025, 12, 15), (2026, 9, 14)),
        (Frequency.NINE, Calendar.CIVIL, (2026, 9), (2026, 1, 1), (2026, 9, 30)),
        (Frequency.YEAR, Calendar.ND09, (2026, 12), (2025, 12, 15), (2026, 12, 14)),
        (Frequency.YEAR, Calendar.CIVIL, (2026, 12), (2026, 1, 1), (2026, 12, 31)),
    ],
)
def test_windows_of_the_decree_and_of_the_calendar(
    frequency: Frequency, calendar: Calendar, month: tuple[int, int], start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    found = window(frequency, calendar, make_month(*month))
    assert (found.start, found.end) == (date(*start), date(*end))


@pytest.mark.parametrize(
    ("frequency", "month"),
    [(Frequency.NINE, 6), (Frequency.QUARTER, 4), (Frequency.YEAR, 6), (Frequency.ADHOC, 6)],
)
def test_no_window_where_no_such_period_ends(frequency: Frequency, month: int) -> None:
    with pytest.raises(ValueError, match=r"end|calendar"):
        window(frequency, Calendar.CIVIL, make_month(2026, month))


@given(st.sampled_from(REGULAR), calendars, days)
def test_every_day_lies_in_exactly_one_period(frequency: Frequency, calendar: Calendar, day: date) -> None:
    around = islice(coming_months(frequency, calendar, month_of(day) - 12, day), 3)
    holding = [month for month in around if day in window(frequency, calendar, month)]
    assert len(holding) == 1


@given(st.sampled_from(REGULAR), calendars, months)
def test_periods_follow_each_other_without_a_gap(frequency: Frequency, calendar: Calendar, first: int) -> None:
    found = list(islice(coming_months(frequency, calendar, first, first_day(first)), 3))
    windows = [window(frequency, calendar, month) for month in found]
    for earlier, later in pairwise(windows):
        assert later.start == earlier.end + timedelta(days=1)


@given(calendars, months)
def test_nine_months_begin_with_the_year_and_end_with_the_third_quarter(calendar: Calendar, first: int) -> None:
    (month,) = islice(coming_months(Frequency.NINE, calendar, first, first_day(first)), 1)
    year = window(Frequency.YEAR, calendar, month + 3)
    quarter = window(Frequency.QUARTER, calendar, month)
    nine = window(Frequency.NINE, calendar, month)
    assert month_in_year(month) == 9
    assert (nine.start, nine.end) == (year.start, quarter.end)


# --- which periods are open ------------------------------------------------------------------------------------


@given(st.sampled_from(WITH_CALENDAR), calendars, days, st.integers(0, 30))
def test_begun_and_coming_periods_are_all_there_are(
    frequency: Frequency, calendar: Calendar, today: date, back: int
) -> None:
    first = month_of(today) - back
    begun = list(begun_months(frequency, calendar, first, today))
    coming = list(islice(coming_months(frequency, calendar, first, today), 3))
    assert begun == sorted(set(begun))
    assert all(month >= first and window(frequency, calendar, month).start <= today for month in begun)
    assert all(month >= first and window(frequency, calendar, month).end >= today for month in coming)
    assert len(coming) == 3
    running = [month for month in coming if window(frequency, calendar, month).start <= today]
    assert begun[len(begun) - len(running) :] == running


@given(st.sampled_from(WITH_CALENDAR), calendars, days)
def test_a_day_later_opens_at_most_one_more(frequency: Frequency, calendar: Calendar, today: date) -> None:
    first = month_of(today) - 24
    now = list(begun_months(frequency, calendar, first, today))
    then = list(begun_months(frequency, calendar, first, today + timedelta(days=1)))
    assert then[: len(now)] == now
    assert len(then) - len(now) <= 1


def test_an_ad_hoc_form_has_no_periods_of_its_own() -> None:
    assert list(begun_months(Frequency.ADHOC, Calendar.CIVIL, 0, date(2026, 11, 21))) == []
    assert list(coming_months(Frequency.ADHOC, Calendar.CIVIL, 0, date(2026, 11, 21))) == []


# --- due days --------------------------------------------------------------------------------------------------


@given(months, st.integers(0, 12), st.integers(1, 31))
def test_a_due_day_is_that_day_or_the_last_of_a_shorter_month(month: int, later: int, day: int) -> None:
    found = due_day(month, later, day, as_it_is)
    assert month_of(found) == month + later
    assert found.day == min(day, last_day(month + later).day)


@pytest.mark.parametrize(
    ("month", "day", "due"),
    [
        ((2028, 1), 31, date(2028, 2, 29)),
        ((2027, 1), 29, date(2027, 2, 28)),
        ((2026, 12), 3, date(2027, 1, 3)),
        ((2026, 3), 31, date(2026, 4, 30)),
    ],
)
def test_due_days_at_the_ends_of_months_and_years(month: tuple[int, int], day: int, due: date) -> None:
    assert due_day(make_month(*month), 1, day, as_it_is) == due


@given(days, shifts, st.sets(st.integers(-12, 12), max_size=8))
def test_a_shifted_day_is_the_nearest_working_day_on_its_side(day: date, rule: DayShift, off: set[int]) -> None:
    holidays = {day + timedelta(days=n) for n in off}

    def closed(one: date) -> bool:
        return one.weekday() >= SATURDAY or one in holidays

    found = shifter(rule, holidays)(day)
    if rule == DayShift.NONE:
        assert found == day
        return
    step = timedelta(days=1 if rule == DayShift.NEXT else -1)
    assert not closed(found)
    while day != found:
        assert closed(day)
        day += step


@pytest.mark.parametrize(
    ("rule", "moved"),
    [
        (DayShift.NONE, date(2026, 5, 1)),
        (DayShift.NEXT, date(2026, 5, 4)),  # after the weekend
        (DayShift.BEFORE, date(2026, 4, 29)),
    ],
)
def test_a_due_day_on_the_first_of_may(rule: DayShift, moved: date) -> None:
    assert shifter(rule, {date(2026, 4, 30), date(2026, 5, 1)})(date(2026, 5, 1)) == moved


@given(st.sampled_from(WITH_CALENDAR), calendars, months, st.integers(0, 3), st.integers(1, 31), shifts)
def test_no_due_day_comes_before_the_cut_off_and_no_lock_before_the_last_due_day(
    frequency: Frequency, calendar: Calendar, first: int, later: int, day: int, rule: DayShift
) -> None:
    (month,) = islice(coming_months(frequency, calendar, first, first_day(first)), 1)
    end = window(frequency, calendar, month).end
    dues = (Due("commune", day, later), Due("province", min(day + 5, 31), later))
    found = due_days(dues, month, shifter(rule, {end}), end)
    assert all(due >= end for due in found.values())
    lock = lock_day(3, found)
    assert lock == max(found.values()) + timedelta(days=3)


def test_without_a_due_day_or_a_wish_nothing_is_locked() -> None:
    assert lock_day(None, {"commune": date(2026, 11, 3)}) is None
    assert lock_day(5, {}) is None
