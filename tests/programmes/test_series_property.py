"""Readings of measures at every unit, in both ways, against the naive definition, over random countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.choices import Basis
from programmes.queries import series
from tests.programmes.test_totals import EVENTS, RANDOM_WORLDS, live, rolled_back
from tests.programmes.worlds import FIRST, LAST, Country
from units.models import Unit

pytestmark = pytest.mark.django_db


def differing_points(country: Country, first: int, last: int) -> list[object]:
    """Every unit, basis, measure and month that reads otherwise than the definition says."""
    world, found = country.world, []
    for unit in Unit.objects.all():
        for basis in Basis:
            by_today = basis == Basis.TODAY and unit.valid_to is None
            read = series(unit, country.measures, first, last, basis=basis)
            for measure in country.measures:
                for point in read[measure.pk]:
                    definition = world.today if by_today else world.then
                    value, reported, living = definition(unit.pk, measure.pk, point.period)
                    standing = reported if measure.kind == "flow" else living
                    expected = value if standing or value else None
                    if (point.value, point.reported, point.with_value) != (expected, reported, living):
                        found.append((unit, basis, measure.code, point, expected, reported, living))
    return found


@pytest.mark.slow
@RANDOM_WORLDS
@given(seed=st.integers(0, 2**32), events=EVENTS, first=st.integers(FIRST, LAST), length=st.integers(0, 12))
def test_series_say_what_the_definition_says(seed: int, events: list[str], first: int, length: int) -> None:
    with rolled_back():
        assert differing_points(live(seed, events), first, first + length) == []
