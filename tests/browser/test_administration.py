"""An administrator opens a unit and lets a person in by a link that works once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

from core.dates import format_date
from tests.browser.steps import fill_sign_in
from units.models import Unit

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

UNIT, PERSON = "Hội Phụ nữ Bộ Chỉ huy Quân sự tỉnh", "Lý Thị Quân"
EMAIL, NEW_PASSWORD = "ly.quan@example.test", "hoa ban nở trắng núi rừng"


def test_a_new_unit_and_its_first_person(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.admin)
    page.goto(reverse("units:detail", args=[portal.cast.thai_nguyen.pk]))
    page.get_by_role("link", name="Thêm đơn vị bên dưới").click()
    page.get_by_label("Cấp").select_option("Đơn vị trực thuộc")
    page.get_by_label("Tên", exact=True).fill(UNIT)
    page.get_by_label("Ngày thành lập").fill(format_date(portal.today))
    page.get_by_label("Quyết định").fill("Quyết định 12/QĐ-BTV")
    page.get_by_role("button", name="Thêm đơn vị").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm đơn vị.")
    expect(page.get_by_role("heading", level=1)).to_have_text(UNIT)
    unit = Unit.objects.get(name=UNIT)
    assert Unit.objects.get_parent(unit) == portal.cast.thai_nguyen

    page.get_by_role("link", name="Mời người mới").click()
    page.get_by_label("Họ và tên").fill(PERSON)
    page.get_by_label("Thư điện tử").fill(EMAIL)
    page.get_by_label("Vai trò", exact=True).select_option("Người nhập số liệu")
    page.get_by_role("button", name="Tạo tài khoản").click()
    link = page.get_by_label(f"Liên kết cho {PERSON}").input_value()
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Liên kết đã hiện một lần.")

    new = visit()
    new.goto(link)
    expect(new.get_by_role("main")).to_contain_text(PERSON)
    new.get_by_label("Mật khẩu mới", exact=True).fill("123")
    new.get_by_label("Nhập lại mật khẩu mới").fill("123")
    new.get_by_role("button", name="Đặt mật khẩu").click()
    expect(new.get_by_role("alert")).to_contain_text("Mật khẩu")
    new.get_by_label("Mật khẩu mới", exact=True).fill(NEW_PASSWORD)
    new.get_by_label("Nhập lại mật khẩu mới").fill(NEW_PASSWORD)
    new.get_by_role("button", name="Đặt mật khẩu").click()
    expect(new.get_by_role("status")).to_contain_text("Đã đặt mật khẩu.")
    fill_sign_in(new, EMAIL, NEW_PASSWORD)
    expect(new.get_by_role("heading", level=1)).to_contain_text("Việc cần làm")
    expect(new.get_by_role("main")).to_contain_text(UNIT)

    new.get_by_role("link", name="Đơn vị", exact=True).click()
    listed = new.get_by_role("main").get_by_role("rowheader")
    expect(listed).to_have_text([UNIT])
    visit.refused(new, reverse("units:detail", args=[portal.cast.tan_cuong.pk]), 404)

    late = visit()
    visit.refused(late, link.removeprefix(visit.address), 410)
    expect(late.get_by_role("heading", level=1)).to_have_text("Không dùng được liên kết này")
    expect(late.get_by_role("main")).to_contain_text("Liên kết này đã được dùng.")
