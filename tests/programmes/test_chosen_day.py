"""Readings by the units of a chosen day: exact sums against the naive definition, and what cannot be divided back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import make_month
from programmes.actions import Entry, record_figures
from programmes.choices import Basis, OnDay, Provenance
from programmes.models import Measure
from programmes.queries import series, undivided, units_then
from tests.cast import REFORM, Cast
from tests.programmes.test_totals import EVENTS, RANDOM_WORLDS, live, rolled_back
from tests.programmes.worlds import BIRTH, FIRST, LAST, Country
from units.choices import Share
from units.lineage import rebuild_lineage
from units.models import Succession, Unit

OCTOBER_2024 = make_month(2024, 10)
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


def test_shares_are_marked_as_estimates_where_they_count_in_part(cast: Cast) -> None:
    """A commune of which 60 in 100 went one way and 40 another."""
    members = Measure.objects.create(code="HV", name="Hội viên", kind="stock", unit_of_measure="người")
    link = Succession.objects.get(predecessor=cast.old_dai_phuc)
    Succession.objects.filter(pk=link.pk).update(share=Share.MAIN, percent=60)
    Succession.objects.create(
        reorganisation=link.reorganisation, predecessor=cast.old_dai_phuc, successor=cast.phu_dinh, share=Share.PART,
        percent=40,
    )  # fmt: skip
    rebuild_lineage()
    entry = Entry(cast.old_dai_phuc.pk, members.pk, OCTOBER_2024, Decimal(50))
    record_figures(entries=[entry], provenance=Provenance.SUBMISSION, by=None, today=date(2026, 11, 21))

    def read(unit: Unit, day: date) -> tuple[Decimal | None, bool]:
        point = series(unit, [members], OCTOBER_2024, OCTOBER_2024, basis=OnDay(day))[members.pk][0]
        return point.value, point.estimated

    assert read(cast.dai_phuc, REFORM) == (Decimal(30), True)
    assert read(cast.phu_dinh, REFORM) == (Decimal(20), True)
    assert read(cast.thai_nguyen, REFORM) == (Decimal(50), False)  # both parts are there
    assert read(cast.old_dai_phuc, date(2024, 1, 1)) == (Decimal(50), False)


def test_what_came_of_several_units_belongs_to_none_of_them_and_to_what_holds_them_all(cast: Cast) -> None:
    day = date(2025, 6, 30)
    assert undivided([cast.thinh_duc], OnDay(day)) == [cast.tan_cuong]
    assert undivided([cast.old_district], OnDay(day)) == []
    assert units_then(cast.tan_cuong, OnDay(day)) == [cast.old_tan_cuong, cast.thinh_duc]
    assert units_then(cast.thinh_duc, OnDay(REFORM)) == [cast.tan_cuong]
