"""Reorganisations on the screen: propose in two steps, preview, apply, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.once import FIELD
from programmes.starter import load_registered
from tests.cast import Cast
from units.models import Reorganisation, Unit

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
LIST, FIRST = "/don-vi/sap-xep/", "/don-vi/sap-xep/de-xuat/"


def second(kind: str, area: Unit) -> str:
    return reverse("units:propose-units", kwargs={"kind": kind, "area": area.pk})


def at(name: str, row: Reorganisation) -> str:
    return reverse(f"units:{name}", args=[row.pk])


def merging(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Đại Phúc goes into Phú Đình."""
    return {
        "predecessors": [cast.dai_phuc.pk],
        "successor": cast.phu_dinh.pk,
        "on": "01/10/2026",
        "legal_basis": "Nghị quyết 99/NQ-UBTVQH15",
        **changes,
    }


@pytest.fixture
def proposal(cast: Cast, client_of: Sign) -> Reorganisation:
    client_of(cast.admin).post(second("merge", cast.thai_nguyen), merging(cast))
    return Reorganisation.objects.get(state="proposed")


# --- proposing -------------------------------------------------------------------------------------------------


def test_the_first_step_leads_to_the_second(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.admin).post(FIRST, {"kind": "merge", "area": cast.thai_nguyen.pk})
    assert answer["Location"] == second("merge", cast.thai_nguyen)


