"""Locks and late permits: what is closed refuses every way in, and a permit opens it for one unit until its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.periods import last_day
from core.verdicts import Denied
from programmes.models import Measure, Programme
from submissions import starter
from submissions.actions import give_permit, open_periods, reopen_submission, send_submission, withdraw_permit
from submissions.models import Form, Holiday, Permit, ReportingPeriod, Submission
from submissions.tasks import open_periods_daily
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World

SignIn = Callable[[User], Client]
TOMORROW = TODAY + timedelta(days=1)


def lock(world: World, month: int = OCTOBER) -> ReportingPeriod:
    """Closes a period whose last day for typing was the end of its month."""
    period = world.period(month)
    period.locks_on = last_day(month)
    period.save()
    return period


def permit(world: World, period: ReportingPeriod, until: date = TODAY) -> Permit:
    return give_permit(
        period=period, unit=world.cast.tan_cuong, until=until, reason="Mất điện", by=world.cast.officer, today=TODAY
    )


def test_the_last_day_is_still_open(world: World) -> None:
    period = world.period()
    period.locks_on = TODAY
    period.save()
    assert world.save({world.members: 5}) is not None


def test_a_locked_period_takes_no_numbers(world: World) -> None:
    lock(world)
    with pytest.raises(ValidationError, match="khóa"):
        world.save({world.members: 5})
    assert not Submission.objects.exists()


def test_a_draft_of_a_locked_period_is_not_sent(world: World) -> None:
    draft = world.save({world.members: 5})
    lock(world)
    assert draft is not None
    with pytest.raises(ValidationError, match="khóa"):
        send_submission(submission=draft, by=world.cast.enterer, today=TODAY)


def test_an_accepted_report_of_a_locked_period_is_not_reopened(world: World) -> None:
    (report,) = world.accept(world.send({world.members: 5}))
    lock(world)
    with pytest.raises(ValidationError, match="khóa"):
        reopen_submission(submission=report, reason="Đếm lại", by=world.cast.enterer, today=TODAY)
    permit(world, world.period())
    assert reopen_submission(submission=report, reason="Đếm lại", by=world.cast.enterer, today=TODAY).is_correction


def test_a_permit_opens_it_for_its_unit_alone_until_its_day(world: World) -> None:
    period = lock(world)
    permit(world, period)
    report = world.send({world.members: 5})
    assert report.is_sent
    with pytest.raises(ValidationError, match="khóa"):
        world.save({world.members: 5}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    assert list(Permit.objects.in_force(TOMORROW)) == []


def test_a_withdrawn_permit_opens_nothing(world: World) -> None:
    given = permit(world, lock(world), until=TOMORROW)
    withdraw_permit(permit=given, by=world.cast.officer)
    with pytest.raises(ValidationError, match="khóa"):
        world.save({world.members: 5})


def test_who_may_permit_what(world: World) -> None:
    period = lock(world)
    asked = {"period": period, "until": TODAY, "reason": "Mất điện", "today": TODAY}
    with pytest.raises(Denied):
        give_permit(unit=world.cast.tan_cuong, by=world.cast.enterer, **asked)
    with pytest.raises(Denied):
        give_permit(unit=world.cast.tan_cuong, by=world.cast.foreign_officer, **asked)
    with pytest.raises(ValidationError, match="không phải nộp"):
        give_permit(unit=world.cast.old_tan_cuong, by=world.cast.officer, **asked)
    with pytest.raises(ValidationError):
        give_permit(unit=world.cast.tan_cuong, by=world.cast.officer, **{**asked, "until": TODAY - timedelta(days=1)})


def test_the_grid_says_why_it_is_closed(world: World, client_of: SignIn) -> None:
    period = lock(world, SEPTEMBER)
    url = reverse("submissions:grid", args=[period.pk, world.cast.tan_cuong.pk])
    page = client_of(world.cast.enterer).get(url).content.decode()
    assert "Kỳ Tháng 09/2026 đã khóa sổ sau ngày 30/09/2026" in page
    permit(world, period, until=date(2099, 1, 1))
    assert "đã khóa sổ sau ngày" not in client_of(world.cast.enterer).get(url).content.decode()


# --- opening ---------------------------------------------------------------------------------------------------


def test_periods_open_once_however_often_they_are_asked_for(world: World) -> None:
    before = ReportingPeriod.objects.count()
    assert open_periods(today=TODAY) == []
    later = open_periods(today=date(2026, 12, 1))
    assert [period.label for period in later] == ["Tháng 12/2026"]
    assert open_periods(today=date(2026, 12, 1)) == []
    assert ReportingPeriod.objects.count() == before + 1


def test_a_form_out_of_use_opens_nothing(world: World) -> None:
    Form.objects.update(active=False)
    assert open_periods(today=date(2027, 6, 1)) == []


def test_the_nightly_task_and_the_command_open_them(world: World) -> None:
    ReportingPeriod.objects.filter(month=OCTOBER).delete()
    assert open_periods_daily() >= 1
    ReportingPeriod.objects.filter(month=SEPTEMBER).delete()
    told = StringIO()
    call_command("open_periods", stdout=told)
    assert "Tháng 09/2026" in told.getvalue()


# --- the start of a portal -------------------------------------------------------------------------------------


def test_the_starter_form_is_loaded_once_with_the_holidays(world: World) -> None:
    Form.objects.update(active=False)
    programme = Programme.objects.get()
    told = StringIO()
    arguments = ["load_forms", programme.code, "--by", world.cast.national.username, "--first-month", "10/2026"]
    call_command(*arguments, stdout=told)
    call_command(*arguments, stdout=told)
    form = Form.objects.get(code=starter.CODE)
    assert form.versions.get().lines.count() == Measure.objects.exclude(source="units").count()
    assert form.periods.filter(month__lte=OCTOBER + 1).count() == 2
    assert told.getvalue().count("holidays +0") == 1


@pytest.mark.parametrize(
    ("programme", "by", "said"), [("NO", "national", "no programme"), (None, "no-one", "Nobody"), (None, "admin", ".")]
)
def test_the_command_says_what_is_wrong(world: World, programme: str | None, by: str, said: str) -> None:
    code = programme or Programme.objects.get().code
    with pytest.raises(CommandError, match=said):
        call_command("load_forms", code, "--by", by)
    assert not Form.objects.filter(code=starter.CODE).exists()


def test_the_shipped_holidays_are_those_that_the_law_fixes(db: None) -> None:
    assert starter.load_holidays() == 40
    for year in range(2026, 2031):
        days = set(Holiday.objects.filter(day__year=year).values_list("day", flat=True))
        assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} < days
        tet = Holiday.objects.filter(day__year=year, name__startswith="Tết Nguyên đán").order_by("day")
        assert [row.day - tet[0].day for row in tet] == [timedelta(days=n) for n in range(3)]
    assert Holiday.objects.get(day=date(2026, 2, 17)).name == "Tết Nguyên đán (mùng 1)"
    assert Holiday.objects.get(day=date(2026, 4, 26)).name.startswith("Giỗ Tổ")
    assert starter.load_holidays() == 0
