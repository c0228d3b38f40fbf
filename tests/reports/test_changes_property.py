"""The parts of a change add up to the difference, at every unit and in every way of reading, over random countries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes.choices import Basis, OnDay, Way, Window
from programmes.models import Indicator, Measure
from programmes.queries import indicator_series
from reports.explaining.change import change_of
from reports.explaining.parts import Part
from reports.queries.scope import Scope
from tests.programmes.test_totals import EVENTS, live, rolled_back
from tests.programmes.worlds import FIRST, LAST, TODAY, Country
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW_WORLDS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def indicators(measures: list[Measure]) -> list[Indicator]:
    """Each measure alone, flows over each window, and shares of all kinds over one another."""
    by_code = {one.code: one for one in measures}
    pairs = [("FLAG", "STOCK"), ("FLOW", "STOCK"), ("FINE", "FLOW")]
    windows = [("FLOW", window) for window in Window.values]
    rows = [(by_code[top], by_code[below], Window.YEAR.value) for top, below in pairs]
    rows += [(one, None, Window.YEAR.value) for one in measures if one.kind != "flow"]
    rows += [(by_code[code], None, window) for code, window in windows]
    return [
        Indicator.objects.create(
            code=f"I{place}", name=f"I{place}", numerator=top, denominator=below, window=window, unit_label="x"
        )
        for place, (top, below, window) in enumerate(rows)
    ]


def wrong(scope: Scope, indicator: Indicator, first: int) -> Iterator[object]:
    """Whatever of the change does not agree with the official readings, or does not add up."""
    official = indicator_series(scope.unit, [indicator], first, scope.month, basis=scope.basis)[indicator.pk]
    found = change_of(scope, indicator, first)
    told = (scope.unit, scope.basis, indicator.numerator.code, indicator.denominator, indicator.window, first)
    if found is None:
        return
    parts = {part: found.points(part) for part in Part}
    if found.unexplained or found.after - found.before != sum(parts.values(), Fraction(0)):
        yield told, "does not add up", found.unexplained, parts
    if not indicator.is_ratio and found.after != Fraction(official[-1].numerator or 0):
        yield told, "another end", found.after, official[-1]
    if not indicator.is_ratio and found.before + parts[Part.CORRECTED] != Fraction(official[0].numerator or 0):
        yield told, "another beginning", found.before, official[0]


def ways(unit: Unit, day: int) -> list[Way]:
    return [*Basis, OnDay(TODAY.replace(month=1, day=1 + day))] if unit.valid_to is None else [Basis.THEN]


def some_units(country: Country) -> list[Unit]:
    """The centre, every province, and three communes, closed ones among them."""
    communes = list(Unit.objects.filter(kind="commune").order_by("pk"))
    chosen = country.random.sample(communes, min(3, len(communes)))
    return [*Unit.objects.filter(kind__in=["centre", "province"]).order_by("pk"), *chosen]


@FEW_WORLDS
@given(
    seed=st.integers(0, 2**32), events=EVENTS, first=st.integers(FIRST, LAST - 1), length=st.integers(1, 14),
    day=st.integers(0, 27),
)  # fmt: skip
def test_the_parts_are_the_difference(seed: int, events: list[str], first: int, length: int, day: int) -> None:
    with rolled_back():
        country = live(seed, events)
        some = country.random.sample(indicators(country.measures), 4)
        for unit in some_units(country):
            scope = Scope(unit=unit, programme=None, month=first + length, basis=Basis.THEN, today=TODAY)
            for way in ways(unit, day):
                for indicator in some:
                    assert list(wrong(replace(scope, basis=way), indicator, first)) == []
