"""The pages: who reaches them, what they show, what a sent form does, bad input with everything typed kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from programmes.models import Measure
from submissions.actions import return_submission
from submissions.models import Cell, Submission
from tests.submissions.conftest import OCTOBER, SEPTEMBER, World, figures, level
from units.models import Unit

SignIn = Callable[[User], Client]


def address(world: World, name: str, unit: Unit, month: int = OCTOBER) -> str:
    return reverse(f"submissions:{name}", args=[world.period(month).pk, unit.pk])


def name_of(world: World, measure: Measure, unit: Unit | None = None, month: int = OCTOBER) -> str:
    return str(world.key(measure, unit, month))


def inputs(html: str) -> dict[str, str]:
    """What a browser would send back of the untouched form `sheet`."""
    form = html[html.index('<form id="sheet"') : html.index("</form>", html.index('<form id="sheet"'))]
    found = {
        m["name"]: unescape(m["value"] or "")
        for m in re.finditer(r'<input[^>]*?name="(?P<name>[^"]+)"(?:[^>]*?value="(?P<value>[^"]*)")?', form)
    }
    for select in re.finditer(r'<select[^>]*name="([^"]+)".*?</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        found[select[1]] = chosen[1] if chosen else ""
    return found


class Page:
    """One grid as one person has it on the screen."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.fields = inputs(client.get(url).content.decode())

    def post(self, verb: str, **typed: Any) -> Any:
        base, _mark, query = self.url.partition("?")
        return self.client.post(
            f"{base}{verb}/" + (f"?{query}" if query else ""), {**self.fields, **typed}, follow=True
        )


