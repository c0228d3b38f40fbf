"""The pages of a list of trainees: lines filled in on a phone, numbers compared, names masked, taken out and erased."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.trainings.conftest import OCTOBER, World, figures
from tests.trainings.test_trainees import person, three
from trainings import actions
from trainings.choices import CountsFrom, TrainingState
from trainings.forms.trainees import ROWS
from trainings.models import Trainee, TrainingClass

SignIn = Callable[[User], Client]
OF_LIST = ("trainees", "trainees-add", "list-import", "list-blank", "certificates", "erase-names", "counts")
PHONE = "0912 345 678"


def page(name: str, training: TrainingClass, *more: int) -> str:
    return reverse(f"trainings:{name}", args=[training.pk, *more])


def lines(*people: dict[str, Any]) -> dict[str, Any]:
    """What the lines of the page send: gender and standing are always there, empty lines too."""
    sent: dict[str, Any] = {}
    for number in range(1, ROWS + 1):
        told = people[number - 1] if number <= len(people) else {}
        usual = {"full_name": "", "birth_year": "", "gender": "woman", "standing": "member", "phone": ""}
        sent |= {f"{name}-{number}": value for name, value in {**usual, **told}.items()}
    return sent


HOA = {"full_name": "Nguyễn Thị Hoa", "birth_year": "1985", "standing": "officer", "phone": PHONE}
MAI = {"full_name": "Lò Thị  Mai ", "birth_year": "1990", "ethnic_minority": "on"}


@pytest.fixture
def training(world: World) -> TrainingClass:
    return world.record(turns=2, women=2, ethnic_minority=1, officers=1, members=1, certificates=0)


def test_a_commune_fills_in_lines_and_the_next_ones_open(
    world: World, client_of: SignIn, training: TrainingClass
) -> None:
    client = client_of(world.cast.enterer)
    address = page("trainees-add", training)
    token = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
    assert token is not None
    answer = client.post(address, {**lines(HOA, {}, MAI), "once": token[1]}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Đã thêm 2 người; danh sách có 2 người." in answer.content.decode()
    client.post(address, {**lines(HOA, {}, MAI), "once": token[1]})  # the button pressed twice
    names = ("full_name", "birth_year", "gender", "standing", "ethnic_minority", "phone", "unit")
    assert list(training.trainees.values_list(*names)) == [
        ("Nguyễn Thị Hoa", 1985, "woman", "officer", False, PHONE, world.cast.tan_cuong.pk),
        ("Lò Thị Mai", 1990, "woman", "member", True, "", world.cast.tan_cuong.pk),
    ]
    assert "số liệu của lớp tính từ danh sách này" in client.get(page("detail", training)).content.decode()


BAD: list[tuple[list[dict[str, Any]], str, str]] = [
    ([{**HOA, "full_name": ""}], "full_name-1", "Nhập họ và tên"),
    ([HOA, {**MAI, "birth_year": ""}], "birth_year-2", "Nhập năm sinh"),
    ([{**HOA, "birth_year": "85"}], "birth_year-1", "1900"),
    ([{**HOA, "birth_year": "2026"}], "birth_year-1", "1900–2020"),
    ([{**HOA, "phone": "gọi sau"}], "phone-1", "gọi sau"),
    ([HOA, {}, HOA], "full_name-3", "dòng 1"),
    ([{**HOA, "standing": "khac"}], "standing-1", "khac"),
    ([], "full_name-1", "ít nhất một người"),
]


@pytest.mark.parametrize(("people", "field", "words"), BAD)
def test_what_is_wrong_stands_at_its_cell_and_nothing_is_lost(
    world: World, client_of: SignIn, training: TrainingClass, people: list[dict[str, Any]], field: str, words: str
) -> None:
    html = unescape(client_of(world.cast.enterer).post(page("trainees-add", training), lines(*people)).content.decode())
    error = re.search(rf'id="id_{field}_error".*?</div>', html, re.S)
    assert error is not None
    assert words in error[0]
    assert f'href="#id_{field}"' in html
    assert not people or 'value="1985"' in html or 'value="85"' in html or 'value="2026"' in html
    assert not Trainee.objects.exists()


def test_where_units_stand_below_each_line_may_name_one(world: World, client_of: SignIn) -> None:
    own = world.record(organiser=world.cast.thai_nguyen, by=world.cast.officer)
    client = client_of(world.cast.officer)
    assert '<option value="Xã Tân Cương">' in client.get(page("trainees-add", own)).content.decode()
    html = client.post(page("trainees-add", own), lines({**HOA, "unit": "Xã Sầm Sơn"})).content.decode()
    assert "không phải là đơn vị" in unescape(html) or "Sầm Sơn" in unescape(html)
    assert not Trainee.objects.exists()
    client.post(page("trainees-add", own), lines({**HOA, "unit": "tan cuong"}, {**MAI, "unit": ""}))
    assert list(own.trainees.values_list("unit", flat=True)) == [world.cast.tan_cuong.pk, world.cast.thai_nguyen.pk]


def test_telephone_numbers_are_masked_and_files_leave_a_trail(
    world: World, client_of: SignIn, training: TrainingClass
) -> None:
    actions.add_trainees(training=training, people=three(world.cast.tan_cuong), by=world.cast.enterer)
    client = client_of(world.cast.enterer)
    html = client.get(page("trainees", training)).content.decode()
    assert "••• 678" in html
    assert "345" not in re.sub(r'value="[^"]*"', "", html)
    assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', html) == [
        "Trần Văn Bình", "Nguyễn Thị Hoa", "Lò Thị Mai",
    ]  # fmt: skip
    assert not AuditEntry.objects.filter(action="trainings.export_list").exists()
    file = b"".join(client.get(page("trainees", training), {"export": "xlsx"}).streaming_content)  # type: ignore[arg-type]
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["Trần Văn Bình", "Nguyễn Thị Hoa", "Lò Thị Mai"]
    assert PHONE in rows[2]
    form = client.get(page("list-blank", training), {"du-lieu": "1"})
    assert b"".join(form.streaming_content).startswith(b"PK")  # type: ignore[arg-type]
    trail = AuditEntry.objects.filter(action="trainings.export_list")
    assert [(row.actor, row.after) for row in trail] == [(world.cast.enterer, {"people": 3})] * 2
    assert "Tải danh sách có họ tên" in client.get(page("detail", training)).content.decode()


def test_the_difference_is_shown_and_somebody_chooses(world: World, client_of: SignIn) -> None:
    training = world.record(certificates=0)
    actions.add_trainees(training=training, people=three(world.cast.tan_cuong), by=world.cast.enterer)
    client = client_of(world.cast.enterer)
    html = client.get(page("detail", training)).content.decode()
    assert "Danh sách và số đã nhập khác nhau" in html
    assert re.findall(r"<strong>(-?\d+)</strong>", html) == ["-57", "-53", "-11", "-3", "-49"]
    client.post(page("counts", training), {"counts_from": "list"})
    training.refresh_from_db()
    assert (training.turns, training.counts_from) == (3, CountsFrom.LIST)
    assert figures(world.cast.tan_cuong, OCTOBER)["TR-TURNS"] == 3
    form = client.get(page("edit", training)).content.decode()
    assert len(re.findall(r'name="(?:turns|women|ethnic_minority|officers|members)"[^>]*disabled', form)) == 5
    client.post(page("counts", training), {"counts_from": "kept"})
    assert "Đang tính theo số đã nhập" not in client.get(page("detail", training)).content.decode()  # they agree now


def test_a_person_is_corrected_and_two_people_at_it_see_both_values(
    world: World, client_of: SignIn, training: TrainingClass
) -> None:
    (one, *_others) = actions.add_trainees(training=training, people=three(world.cast.tan_cuong), by=world.cast.enterer)
    client, address = client_of(world.cast.enterer), page("trainee", training, one.pk)
    shown = client.get(address).content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)
    assert seen is not None
    assert PHONE in shown
    sent = {"full_name": one.full_name, "birth_year": "1985", "gender": "woman", "standing": "officer",
            "position": "Phó Chủ tịch", "phone": PHONE, "branch": "", "seen": unescape(seen[1])}  # fmt: skip
    Trainee.objects.filter(pk=one.pk).update(position="Chi hội trưởng")
    html = unescape(client.post(address, sent).content.decode())
    assert "“Chi hội trưởng”" in html
    assert "“Phó Chủ tịch”" in html
    client.post(address, {**sent, "seen": ""})
    one.refresh_from_db()
    assert one.position == "Phó Chủ tịch"
    refused = client.post(address, {**sent, "full_name": "Lò Thị Mai", "birth_year": "1990", "seen": ""})
    assert "số thứ tự 2" in refused.content.decode()
    client.post(page("trainee-remove", training, one.pk), {})
    assert list(training.trainees.values_list("full_name", flat=True)) == ["Lò Thị Mai", "Trần Văn Bình"]
    assert client.get(address).status_code == 404


def test_certificates_and_erasing_on_their_pages(world: World, client_of: SignIn, training: TrainingClass) -> None:
    actions.add_trainees(training=training, people=three(world.cast.tan_cuong)[:2], by=world.cast.enterer)
    client = client_of(world.cast.enterer)
    assert "2 người được cấp số" in client.get(page("certificates", training)).content.decode()
    client.post(page("certificates", training), {"first": "7", "symbol": "GCN-HPN"})
    assert set(training.trainees.values_list("certificate", flat=True)) == {"007/GCN-HPN", "008/GCN-HPN"}
    assert "2 người bị xóa" in client.get(page("erase-names", training)).content.decode()
    client.post(page("erase-names", training), {"reason": ""})
    assert Trainee.objects.filter(full_name="Nguyễn Thị Hoa").exists()
    client.post(page("erase-names", training), {"reason": "Hết thời hạn lưu"})
    html = client.get(page("trainees", training)).content.decode()
    assert "Nguyễn Thị Hoa" not in html
    assert "Học viên số 1" in html
    assert "007/GCN-HPN" in html
    assert page("trainees-add", training) not in html


@pytest.mark.parametrize("name", OF_LIST)
@pytest.mark.parametrize("who", ["leader", "signer", "admin", "national", "stranger", "foreign_officer"])
def test_others_reach_no_page_with_names(
    world: World, client_of: SignIn, training: TrainingClass, name: str, who: str
) -> None:
    actions.add_trainees(training=training, people=[person(world.cast.tan_cuong)], by=world.cast.enterer)
    client = client_of(getattr(world.cast, who))
    answer = client.get(page(name, training))
    assert answer.status_code == (404 if who in ("stranger", "foreign_officer") else 403)
    assert "Nguyễn Thị Hoa" not in answer.content.decode()
    if answer.status_code == 403:
        html = client.get(page("detail", training)).content.decode()
        assert "Danh sách có 1 người" in html
        assert "Nguyễn Thị Hoa" not in html
        assert page("trainees", training) not in html


def test_a_cancelled_class_offers_no_change_of_its_list(
    world: World, client_of: SignIn, training: TrainingClass
) -> None:
    actions.add_trainees(training=training, people=[person(world.cast.tan_cuong)], by=world.cast.enterer)
    actions.cancel_training(training=training, reason="Ghi nhầm", by=world.cast.enterer)
    client = client_of(world.cast.enterer)
    html = client.get(page("trainees", training)).content.decode()
    assert "Nguyễn Thị Hoa" in html
    assert page("trainees-add", training) not in html
    refused = client.post(page("trainees-add", training), lines(MAI)).content.decode()
    assert "đã bị hủy" in refused
    assert TrainingClass.objects.get(pk=training.pk).state == TrainingState.CANCELLED
    assert training.trainees.count() == 1
