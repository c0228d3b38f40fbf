"""Steps and places that several stories share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD

if TYPE_CHECKING:
    from accounts.models import User
    from units.models import Unit


def sign_in(page: Page, person: User) -> None:
    """Through the form, to the own list of what to do."""
    page.goto("/")
    fill_sign_in(page, person.username, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Việc cần làm")


def fill_sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()


def cell(page: Page, measure: str) -> Locator:
    """The input of a measure in the grid of one unit."""
    return page.get_by_role("textbox", name=measure, exact=True)


def look_over_and_send(page: Page) -> None:
    """From the form over the page that looks it over; what is mostly empty has to be confirmed."""
    page.get_by_role("button", name="Xem lại và gửi").click()
    page.get_by_label(re.compile("số để trống")).check()
    page.get_by_role("button", name="Gửi báo cáo").click()


def dashboard_row(page: Page, unit: Unit, indicator: str) -> Locator:
    """Opens the dashboard of the unit afresh and finds the row of the indicator."""
    page.goto(reverse("reports:dashboard", args=[unit.pk]))
    return page.locator("main li.indicator").filter(has=page.get_by_role("link", name=indicator))
