"""The forms that keep a unit: each works, refuses, names what is wrong, and has one effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.once import FIELD
from core.stale import SEEN
from tests.cast import Cast
from units.models import Contact, Unit

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
VERBS = ["edit", "contacts", "add", "rename", "close"]
NOT_THEIRS = [(verb, person) for verb in VERBS for person in ("officer", "leader", "enterer")]
NOT_THEIRS.remove(("contacts", "officer"))


def at(name: str, unit: Unit) -> str:
    return reverse(f"units:{name}", args=[unit.pk])


def contacts(*rows: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """What the browser sends of the list of contacts."""
    data: dict[str, Any] = {"lien-he-TOTAL_FORMS": len(rows), "lien-he-INITIAL_FORMS": 0, **more}
    for number, (name, position, phone) in enumerate(rows):
        data |= {
            f"lien-he-{number}-full_name": name,
            f"lien-he-{number}-position": position,
            f"lien-he-{number}-phone": phone,
        }
    return data


# --- who may ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("unit", ["thanh_hoa", "sam_son", "centre"])
def test_a_foreign_unit_does_not_exist(cast: Cast, client_of: Sign, verb: str, unit: str) -> None:
    client = client_of(cast.admin)
    address = at(verb, getattr(cast, unit))
    assert client.get(address).status_code == 404
    assert client.post(address, {"code": "X"}).status_code == 404


@pytest.mark.parametrize(("verb", "person"), NOT_THEIRS)
def test_without_the_right_it_is_refused_with_a_reason(cast: Cast, client_of: Sign, verb: str, person: str) -> None:
    client = client_of(getattr(cast, person))
    before = Unit.objects.values().get(pk=cast.tan_cuong.pk)
    for answer in (client.get(at(verb, cast.tan_cuong)), client.post(at(verb, cast.tan_cuong), {"code": "X"})):
        assert answer.status_code == 403
        assert "quyền" in answer.content.decode() or "Vai trò" in answer.content.decode()
    assert Unit.objects.values().get(pk=cast.tan_cuong.pk) == before


@pytest.mark.parametrize("verb", ["rename", "close"])
def test_a_commune_takes_a_national_decision(cast: Cast, client_of: Sign, verb: str) -> None:
    assert client_of(cast.admin).get(at(verb, cast.tan_cuong)).status_code == 403
    assert client_of(cast.national).get(at(verb, cast.tan_cuong)).status_code == 200


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_method_is_refused(cast: Cast, client_of: Sign, verb: str) -> None:
    assert client_of(cast.admin).put(at(verb, cast.police)).status_code == 405


# --- profile ---------------------------------------------------------------------------------------------------


def profile(unit: Unit, **changes: Any) -> dict[str, Any]:
    return {"code": unit.code, "legal_basis": unit.legal_basis, **changes}


def test_the_profile_is_saved(cast: Cast, client_of: Sign) -> None:
    sent = profile(
        cast.tan_cuong, address="Xóm Hồng Thái", phone="0208 382 2222", lat="21,5194", area_km2="1.057,92", upland="on"
    )
    answer = client_of(cast.admin).post(at("edit", cast.tan_cuong), sent)
    assert (answer.status_code, answer["Location"]) == (302, at("detail", cast.tan_cuong))
    unit = Unit.objects.get(pk=cast.tan_cuong.pk)
    assert (unit.address, unit.lat, str(unit.area_km2), unit.upland) == ("Xóm Hồng Thái", 21.5194, "1057.92", True)
    row = AuditEntry.objects.get(action="units.edit")
    assert (row.actor, row.unit_id) == (cast.admin, unit.pk)
    assert set(row.after) == {"address", "phone", "lat", "area_km2", "upland"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "05503"}, "code"),  # the code of Đại Phúc
        ({"lat": "48,85"}, "lat"),
        ({"lon": "hai"}, "lon"),
        ({"area_km2": "-1"}, "area_km2"),
        ({"area_km2": "1,5 km"}, "area_km2"),
        ({"email": "không"}, "email"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_bad_profiles_are_named_at_the_field(cast: Cast, client_of: Sign, changes: dict[str, str], field: str) -> None:
    before = Unit.objects.values().get(pk=cast.tan_cuong.pk)
    answer = client_of(cast.admin).post(at("edit", cast.tan_cuong), profile(cast.tan_cuong, address="Khác", **changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "Khác" in answer.content.decode()  # what was typed stays
    assert Unit.objects.values().get(pk=cast.tan_cuong.pk) == before


def test_more_than_the_form_offers_cannot_be_changed(cast: Cast, client_of: Sign) -> None:
    extra = {"name": "Khác", "kind": "province", "path": "0001", "valid_to": "01/01/2026", "sample": "on"}
    client_of(cast.admin).post(at("edit", cast.tan_cuong), profile(cast.tan_cuong, **extra))
    unit = Unit.objects.get(pk=cast.tan_cuong.pk)
    assert (unit.name, unit.kind, unit.path, unit.valid_to) == (
        cast.tan_cuong.name,
        cast.tan_cuong.kind,
        cast.tan_cuong.path,
        None,
    )


def test_two_editors_lose_nothing(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), at("edit", cast.tan_cuong)
    seen = client.get(address).context["form"][SEEN].value()
    Unit.objects.filter(pk=cast.tan_cuong.pk).update(address="Trụ sở mới", note="của người khác")
    answer = client.post(address, profile(cast.tan_cuong, address="Nhà văn hóa", **{SEEN: seen}))
    page = answer.content.decode()
    assert list(answer.context["form"].errors) == ["address"]
    assert "Trụ sở mới" in page
    assert "Nhà văn hóa" in page
    again = {**profile(cast.tan_cuong, address="Nhà văn hóa"), SEEN: answer.context["form"][SEEN].value()}
    assert client.post(address, {**again, "note": "của người khác"}).status_code == 302
    unit = Unit.objects.get(pk=cast.tan_cuong.pk)
    assert (unit.address, unit.note) == ("Nhà văn hóa", "của người khác")


def test_the_same_profile_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client, sent = client_of(cast.admin), profile(cast.tan_cuong, address="Xóm Hồng Thái", **{FIELD: "t"})
    client.post(at("edit", cast.tan_cuong), sent)
    Unit.objects.filter(pk=cast.tan_cuong.pk).update(address="")
    client.post(at("edit", cast.tan_cuong), sent)
    assert Unit.objects.get(pk=cast.tan_cuong.pk).address == ""
    assert AuditEntry.objects.filter(action="units.edit").count() == 1


# --- contacts --------------------------------------------------------------------------------------------------


def test_contacts_are_saved_in_their_order(cast: Cast, client_of: Sign) -> None:
    sent = contacts(("Vũ Thị Chủ", "Chủ tịch", "0912 345 678"), ("", "", ""), ("Lò Thị Hai", "Phó Chủ tịch", ""))
    answer = client_of(cast.signer).post(at("contacts", cast.tan_cuong), sent)  # the unit's own leader
    assert answer["Location"] == at("detail", cast.tan_cuong)
    assert [str(row) for row in cast.tan_cuong.contacts.all()] == ["Vũ Thị Chủ, Chủ tịch", "Lò Thị Hai, Phó Chủ tịch"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("Vũ Thị Chủ", "", ""), "position"),
        (("", "Chủ tịch", ""), "full_name"),
        (("Vũ Thị Chủ", "Chủ tịch", "gọi tôi"), "phone"),
    ],
)
def test_bad_contacts_are_named_at_the_field(
    cast: Cast, client_of: Sign, row: tuple[str, str, str], field: str
) -> None:
    Contact.objects.create(unit=cast.tan_cuong, full_name="Cũ", position="Chủ tịch")
    answer = client_of(cast.admin).post(at("contacts", cast.tan_cuong), contacts(row))
    assert answer.status_code == 200
    assert [list(errors) for errors in answer.context["form"].errors] == [[field]]
    assert f"lien-he-0-{field}" in answer.content.decode()
    assert [contact.full_name for contact in cast.tan_cuong.contacts.all()] == ["Cũ"]


def test_a_stale_list_of_contacts_shows_the_other_one(cast: Cast, client_of: Sign) -> None:
    client, address = client_of(cast.admin), at("contacts", cast.tan_cuong)
    seen = client.get(address).context["form"].mark
    Contact.objects.create(unit=cast.tan_cuong, full_name="Người Khác", position="Chủ tịch")
    sent = contacts(("Vũ Thị Chủ", "Chủ tịch", ""), seen=seen)
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert "Người Khác" in page
    assert "Vũ Thị Chủ" in page
    assert [contact.full_name for contact in cast.tan_cuong.contacts.all()] == ["Người Khác"]
    client.post(address, {**sent, "seen": answer.context["form"].mark})
    assert [contact.full_name for contact in cast.tan_cuong.contacts.all()] == ["Vũ Thị Chủ"]


# --- a unit below ----------------------------------------------------------------------------------------------


def below(**changes: Any) -> dict[str, Any]:
    return {"kind": "attached", "name": "Hội Phụ nữ Bộ Chỉ huy Quân sự tỉnh", "on": "01/08/2025", **changes}


def test_an_attached_unit_is_added(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.admin).post(at("add", cast.thai_nguyen), below())
    unit = Unit.objects.get(name="Hội Phụ nữ Bộ Chỉ huy Quân sự tỉnh")
    assert answer["Location"] == at("detail", unit)
    assert unit.path[: -Unit.steplen] == cast.thai_nguyen.path
    assert client_of(cast.officer).get(at("detail", unit)).status_code == 200


def test_adding_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    first = client.post(at("add", cast.thai_nguyen), below(**{FIELD: "t"}))
    assert client.post(at("add", cast.thai_nguyen), below(**{FIELD: "t"}))["Location"] == first["Location"]
    assert Unit.objects.filter(name__startswith="Hội Phụ nữ Bộ Chỉ huy").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Hội Phụ nữ Công an tỉnh"}, "name"),
        ({"kind": "province"}, "kind"),
        ({"kind": "commune"}, "kind"),  # takes a national decision
        ({"on": "31/02/2025"}, "on"),
        ({"on": "01/01/2199"}, "on"),
        ({"code": "19-CA"}, "code"),
    ],
)
def test_bad_units_are_named_at_the_field(cast: Cast, client_of: Sign, changes: dict[str, str], field: str) -> None:
    count = Unit.objects.count()
    answer = client_of(cast.admin).post(at("add", cast.thai_nguyen), below(**changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Unit.objects.count() == count


def test_below_a_commune_only_branches_are_offered(cast: Cast, client_of: Sign) -> None:
    form = client_of(cast.admin).get(at("add", cast.tan_cuong)).context["form"]
    assert [kind for kind, _label in form.fields["kind"].choices] == ["branch"]


# --- rename and close ------------------------------------------------------------------------------------------


def test_a_small_unit_is_renamed_and_stays_findable(cast: Cast, client_of: Sign) -> None:
    sent = {"name": "Hội Phụ nữ Công an Thái Nguyên", "on": "01/01/2026", "legal_basis": "QĐ 12"}
    assert client_of(cast.admin).post(at("rename", cast.police), sent).status_code == 302
    assert Unit.objects.get(pk=cast.police.pk).name == "Hội Phụ nữ Công an Thái Nguyên"
    found = client_of(cast.admin).get("/don-vi/tim/", {"q": "công an tỉnh"}).content.decode()
    assert "Hội Phụ nữ Công an Thái Nguyên" in found


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Hội Phụ nữ Công an tỉnh"}, "name"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"on": "01/01/2020"}, "on"),
    ],
)
def test_bad_names_are_named_at_the_field(cast: Cast, client_of: Sign, changes: dict[str, str], field: str) -> None:
    sent = {"name": "Tên khác", "on": "01/01/2026", "legal_basis": "QĐ 12", **changes}
    answer = client_of(cast.admin).post(at("rename", cast.police), sent)
    assert list(answer.context["form"].errors) == [field]
    assert Unit.objects.get(pk=cast.police.pk).name == cast.police.name


def test_closing_tells_what_ends_and_ends_it(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    assert cast.police.name in client.get(at("close", cast.police)).content.decode()
    sent = {"on": "31/12/2025", "legal_basis": "QĐ 99", FIELD: "t"}
    assert client.post(at("close", cast.police), sent)["Location"] == at("detail", cast.police)
    assert client.post(at("close", cast.police), sent)["Location"] == at("detail", cast.police)
    assert str(Unit.objects.get(pk=cast.police.pk).valid_to) == "2025-12-31"
    assert AuditEntry.objects.filter(action="units.close").count() == 1


def test_a_unit_closed_already_is_said_on_top(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.national).post(at("close", cast.thinh_duc), {"on": "01/06/2025", "legal_basis": "QĐ"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
