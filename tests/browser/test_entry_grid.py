"""The entry grid under the fingers: keys that move, the number that was understood, what is not saved yet, sums."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import Page, expect

from submissions.models import Cell, Submission
from tests.browser.steps import cell

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

BRANCHES, SPECIAL, MEMBERS = "Tổng số chi hội", "Chi hội đặc thù", "Tổng số hội viên"


def state(page: Page) -> object:
    return expect(page.locator("[data-state]"))


def open_grid(page: Page, portal: Portal, unit_id: int) -> None:
    page.goto(reverse("submissions:grid", args=[portal.period.pk, unit_id]))


def test_the_keyboard_moves_and_saves_without_leaving_the_place(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, BRANCHES).fill("1200")
    preview = page.locator("output.preview").first
    expect(preview).to_have_text("1.200")
    state(page).to_have_text("Ô chưa lưu: 1")
    page.keyboard.press("Enter")
    expect(cell(page, SPECIAL)).to_be_focused()
    page.keyboard.type("12,5")
    expect(page.locator("output.preview").nth(1)).to_have_text("không phải số nguyên")
    page.keyboard.press("ArrowUp")
    expect(cell(page, BRANCHES)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("7")
    page.keyboard.press("Shift+Enter")
    expect(cell(page, BRANCHES)).to_be_focused()
    page.evaluate("window.sameDocument = true")
    page.keyboard.press("Control+s")
    state(page).to_contain_text("Đã lưu")
    assert page.evaluate("window.sameDocument") is True  # only the form was renewed
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"BR-ALL": 1200, "BR-SPECIAL": 7}
    expect(cell(page, BRANCHES)).to_be_focused()
    expect(page.locator(".cell-dirty")).to_have_count(0)


def test_typing_is_not_lost_by_a_careless_click(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, MEMBERS).fill("320")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.get_by_role("link", name="Tập huấn").first.click()
    expect(cell(page, MEMBERS)).to_have_value("320")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Gửi báo cáo").click()  # saving or sending asks nothing
    expect(page.get_by_role("status")).to_contain_text("chờ duyệt")
    assert asked == ["beforeunload"]


def test_on_a_phone_one_part_is_unfolded_and_stays_so_after_a_save(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, phone=True)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    parts = page.locator("[data-part]")
    expect(parts.first).to_have_attribute("open", "")
    expect(parts.nth(1)).not_to_have_attribute("open", "")
    parts.nth(1).locator("summary").first.click()
    parts.first.locator("summary").first.click()
    parts.nth(1).locator("input[data-cell]").first.fill("3")
    page.get_by_role("button", name="Lưu nháp").click()
    state(page).to_contain_text("Đã lưu")
    expect(page.locator("[data-part]").first).not_to_have_attribute("open", "")
    expect(page.locator("[data-part]").nth(1)).to_have_attribute("open", "")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_sums_of_a_province_follow_the_typing(portal: Portal, visit: Visits) -> None:
    cast = portal.cast
    portal.draft(cast.police, {"BR-ALL": 10}, by=cast.officer)
    page = visit(cast.officer)
    page.goto(reverse("submissions:province", args=[portal.period.pk, cast.thai_nguyen.pk]))
    total = page.locator('[data-total="0"]')
    expect(total).to_have_text("10")
    page.get_by_role("textbox", name=f"Xã Phú Đình {BRANCHES}").fill("1.000")
    expect(total).to_have_text("1.010")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name=f"Xã Tân Cương {BRANCHES}")).to_be_focused()
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("textbox", name=re.compile(f"Xã Tân Cương – {SPECIAL}"))).to_be_focused()
    expect(total).to_have_text("1.015")
    page.get_by_role("button", name="Lưu nháp").click()
    state(page).to_contain_text("Đã lưu")
    expect(total).to_have_text("1.015")
    assert Submission.objects.count() == 3
