"""A dashboard asked again is not made again, and never shows what has changed, nor to whom it is not shown any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core import kept
from programmes.models import Programme
from tests.cast import Cast
from units.models import Grant, Unit

ClientOf = Callable[[User], Client]


@pytest.fixture
def page(transactional_db: None, cast: Cast) -> str:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot tell whether something was written")
    start = timezone.localdate() - timedelta(days=400)
    Programme.objects.create(code="CDS", name="Chuyển đổi số", short_name="CDS", owner=cast.centre, start=start)
    return f"/tong-quan/{cast.thai_nguyen.pk}/"


def queries(client: Client, address: str, **headers: str) -> tuple[int, int]:
    """Status and number of queries."""
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address, headers=headers)
    return answer.status_code, len(found)


def unwritten(look: Callable[[], bool]) -> bool:
    """Whether it is seen once while nobody writes: tests beside this one write to the same server, which ends what is
    kept."""
    return any(look() for _time in range(30))


def test_the_second_time_one_query_says_that_nothing_is_new(page: str, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.leader)
    first = client.get(page)
    assert first["Cache-Control"] == "private, no-cache"
    assert unwritten(lambda: queries(client, page) == (200, 3))  # session, account, version
    assert unwritten(lambda: client.get(page).content == client.get(page).content)
    assert unwritten(lambda: queries(client, page, if_none_match=client.get(page)["ETag"]) == (304, 3))


def test_what_was_written_is_seen_at_once(page: str, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.leader)
    etag = client.get(page)["ETag"]
    Unit.objects.filter(pk=cast.thai_nguyen.pk).update(name="Tỉnh Thái Nguyên mới")
    answer = client.get(page, headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert "Tỉnh Thái Nguyên mới" in answer.content.decode()


def test_a_kept_page_is_shown_to_nobody_else(page: str, cast: Cast, client_of: ClientOf) -> None:
    leader, stranger = client_of(cast.leader), client_of(cast.foreign_officer)
    etag = leader.get(page)["ETag"]
    assert stranger.get(page, headers={"if-none-match": etag}).status_code == 404
    assert leader.get(page).status_code == 200


def test_who_has_lost_the_role_does_not_see_it_any_more(page: str, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.leader)
    etag = client.get(page)["ETag"]
    Grant.objects.filter(user=cast.leader).delete()
    assert client.get(page, headers={"if-none-match": etag}).status_code == 404


def test_each_browser_language_and_day_has_its_own(
    page: str, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = client_of(cast.leader), client_of(cast.leader)
    first = one.get(page)
    assert other.get(page)["ETag"] != first["ETag"]  # the forms on it carry the token of the browser
    assert unwritten(lambda: one.get(page)["ETag"] == one.get(page)["ETag"])
    first = one.get(page)
    one.cookies["django_language"] = "en"
    assert one.get(page)["ETag"] != first["ETag"]
    del one.cookies["django_language"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(kept.timezone, "localdate", lambda: tomorrow)
    assert one.get(page)["ETag"] != first["ETag"]


def test_a_page_with_a_message_is_not_kept(page: str, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.nobody)
    home = client.get("/tong-quan/")
    assert home.status_code == 302  # leaves a message for the next page
    client = client_of(cast.leader)
    client.cookies["messages"] = home.cookies["messages"].value
    assert "ETag" not in client.get(page)
    assert "ETag" in client.get(page)  # the message has been read
