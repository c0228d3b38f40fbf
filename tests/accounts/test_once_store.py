"""The memory of forms that were sent."""

from __future__ import annotations

import pytest

from accounts.models import OnceToken, User
from accounts.once import DatabaseOnceStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create(username="an", full_name="Nguyễn Thị An", email="an@example.test")


def test_the_second_claim_learns_where_the_first_was_led(person: User) -> None:
    store = DatabaseOnceStore()
    key = {"user_id": person.pk, "path": "/don-vi/1/sua/", "token": "t"}
    assert store.claim(**key) is None
    store.keep(**key, address="/don-vi/1/")
    assert store.claim(**key) == "/don-vi/1/"


def test_a_refused_form_may_be_sent_again(person: User) -> None:
    store = DatabaseOnceStore()
    key = {"user_id": person.pk, "path": "/don-vi/1/sua/", "token": "t"}
    assert store.claim(**key) is None
    store.release(**key)
    assert store.claim(**key) is None


def test_a_token_belongs_to_one_person_and_one_page(person: User) -> None:
    store = DatabaseOnceStore()
    assert store.claim(user_id=person.pk, path="/a/", token="t") is None
    assert store.claim(user_id=person.pk, path="/b/", token="t") is None
    assert store.claim(user_id=None, path="/a/", token="t") is None
    assert OnceToken.objects.count() == 3


def test_a_claim_without_a_kept_address_leads_back_to_the_page(person: User) -> None:
    store = DatabaseOnceStore()
    store.claim(user_id=person.pk, path="/a/", token="t")
    assert store.claim(user_id=person.pk, path="/a/", token="t") == "/a/"
