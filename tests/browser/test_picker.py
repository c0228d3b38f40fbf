"""A calendar helps with dates, beside an input in which they can always be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

# The calendar itself belongs to the browser and cannot be clicked in: the test answers in its place.
ANSWER = """HTMLInputElement.prototype.showPicker = function () {
  window.opened = this.value;
  this.value = "2026-11-05";
  this.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def test_a_day_is_typed_or_taken_from_the_calendar(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    page.goto("/tap-huan/them/")
    start = page.get_by_label("Ngày bắt đầu")
    start.fill("15/10/2026")
    page.evaluate(ANSWER)
    button = page.locator(".picked", has=start).get_by_role("button", name="Chọn ngày trên lịch")
    start.press("Tab")
    expect(button).to_be_focused()
    button.press("Enter")
    assert page.evaluate("window.opened") == "2026-10-15"  # the calendar opens at the day that was typed
    expect(start).to_have_value("05/11/2026")
    expect(start).to_be_focused()


def test_pages_without_dates_do_not_load_it(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    for address, loaded in (("/", 0), ("/tap-huan/them/", 1)):
        page.goto(address)
        expect(page.locator("script[src*='picker']")).to_have_count(loaded)
