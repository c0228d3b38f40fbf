"""One indicator at one unit, opened: what makes the number, who stands where below, and which records prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects

from core.text import sort_key
from programmes.choices import Direction, Status
from programmes.models import Indicator
from programmes.queries import ChildValue, IndicatorPoint, Points, Standing, children_of, standing, values_at
from reports.queries.dashboard import Reading, readings_of, since_of, value_text
from reports.queries.scope import Scope
from units.models import Contact, Unit

MOST_NEEDY = 40


@dataclass(frozen=True)
class Child:
    """A unit below with its value, where it stands, and whether the value is of this month."""

    unit: Unit
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    standing: Standing
    reported: bool
    carried: bool

    @property
    def contact(self) -> Contact | None:
        """Whom to call: the first contact with a phone."""
        return next((contact for contact in self.unit.contacts.all() if contact.phone), None)


@dataclass(frozen=True)
class Opened:
    """What the page of one indicator at one unit shows."""

    scope: Scope
    reading: Reading
    children: tuple[Child, ...]

    @property
    def missing(self) -> list[Child]:
        return [child for child in self.children if child.value is None]

    @property
    def needy(self) -> list[Child]:
        """Children that need attention: far from the path, the worst first, then those without a value by name."""
        wanted = {Status.BEHIND, Status.AT_RISK}
        if any(child.value is not None for child in self.children):
            wanted.add(Status.UNKNOWN)
        behind = [child for child in reversed(self.children) if child.value is not None]
        return [child for child in [*behind, *self.missing] if child.standing.status in wanted][:MOST_NEEDY]


def open_indicator(scope: Scope, indicator: Indicator) -> Opened:
    """The reading at the unit and the ranked children; a child is measured against the unit's own target."""
    reading = readings_of(scope, [indicator])[indicator.pk]
    units = children_of(scope.unit, scope.month, scope.basis)
    prefetch_related_objects(units, "contacts")
    rows = values_at(units, indicator, scope.month, basis=scope.basis, since=since_of(scope))
    children = [_child(scope, reading, unit, row, reported=row.reported) for unit, row in zip(units, rows, strict=True)]
    return Opened(scope, reading, tuple(ranked(children, indicator)))


def opened_from(scope: Scope, reading: Reading, units: Sequence[Unit], points: Points) -> Opened:
    """The same of what is read already; the units come without their contacts."""
    indicator = reading.indicator
    rows = [points[unit.pk, indicator.pk][-1] for unit in units]
    children = [
        _child(scope, reading, unit, row, reported=row.reported > 0) for unit, row in zip(units, rows, strict=True)
    ]
    return Opened(scope, reading, tuple(ranked(children, indicator)))


def ranked(children: list[Child], indicator: Indicator) -> list[Child]:
    """Best first; equal values in Vietnamese order of names; without a value last."""
    sign = 1 if indicator.direction == Direction.DOWN else -1

    def place(child: Child) -> tuple[bool, Decimal, str]:
        value = child.value if child.value is not None else Decimal(0)
        return child.value is None, sign * value, sort_key(child.unit.short_name)

    return sorted(children, key=place)


def _child(scope: Scope, reading: Reading, unit: Unit, row: ChildValue | IndicatorPoint, *, reported: bool) -> Child:
    indicator = reading.indicator
    target = reading.target if indicator.is_ratio else None
    place = standing(indicator, row.value, target, scope.as_of)
    if target is None:
        place = Standing(Status.UNKNOWN if row.value is None else Status.NONE, None, None)
    return Child(
        unit=unit,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        text=value_text(indicator, row.value),
        standing=place,
        reported=reported,
        carried=row.value is not None and not reported,
    )
