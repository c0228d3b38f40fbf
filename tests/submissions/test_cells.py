"""Cells that save by themselves: what is stored, what comes back, what it costs, and the story of one cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from programmes.models import Measure
from submissions.actions import return_submission
from submissions.models import Cell, ReportingPeriod, Submission
from submissions.queries import Key
from tests.reporting import monthly
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World
from units.models import Unit

SignIn = Callable[[User], Client]
OF_THE_SESSION = ('"django_session"', '"accounts_user"', '"usersessions_usersession"')
NO_STATEMENT = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")


class Desk:
    """A grid that is open in front of somebody; `post` is what its script does."""

    def __init__(
        self, world: World, client: Client, unit: Unit | None = None, period: ReportingPeriod | None = None
    ) -> None:
        self.world, self.client, self.period = world, client, period or world.period()
        self.url = reverse("submissions:cells", args=[self.period.pk, (unit or world.cast.tan_cuong).pk])

    def cell(self, measure: Measure, text: str, version: int = 0, **more: Any) -> dict[str, Any]:
        unit = more.pop("unit", None)
        return {"name": str(self.world.key(measure, unit)), "text": text, "version": version, **more}

    def post(self, *cells: Mapping[str, Any]) -> Any:
        return self.client.post(self.url, {"cells": list(cells)}, content_type="application/json")

    def told(self, *cells: Mapping[str, Any]) -> dict[str, Any]:
        """By code of the measure."""
        answer = self.post(*cells)
        assert answer.status_code == 200, answer.content
        codes = {str(pk): code for pk, code in Measure.objects.values_list("pk", "code")}
        return {codes[name.rsplit("-", 1)[1]]: told for name, told in answer.json()["cells"].items()}


@pytest.fixture
def desk(world: World, client_of: SignIn) -> Desk:
    return Desk(world, client_of(world.cast.enterer))


def stored() -> dict[str, Any]:
    return dict(Cell.objects.values_list("measure__code", "value"))


def test_sound_cells_are_stored_and_each_bad_one_says_why(world: World, desk: Desk) -> None:
    told = desk.told(
        desk.cell(world.members, "1.200", note="Theo sổ"),
        desk.cell(world.minority, "1300"),
        desk.cell(world.admitted, "12,5"),
        desk.cell(world.online, "1"),
        desk.cell(world.score, "10,5"),
        desk.cell(world.firms, "3"),
    )
    assert {code: one["state"] for code, one in told.items()} == {
        "HV": "saved", "HV-DT": "invalid", "KN": "invalid", "TRANG": "saved", "DIEM": "invalid", "DN": "invalid",
    }  # fmt: skip
    assert "1.300 nhiều hơn “Tổng số hội viên” (1.200)" in told["HV-DT"]["message"]
    assert "“12,5” không phải số nguyên" in told["KN"]["message"]
    assert "mức cao nhất là 10" in told["DIEM"]["message"]
    assert stored() == {"HV": 1200, "TRANG": 1}
    assert Cell.objects.get(measure=world.members).note == "Theo sổ"
    assert AuditEntry.objects.get(action="submissions.save").after == {"HV": "1200", "TRANG": "1"}


def test_the_same_again_is_harmless(world: World, desk: Desk) -> None:
    for _time in range(3):  # the answer got lost on the way
        assert desk.told(desk.cell(world.members, "320"))["HV"] == {"state": "saved", "version": 1}
    assert Submission.objects.get().version == 1
    assert AuditEntry.objects.filter(action="submissions.save").count() == 1


def test_a_newer_value_of_somebody_else_is_shown_beside_mine(world: World, desk: Desk) -> None:
    world.save({world.members: 310}, by=world.cast.officer)
    told = desk.told(desk.cell(world.members, "320", version=0), desk.cell(world.admitted, "4"))
    assert told["KN"]["state"] == "saved"
    assert (told["HV"]["state"], told["HV"]["stored"], told["HV"]["version"]) == ("conflict", "310", 1)
    assert all(words in told["HV"]["message"] for words in ("“310”", "“320”", str(world.cast.officer)))
    assert stored() == {"HV": 310, "KN": 4}
    assert desk.told(desk.cell(world.members, "320", version=1))["HV"] == {"state": "saved", "version": 2}
    assert stored()["HV"] == 320


def test_a_part_waits_for_its_whole(world: World, desk: Desk) -> None:
    world.save({world.members: 300, world.minority: 200})
    less = desk.cell(world.members, "100", version=1)
    assert "100 ít hơn phần" in desk.told(less)["HV"]["message"]
    told = desk.told(less, desk.cell(world.minority, "90", version=1))
    assert {one["state"] for one in told.values()} == {"saved"}
    assert stored() == {"HV": 100, "HV-DT": 90}


def test_a_part_is_held_against_a_level_of_before(world: World, desk: Desk) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=SEPTEMBER)
    assert desk.told(desk.cell(world.minority, "301"))["HV-DT"]["state"] == "invalid"
    assert desk.told(desk.cell(world.minority, "300"))["HV-DT"]["state"] == "saved"


def test_an_emptied_cell_is_not_reported(world: World, desk: Desk) -> None:
    assert desk.told(desk.cell(world.members, ""))["HV"]["state"] == "saved"
    assert not Submission.objects.exists()
    world.report(world.cast.tan_cuong, {world.members: 300})
    desk.told(desk.cell(world.members, ""))
    assert stored() == {"HV": None}


def test_of_a_returned_report_only_the_named_cells_open(world: World, desk: Desk) -> None:
    report = world.send({world.members: 320, world.admitted: 4})
    return_submission(submission=report, reason="x", cells={world.members.pk: ""}, by=world.cast.officer)
    told = desk.told(desk.cell(world.members, "330", version=1), desk.cell(world.admitted, "5", version=1))
    assert {code: one["state"] for code, one in told.items()} == {"HV": "saved", "KN": "invalid"}
    assert "bị trả lại" in told["KN"]["message"]


def test_a_report_that_left_meanwhile_says_so_at_the_cell(world: World, desk: Desk) -> None:
    world.send({world.members: 320})
    told = desk.told(desk.cell(world.admitted, "5"))
    assert told["KN"]["state"] == "invalid"
    assert "đang chờ duyệt" in told["KN"]["message"]
    assert stored() == {"HV": 320}


def test_a_block_of_a_province_goes_in_one_request(world: World, client_of: SignIn) -> None:
    grid = Desk(world, client_of(world.cast.officer), world.cast.thai_nguyen)
    cells = [grid.cell(world.members, "10", unit=unit) for unit in (world.cast.tan_cuong, world.cast.dai_phuc)]
    bad = grid.cell(world.members, "x", unit=world.cast.phu_dinh)
    told = grid.post(*cells, bad).json()["cells"]
    assert {name for name, one in told.items() if one["state"] == "saved"} == {cell["name"] for cell in cells}
    assert told[bad["name"]]["state"] == "invalid"
    assert set(Submission.objects.values_list("unit", flat=True)) == {
        world.cast.tan_cuong.pk, world.cast.dai_phuc.pk,
    }  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("signer", 403), ("admin", 403), ("stranger", 404)])
def test_nobody_else_saves_a_cell(world: World, client_of: SignIn, who: str, status: int) -> None:
    other = Desk(world, client_of(getattr(world.cast, who)))
    for cell in (other.cell(world.members, "5"), {"name": "?"}):
        assert other.post(cell).status_code == status
    assert not Submission.objects.exists()


def test_a_foreign_cell_in_an_own_form_does_not_exist(world: World, desk: Desk) -> None:
    answer = desk.post(desk.cell(world.members, "5"), desk.cell(world.members, "5", unit=world.cast.sam_son))
    assert answer.status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", "{", '{"cells": 5}', '{"cells": [{}]}', '{"cells": [{"name": 5}]}'])
def test_nonsense_is_refused_with_words(world: World, desk: Desk, body: str) -> None:
    answer = desk.client.post(desk.url, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {"message": "Không đọc được các ô."}


def test_without_a_session_the_way_leads_to_the_sign_in_page(world: World, client: Client) -> None:
    answer = Desk(world, client).post()
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_page_left_open_gets_a_fresh_token(world: World, desk: Desk) -> None:
    told = desk.client.get(desk.url).json()
    assert told["person"] == world.cast.enterer.pk
    assert len(told["token"]) > 30


def statements(desk: Desk, *cells: Mapping[str, Any]) -> list[str]:
    """Of one save, without signing in and without the marks of the transaction."""
    with CaptureQueriesContext(connection) as seen:
        answer = desk.post(*cells)
    assert {one["state"] for one in answer.json()["cells"].values()} == {"saved"}
    found = [one["sql"] for one in seen if not any(part in one["sql"] for part in OF_THE_SESSION)]
    return [sql for sql in found if not sql.startswith(NO_STATEMENT)]


def test_saving_a_cell_takes_five_queries(world: World, desk: Desk) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=SEPTEMBER)
    world.save({world.online: 1})
    desk.told(desk.cell(world.online, "0", version=1))
    assert len(statements(desk, desk.cell(world.members, "320", note="x"))) == 5
    assert len(statements(desk, desk.cell(world.minority, "20"))) == 5
    assert len(statements(desk, desk.cell(world.members, "330", version=1, note="x"))) == 5
    block = [desk.cell(world.admitted, "5"), desk.cell(world.admitted_minority, "2"), desk.cell(world.score, "8,5")]
    assert len(statements(desk, *block)) == 5


def test_saving_a_cell_of_a_returned_report_takes_five_queries_too(world: World, desk: Desk) -> None:
    report = world.send({world.members: 320, world.admitted: 4})
    named = {world.members.pk: "", world.admitted.pk: ""}
    return_submission(submission=report, reason="x", cells=named, by=world.cast.officer)
    assert len(statements(desk, desk.cell(world.members, "330", version=1))) == 5


def test_a_form_of_sixty_measures_takes_five_queries_for_a_cell_too(world: World, client_of: SignIn) -> None:
    cast, stock = world.cast, {"kind": "stock", "unit_of_measure": "người", "group": "C. Nhiều số liệu"}
    many = [Measure.objects.create(code=f"S{n}", name=f"Số liệu {n}", order=100 + n, **stock) for n in range(60)]
    large = monthly(cast.thai_nguyen, by=cast.national, today=TODAY, first_month=OCTOBER, measures=many)
    desk = Desk(world, client_of(cast.enterer), period=large.periods[OCTOBER])
    names = [str(Key(cast.tan_cuong.pk, desk.period.pk, measure.pk)) for measure in many]
    desk.post(*({"name": name, "text": "1", "version": 0} for name in names[:-1]))
    assert Cell.objects.count() == 59
    assert len(statements(desk, {"name": names[-1], "text": "7", "version": 0})) == 5


def test_the_story_of_a_cell(world: World, client_of: SignIn) -> None:
    world.report(world.cast.tan_cuong, {world.members: 300}, month=SEPTEMBER)
    world.save({world.members: 1310}, notes={world.members: "Nhập hai chi hội"})
    world.save({world.members: 1320}, by=world.cast.officer, notes={world.members: "Nhập hai chi hội"})
    url = reverse("submissions:cell", args=[world.period().pk, world.cast.tan_cuong.pk, world.members.pk])
    client = client_of(world.cast.enterer)
    html = client.get(url).content.decode()
    for words in ("Nhập hai chi hội", "09/2026", "300", "1.310 → 1.320", "– → 1.310", str(world.cast.officer), "<svg"):
        assert words in html
    panel = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "1.310 → 1.320" in panel
    assert "<html" not in panel
    assert client.get(url.replace(f"/{world.members.pk}/", "/999999/")).status_code == 404
    assert client_of(world.cast.stranger).get(url).status_code == 404


def test_the_body_is_what_the_script_sends(world: World, desk: Desk) -> None:
    body = json.dumps({"cells": [desk.cell(world.members, " 320\u200b ", note="  a\tb ")]})
    assert desk.client.post(desk.url, body, content_type="application/json").status_code == 200
    cell = Cell.objects.get()
    assert (cell.value, cell.note) == (320, "a b")
