"""What was reported by month before there were forms stands under the periods of a monthly form afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.periods import make_month

BEFORE = [("submissions", "0001_initial")]
AFTER = [("submissions", "0004_submissions_by_period")]
SEPTEMBER, OCTOBER = make_month(2026, 9), make_month(2026, 10)


def migrate(to: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.fixture
def apps_before(transactional_db: None) -> Iterator[Any]:
    newest = [key for key in MigrationExecutor(connection).loader.graph.leaf_nodes() if key[0] == "submissions"]
    yield migrate(BEFORE)
    migrate(newest)


def test_months_become_periods(apps_before: Any) -> None:
    unit = apps_before.get_model("units", "Unit").objects.create(
        path="0001", depth=1, kind="commune", code="1", name="Xã", short_name="Xã", valid_from=date(2025, 7, 1)
    )
    measure = apps_before.get_model("programmes", "Measure").objects.create(
        code="HV", name="Hội viên", kind="stock", unit_of_measure="người", group="A. Tổ chức"
    )
    submissions = apps_before.get_model("submissions", "Submission").objects
    for month, state in ((SEPTEMBER, "accepted"), (OCTOBER, "draft")):
        submissions.create(unit=unit, period=month, state=state)

    apps = migrate(AFTER)
    found = apps.get_model("submissions", "Submission").objects.order_by("period__month")
    assert list(found.values_list("period__month", "state", "period__starts_on", "period__ends_on")) == [
        (SEPTEMBER, "accepted", date(2026, 9, 1), date(2026, 9, 30)),
        (OCTOBER, "draft", date(2026, 10, 1), date(2026, 10, 31)),
    ]
    dues = apps.get_model("submissions", "PeriodDue").objects.filter(period__month=OCTOBER, kind="commune")
    assert dues.get().due_on == date(2026, 11, 3)
    line = apps.get_model("submissions", "FormLine").objects.get()
    assert (line.measure_id, line.section.title) == (measure.pk, "A. Tổ chức")


def test_nothing_reported_makes_no_form(apps_before: Any) -> None:
    apps = migrate(AFTER)
    assert not apps.get_model("submissions", "Form").objects.exists()
