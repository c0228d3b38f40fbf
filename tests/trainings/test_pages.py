"""The pages of the trainings: who reaches them, recording from a phone, what a bad form gets, the list, the duties."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from programmes.models import Programme
from sponsors.models import Sponsor
from tests.trainings.conftest import OCTOBER, TODAY, World, figures
from trainings import duties
from trainings.actions import cancel_training
from trainings.choices import Topic, TrainingState
from trainings.models import TrainingClass

SignIn = Callable[[User], Client]
LIST, ADD = reverse("trainings:list"), reverse("trainings:add")


def typed(world: World, **values: Any) -> dict[str, Any]:
    """What a commune types for a class of one day."""
    usual = {
        "title": "Kỹ năng số", "topic": "digital", "kind": "class", "organiser": world.cast.tan_cuong.pk,
        "state": "held", "start": "15/10/2026", "end": "", "mode": "onsite", "turns": "60", "women": "55",
        "ethnic_minority": "12", "officers": "4", "members": "50", "certificates": "0",
    }  # fmt: skip
    return {**usual, **values}


def page(name: str, training: TrainingClass) -> str:
    return reverse(f"trainings:{name}", args=[training.pk])


def test_a_commune_records_a_class(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.enterer)
    shown = client.get(ADD).content.decode()
    assert "Xã Tân Cương" in shown
    assert f'name="organiser" value="{world.cast.tan_cuong.pk}"' in shown  # one unit: shown, not asked
    answer = client.post(ADD, typed(world), follow=True)
    training = TrainingClass.objects.get()
    assert answer.redirect_chain == [(page("detail", training), 302)]
    assert (training.start, training.end, training.turns) == (date(2026, 10, 15), date(2026, 10, 15), 60)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 60


def test_the_same_form_twice_records_one_class(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.enterer)
    token = re.search(r'name="once" value="([^"]+)"', client.get(ADD).content.decode())
    assert token is not None
    first = client.post(ADD, typed(world, once=token[1]))
    second = client.post(ADD, typed(world, once=token[1]))
    assert first.headers["Location"] == second.headers["Location"]
    assert TrainingClass.objects.count() == 1
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 60


BAD = [
    ({"women": "61"}, "women", "“nữ” (61) nhiều hơn tổng số lượt (60)."),
    ({"turns": "12,5"}, "turns", "“12,5” không phải số nguyên"),
    ({"turns": ""}, "turns", "bắt buộc"),
    ({"turns": "-3"}, "turns", "0"),
    ({"start": "31/02/2026"}, "start", "31/02/2026"),
    ({"start": "2026/1/1"}, "start", "không phải ngày"),
    ({"end": "14/10/2026"}, "end", "trước ngày đầu"),
    ({"title": "  "}, "title", "bắt buộc"),
    ({"topic": "khac"}, "topic", "khac"),
    ({"state": "cancelled"}, "state", "cancelled"),
]


@pytest.mark.parametrize(("values", "field", "words"), BAD)
def test_bad_input_is_named_at_its_field_and_nothing_is_stored(
    world: World, client_of: SignIn, values: dict[str, str], field: str, words: str
) -> None:
    html = unescape(client_of(world.cast.enterer).post(ADD, typed(world, **values)).content.decode())
    error = re.search(rf'id="id_{field}_error".*?</div>', html, re.S)
    assert error is not None
    assert words in error[0]
    assert 'value="Kỹ năng số"' in html or field == "title"
    assert not TrainingClass.objects.exists()


def test_a_class_of_tomorrow_is_only_a_plan(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.enterer)
    counts = dict.fromkeys(("turns", "women", "ethnic_minority", "officers", "members", "certificates"), "")
    refused = client.post(ADD, typed(world, start="15/10/2199"))
    assert "trong tương lai" in refused.content.decode()
    client.post(ADD, typed(world, start="15/10/2199", state="planned", **counts))
    assert TrainingClass.objects.get().state == TrainingState.PLANNED


def test_foreign_organisers_programmes_and_sponsors_are_not_accepted(world: World, client_of: SignIn) -> None:
    foreign = Programme.objects.create(code="TH", name="Thanh Hóa", short_name="TH", owner=world.cast.thanh_hoa,
                                       start=date(2026, 1, 1))  # fmt: skip
    sponsor = Sponsor.objects.create(name="Nhà tài trợ Thanh Hóa", kept_by=world.cast.thanh_hoa)
    client = client_of(world.cast.officer)
    for values in ({"organiser": world.cast.sam_son.pk}, {"programme": foreign.pk}, {"sponsor": sponsor.pk}):
        html = client.post(ADD, typed(world, **values)).content.decode()
        assert "error-summary" in html
        assert "Nhà tài trợ Thanh Hóa" not in html
    assert not TrainingClass.objects.exists()


def test_a_province_chooses_among_its_open_units(world: World, client_of: SignIn) -> None:
    html = client_of(world.cast.officer).get(ADD).content.decode()
    select = html[html.index('id="id_organiser"') : html.index("</select>", html.index('id="id_organiser"'))]
    assert re.findall(r">([^<]+)</option>", select)[1:] == [
        "Xã Đại Phúc", "Hội Phụ nữ Công an tỉnh", "Xã Phú Đình", "Xã Tân Cương", "Tỉnh Thái Nguyên",
    ]  # fmt: skip
    old = client_of(world.cast.officer).get(ADD, {"unit": world.cast.thinh_duc.pk}).content.decode()
    assert f'value="{world.cast.thinh_duc.pk}" selected' in old


def test_two_people_at_one_record_see_both_values(world: World, client_of: SignIn) -> None:
    training = world.record()
    client = client_of(world.cast.enterer)
    shown = client.get(page("edit", training)).content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)
    assert seen is not None
    world_values = typed(world, title=training.title, start="14/10/2026", end="15/10/2026", certificates="60")
    TrainingClass.objects.filter(pk=training.pk).update(turns=70)
    answer = client.post(page("edit", training), {**world_values, "turns": "80", "seen": unescape(seen[1])})
    html = unescape(answer.content.decode())
    assert "“70”" in html
    assert "“80”" in html
    training.refresh_from_db()
    assert training.turns == 70


def test_cancelling_says_what_changes_and_demands_a_reason(world: World, client_of: SignIn) -> None:
    training = world.record()
    client = client_of(world.cast.enterer)
    assert "60 lượt" in client.get(page("cancel", training)).content.decode()
    client.post(page("cancel", training), {"reason": ""})
    training.refresh_from_db()
    assert training.state == TrainingState.HELD
    client.post(page("cancel", training), {"reason": "Ghi nhầm"})
    assert figures(world.cast.tan_cuong, OCTOBER) == {}
    assert "Ghi nhầm" in client.get(page("detail", training)).content.decode()


@pytest.mark.parametrize("name", ["detail", "edit", "cancel"])
def test_a_foreign_training_does_not_exist(world: World, client_of: SignIn, name: str) -> None:
    training = world.record()
    for who in (world.cast.stranger, world.cast.foreign_officer):
        client = client_of(who)
        assert client.get(page(name, training)).status_code == 404
        assert client.post(page(name, training), typed(world, reason="x")).status_code in (404, 405)
    training.refresh_from_db()
    assert training.state == TrainingState.HELD


@pytest.mark.parametrize("name", ["edit", "cancel"])
@pytest.mark.parametrize("who", ["leader", "signer", "admin", "national"])
def test_who_may_look_but_not_record_is_told_why(world: World, client_of: SignIn, name: str, who: str) -> None:
    training = world.record()
    client = client_of(getattr(world.cast, who))
    assert client.get(page("detail", training)).status_code == 200
    assert page("edit", training) not in client.get(page("detail", training)).content.decode()
    for answer in (client.get(page(name, training)), client.post(page(name, training), typed(world, reason="x"))):
        assert answer.status_code == 403
    assert client.get(ADD).status_code == 403


def test_the_list_sums_what_it_shows(world: World, client_of: SignIn) -> None:
    world.record()
    world.record(title="Lớp ở Đại Phúc", organiser=world.cast.dai_phuc, by=world.cast.officer, topic=Topic.SAFETY)
    cancel_training(training=world.record(title="Ghi nhầm"), reason="x", by=world.cast.enterer)
    client = client_of(world.cast.officer)
    assert "3 lớp, sự kiện; đã tổ chức: 120 lượt, trong đó 110 nữ" in client.get(LIST).content.decode()
    for query, expected in (
        ({"unit": world.cast.dai_phuc.pk}, ["Lớp ở Đại Phúc"]),
        ({"q": "dai phuc"}, ["Lớp ở Đại Phúc"]),
        ({"topic": "safety"}, ["Lớp ở Đại Phúc"]),
        ({"state": "cancelled"}, ["Ghi nhầm"]),
        ({"since": "16/10/2026"}, []),
        ({"until": "15/10/2026", "state": "held", "unit": world.cast.tan_cuong.pk}, ["Kỹ năng số cho hội viên"]),
    ):
        html = client.get(LIST, query).content.decode()
        assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', html) == expected
    assert "Kỹ năng số" not in client_of(world.cast.stranger).get(LIST).content.decode()


def test_the_subtree_of_a_unit_holds_its_predecessors(world: World, client_of: SignIn) -> None:
    world.record(by=world.cast.officer, organiser=world.cast.thinh_duc, start=date(2025, 5, 1), end=date(2025, 5, 2))
    html = client_of(world.cast.officer).get(LIST, {"unit": world.cast.tan_cuong.pk}).content.decode()
    assert "Xã Thịnh Đức" in html
    assert "1 lớp, sự kiện" in html


def test_the_list_offers_provinces_of_today_and_shows_a_unit_of_a_link_as_a_tag(
    world: World, client_of: SignIn
) -> None:
    cast = world.cast
    world.record(by=cast.officer, organiser=cast.thinh_duc, start=date(2025, 5, 1), end=date(2025, 5, 2))
    national = client_of(cast.national)
    html = national.get(LIST).content.decode()
    offered = re.search(r'<select name="province".*?</select>', html, re.S)
    assert offered is not None
    choices = re.findall(r">([^<]+)</option>", offered[0])
    assert choices == ["Tất cả", "Tỉnh Thái Nguyên", "Tỉnh Thanh Hóa"]  # no closed unit
    assert 'name="province"' not in client_of(cast.officer).get(LIST).content.decode()  # there is one only
    html = national.get(LIST, {"unit": cast.tan_cuong.pk}).content.decode()
    assert "Xã Tân Cương</b>" in html
    assert f'<input type="hidden" name="unit" value="{cast.tan_cuong.pk}"' in html
    foreign = client_of(cast.stranger).get(LIST, {"unit": cast.tan_cuong.pk}).content.decode()
    assert "Tân Cương" not in foreign


def test_exports_hold_numbers_and_no_foreign_rows(world: World, client_of: SignIn) -> None:
    world.record()
    world.record(title="Dự kiến", state=TrainingState.PLANNED, turns=0, women=0, ethnic_minority=0, officers=0,
                 members=0, certificates=0)  # fmt: skip
    rows = b"".join(client_of(world.cast.officer).get(LIST, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "60" in rows
    planned = next(line for line in rows.splitlines() if line.startswith(("Dự kiến", '"Dự kiến')))
    assert ",0," not in planned
    empty = b"".join(client_of(world.cast.stranger).get(LIST, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Kỹ năng" not in empty


def test_the_page_of_a_unit_shows_those_of_its_subtree(world: World, client_of: SignIn) -> None:
    world.record()
    html = client_of(world.cast.leader).get(
        reverse("units:section", args=[world.cast.thai_nguyen.pk, "tap-huan"])
    ).content.decode()  # fmt: skip
    assert "Kỹ năng số cho hội viên" in html
    assert ADD not in html


def test_a_plan_whose_day_has_passed_is_a_duty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties.timezone, "localdate", lambda value=None: TODAY)
    plan = world.record(state=TrainingState.PLANNED)
    world.record(title="Sắp tới", state=TrainingState.PLANNED, start=TODAY, end=TODAY)
    assert [(str(duty.title), duty.url, duty.due) for duty in duties.training_duties(world.cast.enterer)] == [
        ("Nhập kết quả: Kỹ năng số cho hội viên", page("edit", plan), date(2026, 10, 15))
    ]
    assert duties.training_duties(world.cast.dai_phuc_enterer) == []


def test_the_list_asks_as_much_for_many_trainings_as_for_one(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.officer)
    world.record()

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    with_one = queries()
    for number in range(3):
        world.record(title=f"Lớp {number}")
    assert queries() == with_one
