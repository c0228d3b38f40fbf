"""The trust mark: how much of a number was reported for its month, carried over, or never reported."""

from __future__ import annotations

from dataclasses import dataclass

from programmes.models import Measure


@dataclass(frozen=True)
class Trust:
    """`reported` units gave this month's value, `carried` count with an earlier one, `missing` have none at all.

    `computed` numbers come from records (equipment, trainings, units) and are always of this moment.
    """

    expected: int
    reported: int
    carried: int
    missing: int
    computed: bool

    @property
    def current(self) -> int:
        return self.reported + self.carried if self.computed else self.reported


def trust_of(measure: Measure, *, reported: int, before: int, with_value: int, expected: int, running: bool) -> Trust:
    """The mark of one number. In a running month what was reported for the month `before` is still the newest due."""
    current = max(reported, before) if running else reported
    if not measure.is_level and not measure.computed:
        return Trust(expected, min(current, expected), 0, max(expected - current, 0), computed=False)
    known = min(with_value, expected) if expected else with_value
    if measure.computed:
        known = known if measure.is_level else expected
        return Trust(expected, known, 0, max(expected - known, 0), computed=True)
    current = min(current, known)
    return Trust(expected, current, known - current, max(expected - known, 0), computed=False)
