"""The pages as people meet them: usable with a screen reader, whole on a small phone, silent on the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

GRAVE = {"serious", "critical"}
ON_THE_PHONE = {"sign-in", "dashboard", "grid", "receipt", "training form"}  # read there also in the dark theme


def pages(portal: Portal) -> dict[str, dict[str, str]]:
    """Addresses by person and name, in a province where a little of everything has happened."""
    cast, month, period = portal.cast, portal.month, portal.period.pk
    portal.without_fit_computer()
    confirmed = portal.confirmed(cast.tan_cuong, by=cast.enterer)
    gift = portal.gift(title="Tặng thêm máy tính cho các xã vùng cao, vùng đồng bào dân tộc thiểu số")
    waiting = portal.handed(cast.tan_cuong, gift)
    training = portal.training(cast.tan_cuong, by=cast.enterer)
    portal.accepted(cast.tan_cuong, {"MB-ALL": 900, "MB-SOFTWARE": 600}, by=cast.enterer)
    sent = portal.sent(cast.dai_phuc, {"MB-ALL": 800, "MB-SOFTWARE": 90}, by=cast.dai_phuc_enterer)
    fit, province = portal.indicator("INF-02"), cast.thai_nguyen.pk
    programme = portal.programme.pk
    return {
        "signed out": {"sign-in": reverse("account_login")},
        "leader": {
            "home": "/",
            "dashboard": reverse("reports:dashboard", args=[province]),
            "slide": reverse("reports:dashboard", args=[province]) + "?trinh-chieu=1",
            "slide of indicators": reverse("reports:dashboard", args=[province]) + "?trinh-chieu=4",
            "indicator": reverse("reports:indicator", args=[province, fit.pk]),
            "unit by unit": reverse("reports:multiples", args=[province, fit.pk]),
            "league table": reverse("reports:league", args=[province, fit.pk]),
            "indicator of a commune": reverse("reports:indicator", args=[cast.tan_cuong.pk, fit.pk]),
            "figure": reverse("reports:figure", args=[province, fit.numerator_id, month]),
            "programme": reverse("programmes:detail", args=[programme]),
            "tasks": reverse("programmes:tasks"),
            "units": reverse("units:list"),
            "tree": reverse("units:tree"),
            "unit": reverse("units:detail", args=[province]),
            "commune": reverse("units:detail", args=[cast.tan_cuong.pk]),
            "minutes": reverse("equipment:handover", args=[confirmed.pk]),
            "machine": reverse("equipment:item", args=[confirmed.lines.get().items.get().pk]),
            "trainings": reverse("trainings:list"),
            "training": reverse("trainings:detail", args=[training.pk]),
        },
        "officer": {
            "home": "/",
            "gap list": reverse("equipment:gaps"),
            "gifts": reverse("equipment:gifts"),
            "gift": reverse("equipment:gift", args=[gift.pk]),
            "gift form": reverse("equipment:gift-add"),
            "allotment": reverse("equipment:allot") + f"?line={gift.lines.get().pk}",
            "sponsor": reverse("sponsors:detail", args=[portal.sponsor.pk]),
            "reports": reverse("submissions:home"),
            "grid of the province": reverse("submissions:province", args=[period, province]),
            "waiting reports": reverse("submissions:review"),
            "report": reverse("submissions:review_one", args=[sent.pk]),
            "targets": reverse("programmes:targets", args=[programme]),
        },
        "enterer": {
            "home": "/",
            "grid": reverse("submissions:grid", args=[portal.period_before().pk, cast.tan_cuong.pk]),
            "accepted grid": reverse("submissions:grid", args=[period, cast.tan_cuong.pk]),
            "receipt": reverse("equipment:confirm", args=[waiting.pk]),
            "machines": reverse("equipment:unit", args=[cast.tan_cuong.pk]),
            "training form": reverse("trainings:add"),
            "own account": reverse("accounts:profile"),
        },
        "admin": {
            "people": reverse("units:people"),
            "invitation": reverse("units:invite", args=[cast.tan_cuong.pk]),
            "profile form": reverse("units:edit", args=[cast.tan_cuong.pk]),
            "contacts": reverse("units:contacts", args=[cast.tan_cuong.pk]),
        },
    }


def barriers(page: Page) -> list[str]:
    """What axe finds grave on the page as it stands: the rule and the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found if one["impact"] in GRAVE]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def cut_off(page: Page) -> list[str]:
    """Boxes whose content sticks out of them, so that words are cut or lie over others."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main :is(h1, .btn, .badge, .notice, .panel, .tile, .indicator > *)")]
            .filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${box.tagName}.${box.className}: ${box.textContent.trim().slice(0, 60)}`)"""
    )
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_barriers_and_nothing_beside_the_screen(portal: Portal, visit: Visits, phone: bool) -> None:
    problems: dict[str, list[str] | int] = {}
    for person, addresses in pages(portal).items():
        page = visit(getattr(portal.cast, person, None), phone=phone)
        for name, path in addresses.items():
            response = page.goto(path)
            assert response is not None
            assert response.status == 200, (person, name)
            if (not phone or name in ON_THE_PHONE) and (found := barriers(page)):
                problems[f"{person}, {name}: barriers"] = found
            if wide := overflow(page):
                problems[f"{person}, {name}: too wide"] = wide
            if found := cut_off(page):
                problems[f"{person}, {name}: cut off"] = found
    assert problems == {}


def test_the_checks_see_what_is_wrong(portal: Portal, visit: Visits) -> None:
    page = visit(portal.cast.leader, phone=True)
    page.goto("/")
    page.evaluate("document.querySelector('main').innerHTML = '<input><p class=panel><svg width=900></svg>'")
    assert [found.split(":")[0] for found in barriers(page)] == ["label"]
    assert overflow(page) > 0
    assert [found.split(":")[0] for found in cut_off(page)] == ["P.panel"]
