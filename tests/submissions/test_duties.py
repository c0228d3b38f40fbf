"""What reports ask of each person on the home page, and the section on the unit's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import duties
from submissions.actions import give_permit, reopen_submission, return_submission
from submissions.duties import report_duties
from tests.submissions.conftest import TODAY, World

LATE = "quá hạn 16 ngày"
RETURNED = ("Bị trả lại: Báo cáo tháng, Tháng 10/2026", "Xã Tân Cương: Chưa khớp")


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is called without a day: here it is the day of the tests."""
    monkeypatch.setattr(duties.timezone, "localdate", lambda value=None: TODAY)


def lines(user: User) -> list[tuple[str, str]]:
    """All but the months before October, which nobody has reported here."""
    found = [(str(duty.title), str(duty.detail)) for duty in report_duties(user)]
    return [line for line in found if not re.search("Tháng 0[89]", line[0])]


def grid(world: World) -> Any:
    return reverse("submissions:grid", args=[world.period().pk, world.cast.tan_cuong.pk])


def test_an_enterer_owes_the_last_finished_month(world: World) -> None:
    assert lines(world.cast.enterer) == [("Nhập: Báo cáo tháng, Tháng 10/2026", f"Xã Tân Cương · {LATE}")]
    assert [duty.url for duty in report_duties(world.cast.enterer)][-1] == grid(world)
    world.save({world.members: 320})
    assert lines(world.cast.enterer) == [("Gửi: Báo cáo tháng, Tháng 10/2026", f"Xã Tân Cương · {LATE}")]
    assert lines(world.cast.signer) == [("Gửi: Báo cáo tháng, Tháng 10/2026", f"Xã Tân Cương · {LATE}")]
    report = world.send({world.members: 321})
    assert lines(world.cast.enterer) == []
    world.accept(report)
    assert lines(world.cast.enterer) == []


def test_a_return_stands_there_with_its_reason_and_only_once(world: World) -> None:
    return_submission(submission=world.send({world.members: 320}), reason="Chưa khớp", by=world.cast.officer)
    assert lines(world.cast.enterer) == [RETURNED]
    assert RETURNED not in lines(world.cast.dai_phuc_enterer)


def test_figures_that_came_another_way_are_no_duty(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 320})
    assert lines(world.cast.enterer) == []


def test_a_correction_under_way_does_not_count_as_missing(world: World) -> None:
    report = world.send({world.members: 320})
    world.accept(report)
    reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    assert lines(world.cast.enterer) == []


def test_an_officer_accepts_and_sees_who_lags(world: World) -> None:
    world.send({world.members: 320})
    world.save({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    assert lines(world.cast.officer) == [
        ("Nhập: Báo cáo tháng, Tháng 10/2026", f"Tỉnh Thái Nguyên · {LATE}"),
        ("1 báo cáo chờ đồng chí duyệt", ""),
        ("3/4 đơn vị chưa gửi: Báo cáo tháng, Tháng 10/2026", "Tỉnh Thái Nguyên"),
    ]


@pytest.mark.parametrize("name", ["leader", "admin", "nobody"])
def test_who_neither_reports_nor_decides_has_no_duty(world: World, name: str) -> None:
    world.send({world.members: 320})
    assert lines(getattr(world.cast, name)) == []


def test_who_keeps_the_forms_sees_who_lags_in_the_country(world: World) -> None:
    world.send({world.members: 320})
    assert lines(world.cast.national) == [
        ("6/7 đơn vị chưa gửi: Báo cáo tháng, Tháng 10/2026", "Hội Liên hiệp Phụ nữ Việt Nam")
    ]


def test_each_duty_has_its_day_so_that_overdue_ones_stand_apart(world: World) -> None:
    days = {str(duty.title): duty.due for duty in report_duties(world.cast.officer)}
    assert days["Nhập: Báo cáo tháng, Tháng 10/2026"] == date(2026, 11, 5)
    assert days["4/4 đơn vị chưa gửi: Báo cáo tháng, Tháng 10/2026"] == date(2026, 11, 5)


def test_the_duty_of_the_officer_leads_to_just_those_units(world: World, client_of: Callable[[User], Client]) -> None:
    world.send({world.members: 320})
    url = next(duty.url for duty in report_duties(world.cast.officer) if "chưa gửi" in str(duty.title))
    page = client_of(world.cast.officer).get(url)
    assert [unit.name for unit in page.context["table"].data.data] == [
        "Phường Đại Phúc" if world.cast.dai_phuc.name.startswith("Phường") else world.cast.dai_phuc.name,
        world.cast.police.name,
        world.cast.phu_dinh.name,
    ]


def test_a_late_permit_is_a_duty_until_its_day(world: World) -> None:
    period = world.period()
    period.locks_on = date(2026, 11, 10)
    period.save()
    assert not [line for line in lines(world.cast.enterer) if "Tháng 10" in line[0]]
    give_permit(period=period, unit=world.cast.tan_cuong, until=date(2026, 11, 30), reason="Mất điện",
                by=world.cast.officer, today=TODAY)  # fmt: skip
    duty = next(duty for duty in report_duties(world.cast.enterer) if "Tháng 10" in str(duty.title))
    assert (duty.detail, duty.due) == ("Xã Tân Cương · được gửi muộn đến hết 30/11/2026", date(2026, 11, 30))


def test_the_page_of_a_unit_shows_its_reports(world: World, client_of: Callable[[User], Client]) -> None:
    world.send({world.members: 320})
    url = reverse("units:section", args=[world.cast.tan_cuong.pk, "so-lieu"])
    html = client_of(world.cast.leader).get(url).content.decode()
    assert grid(world) in html
    assert "Đã gửi, chờ duyệt" in html
    assert client_of(world.cast.stranger).get(url).status_code == 404
