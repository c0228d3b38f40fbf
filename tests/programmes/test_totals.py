"""Totals against a naive recomputation: random trees, mergers, divisions, corrections, late reports, withdrawals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes import totals
from programmes.models import Total
from tests.programmes.worlds import FIRST, LAST, Country
from units.models import Unit

pytestmark = pytest.mark.django_db
RANDOM_WORLDS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
EVENTS = st.lists(st.sampled_from(["report", "report", "report", "reorganise"]), min_size=4, max_size=14)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Leaves nothing behind, for many examples run in one test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live(seed: int, events: list[str]) -> Country:
    """A country in which these events happened."""
    country = Country(Random(seed))
    country.found()
    for event in events:
        if event == "report":
            country.report(country.random.randint(1, 25))
        else:
            country.reorganise()
    country.world.look()
    return country


def differing_totals(country: Country) -> list[object]:
    """Every ancestor, measure and month whose running sums are not what the naive computation says."""
    world = country.world
    found = []
    for ancestor in Unit.objects.filter(numchild__gt=0):
        for measure in country.measures:
            rows = {row.period: row for row in Total.objects.filter(unit=ancestor, measure=measure)}
            level = living = 0
            for when in range(FIRST - 1, LAST + 3):
                row = rows.pop(when, Total(change=0, n=0, n_new=0))
                level, living = level + row.change, living + row.n_new
                stored = row.change if measure.kind == "flow" else level
                value, reported, with_value = world.totals(ancestor.pk, measure.pk, when)
                if (Decimal(stored) / 10_000, row.n, living) != (value, reported, with_value):
                    found.append((ancestor, measure.code, when, stored, row.n, living, value, reported, with_value))
            found.extend(rows.values())
    return found


@pytest.mark.slow
@RANDOM_WORLDS
@given(seed=st.integers(0, 2**32), events=EVENTS, small_steps=st.booleans())
def test_totals_are_what_a_naive_recomputation_says(seed: int, events: list[str], small_steps: bool) -> None:
    """`small_steps` follows reorganisations by differences even where computing everything anew would be cheaper."""
    with pytest.MonkeyPatch.context() as patch, rolled_back():
        if small_steps:
            patch.setattr(totals, "REBUILD_FROM", 0)
        country = live(seed, events)
        assert differing_totals(country) == []
        assert totals.verify() == []
        totals.rebuild()
        assert differing_totals(country) == []
