"""My account, and the page behind a one-time link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import User
from core.once import FIELD
from core.stale import SEEN
from tests.cast import person

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
GOOD = "hoa ban nở trắng rừng"
PROFILE = "/tai-khoan/cua-toi/"


@pytest.fixture
def an() -> User:
    return person("an", "Nguyễn Thị An")


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get(PROFILE)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={PROFILE}")


def test_i_see_and_change_my_own_details(client_of: Sign, an: User) -> None:
    client = client_of(an)
    page = client.get(PROFILE).content.decode()
    assert "Nguyễn Thị An" in page
    assert "an@example.test" in page
    answer = client.post(PROFILE, {"full_name": "Nguyễn Thị An", "position": "Chủ tịch", "phone": "0912.345.678"})
    assert (answer.status_code, answer["Location"]) == (302, PROFILE)
    an.refresh_from_db()
    assert (an.position, an.phone) == ("Chủ tịch", "0912.345.678")


def test_more_than_the_form_offers_cannot_be_changed(client_of: Sign, an: User) -> None:
    extra = {"is_superuser": "1", "is_staff": "1", "username": "root", "email": "x@example.test", "is_active": ""}
    client_of(an).post(PROFILE, {"full_name": "Nguyễn Thị An", **extra})
    an.refresh_from_db()
    assert (an.username, an.email) == ("an", "an@example.test")
    assert (an.is_superuser, an.is_staff, an.is_active) == (False, False, True)


@pytest.mark.parametrize(
    ("values", "field"), [({"full_name": ""}, "full_name"), ({"full_name": "An", "phone": "gọi tôi"}, "phone")]
)
def test_bad_input_is_named_at_its_field_and_nothing_is_stored(
    client_of: Sign, an: User, values: dict[str, str], field: str
) -> None:
    answer = client_of(an).post(PROFILE, values)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in answer.content.decode()
    an.refresh_from_db()
    assert (an.full_name, an.phone) == ("Nguyễn Thị An", "")


def test_a_stale_save_shows_both_values(client_of: Sign, an: User) -> None:
    client = client_of(an)
    seen = client.get(PROFILE).context["form"][SEEN].value()
    User.objects.filter(pk=an.pk).update(phone="0900 000 111")
    answer = client.post(PROFILE, {"full_name": "Nguyễn Thị An", "phone": "0900 000 222", SEEN: seen})
    page = answer.content.decode()
    assert "0900 000 111" in page
    assert "0900 000 222" in page
    an.refresh_from_db()
    assert an.phone == "0900 000 111"


def test_the_same_form_twice_has_one_effect(client_of: Sign, an: User) -> None:
    client = client_of(an)
    sent = {"full_name": "Nguyễn Thị An", "phone": "0912 345 678", FIELD: "t1"}
    assert client.post(PROFILE, sent)["Location"] == PROFILE
    User.objects.filter(pk=an.pk).update(phone="")
    assert client.post(PROFILE, sent)["Location"] == PROFILE
    an.refresh_from_db()
    assert an.phone == ""


def test_a_wrong_method_is_refused(client_of: Sign, an: User) -> None:
    assert client_of(an).put(PROFILE).status_code == 405


def test_the_link_sets_a_password_that_signs_in(client: Client, an: User) -> None:
    address = reverse("accounts:first-password", args=[actions.issue_link(user=an, by=None)])
    page = client.get(address)
    assert page.status_code == 200
    assert "Nguyễn Thị An" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    answer = client.post(address, {"password": GOOD, "again": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    an.refresh_from_db()
    assert an.check_password(GOOD)
    assert client.get(address).status_code == 410
    assert client.post(address, {"password": "x" * 12, "again": "x" * 12}).status_code == 410


def test_two_different_passwords_are_refused(client: Client, an: User) -> None:
    address = reverse("accounts:first-password", args=[actions.issue_link(user=an, by=None)])
    answer = client.post(address, {"password": GOOD, "again": GOOD + "!"})
    assert list(answer.context["form"].errors) == ["again"]
    assert GOOD not in answer.content.decode()
    an.refresh_from_db()
    assert not an.check_password(GOOD)


def test_a_weak_password_is_refused_at_its_field(client: Client, an: User) -> None:
    address = reverse("accounts:first-password", args=[actions.issue_link(user=an, by=None)])
    answer = client.post(address, {"password": "1234567890", "again": "1234567890"})
    assert list(answer.context["form"].errors) == ["password"]


def test_an_unknown_link_says_so(client: Client) -> None:
    assert client.get(reverse("accounts:first-password", args=["khong-co"])).status_code == 410
