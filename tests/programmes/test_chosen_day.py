"""Readings by the units of a chosen day: exact sums against the naive definition, and what cannot be divided back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programmes.choices import Basis, OnDay
from programmes.queries import series
from tests.programmes.test_totals import EVENTS, RANDOM_WORLDS, live, rolled_back
from tests.programmes.worlds import BIRTH, FIRST, LAST, Country
from units.models import Unit

pytestmark = pytest.mark.django_db
DAYS = st.integers(0, 480).map(lambda days: BIRTH + timedelta(days=days))


def differing(country: Country, day: date, first: int, last: int) -> list[object]:
    """Every unit of the day, measure and month that reads otherwise than the definition says."""
    world, found = country.world, []
    for unit in Unit.objects.active(day):
        read = series(unit, country.measures, first, last, basis=OnDay(day))
        for measure in country.measures:
            for point in read[measure.pk]:
                value, reported, living = world.on_day(unit.pk, measure.pk, point.period, day)
                standing = reported if measure.kind == "flow" else living
                expected = value if standing or value else None
                if (point.value, point.reported, point.with_value) != (expected, reported, living):
                    found.append((unit, measure.code, point, expected, reported, living))
    return found


@settings(RANDOM_WORLDS, max_examples=6)
@given(seed=st.integers(0, 2**32), events=EVENTS, day=DAYS, first=st.integers(FIRST, LAST), length=st.integers(0, 8))
def test_sums_by_the_units_of_a_day_are_what_the_definition_says(
    seed: int, events: list[str], day: date, first: int, length: int
) -> None:
    with rolled_back():
        assert differing(live(seed, events), day, first, first + length) == []


@settings(RANDOM_WORLDS, max_examples=3)
@given(seed=st.integers(0, 2**32), events=EVENTS)
def test_the_units_of_today_read_as_by_todays_units(seed: int, events: list[str]) -> None:
    with rolled_back():
        country = live(seed, events)
        for unit in Unit.objects.filter(valid_to__isnull=True):
            chosen = series(unit, country.measures, FIRST, LAST, basis=OnDay(date(2026, 1, 1)))
            today = series(unit, country.measures, FIRST, LAST, basis=Basis.TODAY)
            assert [[point[:4] for point in chosen[one.pk]] for one in country.measures] == [
                [point[:4] for point in today[one.pk]] for one in country.measures
            ]
