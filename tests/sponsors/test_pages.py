"""Sponsors: the list, one sponsor, and the two forms that keep them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry, User
from core.once import FIELD
from core.stale import SEEN
from sponsors.models import Sponsor
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
LIST = "/nha-tai-tro/"
ADD = "/nha-tai-tro/them/"


@pytest.fixture
def vci(cast: Cast) -> Sponsor:
    return Sponsor.objects.create(
        name="Công ty Chứng khoán Vietcap (VCI)",
        contact_name="Tô Hải",
        phone="028 3914 3588",
        kept_by=cast.thai_nguyen,
    )


@pytest.fixture
def foreign(cast: Cast) -> Sponsor:
    return Sponsor.objects.create(name="Quỹ Hoa Sen Thanh Hóa", phone="0237 385 2246", kept_by=cast.thanh_hoa)


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"name": "Ngân hàng Mùa Vàng", "kind": "company", "kept_by": cast.thai_nguyen.pk, **changes}


def test_the_list_shows_what_is_kept_in_the_own_subtree(
    cast: Cast, client_of: Sign, vci: Sponsor, foreign: Sponsor
) -> None:
    page = client_of(cast.officer).get(LIST).content.decode()
    assert vci.name in page
    assert foreign.name not in page


def test_the_list_finds_without_tones(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    client = client_of(cast.officer)
    assert vci.name in client.get(LIST, {"q": "chung khoan to hai"}).content.decode()
    assert vci.name not in client.get(LIST, {"q": "ngan hang"}).content.decode()


def test_the_exports_hold_the_same_rows(cast: Cast, client_of: Sign, vci: Sponsor, foreign: Sponsor) -> None:
    client = client_of(cast.officer)
    text = b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()
    assert vci.name in text
    assert foreign.name not in text
    book = load_workbook(BytesIO(b"".join(client.get(LIST, {"export": "xlsx"}).streaming_content)))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [vci.name]


def test_only_those_who_may_keep_sponsors_are_offered_to_add(cast: Cast, client_of: Sign) -> None:
    assert ADD in client_of(cast.officer).get(LIST).content.decode()
    assert ADD not in client_of(cast.leader).get(LIST).content.decode()


def test_one_sponsor(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    page = client_of(cast.leader).get(reverse("sponsors:detail", args=[vci.pk])).content.decode()
    assert "tel:02839143588" in page
    assert reverse("sponsors:edit", args=[vci.pk]) not in page


@pytest.mark.parametrize("name", ["sponsors:detail", "sponsors:edit"])
def test_a_foreign_sponsor_does_not_exist(cast: Cast, client_of: Sign, foreign: Sponsor, name: str) -> None:
    assert client_of(cast.officer).get(reverse(name, args=[foreign.pk])).status_code == 404


def test_without_the_right_the_forms_refuse_with_a_reason(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    client = client_of(cast.leader)
    for address in (ADD, reverse("sponsors:edit", args=[vci.pk])):
        for answer in (client.get(address), client.post(address, values(cast))):
            assert answer.status_code == 403
            assert "Vai trò" in answer.content.decode()
    assert Sponsor.objects.count() == 1


def test_a_sponsor_of_a_unit_above_is_seen_by_nobody_below(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    assert client_of(cast.enterer).get(reverse("sponsors:detail", args=[vci.pk])).status_code == 404


def test_adding_stores_and_leads_to_the_sponsor(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).post(ADD, values(cast, phone="0208 385 2222", tax_code="0100-112-437"))
    sponsor = Sponsor.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/nha-tai-tro/{sponsor.pk}/")
    assert (sponsor.name, sponsor.kept_by, sponsor.sample) == ("Ngân hàng Mùa Vàng", cast.thai_nguyen, False)
    assert AuditEntry.objects.get().action == "sponsors.add"


def test_adding_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.officer)
    first = client.post(ADD, {**values(cast), FIELD: "t"})
    assert client.post(ADD, {**values(cast), FIELD: "t"})["Location"] == first["Location"]
    assert Sponsor.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "?"}, "kind"),
        ({"phone": "gọi sau"}, "phone"),
        ({"email": "không"}, "email"),
        ({"tax_code": "12345"}, "tax_code"),
        ({"kept_by": "99999"}, "kept_by"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_stored(
    cast: Cast, client_of: Sign, changes: dict[str, str], field: str
) -> None:
    answer = client_of(cast.officer).post(ADD, values(cast, **changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Sponsor.objects.exists()


@pytest.mark.parametrize("unit", ["thanh_hoa", "sam_son", "centre"])
def test_a_foreign_unit_cannot_be_chosen_as_keeper(cast: Cast, client_of: Sign, unit: str) -> None:
    foreign_unit = getattr(cast, unit)
    answer = client_of(cast.officer).post(ADD, values(cast, kept_by=foreign_unit.pk))
    assert list(answer.context["form"].errors) == ["kept_by"]
    assert foreign_unit.name not in answer.content.decode()
    assert not Sponsor.objects.exists()


def test_the_same_name_twice_at_one_unit_is_refused(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    answer = client_of(cast.officer).post(ADD, values(cast, name=vci.name))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Sponsor.objects.count() == 1


def test_editing_writes_only_what_was_changed(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    address = reverse("sponsors:edit", args=[vci.pk])
    sent = {"name": vci.name, "kind": vci.kind, "contact_name": "Tô Hải", "phone": "0912 345 678"}
    answer = client_of(cast.officer).post(address, {**sent, "kept_by": cast.thai_nguyen.pk})
    assert answer["Location"] == reverse("sponsors:detail", args=[vci.pk])
    vci.refresh_from_db()
    assert vci.phone == "0912 345 678"
    row = AuditEntry.objects.get()
    assert (row.before, row.after) == ({"phone": "028 3914 3588"}, {"phone": "0912 345 678"})


def test_a_stale_save_shows_both_values(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    client = client_of(cast.officer)
    address = reverse("sponsors:edit", args=[vci.pk])
    seen = client.get(address).context["form"][SEEN].value()
    Sponsor.objects.filter(pk=vci.pk).update(phone="0900 000 111")
    sent = {"name": vci.name, "kind": vci.kind, "contact_name": "Tô Hải", "phone": "0900 000 222"}
    answer = client.post(address, {**sent, "kept_by": cast.thai_nguyen.pk, SEEN: seen})
    assert list(answer.context["form"].errors) == ["phone"]
    assert "0900 000 111" in answer.content.decode()
    vci.refresh_from_db()
    assert vci.phone == "0900 000 111"


@pytest.mark.parametrize("name", ["sponsors:list", "sponsors:detail"])
def test_pages_to_read_refuse_to_be_written(cast: Cast, client_of: Sign, vci: Sponsor, name: str) -> None:
    address = reverse(name, args=[vci.pk] if name.endswith("detail") else [])
    assert client_of(cast.officer).post(address).status_code == 405


def test_a_person_without_a_role_sees_nothing(cast: Cast, client_of: Sign, vci: Sponsor) -> None:
    client = client_of(cast.nobody)
    assert vci.name not in client.get(LIST).content.decode()
    assert client.get(reverse("sponsors:detail", args=[vci.pk])).status_code == 404
