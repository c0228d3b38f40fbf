"""Reminders: when the calendar asks for them, whom they reach, that each is told once, and what the e-mails hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone

from accounts.models import AuditEntry, User
from core.verdicts import Denied
from submissions.actions import reopen_submission, return_submission
from submissions.actions.mailing import CLAIM_HOLDS, MAIL_ATTEMPTS, send_mails
from submissions.actions.reminding import choose_pace, remind_by_calendar, remind_now
from submissions.choices import MailPace, MailState, NoticeMail, Occasion
from submissions.models import Mail, Notice
from submissions.queries.reminding import occasion_of
from tests.cast import grant, person
from tests.submissions.conftest import TODAY, World
from units.choices import Role

DUE = date(2026, 11, 5)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day on which notices come into being and e-mails are claimed."""

    def set_to(moment: datetime) -> datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to


def told(user: User) -> list[tuple[str, str]]:
    """Occasion and unit of what the person was told about October, the oldest first."""
    rows = Notice.objects.of(user).filter(period__month=24321).order_by("pk")
    return [(row.occasion, row.unit.name) for row in rows.select_related("unit")]


@pytest.mark.parametrize(
    ("days_left", "occasion"),
    [
        (8, None), (7, Occasion.WEEK), (3, Occasion.WEEK), (2, Occasion.DAYS), (1, Occasion.DAYS), (0, Occasion.DUE),
        (-1, Occasion.OVERDUE), (-4, Occasion.OVERDUE), (-5, None),
    ],
)  # fmt: skip
def test_a_missed_day_is_made_good_by_the_next(days_left: int, occasion: Occasion | None) -> None:
    assert occasion_of(days_left) == occasion


def test_each_occasion_is_told_once_to_the_people_of_the_unit(world: World) -> None:
    for days in range(-9, 6):
        for _again in range(2):
            remind_by_calendar(today=DUE + timedelta(days=days))
    assert told(world.cast.enterer) == [(one, "Xã Tân Cương") for one in ("week", "days", "due", "overdue")]
    assert told(world.cast.signer) == []  # only those who enter, unless the report waits for the signature
    assert {unit for _occasion, unit in told(world.cast.officer)} == {"Tỉnh Thái Nguyên"}  # the lists show the rest
    assert [unit for _occasion, unit in told(world.cast.stranger)] == [world.cast.sam_son.name] * 4


def test_it_stops_when_the_report_is_sent_and_begins_again_after_a_return(world: World) -> None:
    remind_by_calendar(today=DUE - timedelta(days=7))
    report = world.send({world.members: 320})
    remind_by_calendar(today=DUE - timedelta(days=2))
    assert told(world.cast.enterer) == [("week", "Xã Tân Cương")]
    return_submission(submission=report, reason="Chưa khớp", by=world.cast.officer)
    remind_by_calendar(today=DUE)
    assert told(world.cast.enterer)[1:] == [("returned", "Xã Tân Cương"), ("due", "Xã Tân Cương")]


def test_a_unit_without_enterer_is_told_through_its_leader(world: World) -> None:
    chair = person("chu-tich-phu-dinh", "Hà Thị Chủ")
    grant(chair, Role.SIGNER, world.cast.phu_dinh)
    remind_by_calendar(today=DUE)
    assert told(chair) == [("due", world.cast.phu_dinh.name)]


def test_a_correction_of_an_accepted_report_is_not_reminded_of(world: World) -> None:
    report = world.send({world.members: 320})
    world.accept(report)
    reopen_submission(submission=report, reason="Nhầm", by=world.cast.enterer, today=TODAY)
    remind_by_calendar(today=DUE)
    assert told(world.cast.enterer) == []


def test_reminding_now_reaches_all_that_lag_once_a_day(world: World) -> None:
    world.send({world.members: 320})
    first = remind_now(scope=world.cast.thai_nguyen, period=world.period(), by=world.cast.officer, today=TODAY)
    assert first == (1, 1, 2)  # Đại Phúc; the police and Phú Đình have nobody who enters or signs
    again = remind_now(scope=world.cast.thai_nguyen, period=world.period(), by=world.cast.officer, today=TODAY)
    assert again[0] == 0
    assert told(world.cast.dai_phuc_enterer) == [("asked", world.cast.dai_phuc.name)]
    assert told(world.cast.enterer) == told(world.cast.stranger) == []
    entry = AuditEntry.objects.filter(action="submissions.remind").earliest("pk")
    assert (entry.actor, entry.after["people"]) == (world.cast.officer, 1)


@pytest.mark.parametrize("name", ["leader", "admin", "enterer", "foreign_officer"])
def test_only_who_looks_after_the_reports_reminds(world: World, name: str) -> None:
    by = getattr(world.cast, name)
    with pytest.raises(Denied):
        remind_now(scope=world.cast.thai_nguyen, period=world.period(), by=by, today=TODAY)
    assert not Notice.objects.exists()


