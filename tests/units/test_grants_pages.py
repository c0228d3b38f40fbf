"""Who may do what where: giving and ending roles, inviting people, links and accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, SignInLink, User
from core.dates import format_date
from core.once import FIELD
from tests.cast import Cast, grant
from units.choices import Role
from units.models import Grant

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
PEOPLE = "/don-vi/nguoi-dung/"


def at(name: str, pk: int) -> str:
    return reverse(f"units:{name}", args=[pk])


def giving(**changes: Any) -> dict[str, Any]:
    today = format_date(timezone.localdate())
    return {"email": "nobody@example.test", "role": "enterer", "valid_from": today, **changes}


def inviting(**changes: Any) -> dict[str, Any]:
    return {"full_name": "Lò Thị Mới", "email": "Moi@example.test", "role": "enterer", **changes}


# --- giving a role ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nobody@example.test", "NOBODY@example.test", "nobody"])
def test_a_role_is_given_to_somebody_with_an_account(cast: Cast, client_of: Sign, name: str) -> None:
    answer = client_of(cast.admin).post(at("grant", cast.phu_dinh.pk), giving(email=name, note="thay cô Hoa"))
    assert answer["Location"] == at("detail", cast.phu_dinh.pk)
    given = Grant.objects.get(user=cast.nobody)
    assert (given.unit, given.role, given.granted_by, given.note) == (
        cast.phu_dinh,
        "enterer",
        cast.admin,
        "thay cô Hoa",
    )
    assert client_of(cast.nobody).get(at("detail", cast.phu_dinh.pk)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "khong-co@example.test"}, "email"),
        ({"email": ""}, "email"),
        ({"role": "national"}, "role"),
        ({"role": "king"}, "role"),
        ({"valid_from": "31/02/2026"}, "valid_from"),
        ({"valid_to": "01/01/2026"}, "valid_to"),
    ],
)
def test_bad_grants_are_named_at_the_field(cast: Cast, client_of: Sign, changes: dict[str, str], field: str) -> None:
    count = Grant.objects.count()
    answer = client_of(cast.admin).post(at("grant", cast.phu_dinh.pk), giving(**changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Grant.objects.count() == count


def test_the_same_role_twice_is_refused_at_the_role(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.admin).post(at("grant", cast.tan_cuong.pk), giving(email="enterer"))
    assert list(answer.context["form"].errors) == ["role"]


def test_giving_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    for _time in range(2):
        assert client.post(at("grant", cast.phu_dinh.pk), giving(**{FIELD: "t"})).status_code == 302
    assert Grant.objects.filter(user=cast.nobody).count() == 1


def test_nobody_grants_to_oneself(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.admin).post(at("grant", cast.thai_nguyen.pk), giving(email="admin", role="officer"))
    assert answer.status_code == 403
    assert Grant.objects.filter(user=cast.admin).count() == 1


@pytest.mark.parametrize("name", ["grant", "invite"])
def test_grants_at_foreign_units_do_not_exist(cast: Cast, client_of: Sign, name: str) -> None:
    client = client_of(cast.admin)
    for unit in (cast.sam_son, cast.thanh_hoa, cast.centre):
        assert client.get(at(name, unit.pk)).status_code == 404
        assert client.post(at(name, unit.pk), {**giving(), **inviting()}).status_code == 404
    assert not Grant.objects.filter(user=cast.nobody).exists()


@pytest.mark.parametrize("name", ["grant", "invite"])
def test_without_the_right_nobody_is_given_anything(cast: Cast, client_of: Sign, name: str) -> None:
    for person in (cast.officer, cast.signer, cast.leader):
        answer = client_of(person).post(at(name, cast.tan_cuong.pk), {**giving(), **inviting()})
        assert answer.status_code == 403
    assert not Grant.objects.filter(user=cast.nobody).exists()


def test_the_national_role_is_offered_at_the_centre_only(cast: Cast, client_of: Sign) -> None:
    def offered(user: User, pk: int) -> list[str]:
        form = client_of(user).get(at("grant", pk)).context["form"]
        return [role for role, _label in form.fields["role"].choices]

    assert Role.NATIONAL in offered(cast.national, cast.centre.pk)
    assert Role.NATIONAL not in offered(cast.national, cast.tan_cuong.pk)
    assert Role.NATIONAL not in offered(cast.admin, cast.tan_cuong.pk)


# --- inviting --------------------------------------------------------------------------------------------------


def test_an_invitation_makes_an_account_and_shows_its_link_once(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    answer = client.post(at("invite", cast.tan_cuong.pk), inviting(position="Phó Chủ tịch", phone="0912 345 678"))
    person = User.objects.get(email="moi@example.test")
    assert answer["Location"] == at("new-link", person.pk)
    assert (person.full_name, person.position, person.has_usable_password()) == ("Lò Thị Mới", "Phó Chủ tịch", False)
    assert [str(given.role) for given in person.grants.all()] == ["enterer"]
    page = client.get(answer["Location"])
    assert "no-store" in page["Cache-Control"]
    link = re.search(r"/tai-khoan/lien-ket/[\w-]+/", page.content.decode())
    assert link is not None
    assert Client().get(link[0]).status_code == 200
    assert client.get(answer["Location"])["Location"] == at("person", person.pk)  # not a second time


def test_inviting_twice_has_one_effect(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    for _time in range(2):
        assert client.post(at("invite", cast.tan_cuong.pk), inviting(**{FIELD: "t"})).status_code == 302
    assert User.objects.filter(email="moi@example.test").count() == 1
    assert SignInLink.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"email": "không"}, "email"),
        ({"email": "STRANGER@example.test"}, "email"),
        ({"role": "national"}, "role"),
        ({"phone": "?"}, "phone"),
    ],
)
def test_bad_invitations_are_named_at_the_field(
    cast: Cast, client_of: Sign, changes: dict[str, str], field: str
) -> None:
    count = User.objects.count()
    answer = client_of(cast.admin).post(at("invite", cast.tan_cuong.pk), inviting(**changes))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "Ngô Thị Lạ" not in answer.content.decode()  # whose address was typed
    assert User.objects.count() == count


# --- ending ----------------------------------------------------------------------------------------------------


def test_a_role_ends_with_its_reason(cast: Cast, client_of: Sign) -> None:
    held = Grant.objects.get(user=cast.enterer)
    client = client_of(cast.admin)
    assert "Hoàng Thị Nhập" in client.get(at("end-grant", held.pk)).content.decode()
    answer = client.post(at("end-grant", held.pk), {"on": "", "reason": "Chuyển công tác", FIELD: "t"})
    assert answer["Location"] == at("detail", cast.tan_cuong.pk)
    assert client.post(at("end-grant", held.pk), {"reason": "Chuyển công tác", FIELD: "t"}).status_code == 302
    assert AuditEntry.objects.get(action="units.end_grant").reason == "Chuyển công tác"
    assert client_of(cast.enterer).get(at("detail", cast.tan_cuong.pk)).status_code == 404


def test_ending_demands_a_reason(cast: Cast, client_of: Sign) -> None:
    held = Grant.objects.get(user=cast.enterer)
    answer = client_of(cast.admin).post(at("end-grant", held.pk), {"reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
    held.refresh_from_db()
    assert held.valid_to is None


def test_who_may_not_end_a_role(cast: Cast, client_of: Sign) -> None:
    own, foreign = Grant.objects.get(user=cast.admin), Grant.objects.get(user=cast.stranger)
    client = client_of(cast.admin)
    assert client.post(at("end-grant", own.pk), {"reason": "x"}).status_code == 403
    assert client.post(at("end-grant", foreign.pk), {"reason": "x"}).status_code == 404
    held = Grant.objects.get(user=cast.enterer)
    assert client_of(cast.officer).post(at("end-grant", held.pk), {"reason": "x"}).status_code == 403
    assert not Grant.objects.exclude(valid_to=None).exists()


# --- people ----------------------------------------------------------------------------------------------------


def test_the_list_of_people_holds_those_of_the_own_units(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.admin).get(PEOPLE).content.decode()
    for name in ("Hoàng Thị Nhập", "Đỗ Thị Phúc", "Trần Thị Quản"):
        assert name in page
    for name in ("Ngô Thị Lạ", "Bùi Thị Thanh", "Nguyễn Thị Quốc", "Đinh Thị Không"):
        assert name not in page


def test_people_are_found_without_tones_and_by_role(cast: Cast, client_of: Sign) -> None:
    def found(**query: str) -> list[str]:
        table = client_of(cast.admin).get(PEOPLE, query).context["table"]
        return [row.record.full_name for row in table.page.object_list]

    assert found(q="hoang nhap") == ["Hoàng Thị Nhập"]
    assert sorted(found(role="enterer")) == ["Hoàng Thị Nhập", "Đỗ Thị Phúc"]
    assert found(q="ngo thi la") == []


def test_people_are_for_administrators(cast: Cast, client_of: Sign) -> None:
    for address in (PEOPLE, at("person", cast.enterer.pk), at("renew-link", cast.enterer.pk)):
        assert client_of(cast.officer).get(address).status_code == 403


@pytest.mark.parametrize("name", ["person", "renew-link", "switch-account", "new-link"])
def test_a_foreign_person_does_not_exist(cast: Cast, client_of: Sign, name: str) -> None:
    answer = client_of(cast.admin).get(at(name, cast.stranger.pk))
    assert answer.status_code == 404
    assert "Ngô Thị Lạ" not in answer.content.decode()


def test_a_person_with_a_role_elsewhere_too(cast: Cast, client_of: Sign) -> None:
    """Seen because of the role here; the role there is not shown, and the account is not this administrator's."""
    grant(cast.stranger, Role.VIEWER, cast.tan_cuong)
    client = client_of(cast.admin)
    page = client.get(at("person", cast.stranger.pk)).content.decode()
    assert "Xã Tân Cương" in page
    assert "Phường Sầm Sơn</a>" not in page
    assert at("renew-link", cast.stranger.pk) not in page
    assert client.post(at("renew-link", cast.stranger.pk)).status_code == 403
    assert client.post(at("switch-account", cast.stranger.pk), {"reason": "x"}).status_code == 403
    assert not SignInLink.objects.exists()


