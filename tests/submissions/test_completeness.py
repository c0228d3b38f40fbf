"""Who has reported: the standing of every unit, the sums, and that both always say the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from programmes.choices import Provenance
from programmes.models import Figure
from submissions.actions import reopen_submission, return_submission, take_back
from submissions.choices import REPORTED, UNSENT, Standing
from submissions.models import ReportingPeriod, Submission
from submissions.queries.completeness import Tally, followed, period_key, tallies, with_standings
from submissions.queries.periods import owing_period
from tests.submissions.conftest import NOVEMBER, OCTOBER, SEPTEMBER, TODAY, World
from units.models import Unit

DUE = date(2026, 11, 5)  # of communes for October


def periods(world: World) -> list[ReportingPeriod]:
    return list(followed(TODAY).filter(form=world.reporting.form))


def standing(world: World, unit: Unit, month: int = OCTOBER) -> str:
    period = followed(TODAY).get(pk=world.period(month).pk)
    row = with_standings(Unit.objects.filter(pk=unit.pk), [period], TODAY).get()
    return str(getattr(row, period_key(period)))


def arrive(report: Submission, moment: datetime) -> None:
    Submission.objects.filter(pk=report.pk).update(arrived_at=moment)


def test_sent_by_the_end_of_the_due_day_here_is_in_time(world: World) -> None:
    report = world.send({world.members: 320})
    arrive(report, datetime(2026, 11, 5, 16, 59, tzinfo=UTC))  # 23:59 in Vietnam
    assert standing(world, world.cast.tan_cuong) == Standing.IN_TIME
    arrive(report, datetime(2026, 11, 5, 17, 0, tzinfo=UTC))  # midnight
    assert standing(world, world.cast.tan_cuong) == Standing.LATE


def test_a_return_asks_again_and_the_first_sending_decides_whether_it_was_in_time(world: World) -> None:
    report = world.send({world.members: 320})
    arrive(report, datetime(2026, 11, 4, 3, 0, tzinfo=UTC))
    returned = return_submission(submission=report, reason="Chưa khớp", by=world.cast.officer)
    assert standing(world, world.cast.tan_cuong) == Standing.RETURNED
    world.save({world.members: 321}, expected=None)
    returned.refresh_from_db()
    world.send({world.members: 322})
    assert standing(world, world.cast.tan_cuong) == Standing.IN_TIME


def test_drafts_and_taken_back_reports_are_not_sent(world: World) -> None:
    world.save({world.members: 320})
    assert standing(world, world.cast.tan_cuong) == Standing.DRAFT
    sent = world.send({world.members: 321})
    take_back(submission=sent, by=world.cast.enterer)
    assert standing(world, world.cast.tan_cuong) == Standing.DRAFT


def test_a_correction_of_what_was_accepted_does_not_undo_the_report(world: World) -> None:
    report = world.send({world.members: 320})
    world.accept(report)
    reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    assert standing(world, world.cast.tan_cuong) in REPORTED


def test_figures_of_an_import_count_without_a_day_and_computed_ones_do_not(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 320})
    assert standing(world, world.cast.tan_cuong) == Standing.UNTIMED
    Figure.objects.filter(unit=world.cast.tan_cuong.pk).update(provenance=Provenance.REGISTER)
    assert standing(world, world.cast.tan_cuong) == Standing.MISSING


def test_nothing_is_missing_while_the_days_run_or_before_a_unit_was_there(world: World) -> None:
    assert standing(world, world.cast.tan_cuong, NOVEMBER) == Standing.NOT_DUE
    assert standing(world, world.cast.thinh_duc) == Standing.ABSENT


@pytest.fixture
def mixed(world: World) -> World:
    """Every kind of standing somewhere below Thái Nguyên and Thanh Hóa."""
    cast = world.cast
    arrive(world.send({world.members: 320}), datetime(2026, 11, 4, 3, 0, tzinfo=UTC))
    world.send({world.members: 300}, month=SEPTEMBER)
    world.report(cast.phu_dinh, {world.members: 90})
    world.save({world.members: 80}, unit=cast.dai_phuc, by=cast.dai_phuc_enterer)
    sent = world.send({world.members: 70}, unit=cast.sam_son, by=cast.stranger)
    return_submission(submission=sent, reason="Chưa khớp", by=cast.foreign_officer)
    return world


@pytest.mark.parametrize("scope", ["centre", "thai_nguyen", "thanh_hoa", "tan_cuong"])
@pytest.mark.parametrize("steps", [0, 1])
def test_the_sums_are_those_of_the_units_one_by_one(mixed: World, scope: str, steps: int) -> None:
    place = getattr(mixed.cast, scope)
    shown = periods(mixed)
    length = len(place.path) + steps * Unit.steplen
    counted: dict[tuple[str, int], Counter[str]] = {}
    for period in shown:
        units = with_standings(owing_period(period).below(place).exclude(pk=place.pk), [period], TODAY)
        for unit in units:
            key = (unit.path[:length], period.pk)
            counted.setdefault(key, Counter())[getattr(unit, period_key(period))] += 1
    expected = {
        key: Tally(
            expected=sum(found.values()),
            in_time=found[Standing.IN_TIME],
            late=found[Standing.LATE],
            untimed=found[Standing.UNTIMED],
            returned=found[Standing.RETURNED],
            under_way=found[Standing.DRAFT] + found[Standing.UNSIGNED],
        )
        for key, found in counted.items()
    }
    assert tallies(place, shown, steps=steps) == expected


def test_the_sums_of_october(mixed: World) -> None:
    period = followed(TODAY).get(pk=mixed.period().pk)
    found = tallies(mixed.cast.centre, [period])
    assert found[mixed.cast.thai_nguyen.path, period.pk] == Tally(expected=5, in_time=1, untimed=1, under_way=1)
    assert found[mixed.cast.thanh_hoa.path, period.pk] == Tally(expected=2, returned=1)


def test_sums_take_two_queries_for_any_number_of_periods(mixed: World, django_assert_num_queries: Any) -> None:
    shown = periods(mixed)
    for some in (shown[:1], shown):
        with django_assert_num_queries(2):
            tallies(mixed.cast.centre, some)


def test_each_standing_is_either_reported_unsent_or_asks_nothing() -> None:
    assert set(REPORTED) | set(UNSENT) | {Standing.NOT_DUE, Standing.ABSENT} == set(Standing)
    assert not set(REPORTED) & set(UNSENT)
