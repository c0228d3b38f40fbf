"""Several people at the same moment, on the database that has real concurrency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import AuditEntry
from submissions.actions import StaleError, accept_submissions
from submissions.models import Cell, Submission
from tests.submissions.conftest import World, level

pytestmark = [pytest.mark.usefixtures("on_postgres"), pytest.mark.django_db(transaction=True)]


def all_at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each call gives back, or the refusal it raised."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_many_first_saves_of_one_cell_one_wins_and_the_others_see_it(transactional_db: None, world: World) -> None:
    answers = all_at_once(
        [
            lambda value=value: world.save({world.members: value}, expected={world.members: 0})  # type: ignore[misc]
            for value in range(300, 306)
        ]
    )
    assert sum(isinstance(answer, Submission) for answer in answers) == 1
    assert sum(isinstance(answer, StaleError) for answer in answers) == 5
    assert (Submission.objects.count(), Cell.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="submissions.save").count() == 1


def test_different_cells_of_one_report_are_all_kept(transactional_db: None, world: World) -> None:
    typed = {world.members: 320, world.admitted: 5, world.online: 1, world.score: 8}
    answers = all_at_once([lambda one=one: world.save(dict([one])) for one in typed.items()])  # type: ignore[misc]
    assert all(isinstance(answer, Submission) for answer in answers)
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"HV": 320, "KN": 5, "TRANG": 1, "DIEM": 8}
    assert Submission.objects.get().version == 4


def test_officers_who_accept_the_same_reports_count_them_once(transactional_db: None, world: World) -> None:
    reports = [
        world.send({world.members: 300}),
        world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer),
    ]
    officers = [world.cast.officer, world.cast.officer2] * 3
    answers = all_at_once(
        [lambda by=by: accept_submissions(submissions=reports, by=by) for by in officers]  # type: ignore[misc]
    )
    assert sorted(len(answer) for answer in answers) == [0, 0, 0, 0, 0, 2]
    assert level(world.cast.thai_nguyen, world.members) == Decimal(380)
    assert AuditEntry.objects.filter(action="submissions.accept").count() == 2
