"""The entry grid under the fingers: keys that move, blocks that are pasted, cells that save by themselves, sums."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import Page, expect

from submissions.models import Cell, Submission
from tests.browser.steps import cell, look_over_and_send

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

BRANCHES, SPECIAL, MEMBERS = "Tổng số chi hội", "Chi hội đặc thù", "Tổng số hội viên"
PASTE = """(field, text) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/plain", text);
    field.focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
}"""


def state(page: Page) -> object:
    return expect(page.locator(".save-state"))


def mark(field: Locator) -> Locator:
    """The word beside a cell."""
    return field.locator("xpath=ancestor::td").locator(".cell-state")


def open_grid(page: Page, portal: Portal, unit_id: int) -> None:
    page.goto(reverse("submissions:grid", args=[portal.period.pk, unit_id]))


def test_the_keyboard_moves_and_every_cell_saves_by_itself(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, BRANCHES).fill("1200")
    expect(page.locator("output.preview").first).to_have_text("1.200")
    beside = page.locator("[data-count-of='part-1']")
    expect(beside).to_have_text(re.compile(r"^1/"))  # the link to the part counts while it is typed
    page.keyboard.press("Enter")
    expect(cell(page, SPECIAL)).to_be_focused()
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    page.keyboard.type("12,5")
    expect(mark(cell(page, SPECIAL))).to_have_text("sai, chưa lưu")
    expect(page.get_by_text("“12,5” không phải số nguyên")).to_be_visible()
    state(page).to_have_text("Chưa lưu được 1 ô")
    page.keyboard.press("ArrowUp")
    expect(cell(page, BRANCHES)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.keyboard.press("Control+s")
    expect(mark(cell(page, SPECIAL))).to_have_text("đã lưu")
    expect(page.locator("output.preview").nth(1)).to_have_text("bằng 0,6% của tổng")
    expect(cell(page, SPECIAL)).to_be_focused()
    state(page).to_contain_text("Đã lưu")
    expect(page.locator("#announcer")).to_contain_text("Đã lưu")
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"BR-ALL": 1200, "BR-SPECIAL": 7}


def test_a_block_from_a_spreadsheet_goes_into_many_cells(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, BRANCHES).evaluate(PASTE, "1.200\r\n7\r\nx\r\n")
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    expect(cell(page, SPECIAL)).to_have_value("7")
    expect(page.locator('.cell-state[data-state="invalid"]')).to_have_count(1)
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"BR-ALL": 1200, "BR-SPECIAL": 7}


def test_nothing_changed_fills_what_is_empty_and_says_so(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, phone=True)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, MEMBERS).fill("320")
    page.get_by_role("button", name="Không thay đổi cả biểu").click()
    expect(page.get_by_role("status")).to_contain_text("ô bằng 0")
    expect(cell(page, MEMBERS)).to_have_value("320")
    assert Cell.objects.get(measure__code="MB-ALL").value == 320
    assert Cell.objects.filter(value=0).count() > 3


def test_a_careless_click_loses_nothing(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, MEMBERS).fill("320,5")  # wrong: it cannot be saved
    page.get_by_role("link", name="Tập huấn").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Tân Cương")
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    expect(cell(page, MEMBERS)).to_have_value("320,5")
    expect(mark(cell(page, MEMBERS))).to_have_text("sai, chưa lưu")
    page.get_by_role("button", name="Xem lại và gửi").click()
    expect(cell(page, MEMBERS)).to_be_focused()  # the wrong cell first
    page.keyboard.press("Control+a")
    page.keyboard.type("320")
    look_over_and_send(page)
    expect(page.get_by_role("status")).to_contain_text("chờ duyệt")
    assert Submission.objects.get().state == "sent"


def test_the_panel_tells_the_story_of_a_cell(portal: Portal, visit: Visits) -> None:
    portal.draft(portal.cast.tan_cuong, {"BR-ALL": 320}, by=portal.cast.officer)
    page = visit(portal.cast.enterer, phone=True)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    page.get_by_role("link", name=re.compile(f"Chi tiết.*{BRANCHES}")).click()
    panel = page.locator("#cell-panel")
    expect(panel).to_contain_text("– → 320")
    expect(panel).to_contain_text(str(portal.cast.officer))
    page.get_by_role("button", name="Đóng").click()
    expect(panel).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile(f"Chi tiết.*{BRANCHES}"))).to_be_focused()


def test_on_a_phone_one_part_is_unfolded(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, phone=True)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    parts = page.locator("[data-part]")
    expect(parts.first).to_have_attribute("open", "")
    expect(parts.nth(1)).not_to_have_attribute("open", "")
    parts.nth(1).locator("summary").first.click()
    parts.nth(1).locator("input[data-cell]").first.fill("3")
    page.get_by_role("button", name="Lưu nháp").click()
    state(page).to_contain_text("Đã lưu")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_sums_of_a_province_follow_the_typing(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    portal.draft(cast.police, {"BR-ALL": 10}, by=cast.officer)
    page = visit(cast.officer)
    page.goto(reverse("submissions:province", args=[portal.period.pk, cast.thai_nguyen.pk]))
    total = page.locator('[data-total="0"]')
    expect(total).to_have_text("10")
    first = page.get_by_role("textbox", name=re.compile(f"Xã Phú Đình.*{BRANCHES}"))
    first.fill("1.000")
    expect(total).to_have_text("1.010")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name=re.compile(f"Xã Tân Cương.*{BRANCHES}"))).to_be_focused()
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("textbox", name=re.compile(f"Xã Tân Cương.*{SPECIAL}"))).to_be_focused()
    expect(total).to_have_text("1.015")
    page.get_by_role("button", name="Lưu nháp").click()
    state(page).to_contain_text("Đã lưu")
    expect(total).to_have_text("1.015")
    assert Submission.objects.count() == 3


def test_a_block_goes_over_units_and_measures_of_a_province(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.officer)
    page.goto(reverse("submissions:province", args=[portal.period.pk, portal.cast.thai_nguyen.pk]))
    page.locator('[data-column="0"]').first.evaluate(PASTE, "10\t2\n20\t30\n")
    state(page).to_contain_text("Chưa lưu được 1 ô")  # 30 special ones of 20
    expect(page.locator(".row-error")).to_contain_text("30 nhiều hơn")
    assert sorted(Cell.objects.values_list("measure__code", "value")) == [
        ("BR-ALL", 10), ("BR-ALL", 20), ("BR-SPECIAL", 2),
    ]  # fmt: skip
