"""Where a value stands: the stated rule at its edges, for rising and falling targets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programmes.choices import Direction, Status
from programmes.models import Indicator, Target
from programmes.queries import path_value, standing

START, DUE = date(2025, 1, 1), date(2025, 12, 27)  # 360 days
HALF, LATER = date(2025, 6, 30), date(2025, 12, 28)


def target(baseline: object = 0, value: object = 100) -> Target:
    return Target(
        baseline=Decimal(str(baseline)),
        value=Decimal(str(value)),
        baseline_on=START,
        due=DUE,
        unit_id=1,
        indicator_id=1,
    )


def up(direction: Direction = Direction.UP) -> Indicator:
    return Indicator(direction=direction)


@pytest.mark.parametrize(
    ("value", "on", "status"),
    [
        (0, START, Status.ON_TRACK),
        (42.5, HALF, Status.ON_TRACK),
        (42.49, HALF, Status.AT_RISK),
        (35, HALF, Status.AT_RISK),
        (34.99, HALF, Status.BEHIND),
        (99.99, DUE, Status.ON_TRACK),
        (99.99, LATER, Status.BEHIND),
        (100, START, Status.REACHED),
        (590, LATER, Status.REACHED),
        (None, HALF, Status.UNKNOWN),
    ],
)
def test_rising_target(value: object, on: date, status: Status) -> None:
    given = None if value is None else Decimal(str(value))
    assert standing(up(), given, target(), on).status == status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (160, Status.AT_RISK),
        (157.5, Status.ON_TRACK),
        (165, Status.AT_RISK),
        (165.01, Status.BEHIND),
        (98, Status.REACHED),
    ],
)
def test_falling_target(value: object, status: Status) -> None:
    """From 200 units without a computer to 100: half of the way is 150."""
    assert standing(up(Direction.DOWN), Decimal(str(value)), target(200, 100), HALF).status == status


def test_no_target_is_no_judgement() -> None:
    assert standing(up(), Decimal(5), None, HALF).status == Status.NONE


def test_without_direction_the_target_says_where_to() -> None:
    assert standing(up(Direction.NONE), Decimal(100), target(200, 100), HALF).status == Status.REACHED


def test_holding_what_is_there() -> None:
    """The baseline is the target: 100% shall stay 100%."""
    hold = target(100, 100)
    assert standing(up(), Decimal(100), hold, HALF).status == Status.REACHED
    assert standing(up(), Decimal(98), hold, HALF).status == Status.AT_RISK
    assert standing(up(), Decimal(98), hold, LATER).status == Status.BEHIND
    assert standing(up(), Decimal(85), hold, HALF).status == Status.AT_RISK
    assert standing(up(), Decimal("84.99"), hold, HALF).status == Status.BEHIND  # 10% of units is no small risk


def test_holding_nothing_gives_no_scale_for_the_fall() -> None:
    """No unit is without a computer, and none shall be: one that is stays a risk until the deadline."""
    hold = target(0, 0)
    assert standing(up(Direction.DOWN), Decimal(1), hold, HALF).status == Status.AT_RISK
    assert standing(up(Direction.DOWN), Decimal(1), hold, LATER).status == Status.BEHIND


def test_a_target_below_what_is_there_is_met_until_the_value_falls_under_it() -> None:
    lower = target(50, 40)
    assert standing(up(), Decimal(41), lower, HALF).status == Status.REACHED
    assert standing(up(), Decimal(39), lower, HALF).status == Status.AT_RISK
    assert standing(up(), Decimal(20), lower, HALF).status == Status.BEHIND


def test_before_the_first_figures_can_be_in_nothing_is_late() -> None:
    assert standing(up(), Decimal(0), target(), START + timedelta(days=31)).status == Status.ON_TRACK
    assert standing(up(), Decimal(0), target(), START + timedelta(days=32)).status == Status.BEHIND


def test_the_band_lies_around_the_path_whichever_way_it_goes() -> None:
    rising = standing(up(), Decimal(60), target(), HALF)
    assert (rising.band, rising.lead, rising.is_ahead) == ((Decimal("42.5"), Decimal("57.5")), 10, True)
    falling = standing(up(Direction.DOWN), Decimal(155), target(200, 100), HALF)
    assert (falling.band, falling.lead, falling.is_ahead) == ((Decimal("142.5"), Decimal("157.5")), -5, False)
    assert standing(up(), Decimal(98), target(100, 100), HALF).band is None


WORST_FIRST = [Status.BEHIND, Status.AT_RISK, Status.ON_TRACK, Status.REACHED]
numbers = st.decimals(-1000, 1000, places=2)
days = st.integers(-40, 420).map(lambda number: START + timedelta(days=number))
directions = st.sampled_from(list(Direction))


@given(numbers, numbers, numbers, days, directions)
def test_upside_down_is_judged_the_same(
    baseline: Decimal, goal: Decimal, value: Decimal, on: date, way: Direction
) -> None:
    assume(way != Direction.NONE or baseline != goal)  # without any direction there is none to turn
    turned = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP, Direction.NONE: Direction.NONE}[way]
    one = standing(up(way), value, target(baseline, goal), on)
    other = standing(up(turned), -value, target(-baseline, -goal), on)
    assert (one.status, one.achieved, one.lead) == (other.status, other.achieved, other.lead)
    assert one.band is None or other.band == (-one.band[1], -one.band[0])


@given(numbers, numbers, numbers, days, directions, st.sampled_from([Decimal("0.5"), Decimal(3), Decimal(1000)]))
def test_the_unit_of_measure_does_not_matter(
    baseline: Decimal, goal: Decimal, value: Decimal, on: date, way: Direction, factor: Decimal
) -> None:
    one = standing(up(way), value, target(baseline, goal), on)
    assert standing(up(way), value * factor, target(baseline * factor, goal * factor), on).status == one.status


@given(numbers, numbers, numbers, numbers, days, directions)
def test_a_better_value_is_never_judged_worse(
    baseline: Decimal, goal: Decimal, value: Decimal, other: Decimal, on: date, way: Direction
) -> None:
    rising = way == Direction.UP or (way == Direction.NONE and goal >= baseline)
    low, high = sorted((value, other))
    worse, better = (low, high) if rising else (high, low)
    places = [WORST_FIRST.index(standing(up(way), one, target(baseline, goal), on).status) for one in (worse, better)]
    assert places == sorted(places)


@given(numbers, numbers, days, directions)
def test_on_the_path_is_on_track_and_at_the_target_reached(
    baseline: Decimal, goal: Decimal, on: date, way: Direction
) -> None:
    assume({Direction.UP: goal > baseline, Direction.DOWN: goal < baseline}.get(way, goal != baseline))
    plan = target(baseline, goal)
    assert standing(up(way), goal, plan, on).status == Status.REACHED
    found = standing(up(way), standing(up(way), None, plan, on).path, plan, on)
    assert found.status == (Status.REACHED if on >= DUE else Status.ON_TRACK)
    assert found.lead == 0


def test_a_target_above_100_percent() -> None:
    found = standing(up(), Decimal(300), target(100, 590), HALF)
    assert (found.status, found.path) == (Status.AT_RISK, Decimal(345))
    assert found.achieved == Decimal(200) / Decimal(245)


def test_the_path_by_month() -> None:
    months = [2024 * 12 + 11, 2025 * 12 + 5, 2025 * 12 + 11, 2026 * 12]
    assert [path_value(target(), month) for month in months] == [None, 50, 100, 100]