def test_a_new_link(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.admin)
    answer = client.post(at("renew-link", cast.enterer.pk), {FIELD: "t"})
    assert answer["Location"] == at("new-link", cast.enterer.pk)
    assert client.post(at("renew-link", cast.enterer.pk), {FIELD: "t"})["Location"] == answer["Location"]
    assert SignInLink.objects.count() == 1
    assert "/tai-khoan/lien-ket/" in client.get(answer["Location"]).content.decode()


def test_an_account_is_closed_and_opened(cast: Cast, client_of: Sign) -> None:
    client, theirs = client_of(cast.admin), client_of(cast.enterer)
    assert list(client.post(at("switch-account", cast.enterer.pk), {}).context["form"].errors) == ["reason"]
    client.post(at("switch-account", cast.enterer.pk), {"reason": "Nghỉ thai sản"})
    assert theirs.get("/don-vi/").status_code == 302  # to sign in
    client.post(at("switch-account", cast.enterer.pk), {"reason": "Đi làm lại"})
    cast.enterer.refresh_from_db()
    assert cast.enterer.is_active
    assert list(AuditEntry.objects.filter(action="accounts.set_active").values_list("reason", flat=True)) == [
        "Đi làm lại",
        "Nghỉ thai sản",
    ]


def test_nobody_closes_the_own_account(cast: Cast, client_of: Sign) -> None:
    assert client_of(cast.admin).post(at("switch-account", cast.admin.pk), {"reason": "x"}).status_code == 403
