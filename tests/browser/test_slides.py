"""The leader's screen on a projector: forwards and back by keys, in full screen, and by links where no script runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal


def test_slides_turn_by_keys_without_leaving_full_screen_and_by_links_without_scripts(
    portal: Portal, visit: Visits
) -> None:
    cast = portal.cast
    portal.without_fit_computer()
    address = reverse("reports:dashboard", args=[cast.thai_nguyen.pk])
    page = visit(cast.leader)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(address)
    page.get_by_role("link", name="Trình chiếu").click()
    number = page.locator("#slide footer span")
    expect(number).to_have_text(re.compile(r"^1/"))
    page.get_by_role("button", name="Toàn màn hình").click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("ArrowRight")
    expect(number).to_have_text(re.compile(r"^2/"))
    assert page.evaluate("document.fullscreenElement !== null")
    assert page.url.endswith("trinh-chieu=2")
    page.keyboard.press("ArrowLeft")
    expect(number).to_have_text(re.compile(r"^1/"))
    page.evaluate("document.exitFullscreen()")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"{address}\?(?!.*trinh-chieu)"))

    for width, height in ((1280, 720), (1920, 1080)):  # nothing has to be scrolled
        page.set_viewport_size({"width": width, "height": height})
        for slide in range(1, 5):
            page.goto(f"{address}?trinh-chieu={slide}")
            size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
            assert (size[0] <= width, size[1] <= height) == (True, True), (slide, width, size)

    plain = visit(cast.leader, javascript=False)
    plain.goto(f"{address}?trinh-chieu=1")
    plain.get_by_role("link", name="Tiếp").click()
    expect(plain.locator("#slide footer span")).to_have_text(re.compile(r"^2/"))
    plain.get_by_role("link", name="Quay lại").click()
    expect(plain.locator("#slide footer span")).to_have_text(re.compile(r"^1/"))
    plain.get_by_role("link", name="Kết thúc").click()
    expect(plain.get_by_role("heading", name=cast.thai_nguyen.name)).to_be_visible()
