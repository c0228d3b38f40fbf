"""Many writers at once on one province: nothing lost, nothing doubled, nobody waits in a circle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from threading import Thread

import pytest
from django.db import connection

from programmes import totals
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from programmes.models import Figure, Measure
from tests.cast import Cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_postgres")]
WRITERS, ROUNDS = 8, 60
FIRST, LAST = 24306, 24312
TODAY = date(2026, 11, 21)


@pytest.fixture
def country(transactional_db: None) -> Cast:
    from tests import cast as names  # needs the database settings, which are ready only inside a fixture

    return names.build()


def write(seed: int, units: list[int], old: int, measures: list[int], problems: list[BaseException]) -> None:
    """Reports of one or several units, corrections, withdrawals, and corrections of a closed predecessor."""
    random = Random(seed)
    try:
        for _ in range(ROUNDS):
            entries = {}
            for unit in random.sample(units, random.choice([1, 1, 1, 3])):
                for measure in random.sample(measures, 3):
                    value = None if random.random() < 0.2 else Decimal(random.randint(0, 1))
                    key = (unit, measure, random.randint(FIRST, LAST))
                    entries[key] = Entry(*key, value)
            if random.random() < 0.2:
                key = (old, measures[0], FIRST - random.randint(1, 3))
                entries[key] = Entry(*key, Decimal(random.randint(0, 9)))
            record_figures(entries=entries.values(), provenance=Provenance.SUBMISSION, by=None, today=TODAY)
    except BaseException as error:  # a thread's failure must reach the test
        problems.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_province_never_deadlock_and_totals_stay_exact(country: Cast) -> None:
    kinds = ["stock", "flow", "flag", "stock"]
    measures = [
        Measure.objects.create(code=f"M{place}", name=f"M{place}", kind=kind, unit_of_measure="x").pk
        for place, kind in enumerate(kinds)
    ]
    units = [country.tan_cuong.pk, country.dai_phuc.pk, country.phu_dinh.pk, country.police.pk]
    problems: list[BaseException] = []
    writers = [
        Thread(target=write, args=(seed, units, country.thinh_duc.pk, measures, problems)) for seed in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):  # and somebody who rebuilds meanwhile
        totals.rebuild([country.thai_nguyen.pk])
        totals.sync()
        assert totals.verify() == []
    for writer in writers:
        writer.join()
    assert problems == []
    assert totals.verify() == []
    assert Figure.objects.count() > 50
