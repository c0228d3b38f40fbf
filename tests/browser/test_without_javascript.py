"""The daily work without a line of JavaScript: an old phone, a strict office, a broken download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

from equipment.models import Item
from submissions.models import Submission
from tests.browser.steps import cell, sign_in

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal


def test_the_daily_work_of_a_commune(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    portal.handed(cast.tan_cuong)
    page = visit(phone=True, javascript=False)
    sign_in(page, cast.enterer)

    page.goto(reverse("reports:dashboard", args=[cast.tan_cuong.pk]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Xã Tân Cương")

    page.goto("/")
    page.get_by_role("link", name=f"Nhập: {portal.period.form.name}, {portal.period.label}").click()
    cell(page, "Tổng số hội viên").fill("1.200")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_role("main").get_by_text("Đã lưu")).to_be_visible()
    assert Submission.objects.get().cells.get().value == 1200

    page.goto("/")
    page.get_by_role("link", name="Xác nhận đã nhận").click()
    page.get_by_label("Số sê-ri của Dell Vostro").fill("SN-1")
    page.get_by_role("button", name="Xác nhận đã nhận").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận")
    assert Item.objects.get().serial == "SN-1"
