"""What lies outside the own units does not exist, and whoever is signed out is led through the sign-in and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.steps import fill_sign_in
from tests.cast import PASSWORD, grant
from units.choices import Role

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal


def addresses(portal: Portal) -> dict[str, str]:
    """Pages about Thái Nguyên and what belongs to it, by what they show."""
    cast, month, period = portal.cast, portal.month, portal.period.pk
    handover = portal.confirmed(cast.tan_cuong, by=cast.enterer)
    item = handover.lines.get().items.get()
    training = portal.training(cast.tan_cuong, by=cast.enterer)
    sent = portal.sent(cast.tan_cuong, {"MB-ALL": 900, "MB-SOFTWARE": 90}, by=cast.enterer)
    indicator = portal.indicator("INF-02")
    return {
        "unit": reverse("units:detail", args=[cast.tan_cuong.pk]),
        "machines of the unit": reverse("equipment:unit", args=[cast.tan_cuong.pk]),
        "person": reverse("units:person", args=[cast.enterer.pk]),
        "gift": reverse("equipment:gift", args=[handover.gift_id]),
        "gift form": reverse("equipment:gift-edit", args=[handover.gift_id]),
        "item": reverse("equipment:item", args=[item.pk]),
        "minutes": reverse("equipment:handover", args=[handover.pk]),
        "printed minutes": reverse("equipment:print", args=[handover.pk]),
        "scan": reverse("equipment:scan", args=[handover.pk]),
        "receipt": reverse("equipment:confirm", args=[handover.pk]),
        "training": reverse("trainings:detail", args=[training.pk]),
        "training form": reverse("trainings:edit", args=[training.pk]),
        "submission": reverse("submissions:grid", args=[period, cast.tan_cuong.pk]),
        "submission of the province": reverse("submissions:province", args=[period, cast.thai_nguyen.pk]),
        "review": reverse("submissions:review_one", args=[sent.pk]),
        "dashboard": reverse("reports:dashboard", args=[cast.thai_nguyen.pk]),
        "indicator": reverse("reports:indicator", args=[cast.thai_nguyen.pk, indicator.pk]),
        "figure": reverse("reports:figure", args=[cast.tan_cuong.pk, indicator.numerator_id, month]),
    }


@pytest.mark.parametrize("name", ["stranger", "foreign_officer"])
def test_another_province_finds_no_page(portal: Portal, visit: Visits, name: str) -> None:
    """The one with every role of her own province finds no more than a commune's enterer."""
    wanted = addresses(portal)
    if name == "stranger":  # forms of officers are closed to every enterer, wherever they stand
        wanted = {what: path for what, path in wanted.items() if what not in {"gift form", "person", "review"}}
    else:
        grant(portal.cast.foreign_officer, Role.ADMINISTRATOR, portal.cast.thanh_hoa)
    page = visit(getattr(portal.cast, name))
    for path in wanted.values():
        visit.refused(page, path, 404)
        expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy trang")
        expect(page.get_by_role("main")).not_to_contain_text("Tân Cương")


def test_signed_out_people_sign_in_and_come_back(portal: Portal, visit: Visits) -> None:
    wanted = addresses(portal)
    page = visit()
    for path in wanted.values():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    page.goto(wanted["training"])
    fill_sign_in(page, "enterer", "sai mật khẩu")
    expect(page.get_by_role("alert")).to_be_visible()
    fill_sign_in(page, "enterer", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kỹ năng số cho hội viên")
    assert page.url.endswith(wanted["training"])