def test_only_own_areas_can_be_chosen(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    assert [area.pk for area in client.get(FIRST).context["form"].fields["area"].queryset] == [cast.thai_nguyen.pk]
    answer = client.post(FIRST, {"kind": "merge", "area": cast.thanh_hoa.pk})
    assert list(answer.context["form"].errors) == ["area"]
    assert client.get(second("merge", cast.thanh_hoa)).status_code == 404


def test_a_merger_is_proposed_and_previewed(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    assert (proposal.kind, proposal.scope, proposal.proposed_by) == ("merge", cast.thai_nguyen, cast.admin)
    page = client_of(cast.admin).get(at("reorganisation", proposal)).content.decode()
    assert "Xã Đại Phúc" in page
    assert "Xã Phú Đình" in page
    assert at("apply", proposal) not in page  # national
    assert Unit.objects.get(pk=cast.dai_phuc.pk).valid_to is None


def test_a_merger_into_a_new_unit(cast: Cast, client_of: Sign) -> None:
    sent = merging(cast, predecessors=[cast.dai_phuc.pk, cast.phu_dinh.pk], successor="", name="Phường Đại Đình")
    client_of(cast.admin).post(second("merge", cast.thai_nguyen), {**sent, "designation": "phuong"})
    new = Reorganisation.objects.get(state="proposed").plan["new"]
    assert [(one["name"], one["short_name"], one["designation"], one["parent"]) for one in new] == [
        ("Phường Đại Đình", "Đại Đình", "phuong", cast.thai_nguyen.pk)
    ]


def test_a_division(cast: Cast, client_of: Sign) -> None:
    sent = {
        "predecessor": cast.tan_cuong.pk,
        "name_1": "Xã Tân Cương Đông",
        "percent_1": "60",
        "name_2": "Xã Tân Cương Tây",
        "percent_2": "40",
        "on": "01/10/2026",
        "legal_basis": "NQ 99",
    }
    client_of(cast.admin).post(second("split", cast.thai_nguyen), sent)
    links = Reorganisation.objects.get(state="proposed").plan["links"]
    assert [(link["share"], link["percent"]) for link in links] == [("main", 60), ("part", 40)]


def test_a_move_is_for_those_who_keep_both_sides(cast: Cast, client_of: Sign) -> None:
    sent = {"predecessors": [cast.phu_dinh.pk], "parent": cast.thanh_hoa.pk, "on": "01/10/2026", "legal_basis": "NQ"}
    refused = client_of(cast.admin).post(second("move", cast.thai_nguyen), sent)
    assert list(refused.context["form"].errors) == ["parent"]
    assert client_of(cast.national).post(second("move", cast.thai_nguyen), sent).status_code == 302
    assert Reorganisation.objects.get(state="proposed").plan["new"][0]["parent"] == cast.thanh_hoa.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"predecessors": []}, "predecessors"),
        ({"successor": ""}, "successor"),
        ({"name": "Xã Mới"}, "successor"),  # both
        ({"on": "31/02/2026"}, "on"),
        ({"legal_basis": ""}, "legal_basis"),
    ],
)
def test_bad_proposals_are_named_at_the_field(cast: Cast, client_of: Sign, changes: dict[str, Any], field: str) -> None:
    count = Reorganisation.objects.count()
    answer = client_of(cast.admin).post(second("merge", cast.thai_nguyen), merging(cast, **changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Reorganisation.objects.count() == count


@pytest.mark.parametrize("field", ["predecessors", "successor"])
def test_foreign_units_cannot_be_chosen(cast: Cast, client_of: Sign, field: str) -> None:
    foreign = {"predecessors": [cast.sam_son.pk], "successor": cast.sam_son.pk}[field]
    answer = client_of(cast.admin).post(second("merge", cast.thai_nguyen), merging(cast, **{field: foreign}))
    assert list(answer.context["form"].errors) == [field]
    assert "Sầm Sơn" not in answer.content.decode()


def test_what_the_action_refuses_stands_on_top(cast: Cast, client_of: Sign) -> None:
    sent = {"predecessors": [cast.dai_phuc.pk], "on": "01/10/2020", "legal_basis": "NQ"}  # before it was opened
    answer = client_of(cast.admin).post(second("close", cast.thai_nguyen), sent)
    assert answer.context["form"].non_field_errors()


def test_proposing_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    for _time in range(2):
        assert client.post(second("merge", cast.thai_nguyen), merging(cast, **{FIELD: "t"})).status_code == 302
    assert Reorganisation.objects.filter(state="proposed").count() == 1


def test_an_unknown_kind_is_no_page(cast: Cast, client_of: Sign) -> None:
    assert client_of(cast.admin).get(second("reform", cast.thai_nguyen)).status_code == 404


def test_proposing_needs_the_right(cast: Cast, client_of: Sign) -> None:
    for address in (FIRST, second("merge", cast.thai_nguyen)):
        assert client_of(cast.officer).get(address).status_code == 403
        assert client_of(cast.officer).post(address, merging(cast)).status_code == 403
    assert not Reorganisation.objects.filter(state="proposed").exists()


# --- applying and undoing --------------------------------------------------------------------------------------


def test_applying_is_asked_first_and_done_once(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    client = client_of(cast.national)
    assert at("apply", proposal) in client.get(at("reorganisation", proposal)).content.decode()
    assert "Xã Đại Phúc" in client.get(at("apply", proposal)).content.decode()
    for _time in range(2):
        assert client.post(at("apply", proposal), {FIELD: "t"})["Location"] == at("reorganisation", proposal)
    assert str(Unit.objects.get(pk=cast.dai_phuc.pk).valid_to) == "2026-09-30"
    assert client.post(at("apply", proposal)).context["form"].non_field_errors()  # no longer a proposal


def test_applying_is_a_national_right(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    for person in (cast.admin, cast.officer):
        assert client_of(person).post(at("apply", proposal)).status_code == 403
    assert Unit.objects.get(pk=cast.dai_phuc.pk).valid_to is None


def test_undoing_demands_a_reason_and_restores(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    load_registered()  # the register of machines listens
    client = client_of(cast.national)
    client.post(at("apply", proposal))
    assert list(client.post(at("undo", proposal), {}).context["form"].errors) == ["reason"]
    assert client_of(cast.admin).post(at("undo", proposal), {"reason": "x"}).status_code == 403
    assert client.post(at("undo", proposal), {"reason": "Nhập nhầm"}).status_code == 302
    assert Unit.objects.get(pk=cast.dai_phuc.pk).valid_to is None


def test_a_proposal_is_withdrawn_by_who_may_propose(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    assert client_of(cast.admin).post(at("undo", proposal), {"reason": "Nhập nhầm"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "undone"


# --- reading ---------------------------------------------------------------------------------------------------


def test_the_list_and_the_page_are_for_those_concerned(cast: Cast, client_of: Sign, proposal: Reorganisation) -> None:
    assert proposal.title in client_of(cast.officer).get(LIST).content.decode()
    assert proposal.title not in client_of(cast.foreign_officer).get(LIST).content.decode()
    for name in ("reorganisation", "apply", "undo"):
        assert client_of(cast.foreign_officer).get(at(name, proposal)).status_code in (403, 404)
    assert client_of(cast.foreign_officer).get(at("reorganisation", proposal)).status_code == 404


def test_an_applied_one_shows_who_went_where(cast: Cast, client_of: Sign) -> None:
    row = Reorganisation.objects.get()
    page = client_of(cast.enterer).get(at("reorganisation", row)).content.decode()
    assert "Xã Thịnh Đức" in page
    assert at("undo", row) not in page  # from the official lists


@pytest.mark.parametrize("name", ["reorganisations", "reorganisation"])
def test_pages_to_read_refuse_to_be_written(cast: Cast, client_of: Sign, name: str) -> None:
    address = reverse(f"units:{name}", args=[Reorganisation.objects.get().pk] if name == "reorganisation" else [])
    assert client_of(cast.national).post(address).status_code == 405