def test_a_return_is_told_with_its_reason_and_its_numbers(world: World) -> None:
    sent = world.send({world.members: 320})
    return_submission(
        submission=sent, reason="Chưa khớp sổ", cells={world.members.pk: "Tăng quá nhanh"}, by=world.cast.officer
    )
    notice = Notice.objects.of(world.cast.enterer).get()
    assert notice.reason == "Chưa khớp sổ\n– Tổng số hội viên: Tăng quá nhanh"
    assert notice.by == world.cast.officer


# --- e-mail ---


def test_one_message_to_each_person_with_all_that_is_due(world: World, clock: Any) -> None:
    both = world.cast.enterer
    grant(both, Role.ENTERER, world.cast.phu_dinh)
    now = clock(at(DUE))
    remind_by_calendar(today=DUE)
    assert send_mails(now=now) == 6  # three communes' people and three officers, whose provinces report too
    assert send_mails(now=now) == 0
    message = next(one for one in mail.outbox if one.to == [both.email])
    assert message.subject == "2 báo cáo cần gửi hoặc sửa"
    html = str(message.alternatives[0][0])
    for body in (message.body, html):
        assert "Xã Tân Cương" in body
        assert world.cast.phu_dinh.name in body
        assert "hôm nay là ngày cuối" in body
        assert f"http://127.0.0.1:8000/so-lieu/ky/{world.period().pk}/{world.cast.tan_cuong.pk}/" in body
        assert "/so-lieu/thong-bao/thu/" in body
        assert world.cast.dai_phuc.name not in body
    assert "<img" not in html
    assert message.extra_headers["Message-ID"].startswith("<report-notice-")
    stored = Mail.objects.get(person=both)
    assert (stored.state, stored.address, stored.attempts) == (MailState.SENT, both.email, 1)
    assert set(stored.notices.values_list("unit__name", flat=True)) == {"Xã Tân Cương", world.cast.phu_dinh.name}


@pytest.mark.parametrize(("hour", "minute", "sent"), [(6, 59, 0), (7, 0, 1), (19, 59, 1), (20, 0, 0), (2, 0, 0)])
def test_no_mail_at_night(world: World, clock: Any, hour: int, minute: int, sent: int) -> None:
    sent_report = world.send({world.members: 320})
    now = clock(at(DUE, hour, minute))
    return_submission(submission=sent_report, reason="Chưa khớp", by=world.cast.officer)
    assert send_mails(now=now) == sent


def test_what_was_sent_meanwhile_is_not_mailed(world: World, clock: Any) -> None:
    now = clock(at(DUE))
    remind_by_calendar(today=DUE)
    world.send({world.members: 320})
    send_mails(now=now)
    assert [world.cast.enterer.email] not in [one.to for one in mail.outbox]
    assert Notice.objects.of(world.cast.enterer).get(period=world.period()).by_mail == NoticeMail.SETTLED


def test_no_mail_to_who_wants_none_or_has_no_address(world: World, clock: Any) -> None:
    now = clock(at(DUE))
    choose_pace(person=world.cast.enterer, pace=MailPace.NEVER, by=world.cast.enterer)
    User.objects.filter(pk=world.cast.dai_phuc_enterer.pk).update(email="")
    remind_by_calendar(today=DUE)
    send_mails(now=now)
    receivers = {one.to[0] for one in mail.outbox}
    assert world.cast.stranger.email in receivers
    assert not {world.cast.enterer.email, world.cast.dai_phuc_enterer.email, ""} & receivers
    assert told(world.cast.enterer) == [("due", "Xã Tân Cương")]  # in the portal always
    assert Notice.objects.of(world.cast.enterer).latest("pk").mail_words == "Không gửi thư: người nhận không muốn"
    assert Notice.objects.of(world.cast.dai_phuc_enterer).latest("pk").by_mail == NoticeMail.NOWHERE


