"""Proving the totals by day: a part each night, everything on Sundays; what differs is healed and reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from programmes import totals

logger = logging.getLogger(__name__)
DAYS = 7


@dataclass(frozen=True)
class Verified:
    """How many units were looked at, and where they differed before they were healed."""

    units: int
    differences: tuple[totals.Difference, ...]


def part_of(day: date) -> list[int]:
    """The units whose totals are proved on this day: on a Sunday all, on other days a sixth of the others."""
    units = totals.units_with_totals()
    if day.isoweekday() == DAYS:
        return units
    return [pk for place, pk in enumerate(units[1:]) if place % (DAYS - 1) == day.isoweekday() - 1]


def verify_and_heal(units: list[int] | None) -> Verified:
    """Prove the totals of these units (None: of all) and compute anew those of a unit that differs anywhere."""
    differences = totals.verify(units)
    wrong = sorted({difference.unit_id for difference in differences})
    if wrong:
        logger.error("totals differed from figures at %s keys of units %s; they were rebuilt", len(differences), wrong)
        totals.rebuild(wrong)
    return Verified(len(totals.units_with_totals() if units is None else units), tuple(differences))
