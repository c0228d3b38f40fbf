"""A line that breaks, a session that ends, another person at the same cell: nothing that was typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from submissions.actions import CellEdit, save_grid
from submissions.models import Cell
from submissions.queries import Key
from tests.browser.steps import cell, fill_sign_in
from tests.browser.test_entry_grid import BRANCHES, MEMBERS, mark, open_grid, state
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from accounts.models import User
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

FAVICON = "/static/img/favicon.svg"
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


def line(page: Page, conditions: dict[str, object]) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", conditions)


def values() -> dict[str, object]:
    return dict(Cell.objects.values_list("measure__code", "value"))


def test_offline_in_mid_form_and_back(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, phone=True)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    visit.unreachable(reverse("submissions:cells", args=[portal.period.pk, portal.cast.tan_cuong.pk]), FAVICON)
    page.context.set_offline(True)
    cell(page, BRANCHES).fill("12")
    expect(mark(cell(page, BRANCHES))).to_have_text("chờ lưu")
    state(page).to_have_text("Mất kết nối. 1 ô chờ gửi, vẫn giữ trên máy này.")
    expect(page.locator("#announcer")).to_contain_text("Mất kết nối")
    page.get_by_role("button", name="Xem lại và gửi").click()
    expect(cell(page, BRANCHES)).to_have_value("12")  # it does not leave the page
    assert page.evaluate(KEPT) == 1
    assert values() == {}
    page.context.set_offline(False)
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    state(page).to_contain_text("Đã lưu")
    assert page.evaluate(KEPT) == 0
    assert values() == {"BR-ALL": 12}


def test_what_waited_when_the_browser_was_closed_comes_back(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    visit.unreachable(reverse("submissions:cells", args=[portal.period.pk, portal.cast.tan_cuong.pk]), FAVICON)
    page.context.set_offline(True)
    cell(page, BRANCHES).fill("12")
    state(page).to_contain_text("Mất kết nối")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    open_grid(again, portal, portal.cast.tan_cuong.pk)
    expect(cell(again, BRANCHES)).to_have_value("12")
    expect(mark(cell(again, BRANCHES))).to_have_text("đã lưu")
    assert values() == {"BR-ALL": 12}


def test_a_slow_line_shows_what_waits_and_saves_all(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, phone=True)
    line(page, SLOW)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, BRANCHES).fill("1")
    page.keyboard.press("Enter")
    expect(mark(cell(page, BRANCHES))).to_have_text("chờ lưu")
    cell(page, BRANCHES).fill("12")  # while the first is on its way
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    state(page).to_contain_text("Đã lưu")
    assert values() == {"BR-ALL": 12}


def test_an_expired_session_asks_in_place_and_keeps_what_was_typed(portal: Portal, visit: Visits) -> None:
    person = portal.cast.enterer
    page = visit(person)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    Session.objects.all().delete()
    cell(page, BRANCHES).fill("12")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết")
    expect(dialog).to_be_visible()
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Đăng nhập lại").click()
    fill_sign_in(opened.value, person.username, PASSWORD)
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Tân Cương")
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(dialog).to_be_hidden()
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    cell(page, MEMBERS).fill("320")  # with the fresh token
    expect(mark(cell(page, MEMBERS))).to_have_text("đã lưu")
    assert values() == {"BR-ALL": 12, "MB-ALL": 320}


def _by(portal: Portal, person: User, value: int) -> None:
    first = Cell.objects.get()
    key = Key(portal.cast.tan_cuong.pk, portal.period.pk, first.measure_id)
    save_grid(edits=[CellEdit(key, value)], by=person, today=portal.today)  # type: ignore[arg-type]  # whole numbers do


def test_two_people_at_one_cell_see_both_values(portal: Portal, visit: Visits) -> None:
    portal.draft(portal.cast.tan_cuong, {"BR-ALL": 10}, by=portal.cast.officer)
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    _by(portal, portal.cast.officer, 11)
    cell(page, BRANCHES).fill("12")
    expect(mark(cell(page, BRANCHES))).to_have_text("có hai giá trị")
    expect(page.get_by_text(re.compile(f"{portal.cast.officer} đã lưu “11”"))).to_be_visible()
    assert values() == {"BR-ALL": 11}
    page.get_by_role("button", name="Giữ số của tôi: 12").click()
    expect(mark(cell(page, BRANCHES))).to_have_text("đã lưu")
    assert values() == {"BR-ALL": 12}
    _by(portal, portal.cast.officer, 13)
    cell(page, BRANCHES).fill("14")
    page.get_by_role("button", name="Lấy số kia: 13").click()
    expect(cell(page, BRANCHES)).to_have_value("13")
    state(page).to_contain_text("Đã lưu")
    assert values() == {"BR-ALL": 13}


def test_signing_out_leaves_nothing_on_the_device(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer)
    open_grid(page, portal, portal.cast.tan_cuong.pk)
    cell(page, BRANCHES).fill("12,5")
    expect(mark(cell(page, BRANCHES))).to_have_text("sai, chưa lưu")
    assert page.evaluate(KEPT) == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("details.drop > summary", has_text=str(portal.cast.enterer)).click()
    page.get_by_role("button", name="Đăng xuất").first.click()
    expect(page.get_by_label("Mật khẩu", exact=True)).to_be_visible()
    assert page.evaluate(KEPT) == 0
