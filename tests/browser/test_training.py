"""A commune writes down a class on a phone; the province's indicator counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.dates import format_date
from core.periods import first_day
from tests.browser.steps import dashboard_row

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

TURNS = "Số lượt người được tập huấn CĐS, CNTT, an toàn mạng"


def test_recorded_on_a_phone_and_counted_in_the_province(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    page = visit(cast.enterer, phone=True)
    page.goto("/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Tập huấn").click()
    page.get_by_role("link", name="Ghi lớp tập huấn").first.click()
    expect(page.get_by_role("main")).to_contain_text("Xã Tân Cương")
    page.get_by_label("Tên lớp hoặc sự kiện").fill("Kỹ năng số cho hội viên")
    page.get_by_label("Chủ đề").select_option("Chuyển đổi số, kỹ năng CNTT")
    page.get_by_label("Ngày bắt đầu").fill(format_date(first_day(portal.month)))
    page.get_by_label("Tổng số lượt").fill("45")
    page.get_by_label("Nữ", exact=True).fill("60")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("(60) nhiều hơn tổng số lượt (45).")
    page.get_by_label("Nữ", exact=True).fill("40")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi lớp tập huấn.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kỹ năng số cho hội viên")

    leader = visit(cast.leader)
    expect(dashboard_row(leader, cast.thai_nguyen, TURNS)).to_contain_text("45")
    leader.get_by_role("link", name=TURNS).click()
    leader.get_by_role("link", name="Xã Tân Cương").click()
    leader.get_by_role("link", name="Kỹ năng số cho hội viên").click()
    expect(leader.get_by_role("main")).to_contain_text("Xã Tân Cương")
