"""The cast with the measures that trainings feed, and short ways to record and to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from core.periods import make_month
from programmes import starter
from programmes.models import Figure, Total
from tests.cast import Cast
from trainings.actions import record_training
from trainings.choices import Topic
from trainings.models import TrainingClass
from trainings.rules import TrainingDetails
from units.models import Unit

TODAY = date(2026, 11, 21)
OCTOBER, NOVEMBER = make_month(2026, 10), make_month(2026, 11)
WHOLE = 100 * 100  # totals are kept in ten-thousandths


@dataclass
class World:
    cast: Cast

    def details(self, **values: Any) -> TrainingDetails:
        usual = TrainingDetails(
            title="Kỹ năng số cho hội viên",
            topic=Topic.DIGITAL,
            organiser=self.cast.tan_cuong,
            start=date(2026, 10, 14),
            end=date(2026, 10, 15),
            turns=60,
            women=55,
            ethnic_minority=12,
            officers=4,
            members=50,
            certificates=60,
        )
        return replace(usual, **values)

    def record(self, by: User | None = None, **values: Any) -> TrainingClass:
        return record_training(details=self.details(**values), by=by or self.cast.enterer, today=TODAY)


def figures(unit: Unit, month: int) -> dict[str, Decimal]:
    rows = Figure.objects.filter(unit_id=unit.pk, period=month)
    return dict(rows.values_list("measure__code", "value"))


def total(unit: Unit, code: str, month: int) -> Decimal | None:
    """What the totals say of a flow in one month; None where no row speaks of it."""
    row = Total.objects.filter(unit_id=unit.pk, measure__code=code, period=month).first()
    return None if row is None else Decimal(row.change) / WHOLE


@pytest.fixture
def world(cast: Cast) -> World:
    starter.load_registered()
    return World(cast)
