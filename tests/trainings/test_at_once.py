"""Several people who record at the same moment, on the database that has real concurrency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.trainings.conftest import NOVEMBER, OCTOBER, World, figures, total
from trainings.actions import cancel_training

pytestmark = [pytest.mark.usefixtures("on_postgres"), pytest.mark.django_db(transaction=True)]


def test_classes_recorded_and_cancelled_at_once_are_all_counted(transactional_db: None, world: World) -> None:
    wrong = [world.record(title=f"Nhầm {number}") for number in range(3)]

    def work(number: int) -> None:
        try:
            if number < len(wrong):
                cancel_training(training=wrong[number], reason="Nhầm", by=world.cast.officer)
            else:
                world.record(title=f"Lớp {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=9) as pool:
        list(pool.map(work, range(9)))
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 360
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-CLASSES"] == 6
    assert total(world.cast.thai_nguyen, "TR-TURNS", OCTOBER) == 360
    assert total(world.cast.thai_nguyen, "TR-TURNS", NOVEMBER) is None
