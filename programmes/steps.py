"""What one series of reports adds to a total, month by month. Pure arithmetic: the meaning of flows and levels.

A series is what one unit reported for one measure: (month, value) pairs, oldest first, values in any whole unit.
A closed unit ends: from its closing month on it counts no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """What a series adds to the total of one month, and by how much the number of units with a value moves."""

    change: int = 0
    n_new: int = 0

    def __sub__(self, other: Step) -> Step:
        return Step(self.change - other.change, self.n_new - other.n_new)


NO_STEP = Step()


def steps(points: Sequence[tuple[int, int]], *, level: bool, closing: int | None) -> dict[int, Step]:
    """The steps of a series by month.

    A flow adds its value; a level (stock, flag) adds the difference from the report before. The first report counts
    the unit in, the closing counts it out and takes a level away again. A report later than the closing month (the
    closing was entered afterwards) shifts the closing to its own month, so that nothing is ever counted twice for good.
    """
    found: dict[int, Step] = {}
    before = 0
    for place, (month, value) in enumerate(points):
        found[month] = Step(value - before if level else value, int(place == 0))
        before = value
    if points and closing is not None:
        end = max(closing, points[-1][0])
        last = found.get(end, NO_STEP)
        found[end] = Step(last.change - (before if level else 0), last.n_new - 1)
    return found


def difference(after: dict[int, Step], before: dict[int, Step]) -> dict[int, Step]:
    """What has to be added to totals that hold `before` so that they hold `after`; months without change left out."""
    months = after.keys() | before.keys()
    moved = {month: after.get(month, NO_STEP) - before.get(month, NO_STEP) for month in months}
    return {month: step for month, step in moved.items() if step != NO_STEP}
