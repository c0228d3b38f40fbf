from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import DateError, format_date, format_moment, long_date, parse_date

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize("typed", ["5/1/2026", "05/01/2026", " 05-01-2026 ", "5.1.2026", "2026-01-05"])
def test_the_day_comes_first(typed: str) -> None:
    assert parse_date(typed) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "typed",
    ["31/02/2026", "29/02/2025", "13/13/2026", "1/1/26", "05/01/0202", "hôm nay", "", "５/1/2026", "1/1/2026 10:00"],
)
def test_what_is_no_day_is_refused_in_words(typed: str) -> None:
    with pytest.raises(DateError) as refusal:
        parse_date(typed)
    assert typed.strip() in str(refusal.value)


@given(days)
def test_written_days_are_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day


def test_moments_are_told_in_the_time_of_the_portal() -> None:
    late = datetime(2026, 10, 31, 20, 5, tzinfo=UTC)
    assert format_moment(late) == "03:05 01/11/2026"
    assert format_date(late) == "01/11/2026"
    assert format_date(None) == format_moment(None) == ""


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2019, 6, 29), "ngày 29 tháng 6 năm 2019"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_letters_pad_days_below_ten_and_the_first_two_months(day: date, text: str) -> None:
    assert long_date(day) == text