def send(looked: Any, **ticks: str) -> Any:
    """Presses the button of the page that looks a report over."""
    html = looked.content.decode()
    form = html[html.rindex('<form method="post"') :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    url = looked.request["PATH_INFO"].replace("xem-lai", "gui")
    return looked.client.post(url, {**fields, **ticks}, follow=True)


@pytest.fixture
def page(world: World, client_of: SignIn) -> Callable[..., Page]:
    def opened(user: User, unit: Unit | None = None, month: int = OCTOBER) -> Page:
        return Page(client_of(user), address(world, "grid", unit or world.cast.tan_cuong, month))

    return opened


# --- the form of one unit --------------------------------------------------------------------------------------


def test_the_form_shows_sections_previous_values_and_what_is_computed(world: World, client_of: SignIn) -> None:
    world.report(world.cast.tan_cuong, {world.members: 1234, world.online: 1}, month=SEPTEMBER)
    html = client_of(world.cast.enterer).get(address(world, "grid", world.cast.tan_cuong)).content.decode()
    assert html.index("A. Tổ chức, hội viên") < html.index("B. Hạ tầng")
    assert "1.234" in html
    assert "(09/2026)" in html
    assert f'name="{name_of(world, world.members, world.cast.tan_cuong)}"' in html
    assert world.fit.name in html
    assert f'name="{name_of(world, world.fit, world.cast.tan_cuong)}"' not in html
    assert world.firms.name not in html


def test_saving_a_draft_and_reading_it_again(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    answer = page(world.cast.enterer).post(
        "luu",
        **{
            name_of(world, world.members, tan_cuong): "1.234",
            name_of(world, world.score, tan_cuong): "8,25",
            name_of(world, world.online, tan_cuong): "0",
            "n-" + name_of(world, world.members, tan_cuong): "Theo sổ",
        },
    )
    assert answer.redirect_chain == [(address(world, "grid", tan_cuong), 302)]
    assert "Đã lưu" in answer.content.decode()
    fields = page(world.cast.enterer).fields
    assert (fields[name_of(world, world.members, tan_cuong)], fields[name_of(world, world.score, tan_cuong)]) == (
        "1234",
        "8,25",
    )
    assert fields[name_of(world, world.online, tan_cuong)] == "0"
    assert fields["n-" + name_of(world, world.members, tan_cuong)] == "Theo sổ"


BAD_TYPING = [
    ("members", "12,5", "“12,5” không phải số nguyên"),
    ("members", "abc", "“abc” không phải số nguyên"),
    ("members", "1e3", "“1e3” không phải số nguyên"),
    ("members", "-4", "“-4”: số không được nhỏ hơn 0."),
    ("score", "1.234", "có thể hiểu"),
    ("score", "8,255", "8,255"),
    ("score", "10,5", "“10,5” lớn hơn mức cao nhất là 10."),
    ("online", "7", "7"),
    ("minority", "11", "11 nhiều hơn “Tổng số hội viên” (10)"),
]


@pytest.mark.parametrize(("measure", "typed", "words"), BAD_TYPING)
def test_bad_typing_is_named_at_its_cell_and_everything_typed_stays(
    world: World, page: Callable[..., Page], measure: str, typed: str, words: str
) -> None:
    tan_cuong = world.cast.tan_cuong
    good = {name_of(world, world.members, tan_cuong): "10", name_of(world, world.admitted, tan_cuong): "3"}
    bad = name_of(world, getattr(world, measure))
    answer = page(world.cast.enterer).post("luu", **{**good, bad: typed})
    html = unescape(answer.content.decode())
    assert words in html
    assert f'href="#id_{bad}"' in html
    assert not Cell.objects.exists()
    kept = inputs(answer.content.decode())
    if measure != "online":  # a select cannot hold what it does not offer
        assert kept[bad] == typed
    assert kept[name_of(world, world.admitted, tan_cuong)] == "3"
    assert page(world.cast.enterer).post("luu", **good).redirect_chain


def test_sending_keeps_the_draft_when_a_note_is_missing(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    world.report(tan_cuong, {world.members: 100}, month=SEPTEMBER)
    cell = name_of(world, world.members, tan_cuong)
    answer = page(world.cast.enterer).post("luu-va-xem", **{cell: "300"})
    assert answer.redirect_chain == [(address(world, "check", tan_cuong), 302)]
    assert "Tăng 200% so với 100 của 09/2026. Ghi lý do vào ghi chú." in answer.content.decode()
    assert f"{address(world, 'grid', tan_cuong)}#id_{cell}" in answer.content.decode()
    refused = send(answer, confirmed="on")
    assert refused.redirect_chain == []
    assert Submission.objects.get().state == "draft"
    assert Cell.objects.get().value == 300
    noted = page(world.cast.enterer).post("luu-va-xem", **{f"n-{cell}": "Nhập hai chi hội"})
    assert "Ghi chú: Nhập hai chi hội" in noted.content.decode()
    sent = send(noted, confirmed="on")
    assert sent.redirect_chain == [(address(world, "grid", tan_cuong), 302)]
    assert Submission.objects.get().state == "sent"
    assert "chờ duyệt" in sent.content.decode()


def test_an_empty_form_is_not_sent(world: World, page: Callable[..., Page]) -> None:
    answer = send(page(world.cast.enterer).post("luu-va-xem"), confirmed="on")
    assert "Chưa nhập số liệu nào" in answer.content.decode()
    assert not Submission.objects.exists()


def test_the_leader_sends_what_the_enterer_typed(world: World, page: Callable[..., Page]) -> None:
    world.save({world.members: 320})
    signer = page(world.cast.signer)
    assert name_of(world, world.members, world.cast.tan_cuong) not in signer.fields
    send(signer.client.get(address(world, "check", world.cast.tan_cuong)), confirmed="on")
    assert (Submission.objects.get().state, Submission.objects.get().sent_by) == ("sent", world.cast.signer)


def test_two_people_at_one_cell_see_both_values(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    cell, other = name_of(world, world.members, tan_cuong), name_of(world, world.admitted, tan_cuong)
    world.save({world.members: 300})
    mine = page(world.cast.enterer)
    world.save({world.members: 310}, by=world.cast.officer)
    answer = mine.post("luu", **{cell: "320", other: "4"})
    words = unescape(answer.content.decode())
    assert "“310”" in words
    assert "“320”" in words
    assert Cell.objects.get().value == 310
    mine.fields = inputs(answer.content.decode())
    assert mine.post("luu").redirect_chain
    assert Cell.objects.get(measure=world.members).value == 320


def test_what_i_left_alone_is_never_set_back(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    world.save({world.members: 300})
    mine = page(world.cast.enterer)
    world.save({world.members: 310}, by=world.cast.officer)
    mine.post("luu", **{name_of(world, world.admitted, tan_cuong): "4"})
    assert dict(Cell.objects.values_list("measure__code", "value")) == {"HV": 310, "KN": 4}


def test_a_save_after_the_report_was_sent_keeps_what_was_typed(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    mine = page(world.cast.enterer)
    world.send({world.members: 300}, by=world.cast.officer)
    answer = mine.post("luu", **{name_of(world, world.admitted, tan_cuong): "4"})
    assert "đang chờ duyệt" in answer.content.decode()
    assert inputs(answer.content.decode())[name_of(world, world.admitted, tan_cuong)] == "4"
    assert not Cell.objects.filter(measure=world.admitted).exists()


def test_a_form_sent_twice_has_one_effect(world: World, page: Callable[..., Page]) -> None:
    looked = page(world.cast.enterer).post("luu-va-xem", **{name_of(world, world.members, world.cast.tan_cuong): "320"})
    first, second = send(looked, confirmed="on"), send(looked, confirmed="on")
    assert first.redirect_chain == second.redirect_chain == [(address(world, "grid", world.cast.tan_cuong), 302)]
    assert (Submission.objects.get().state, Submission.objects.get().version) == ("sent", 2)


@pytest.mark.parametrize("seen", ["", "{}", "[]", "null", "{", '{"1-2-3": 5}'])
def test_an_unreadable_mark_breaks_nothing(world: World, page: Callable[..., Page], seen: str) -> None:
    answer = page(world.cast.enterer).post(
        "luu", **{name_of(world, world.members, world.cast.tan_cuong): "320", "seen": seen}
    )
    assert answer.status_code == 200
    assert Cell.objects.get().value == 320


def test_the_mark_holds_the_stored_values(world: World, page: Callable[..., Page]) -> None:
    world.save({world.members: 320})
    seen = json.loads(page(world.cast.enterer).fields["seen"])
    assert seen[name_of(world, world.members, world.cast.tan_cuong)] == "320"


def test_a_closed_unit_names_its_successor(world: World, client_of: SignIn) -> None:
    html = client_of(world.cast.officer).get(address(world, "grid", world.cast.thinh_duc)).content.decode()
    assert "đã kết thúc hoạt động ngày 30/06/2025" in html
    assert address(world, "grid", world.cast.tan_cuong) in html
    assert "data-cell" not in html


# --- who reaches what ------------------------------------------------------------------------------------------

GET_PAGES = ["grid", "check", "cells", "province", "province_send", "reopen"]
POST_PAGES = ["save", "save_and_check", "unchanged", "send", "reopen", "province_save", "province_send"]


@pytest.mark.parametrize("name", GET_PAGES)
@pytest.mark.parametrize("who", ["stranger", "foreign_officer", "nobody"])
def test_a_foreign_unit_does_not_exist(world: World, client_of: SignIn, name: str, who: str) -> None:
    world.accept(world.send({world.members: 320}))
    unit = world.cast.thai_nguyen if name.startswith("province") else world.cast.tan_cuong
    assert client_of(getattr(world.cast, who)).get(address(world, name, unit)).status_code == 404


@pytest.mark.parametrize("name", POST_PAGES)
def test_nothing_is_sent_into_a_foreign_unit(world: World, client_of: SignIn, name: str) -> None:
    cell = name_of(world, world.members, world.cast.tan_cuong)
    answer = client_of(world.cast.stranger).post(address(world, name, world.cast.tan_cuong), {cell: "5", "reason": "x"})
    assert answer.status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.parametrize("verb", ["save", "save_and_check", "unchanged", "send"])
@pytest.mark.parametrize("who", ["leader", "admin", "national"])
def test_who_may_look_but_not_type_is_told_why(world: World, client_of: SignIn, who: str, verb: str) -> None:
    client = client_of(getattr(world.cast, who))
    assert "data-cell" not in client.get(address(world, "grid", world.cast.tan_cuong)).content.decode()
    cell = name_of(world, world.members, world.cast.tan_cuong)
    answer = client.post(address(world, verb, world.cast.tan_cuong), {cell: "5"})
    assert answer.status_code == 403
    assert "Xã Tân Cương" in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_period_that_was_never_opened_is_no_page(world: World, client_of: SignIn) -> None:
    url = reverse("submissions:grid", args=[0, world.cast.tan_cuong.pk])
    assert client_of(world.cast.enterer).get(url).status_code == 404


def test_a_unit_without_a_form_has_no_grid(world: World, client_of: SignIn) -> None:
    assert client_of(world.cast.national).get(address(world, "grid", world.cast.centre)).status_code == 404


def test_addresses_of_verbs_lead_back_to_the_form(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.enterer)
    for verb, page_of in (("save", "grid"), ("save_and_check", "grid"), ("unchanged", "grid"), ("send", "check")):
        answer = client.get(address(world, verb, world.cast.tan_cuong))
        assert answer.headers["Location"] == address(world, page_of, world.cast.tan_cuong)
    assert client.post(address(world, "grid", world.cast.tan_cuong)).status_code == 405


# --- review ----------------------------------------------------------------------------------------------------


def test_the_list_holds_large_changes_corrections_and_own_entries_apart(world: World, client_of: SignIn) -> None:
    world.report(world.cast.dai_phuc, {world.members: 100}, month=SEPTEMBER)
    plain = world.send({world.members: 320})
    changed = world.send({world.members: 300}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer,
                         notes={world.members: "Nhập xã"})  # fmt: skip
    own = world.send({world.members: 50}, unit=world.cast.phu_dinh, by=world.cast.officer)
    html = client_of(world.cast.officer).get(reverse("submissions:review")).content.decode()
    ticked = set(re.findall(r'value="(\d+:\d+)" checked', html))
    offered = set(re.findall(r'name="chosen" value="(\d+:\d+)"', html))
    assert ticked == {plain.mark}
    assert offered == {plain.mark, changed.mark}
    assert "Tăng 200% so với 100 của 09/2026." in html
    assert reverse("submissions:review_one", args=[own.pk]) in html


def test_accepting_from_the_list(world: World, client_of: SignIn) -> None:
    first = world.send({world.members: 320})
    second = world.send({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    client = client_of(world.cast.officer)
    for _time in range(2):  # pressed twice: the second time nothing is left to do
        answer = client.post(reverse("submissions:accept"), {"chosen": [first.mark, second.mark]}, follow=True)
        assert answer.redirect_chain == [(reverse("submissions:review"), 302)]
    assert level(world.cast.thai_nguyen, world.members) == 400


def test_accepting_nothing_or_nonsense(world: World, client_of: SignIn) -> None:
    report = world.send({world.members: 320})
    client = client_of(world.cast.officer)
    for chosen in ([], ["x"], ["1:"], [f"{report.pk}"]):
        answer = client.post(reverse("submissions:accept"), {"chosen": chosen}, follow=True)
        assert "Chọn ít nhất một báo cáo." in answer.content.decode()
    stale = client.post(reverse("submissions:accept"), {"chosen": [f"{report.pk}:1"]}, follow=True)
    assert "đã thay đổi" in stale.content.decode()
    assert figures(world.cast.tan_cuong) == {}


def test_an_own_entry_is_refused_with_the_reason(world: World, client_of: SignIn) -> None:
    report = world.send({world.members: 320}, by=world.cast.officer)
    client = client_of(world.cast.officer)
    shown = client.get(reverse("submissions:review_one", args=[report.pk])).content.decode()
    assert "phải để người khác duyệt" in shown
    assert reverse("submissions:accept") not in shown
    answer = client.post(reverse("submissions:accept"), {"chosen": [report.mark]})
    assert answer.status_code == 403
    assert "phải để người khác duyệt" in answer.content.decode()
    assert figures(world.cast.tan_cuong) == {}


def test_one_report_shows_before_reported_and_difference(world: World, client_of: SignIn) -> None:
    world.report(world.cast.tan_cuong, {world.members: 1300}, month=SEPTEMBER)
    report = world.send({world.members: 1234, world.online: 1}, notes={world.members: "Chuyển đi"})
    html = client_of(world.cast.officer).get(reverse("submissions:review_one", args=[report.pk])).content.decode()
    for words in ("1.300", "1.234", "−66", "Chuyển đi", "Có"):
        assert words in html


@pytest.mark.parametrize("who", ["foreign_officer", "enterer"])
def test_a_foreign_report_is_out_of_reach(world: World, client_of: SignIn, who: str) -> None:
    """The officer of another province sees none of it; the enterer sees the form but decides nothing."""
    report = world.send({world.members: 320})
    client = client_of(getattr(world.cast, who))
    expected = 404 if who == "foreign_officer" else 403
    for name in ("review_one", "return"):
        assert client.get(reverse(f"submissions:{name}", args=[report.pk])).status_code == expected
    assert client.post(reverse("submissions:accept"), {"chosen": [report.mark]}).status_code == expected
    assert figures(world.cast.tan_cuong) == {}


def test_returning_shows_the_reason_on_form_and_start_page(world: World, client_of: SignIn) -> None:
    report = world.send({world.members: 320})
    officer, enterer = client_of(world.cast.officer), client_of(world.cast.enterer)
    url = reverse("submissions:return", args=[report.pk])
    assert "Trường này là bắt buộc" in officer.post(url, {"reason": " "}).content.decode()
    officer.post(url, {"reason": "Chưa khớp quý III"})
    for page in (address(world, "grid", world.cast.tan_cuong), reverse("submissions:home")):
        assert "Chưa khớp quý III" in enterer.get(page).content.decode()


def test_correcting_through_the_pages(world: World, client_of: SignIn, page: Callable[..., Page]) -> None:
    world.accept(world.send({world.members: 320}))
    client = client_of(world.cast.enterer)
    shown = client.get(address(world, "grid", world.cast.tan_cuong)).content.decode()
    assert address(world, "reopen", world.cast.tan_cuong) in shown
    client.post(address(world, "reopen", world.cast.tan_cuong), {"reason": "Đếm nhầm"})
    answer = page(world.cast.enterer).post("luu", **{name_of(world, world.members, world.cast.tan_cuong): "300"})
    assert "đã duyệt: 320" in answer.content.decode()
    assert figures(world.cast.tan_cuong) == {"HV": 320}


# --- start page ------------------------------------------------------------------------------------------------


def test_the_start_page_of_an_enterer_has_the_own_months(world: World, client_of: SignIn) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=SEPTEMBER)
    html = client_of(world.cast.enterer).get(reverse("submissions:home")).content.decode()
    assert address(world, "grid", world.cast.tan_cuong, OCTOBER) in html
    assert "Xã Đại Phúc" not in html
    assert html.count("Đã có số liệu") == 1


def test_the_start_page_of_an_officer_sums_up_the_units_below(world: World, client_of: SignIn) -> None:
    world.send({world.members: 320})
    html = client_of(world.cast.officer).get(reverse("submissions:home")).content.decode()
    assert re.findall(r'data-label="(?:Đã báo cáo|Chưa gửi)">(?:<a[^>]*>)?([^<]+)<', html) == ["1/4", "3 đơn vị"]
    assert "1 báo cáo chờ đồng chí duyệt" in html


def test_nobody_has_an_empty_start_page(world: World, client_of: SignIn) -> None:
    answer = client_of(world.cast.nobody).get(reverse("submissions:home"))
    assert answer.status_code == 200
    assert "chưa gắn với đơn vị" in answer.content.decode()


# --- the grid of a province ------------------------------------------------------------------------------------


def province(world: World, client_of: SignIn, who: User, query: str = "") -> Page:
    return Page(client_of(who), address(world, "province", world.cast.thai_nguyen) + query)


def test_a_province_grid_saves_many_units_at_once(world: World, client_of: SignIn) -> None:
    grid = province(world, client_of, world.cast.officer)
    names = {unit: name_of(world, world.members, unit) for unit in (world.cast.tan_cuong, world.cast.dai_phuc)}
    assert set(names.values()) <= set(grid.fields)
    assert name_of(world, world.online, world.cast.tan_cuong) not in grid.fields  # of the other group
    answer = grid.post("luu", **{names[world.cast.tan_cuong]: "320", names[world.cast.dai_phuc]: "80"})
    assert answer.redirect_chain
    assert ">400</output>" in answer.content.decode()
    assert set(Submission.objects.values_list("unit", "state")) == {
        (world.cast.tan_cuong.pk, "draft"), (world.cast.dai_phuc.pk, "draft"),
    }  # fmt: skip


def test_one_bad_cell_of_a_province_stores_none_and_names_its_unit(world: World, client_of: SignIn) -> None:
    grid = province(world, client_of, world.cast.officer)
    bad = name_of(world, world.members, world.cast.dai_phuc)
    answer = grid.post("luu", **{name_of(world, world.members, world.cast.tan_cuong): "320", bad: "8,5"})
    html = unescape(answer.content.decode())
    assert "Xã Đại Phúc, Tháng 10/2026, Tổng số hội viên: “8,5” không phải số nguyên" in html
    assert inputs(answer.content.decode())[bad] == "8,5"
    assert not Submission.objects.exists()


def test_all_bad_cells_are_named_at_once(world: World, client_of: SignIn) -> None:
    """What cannot be read and what the rules refuse; not what follows from the unread one."""
    tan_cuong, dai_phuc = world.cast.tan_cuong, world.cast.dai_phuc
    world.report(dai_phuc, {world.members: 10}, month=SEPTEMBER)
    answer = province(world, client_of, world.cast.officer).post(
        "luu",
        **{
            name_of(world, world.members, tan_cuong): "10",
            name_of(world, world.minority, tan_cuong): "11",
            name_of(world, world.members, dai_phuc): "8,5",
            name_of(world, world.minority, dai_phuc): "12",
        },
    )
    wrong = re.findall(r'href="#id_([\d-]+)"', answer.content.decode())
    assert wrong == [name_of(world, world.members, dai_phuc), name_of(world, world.minority, tan_cuong)]
    assert not Submission.objects.exists()


def test_a_warning_speaks_of_what_is_stored(world: World, page: Callable[..., Page]) -> None:
    tan_cuong = world.cast.tan_cuong
    world.report(tan_cuong, {world.members: 100}, month=SEPTEMBER)
    cell = name_of(world, world.members, tan_cuong)
    saved = page(world.cast.enterer).post("luu", **{cell: "10"})
    assert "Giảm 90% so với 100" in saved.content.decode()
    again = page(world.cast.enterer).post("luu", **{cell: "120", name_of(world, world.score, tan_cuong): "11"})
    assert "Giảm 90%" not in again.content.decode()


def test_one_measure_over_months(world: World, client_of: SignIn) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=SEPTEMBER)
    grid = province(world, client_of, world.cast.officer, f"?so={world.members.pk}")
    september = name_of(world, world.members, world.cast.tan_cuong, SEPTEMBER)
    assert grid.fields[september] == "300"
    assert name_of(world, world.members, world.cast.tan_cuong, OCTOBER - 5) in grid.fields
    grid.post("luu", **{september: "305", name_of(world, world.members, world.cast.tan_cuong): "310"})
    assert set(Cell.objects.values_list("submission__period__month", "value")) == {(SEPTEMBER, 305), (OCTOBER, 310)}


def test_months_before_a_unit_existed_are_only_shown(world: World, client_of: SignIn) -> None:
    august_2025 = OCTOBER - 14
    url = address(world, "province", world.cast.thai_nguyen, august_2025) + f"?so={world.members.pk}"
    fields = Page(client_of(world.cast.officer), url).fields
    assert name_of(world, world.members, world.cast.tan_cuong, august_2025 - 1) in fields  # July 2025, its first month
    assert name_of(world, world.members, world.cast.tan_cuong, august_2025 - 2) not in fields


def test_rows_that_left_are_only_shown(world: World, client_of: SignIn) -> None:
    world.send({world.members: 320})
    grid = province(world, client_of, world.cast.officer)
    assert name_of(world, world.members, world.cast.tan_cuong) not in grid.fields
    assert name_of(world, world.members, world.cast.dai_phuc) in grid.fields


def test_a_leader_reads_the_province_grid_and_cannot_save(world: World, client_of: SignIn) -> None:
    grid = province(world, client_of, world.cast.leader)
    assert not [name for name in grid.fields if re.fullmatch(r"\d+-\d+-\d+", name)]
    cell = name_of(world, world.members, world.cast.tan_cuong)
    answer = grid.client.post(address(world, "province_save", world.cast.thai_nguyen), {cell: "5"})
    assert answer.status_code == 403
    assert not Submission.objects.exists()


def test_a_foreign_unit_smuggled_into_a_province_grid_is_passed_over(world: World, client_of: SignIn) -> None:
    grid = province(world, client_of, world.cast.officer)
    grid.post("luu", **{name_of(world, world.members, world.cast.sam_son): "5"})
    assert not Submission.objects.exists()


def test_groups_pages_and_months_of_the_province_grid(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.officer)
    url = address(world, "province", world.cast.thai_nguyen)
    other = client.get(url, {"phan": "B. Hạ tầng"}).content.decode()
    assert name_of(world, world.online, world.cast.tan_cuong) in other
    for query in ({"phan": "không có"}, {"so": "x"}, {"so": "999999"}, {"page": "99"}):
        assert client.get(url, query).status_code == 200
    assert client.get(address(world, "province", world.cast.tan_cuong)).status_code == 404


def test_sending_the_drafts_of_a_province(world: World, client_of: SignIn) -> None:
    world.report(world.cast.dai_phuc, {world.members: 10}, month=SEPTEMBER)
    ready = world.save({world.members: 320})
    world.save({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.officer)
    returned = world.send({world.members: 50}, unit=world.cast.phu_dinh, by=world.cast.officer2)
    return_submission(submission=returned, reason="Thiếu", by=world.cast.officer)
    returned.refresh_from_db()
    client = client_of(world.cast.officer)
    url = address(world, "province_send", world.cast.thai_nguyen)
    html = client.get(url).content.decode()
    assert ready is not None
    assert re.findall(r'name="chosen" value="(\d+:\d+)"( checked)?', html) == [
        (returned.mark, ""),
        (ready.mark, " checked"),
    ]
    assert "Tăng 700%" in html
    assert "Chọn ít nhất một báo cáo." in client.post(url, {}).content.decode()
    client.post(url, {"chosen": [ready.mark]})
    assert dict(Submission.objects.values_list("unit__short_name", "state")) == {
        "Tân Cương": "sent", "Đại Phúc": "draft", "Phú Đình": "returned",
    }  # fmt: skip


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["home", "review", "province"])
def test_pages_ask_as_much_for_many_units_as_for_one(world: World, client_of: SignIn, name: str) -> None:
    url = address(world, name, world.cast.thai_nguyen) if name == "province" else reverse(f"submissions:{name}")
    client = client_of(world.cast.officer)
    world.send({world.members: 320, world.admitted: 3}, by=world.cast.officer2)
    with_one = queries_of(client, url)
    for unit in (world.cast.dai_phuc, world.cast.phu_dinh, world.cast.police):
        world.report(unit, {world.members: 100}, month=SEPTEMBER)
        world.send({world.members: 120, world.admitted: 2}, unit=unit, by=world.cast.officer2)
    assert queries_of(client, url) == with_one


def test_the_form_asks_as_much_with_all_cells_as_with_none(world: World, client_of: SignIn) -> None:
    world.save({world.members: 320})
    client, url = client_of(world.cast.enterer), address(world, "grid", world.cast.tan_cuong)
    with_one = queries_of(client, url)
    world.report(world.cast.tan_cuong, {world.members: 300, world.admitted: 4}, month=SEPTEMBER)
    world.save({world.admitted: 5, world.minority: 50, world.online: 1, world.score: 8})
    assert queries_of(client, url) == with_one