def _days_with_mail(world: World, clock: Any, first: date, days: int) -> list[date]:
    """On which days the enterer of Tân Cương gets mail when an officer returns the report each day at 8 and at 14."""
    found = []
    for place in range(days * 2):
        day = first + timedelta(days=place // 2)
        report = world.send({world.members: 320 + place})
        now = clock(at(day, 14 if place % 2 else 8))
        return_submission(submission=report, reason=f"Lần {place}", by=world.cast.officer)
        before = len(mail.outbox)
        send_mails(now=now)
        found += [day] * (len(mail.outbox) - before)
    return found


@pytest.mark.parametrize(
    ("pace", "days"),
    [(MailPace.EACH, [1, 1, 2, 2, 3, 3]), (MailPace.DAILY, [1, 2, 3]), (MailPace.WEEKLY, [2])],
)
def test_people_choose_how_often(world: World, clock: Any, pace: MailPace, days: list[int]) -> None:
    sunday = date(2026, 11, 8)
    choose_pace(person=world.cast.enterer, pace=pace, by=world.cast.enterer)
    found = _days_with_mail(world, clock, sunday, 3)
    assert found == [sunday + timedelta(days=day - 1) for day in days]


def test_a_crash_between_sending_and_logging_sends_again_and_loses_nothing(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock(at(DUE))
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Chưa khớp", by=world.cast.officer)

    original = locmem.EmailBackend.send_messages

    def die_afterwards(self: Any, messages: Any) -> int:
        original(self, messages)
        raise SystemExit  # the worker is killed after the mail server took the message

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", die_afterwards)
    with pytest.raises(SystemExit):
        send_mails(now=now)
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", original)
    assert Mail.objects.get().state == MailState.CLAIMED
    assert send_mails(now=now + CLAIM_HOLDS) == 0
    assert send_mails(now=now + CLAIM_HOLDS + timedelta(seconds=1)) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert Mail.objects.get().state == MailState.SENT


def test_a_failing_mail_server_is_tried_again_and_given_up_in_the_open(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = clock(at(DUE, 7))
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Chưa khớp", by=world.cast.officer)

    def refuse(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError("không nối được")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    for _attempt in range(MAIL_ATTEMPTS + 1):
        assert send_mails(now=now) == 0
        now += CLAIM_HOLDS + timedelta(seconds=1)
    stored = Mail.objects.get()
    assert (stored.state, stored.attempts) == (MailState.FAILED, MAIL_ATTEMPTS)
    assert "không nối được" in stored.error


# --- who looks after those that lag ---


def lags(user: User) -> list[Notice]:
    return list(Notice.objects.of(user).filter(occasion=Occasion.LAGGING, period__month=24321).select_related("unit"))


def test_after_the_due_date_officers_and_the_centre_learn_how_many_lag_once(world: World) -> None:
    remind_by_calendar(today=DUE)
    assert lags(world.cast.officer) == []
    for days in (1, 2, 5):
        remind_by_calendar(today=DUE + timedelta(days=days))
    found = {
        name: [one.unit for one in lags(getattr(world.cast, name))] for name in ("officer", "officer2", "national")
    }
    assert found == {
        "officer": [world.cast.thai_nguyen], "officer2": [world.cast.thai_nguyen], "national": [world.cast.centre]
    }  # fmt: skip
    for name in ("leader", "admin", "enterer", "signer", "stranger"):
        assert lags(getattr(world.cast, name)) == []


def test_nobody_learns_of_a_lag_where_all_have_sent(world: World) -> None:
    for unit in (world.cast.tan_cuong, world.cast.dai_phuc, world.cast.phu_dinh, world.cast.police):
        world.report(unit, {world.members: 320})
    remind_by_calendar(today=DUE + timedelta(days=1))
    assert lags(world.cast.officer) == []
    assert [one.unit for one in lags(world.cast.foreign_officer)] == [world.cast.thanh_hoa]


def test_the_notice_counts_as_things_stand_and_leads_to_the_list(world: World, client_of: Any) -> None:
    remind_by_calendar(today=DUE + timedelta(days=1))
    client, notice = client_of(world.cast.officer), lags(world.cast.officer)[0]
    page = client.get("/so-lieu/thong-bao/").content.decode()
    assert "4/4 đơn vị chưa gửi: Báo cáo tháng, Tháng 10/2026" in page
    answer = client.post(f"/so-lieu/thong-bao/{notice.pk}/")
    assert f"unit={world.cast.thai_nguyen.pk}" in answer.url
    assert world.cast.phu_dinh.name in client.get(answer.url).content.decode()
    world.send({world.members: 320})
    assert "3/4 đơn vị chưa gửi" in client.get("/so-lieu/thong-bao/").content.decode()


def test_the_e_mail_about_a_lag_is_settled_when_all_have_sent_meanwhile(world: World, clock: Any) -> None:
    now = clock(at(DUE + timedelta(days=1)))
    remind_by_calendar(today=DUE + timedelta(days=1))
    for unit in (world.cast.tan_cuong, world.cast.dai_phuc, world.cast.phu_dinh, world.cast.police):
        world.report(unit, {world.members: 320})
    send_mails(now=now)
    own = next(one for one in mail.outbox if one.to == [world.cast.officer.email])
    assert "đơn vị chưa gửi" not in own.body  # only that the province's own report is late
    assert lags(world.cast.officer)[0].by_mail == NoticeMail.SETTLED
    both = next(one for one in mail.outbox if one.to == [world.cast.foreign_officer.email])
    assert both.subject == "2 việc cần làm về báo cáo"  # the province's own, and a commune that lags
    message = next(one for one in mail.outbox if one.to == [world.cast.national.email])
    assert "3/7 đơn vị chưa gửi" in message.body
    assert f"/so-lieu/tien-do/chua-gui/?unit={world.cast.centre.pk}" in message.body
