"""The league table of the units directly below: places now and one, three and twelve months before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from programmes.choices import Direction
from programmes.models import Indicator
from programmes.queries import IndicatorPoint, Points, children_of, points_of
from reports.league.choices import BACK, Move
from reports.league.ranks import as_read, places
from reports.queries.dashboard import since_of
from reports.queries.scope import Scope
from units.choices import UnitKind
from units.models import Unit

Places = dict[int, int]  # by unit


@dataclass(frozen=True)
class LeagueRow:
    """One unit with its place among those of its level; the places before count the units that had a value then.

    `of`: how many units of the level have a place.
    """

    unit: Unit
    point: IndicatorPoint
    place: int | None
    of: int
    before: dict[str, int | None]

    @property
    def sort_key(self) -> str:
        return self.unit.sort_key

    @property
    def level(self) -> int:
        return UnitKind.values.index(self.unit.kind)

    @property
    def value(self) -> Decimal | None:
        return self.point.value

    @property
    def numerator(self) -> Decimal | None:
        return self.point.numerator

    @property
    def denominator(self) -> Decimal | None:
        return self.point.denominator

    @property
    def carried(self) -> bool:
        """Whether the value is of an earlier month."""
        return self.point.value is not None and self.point.reported == 0

    @property
    def month(self) -> int | None:
        return self.gained("month")

    @property
    def quarter(self) -> int | None:
        return self.gained("quarter")

    @property
    def year(self) -> int | None:
        return self.gained("year")

    def gained(self, since: str) -> int | None:
        """Places gained (negative: lost); None where there was or is none."""
        before = self.before[since]
        return None if before is None or self.place is None else before - self.place

    @property
    def move(self) -> Move:
        if self.place is None:
            return Move.MISSING
        if self.month is None:
            return Move.NEW
        return Move.RISEN if self.month > 0 else Move.FALLEN if self.month < 0 else Move.SAME


def league(scope: Scope, indicator: Indicator) -> list[LeagueRow]:
    """Every unit directly below in the scope's month, in the order of names."""
    units = children_of(scope.unit, scope.month, scope.basis)
    first = scope.month - max(BACK.values())
    points = points_of(units, [indicator], first, scope.month, basis=scope.basis, since=since_of(scope))
    now = _places(units, indicator, points, 0)
    before = {since: _places(units, indicator, points, months) for since, months in BACK.items()}
    counted = Counter(unit.kind for unit in units if unit.pk in now)
    return [
        LeagueRow(
            unit=unit,
            point=points[unit.pk, indicator.pk][-1],
            place=now.get(unit.pk),
            of=counted[unit.kind],
            before={since: then.get(unit.pk) for since, then in before.items()},
        )
        for unit in units
    ]


def _places(units: list[Unit], indicator: Indicator, points: Points, back: int) -> Places:
    """The places so many months before the last one, level by level."""
    levels: dict[str, dict[int, Decimal | None]] = defaultdict(dict)
    for unit in units:
        value = points[unit.pk, indicator.pk][-1 - back].value
        levels[unit.kind][unit.pk] = as_read(value, indicator.decimals)
    found: Places = {}
    for values in levels.values():
        found |= places(values, less_is_better=indicator.direction == Direction.DOWN)
    return found
