"""Monthly figures: typed, mended, sent, accepted or returned, and seen on the dashboard at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

from submissions.models import Cell, Submission
from tests.browser.steps import cell, dashboard_row, look_over_and_send

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

MEMBERS, WITH_DATA = "Tổng số hội viên", "Hội viên đã có dữ liệu trên phần mềm"
SHARE = "Tỷ lệ hội viên đã được cập nhật dữ liệu trên phần mềm"


def test_typed_mended_sent_accepted_and_on_the_dashboard(portal: Portal, visit: Visits) -> None:
    cast, period = portal.cast, portal.period
    leader = visit(cast.leader)
    expect(dashboard_row(leader, cast.thai_nguyen, SHARE)).to_contain_text("chưa có số liệu")

    page = visit(cast.enterer)
    page.goto("/")
    page.get_by_role("link", name=f"Nhập: {period.form.name}, {period.label}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xã Tân Cương")
    cell(page, MEMBERS).fill("1200")
    cell(page, WITH_DATA).fill("1300")
    page.get_by_role("button", name="Lưu nháp").click()
    wrong = page.get_by_role("row").filter(has_text="1.300 nhiều hơn “Tổng số hội viên” (1.200)")
    expect(wrong).to_be_visible()
    expect(cell(page, WITH_DATA)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, WITH_DATA)).to_have_value("1300")
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"MB-ALL": 1200}

    cell(page, WITH_DATA).fill("900")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".save-state")).to_contain_text("Đã lưu")
    expect(wrong).to_have_count(0)
    look_over_and_send(page)
    expect(page.get_by_role("status")).to_contain_text(f"Báo cáo kỳ {period.label} đã gửi, chờ duyệt.")
    expect(cell(page, MEMBERS)).to_have_count(0)

    expect(dashboard_row(leader, cast.thai_nguyen, SHARE)).to_contain_text("chưa có số liệu")  # sent is not accepted

    officer = visit(cast.officer)
    officer.goto("/")
    officer.get_by_role("link", name="1 báo cáo chờ đồng chí duyệt").click()
    expect(officer.get_by_role("checkbox", name="Xã Tân Cương")).to_be_checked()
    officer.get_by_role("button", name="Duyệt các báo cáo đã chọn").click()
    expect(officer.get_by_role("status")).to_contain_text(f"Đã duyệt: Xã Tân Cương, {period.label}.")

    expect(dashboard_row(leader, cast.thai_nguyen, SHARE)).to_contain_text("75% (900/1.200)")


def test_returned_with_a_reason_that_stands_where_the_enterer_looks(portal: Portal, visit: Visits) -> None:
    cast, period = portal.cast, portal.period
    portal.sent(cast.dai_phuc, {"MB-ALL": 800, "MB-SOFTWARE": 8}, by=cast.dai_phuc_enterer)
    reason = "Số hội viên có dữ liệu quá thấp, đề nghị kiểm tra lại."

    officer = visit(cast.officer)
    officer.goto(reverse("submissions:review"))
    officer.get_by_role("link", name="Xem Xã Đại Phúc").click()
    officer.get_by_role("link", name="Trả lại").click()
    officer.get_by_role("button", name="Trả lại").click()
    expect(officer.get_by_role("alert")).to_contain_text("Vì sao trả lại báo cáo?")
    officer.get_by_label("Vì sao trả lại báo cáo?").fill(reason)
    officer.get_by_role("button", name="Trả lại").click()
    expect(officer.get_by_role("status")).to_contain_text("Đã trả lại báo cáo.")

    page = visit(cast.dai_phuc_enterer)
    page.goto("/")
    expect(page.get_by_role("listitem").filter(has_text="Bị trả lại")).to_contain_text(reason)
    page.get_by_role("link", name=f"Bị trả lại: {period.form.name}, {period.label}").click()
    expect(page.get_by_role("main")).to_contain_text(reason)
    expect(page.get_by_role("main")).to_contain_text("Lê Thị Chuyên trả lại lúc")
    cell(page, WITH_DATA).fill("780")
    look_over_and_send(page)
    expect(page.get_by_role("status")).to_contain_text(f"Báo cáo kỳ {period.label} đã gửi, chờ duyệt.")


def test_nobody_accepts_what_the_same_person_typed(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    page = visit(cast.officer)
    page.goto(reverse("submissions:home"))
    below = page.get_by_role("row").filter(has_text=portal.period.label)
    below.get_by_role("link", name="Nhập cho nhiều đơn vị").click()
    page.get_by_role("textbox", name=re.compile(f"Xã Phú Đình.*{MEMBERS}")).fill("600")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".save-state")).to_contain_text("Đã lưu")
    page.get_by_role("link", name="Gửi báo cáo…").click()
    expect(page.get_by_role("checkbox", name="Xã Phú Đình")).to_be_checked()
    page.get_by_role("button", name="Gửi").click()

    page.goto(reverse("submissions:review"))
    own = page.get_by_role("main").locator("section").filter(has_text="Do đồng chí nhập")
    expect(own.get_by_role("link", name="Xã Phú Đình")).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt")).to_have_count(0)
    own.get_by_role("link", name="Xã Phú Đình").click()
    expect(page.get_by_role("main")).to_contain_text("phải để người khác duyệt")
    expect(page.get_by_role("button", name="Duyệt")).to_have_count(0)

    other = visit(cast.officer2)
    other.goto(reverse("submissions:review"))
    other.get_by_role("button", name="Duyệt các báo cáo đã chọn").click()
    expect(other.get_by_role("status")).to_contain_text("Đã duyệt: Xã Phú Đình")
    assert Submission.objects.get(unit=cast.phu_dinh).is_accepted
