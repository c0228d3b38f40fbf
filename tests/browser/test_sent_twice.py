"""A second click, or the same form sent once more: one effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AuditEntry
from equipment.models import Item
from programmes.models import Figure
from trainings.models import TrainingClass

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_double_click_on_confirm_makes_one_machine(portal: Portal, visit: Visits, javascript: bool) -> None:
    handover = portal.handed(portal.cast.tan_cuong)
    page = visit(portal.cast.enterer, phone=True, javascript=javascript)
    page.goto(reverse("equipment:confirm", args=[handover.pk]))
    page.get_by_label("Số sê-ri").fill("SN-1")
    page.get_by_role("button", name="Xác nhận").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Biên bản {handover.number}")
    expect(page.get_by_role("definition").filter(has_text="Hoàng Thị Nhập").first).to_be_visible()
    assert Item.objects.count() == 1
    assert AuditEntry.objects.filter(action="equipment.receipt.confirm").count() == 1
    assert Figure.objects.get(unit=portal.cast.tan_cuong, measure__code="EQ-GIVEN").value == 1


def test_the_same_sending_again_leads_to_the_first_result(portal: Portal, visit: Visits) -> None:
    """What a weak line does: the answer is lost, the browser sends the very same form again."""
    handover = portal.handed(portal.cast.tan_cuong)
    page = visit(portal.cast.enterer)
    page.goto(reverse("equipment:confirm", args=[handover.pk]))
    form = page.get_by_role("main").locator("form")
    fields = dict(form.evaluate("form => [...new FormData(form)].filter(([, value]) => typeof value === 'string')"))
    answers = [page.request.post(page.url, form=fields) for _ in range(2)]
    wanted = visit.address + reverse("equipment:handover", args=[handover.pk])
    assert [(answer.status, answer.url) for answer in answers] == [(200, wanted)] * 2
    assert Item.objects.count() == 1


def test_a_double_click_on_save_makes_one_training(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.enterer, javascript=False)
    page.goto(reverse("trainings:add"))
    page.get_by_label("Tên lớp hoặc sự kiện").fill("Lớp ghi một lần")
    page.get_by_label("Chủ đề").select_option("An toàn trên mạng")
    page.get_by_label("Tổng số lượt").fill("20")
    page.get_by_role("button", name="Lưu").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lớp ghi một lần")
    assert TrainingClass.objects.count() == 1
    assert Figure.objects.get(unit=portal.cast.tan_cuong, measure__code="TR-TURNS").value == 20
