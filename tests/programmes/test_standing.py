"""Where a value stands: the stated rule at its edges, for rising and falling targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

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


def test_a_target_above_100_percent() -> None:
    found = standing(up(), Decimal(300), target(100, 590), HALF)
    assert (found.status, found.path) == (Status.AT_RISK, Decimal(345))
    assert found.achieved == Decimal(200) / Decimal(245)


def test_the_path_by_month() -> None:
    months = [2024 * 12 + 11, 2025 * 12 + 5, 2025 * 12 + 11, 2026 * 12]
    assert [path_value(target(), month) for month in months] == [None, 50, 100, 100]
