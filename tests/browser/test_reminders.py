"""Reminders from end to end: people choose how often, the clock strikes, the bell and the log show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import Page, expect

from submissions.models import Mail, MailChoice

if TYPE_CHECKING:
    from tests.browser.background import Background
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

REMIND, SEND_MAILS = "submissions.tasks.remind", "submissions.tasks.send_mails"


def choose(page: Page, pace: str) -> None:
    page.goto(reverse("submissions:mail_pace"))
    page.get_by_label(pace).check()
    page.get_by_role("main").get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu lựa chọn")


def test_from_the_choice_to_the_bell_and_the_log(portal: Portal, visit: Visits, background: Background) -> None:
    cast, period = portal.cast, portal.period
    period.dues.update(due_on=portal.today)  # today is the day
    enterer, other = visit(cast.enterer, phone=True), visit(cast.dai_phuc_enterer)
    choose(enterer, "Nhiều nhất mỗi ngày một thư, gộp mọi việc")
    choose(other, "Không nhận thư: tôi xem trên cổng")
    assert set(MailChoice.objects.values_list("person__username", "pace")) == {
        ("enterer", "daily"), ("dai_phuc_enterer", "never")
    }  # fmt: skip
    background.tick(REMIND)
    background.tick(SEND_MAILS)
    letters = [background.letter(number) for number in (1, 2, 3, 4)]  # with the officers of both provinces
    to = {letter.recipients[0]: letter for letter in letters}
    assert cast.enterer.email in to
    assert cast.dai_phuc_enterer.email not in to
    assert "hôm nay là ngày cuối" in to[cast.enterer.email].text
    for page in (enterer, other):
        page.goto("/")
        expect(page.get_by_role("link", name=re.compile("Thông báo"))).to_contain_text("1")
        page.get_by_role("link", name=re.compile("Thông báo")).click()
        page.get_by_role("button", name=f"Cần gửi: {period.form.name}, {period.label}").click()
        expect(page).to_have_url(re.compile(rf"/so-lieu/ky/{period.pk}/"))
    officer = visit(cast.officer)
    officer.goto(reverse("submissions:notice_log"))
    rows = officer.get_by_role("row")
    expect(rows.filter(has_text=cast.enterer.full_name)).to_contain_text("Đã gửi thư")
    expect(rows.filter(has_text=cast.dai_phuc_enterer.full_name)).to_contain_text("Không gửi thư")
    assert Mail.objects.filter(person=cast.enterer, attempts=1).count() == 1
