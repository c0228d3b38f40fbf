"""The pace and the date of a target: known truths, wild months, falling goals, too little to say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.forecast import FARTHEST, outlook, pace_of

NOW = 24_310


def history(*values: float) -> list[tuple[int, float]]:
    return [(NOW - len(values) + 1 + place, value) for place, value in enumerate(values)]


@given(slope=st.integers(-1000, 1000), start=st.integers(-1000, 1000), months=st.integers(4, 30))
def test_a_straight_line_is_found_exactly(slope: int, start: int, months: int) -> None:
    pace = pace_of(history(*(start + slope * month for month in range(months))))
    assert pace is not None
    assert pace.value == pace.low == pace.high == slope


def test_three_months_say_nothing() -> None:
    assert pace_of(history(1, 2, 3)) is None
    found = outlook(history(1, 2, 3), goal=10, deadline=NOW + 12, now=NOW)
    assert (found.pace, found.reached, found.missing) == (None, None, 7)


def test_one_wild_month_does_not_move_it() -> None:
    values = [10.0 * month for month in range(12)]
    values[5] = 10_000
    pace = pace_of(history(*values))
    assert pace is not None
    assert pace.value == 10


def test_months_without_a_value_are_left_out_and_their_time_counts() -> None:
    pace = pace_of([(NOW - 12, 0), (NOW - 8, 40), (NOW - 2, 100), (NOW, 120)])
    assert pace is not None
    assert pace.value == 10


def test_only_the_last_year_counts() -> None:
    values = [0.0] * 12 + [5.0 * month for month in range(12)]
    pace = pace_of(history(*values))
    assert pace is not None
    assert pace.value == 5


def test_the_example_of_the_plan() -> None:
    """156 machines are missing, 6 come each month: 26 months. To be in time, 156 in 13 months: 12 each."""
    found = outlook(history(*range(0, 31, 6)), goal=30 + 156, deadline=NOW + 13, now=NOW)
    assert (found.missing, found.reached, found.needed) == (156, NOW + 26, 12)


def test_a_goal_that_is_met_needs_nothing() -> None:
    found = outlook(history(97, 98, 99, 100), goal=100, deadline=NOW + 5, now=NOW)
    assert found.is_met
    assert (found.reached, found.needed) == (NOW, None)
    assert outlook(history(5, 4, 3, 2), goal=3, deadline=NOW + 5, now=NOW, rising=False).is_met


@pytest.mark.parametrize("values", [(50, 50, 50, 50), (50, 49, 48, 47)])
def test_a_goal_out_of_reach_has_no_date(values: tuple[float, ...]) -> None:
    found = outlook(history(*values), goal=100, deadline=NOW + 12, now=NOW)
    assert (found.reached, found.earliest, found.latest) == (None, None, None)
    assert found.needed == (100 - values[-1]) / 12


def test_what_lies_a_lifetime_ahead_has_no_date() -> None:
    found = outlook(history(0, 1, 2, 3), goal=FARTHEST + 10, deadline=NOW + 12, now=NOW)
    assert found.reached is None


def test_after_the_deadline_no_pace_is_in_time() -> None:
    assert outlook(history(0, 1, 2, 3), goal=10, deadline=NOW, now=NOW).needed is None


@given(st.lists(st.integers(0, 500), min_size=4, max_size=24), st.integers(1, 600))
def test_less_is_better_is_the_same_turned_round(values: list[int], goal: int) -> None:
    up = outlook(history(*values), goal=goal, deadline=NOW + 9, now=NOW)
    down = outlook(history(*(-value for value in values)), goal=-goal, deadline=NOW + 9, now=NOW, rising=False)
    assert (up.missing, up.reached, up.earliest, up.latest, up.needed) == (
        down.missing, down.reached, down.earliest, down.latest, down.needed,
    )  # fmt: skip


@given(st.lists(st.integers(0, 500), min_size=4, max_size=24), st.integers(1, 600))
def test_the_range_holds_the_date(values: list[int], goal: int) -> None:
    found = outlook(history(*values), goal=goal, deadline=NOW + 9, now=NOW)
    assert found.pace is not None
    assert found.pace.low <= found.pace.value <= found.pace.high
    if found.reached is not None:
        assert found.earliest is not None
        assert found.earliest <= found.reached <= (found.latest or found.reached)


def test_the_range_holds_an_even_pace_at_least_as_often_as_it_says() -> None:
    """400 series with known pace and noise: the range holds it in 80 to 97% of them."""
    chance = random.Random(20261122)
    held = 0
    for _series in range(400):
        pace = pace_of(history(*(3 * month + chance.gauss(0, 8) for month in range(12))))
        assert pace is not None
        held += pace.low <= 3 <= pace.high
    assert 320 <= held <= 388


def test_a_halt_of_half_a_year_is_noticed() -> None:
    halted = pace_of(history(*range(0, 60, 10), 60, 60, 60, 60, 60, 60))
    assert halted is not None
    assert (halted.value, halted.low, halted.points) == (0, 0, 6)
    assert halted.high >= 10 * 0.4
    begun = pace_of(history(*[5.0] * 6, *range(10, 70, 10)))
    assert begun is not None
    assert begun.value == 10


def test_a_wild_half_year_does_not_overrule_the_year() -> None:
    pace = pace_of(history(0, 10, 20, 30, 40, 50, 60, 30, 95, 90, 70, 120))
    assert pace is not None
    assert pace.points == 12
