"""The story: pledge → allot → hand over → confirm on a phone → the percentage moves → opened down to the minutes."""

from __future__ import annotations

import struct
import zlib
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from core.dates import format_date
from equipment.models import Gift, Handover, Item
from tests.browser.steps import dashboard_row, sign_in

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

FIT = "Tỷ lệ đơn vị Hội có máy tính đáp ứng yêu cầu công việc"
GIFT = "Tặng 2 máy tính cho Hội cơ sở"
WISHES = "Ưu tiên xã vùng cao, xã chưa có máy tính."


def small_picture() -> bytes:
    """A real PNG of one white point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00\xff")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def record_the_gift(page: Page, today: date) -> None:
    page.get_by_role("link", name="Thiết bị").click()
    page.get_by_role("link", name="Khoản tài trợ", exact=True).click()
    page.get_by_role("link", name="Ghi khoản tài trợ").first.click()
    page.get_by_label("Tên khoản tài trợ").fill(GIFT)
    page.get_by_label("Nhà tài trợ", exact=True).select_option("Công ty CP Đầu tư VCI")
    page.get_by_label("Ngày cam kết").fill(format_date(today - timedelta(days=3)))
    line = page.get_by_role("group", name="Dòng 1")
    line.get_by_label("Loại").select_option("Máy tính để bàn")
    line.get_by_label("Số lượng").fill("2")
    line.get_by_label("Kiểu máy").fill("Dell Vostro")
    line.get_by_label("RAM (GB)").fill("8")
    line.get_by_label("Ổ cứng (GB)").fill("256")
    line.get_by_label("Năm sản xuất").fill(str(today.year))
    line.get_by_label("Đơn giá (đồng)").fill("12.000.000")
    page.get_by_text("Lễ trao, nguyện vọng của nhà tài trợ").click()
    page.get_by_label("Ngày trao").fill(format_date(today - timedelta(days=3)))
    page.get_by_label("Nơi trao").fill("Quảng trường Võ Nguyên Giáp")
    page.get_by_label("Nguyện vọng của nhà tài trợ").fill(WISHES)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(GIFT)
    expect(page.get_by_role("main")).to_contain_text("Quảng trường Võ Nguyên Giáp")
    expect(page.get_by_role("main")).to_contain_text(WISHES)


def allot_from_the_gap_list(page: Page) -> None:
    page.get_by_role("link", name="Thiết bị", exact=True).first.click()
    for unit in ("Xã Tân Cương", "Xã Phú Đình"):
        page.get_by_role("checkbox", name=f"Chọn {unit}").check()
    page.get_by_role("button", name="Phân bổ").click()
    for unit in ("Xã Tân Cương", "Xã Phú Đình"):
        expect(page.get_by_label(unit)).to_have_value("1")
    page.get_by_role("button", name="Phân bổ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã phân bổ 2 cho 2 đơn vị.")


def prepare_and_hand_over(page: Page) -> None:
    page.get_by_role("link", name="Lập biên bản bàn giao").click()
    page.get_by_label("Địa điểm bàn giao").fill("Trụ sở Hội LHPN tỉnh")
    page.get_by_role("button", name="Lập biên bản").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lập 2 biên bản")
    page.get_by_role("link", name="Ghi nhận bàn giao").click()
    page.get_by_role("button", name="Ghi nhận bàn giao").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bàn giao")


def confirm_on_the_phone(page: Page) -> None:
    page.get_by_role("link", name="Xác nhận đã nhận").click()
    expect(page.get_by_role("main")).to_contain_text("Dell Vostro")
    page.get_by_label("Số sê-ri của Dell Vostro").fill("SN-TC-001")
    scan = {"name": "biên bản đã ký.png", "mimeType": "image/png", "buffer": small_picture()}
    page.get_by_label("Biên bản đã ký").set_input_files(scan)
    page.get_by_role("button", name="Xác nhận đã nhận").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận")


def test_from_the_gift_to_the_percentage_and_back_to_the_minutes(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    portal.without_fit_computer()
    leader = visit(cast.leader)
    expect(dashboard_row(leader, cast.thai_nguyen, FIT)).to_contain_text("0% (0/4)")

    officer = visit()
    sign_in(officer, cast.officer)
    record_the_gift(officer, portal.today)
    expect(dashboard_row(leader, cast.thai_nguyen, FIT)).to_contain_text("0% (0/4)")  # a pledge is not a delivery
    allot_from_the_gap_list(officer)
    expect(dashboard_row(leader, cast.thai_nguyen, FIT)).to_contain_text("0% (0/4)")
    prepare_and_hand_over(officer)
    expect(dashboard_row(leader, cast.thai_nguyen, FIT)).to_contain_text("0% (0/4)")
    gift = Gift.objects.get()
    assert (gift.title, gift.sponsor, gift.wishes, Item.objects.count()) == (GIFT, portal.sponsor, WISHES, 2)

    phone = visit(phone=True)
    sign_in(phone, cast.enterer)
    confirm_on_the_phone(phone)

    expect(dashboard_row(leader, cast.thai_nguyen, FIT)).to_contain_text("25% (1/4)")
    dashboard_row(leader, cast.thai_nguyen, FIT).get_by_role("link", name=FIT).click()
    expect(leader.get_by_role("main")).to_contain_text("25%")
    leader.get_by_role("link", name="Xã Tân Cương").click()
    leader.get_by_role("link", name="Dell Vostro").click()
    expect(leader.get_by_role("main")).to_contain_text("SN-TC-001")
    expect(leader.get_by_role("main")).to_contain_text("Công ty CP Đầu tư VCI tặng, Hoàng Thị Nhập xác nhận ngày")
    leader.get_by_role("main").get_by_role("link", name="Biên bản").click()
    handover = Handover.objects.get(receiver=cast.tan_cuong)
    expect(leader.get_by_role("heading", level=1)).to_contain_text(handover.number)
    expect(leader.get_by_role("definition").filter(has_text="Hoàng Thị Nhập")).to_have_count(2)
    with leader.expect_download() as download:
        leader.get_by_role("link", name="biên bản đã ký.png").click()
    assert download.value.path().read_bytes() == small_picture()
