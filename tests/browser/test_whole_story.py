"""The whole reporting cycle: reminded, entered, signed, one number returned, mended, accepted, on the dashboard.

Background work is done by a worker, on Redis in a process of its own; e-mails arrive at a mail server.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import AuditEntry
from submissions.actions import change_form
from submissions.frames import details_of
from submissions.models import Cell, Submission
from tests.browser.steps import cell, dashboard_row

if TYPE_CHECKING:
    from tests.browser.background import Background
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal
    from tests.mailserver import Letter

MEMBERS, WITH_DATA = "Tổng số hội viên", "Hội viên đã có dữ liệu trên phần mềm"
SHARE = "Tỷ lệ hội viên đã được cập nhật dữ liệu trên phần mềm"
REASON = "Số hội viên có dữ liệu thấp hơn sổ theo dõi, đề nghị kiểm tra."
DESK = {"width": 1440, "height": 900}
LINK = re.compile(r"https?://\S+/so-lieu/ky/\S+")
SEND_MAILS = "submissions.tasks.send_mails"


@pytest.fixture
def signed(portal: Portal) -> Portal:
    """The monthly form goes through the hands of the unit's leader."""
    form = portal.period.form
    change_form(form=form, details=replace(details_of(form), signed=True), by=portal.cast.national, today=portal.today)
    return portal


def mail_out(background: Background, number: int) -> Letter:
    background.tick(SEND_MAILS)
    return background.letter(number)


def follow_link(page: Page, letter: Letter) -> None:
    """Opens the form that the e-mail leads to."""
    found = LINK.search(letter.text)
    assert found, letter.text
    page.goto(found[0])


def typed(page: Page, measure: str, text: str) -> None:
    """Into one cell, which saves by itself; on a phone its part is unfolded first."""
    part = page.locator("[data-part]").filter(has=page.get_by_label(measure, exact=True))
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    cell(page, measure).fill(text)
    page.keyboard.press("Enter")
    expect(cell(page, measure).locator("xpath=ancestor::td").locator(".cell-state")).to_have_text("đã lưu")


def hand_over(page: Page) -> None:
    page.get_by_role("button", name="Xem lại và gửi").click()
    page.get_by_label(re.compile("số để trống")).check()
    page.get_by_role("button", name="Trình ký").click()
    expect(page.get_by_role("status")).to_contain_text("đang chờ lãnh đạo đơn vị ký")


def sign(page: Page, portal: Portal) -> None:
    page.goto("/")
    page.get_by_role("link", name=f"Ký: {portal.period.form.name}, {portal.period.label}").click()
    page.get_by_role("link", name="Ký và gửi").click()
    page.get_by_label(re.compile("số để trống")).check()
    page.get_by_role("button", name="Ký và gửi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ký. Báo cáo đã gửi, chờ duyệt.")


def test_from_the_reminder_to_the_dashboard(signed: Portal, visit: Visits, background: Background) -> None:
    portal, cast, period = signed, signed.cast, signed.period
    title = f"{period.form.name}, {period.label}"
    officer = visit(cast.officer)
    officer.set_viewport_size(DESK)  # type: ignore[arg-type]

    # the province reminds: a job tells everybody whose report has not come, and the e-mails go out
    officer.goto(reverse("submissions:remind", args=[period.pk, cast.tan_cuong.pk]))
    officer.get_by_role("button", name="Nhắc ngay").click()
    expect(officer.locator("#job-progress")).to_contain_text("Đã nhắc 1 người của 1 đơn vị")
    asked = mail_out(background, 1)
    assert asked.recipients == [cast.enterer.email]
    assert asked.subject == f"Cần gửi: {title} – Xã Tân Cương"

    # the commune follows the link on its phone, enters the month, its leader signs
    phone, leader = visit(cast.enterer, phone=True), visit(cast.signer, phone=True)
    follow_link(phone, asked)
    typed(phone, MEMBERS, "1200")
    typed(phone, WITH_DATA, "90")
    hand_over(phone)
    sign(leader, portal)

    # the province returns one cell with the reason
    officer.goto("/")
    officer.get_by_role("link", name="1 báo cáo chờ đồng chí duyệt").click()
    officer.get_by_role("link", name="Xem Xã Tân Cương").click()
    officer.get_by_role("link", name="Trả lại…").click()
    officer.get_by_label("Vì sao trả lại báo cáo?").fill(REASON)
    officer.get_by_role("checkbox", name=f"{WITH_DATA}: 90").check()
    officer.get_by_role("button", name="Trả lại").click()
    expect(officer.get_by_role("status")).to_contain_text("Đã trả lại báo cáo.")

    # the reason stands in the e-mail, on the home page and on the form
    returned = mail_out(background, 2)
    assert returned.recipients == [cast.enterer.email]
    assert returned.subject == f"Bị trả lại: {title} – Xã Tân Cương"
    for text in (returned.text, returned.html):
        assert REASON in text
        assert f"– {WITH_DATA}" in text
        assert MEMBERS not in text
    phone.goto("/")
    expect(phone.get_by_role("listitem").filter(has_text="Bị trả lại")).to_contain_text(REASON)
    follow_link(phone, returned)
    expect(phone.get_by_role("main")).to_contain_text(REASON)

    # only the named cell opens; it is mended and goes the same way again
    expect(phone.get_by_role("main").get_by_role("row").filter(has_text="Bị trả lại: sửa ô này.")).to_have_count(1)
    expect(phone.locator("[data-cell]")).to_have_count(1)
    expect(cell(phone, MEMBERS)).to_have_count(0)
    phone.get_by_role("link", name=WITH_DATA, exact=True).click()
    expect(cell(phone, WITH_DATA)).to_be_focused()
    typed(phone, WITH_DATA, "900")
    hand_over(phone)
    sign(leader, portal)
    expect(dashboard_row(officer, cast.thai_nguyen, SHARE)).to_contain_text("chưa có số liệu")

    # the province accepts, and the dashboard moves
    officer.goto(reverse("submissions:review"))
    expect(officer.get_by_role("checkbox", name="Xã Tân Cương")).to_be_checked()
    officer.get_by_role("button", name="Duyệt các báo cáo đã chọn").click()
    expect(officer.get_by_role("status")).to_contain_text(f"Đã duyệt: Xã Tân Cương, {period.label}.")
    expect(dashboard_row(officer, cast.thai_nguyen, SHARE)).to_contain_text("75% (900/1.200)")

    background.tick(SEND_MAILS)  # nothing is left to tell
    assert_nothing_was_lost()
    assert len(background.letters) == 2


def assert_nothing_was_lost() -> None:
    """What was not returned was touched once, and every step stands in the audit in its order."""
    assert dict(Cell.objects.values_list("measure__code", "version")) == {"MB-ALL": 1, "MB-SOFTWARE": 2}
    report = Submission.objects.get()
    trail = AuditEntry.objects.filter(object_type="submissions.submission", object_id=str(report.pk)).order_by("pk")
    assert [(verb.partition(".")[2], person) for verb, person in trail.values_list("action", "actor__username")] == [
        ("save", "enterer"), ("save", "enterer"), ("hand_over", "enterer"), ("sign", "signer"), ("return", "officer"),
        ("save", "enterer"), ("hand_over", "enterer"), ("sign", "signer"), ("accept", "officer"),
    ]  # fmt: skip
