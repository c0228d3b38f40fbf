"""Too many wrong passwords pause the sign-in; the administrators of a person's unit see it and may end it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, FailedSignIn, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
SIGN_IN = reverse("account_login")
LIST = reverse("admin:accounts_failedsignin_changelist")


@pytest.fixture(autouse=True)
def no_earlier_visits() -> None:
    """Requests are counted by address in the cache, which tests share."""
    cache.clear()


def fail(login: str, times: int = 1, ip: str = "10.0.0.7") -> int:
    """The status of the last of some attempts with a wrong password."""
    return [
        Client(REMOTE_ADDR=ip).post(SIGN_IN, {"login": login, "password": "sai"}).status_code for _ in range(times)
    ][-1]


def lift(client: Client, *failed: FailedSignIn) -> str:
    data = {"action": "lift_pause", "_selected_action": [one.pk for one in failed]}
    return client.post(LIST, data, follow=True).content.decode()


def test_every_spelling_of_a_name_counts_for_one_account(cast: Cast) -> None:
    person = cast.enterer
    for login in (person.username, person.username.upper(), person.email, person.email.upper()):
        fail(login)
    assert list(FailedSignIn.objects.values_list("username", "failures_since_start")) == [(person.username, 4)]


def test_the_administrator_sees_the_pause_and_ends_it(cast: Cast, client_of: Sign) -> None:
    person = cast.enterer
    assert (fail(person.username, 9), fail(person.email)) == (200, 429)
    admin = client_of(cast.admin)
    page = admin.get(LIST).content.decode()
    assert "10.0.0.7" in page
    assert person.username in page
    assert f"{person} có thể đăng nhập lại." in lift(admin, FailedSignIn.objects.get())
    assert not FailedSignIn.objects.exists()
    told = AuditEntry.objects.get(action="accounts.lift_pause")
    assert (told.actor, told.object_id, told.before) == (cast.admin, str(person.pk), {"failures": 10})
    assert fail(person.username) == 200


def test_people_of_other_provinces_and_names_of_nobody_stay_unseen(cast: Cast, client_of: Sign) -> None:
    fail(cast.stranger.username, 10)
    fail("khong-co-ai", 3)
    admin = client_of(cast.admin)
    page = admin.get(LIST).content.decode()
    assert cast.stranger.username not in page
    assert "khong-co-ai" not in page
    lift(admin, *FailedSignIn.objects.all())
    assert FailedSignIn.objects.count() == 2
    detail = reverse("admin:accounts_failedsignin_change", args=[FailedSignIn.objects.first().pk])  # type: ignore[union-attr]
    assert admin.get(detail).status_code == 404


def test_nobody_ends_the_own_pause_and_who_keeps_no_accounts_stays_outside(cast: Cast, client_of: Sign) -> None:
    fail(cast.admin.username, 10)
    failed = FailedSignIn.objects.get()
    assert "do quản trị viên khác quản lý" in lift(client_of(cast.admin), failed)
    assert FailedSignIn.objects.get() == failed
    assert client_of(cast.officer).get(LIST).status_code == 403
    assert client_of(cast.enterer).get(LIST).status_code in (302, 403)
