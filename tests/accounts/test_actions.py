"""Accounts, one-time links and passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, SignInLink, User
from tests.cast import person

pytestmark = pytest.mark.django_db
GOOD = "hoa ban nở trắng rừng"


@pytest.fixture
def giver() -> User:
    return person("quan", "Trần Thị Quản")


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_new_account_has_no_password_and_signs_in_by_address(giver: User) -> None:
    account = actions.create_account(full_name="Lý Thị Mới", email="Moi@Example.test", by=giver)
    assert account.username == "moi@example.test"
    assert not account.has_usable_password()
    assert not account.is_staff
    assert not account.is_superuser
    assert trail() == ["accounts.create"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"full_name": "", "email": "a@example.test"}, "full_name"),
        ({"full_name": "An", "email": "khong-phai"}, "email"),
        ({"full_name": "An", "email": "QUAN@example.test"}, "__all__"),
    ],
)
def test_a_bad_account_is_refused_and_nothing_is_stored(giver: User, values: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.create_account(**values, by=giver)
    assert field in refusal.value.error_dict
    assert User.objects.count() == 1
    assert trail() == []


def test_a_link_opens_once(giver: User) -> None:
    account = actions.create_account(full_name="Lý Thị Mới", email="moi@example.test", by=giver)
    secret = actions.issue_link(user=account, by=giver)
    actions.set_password_by_link(secret=secret, password=GOOD)
    account.refresh_from_db()
    assert account.check_password(GOOD)
    with pytest.raises(actions.LinkError):
        actions.set_password_by_link(secret=secret, password="mật khẩu của kẻ khác")
    account.refresh_from_db()
    assert account.check_password(GOOD)
    assert trail() == ["accounts.create", "accounts.issue_link", "accounts.set_password"]


def test_only_the_hash_of_the_secret_is_kept(giver: User) -> None:
    secret = actions.issue_link(user=giver, by=None)
    link = SignInLink.objects.get()
    assert secret not in link.secret_hash
    assert link.secret_hash == actions.hash_of(secret)


def test_a_new_link_ends_the_old_one(giver: User) -> None:
    old = actions.issue_link(user=giver, by=None)
    new = actions.issue_link(user=giver, by=None)
    with pytest.raises(actions.LinkError):
        actions.open_link(old)
    assert actions.open_link(new).user == giver


def test_a_link_grows_old(giver: User) -> None:
    secret = actions.issue_link(user=giver, by=None)
    with pytest.raises(actions.LinkError):
        actions.open_link(secret, now=timezone.now() + actions.LINK_LIFE + timedelta(seconds=1))


def test_a_link_of_a_closed_account_does_not_open(giver: User) -> None:
    account = person("moi", "Lý Thị Mới")
    secret = actions.issue_link(user=account, by=giver)
    actions.set_active(user=account, active=False, by=giver, reason="nghỉ việc")
    with pytest.raises(actions.LinkError):
        actions.open_link(secret)


@pytest.mark.parametrize("weak", ["ngan", "1234567890", "password123"])
def test_a_weak_password_is_refused_and_the_link_stays_good(giver: User, weak: str) -> None:
    secret = actions.issue_link(user=giver, by=None)
    with pytest.raises(ValidationError) as refusal:
        actions.set_password_by_link(secret=secret, password=weak)
    assert list(refusal.value.error_dict) == ["password"]
    assert actions.open_link(secret).user == giver


def test_edits_are_written_with_before_and_after(giver: User) -> None:
    actions.edit_account(user=giver, values={"full_name": "Trần Thị Quản", "phone": "0912 345 678"}, by=giver)
    giver.refresh_from_db()
    assert giver.phone == "0912 345 678"
    row = AuditEntry.objects.get()
    assert (row.before, row.after) == ({"phone": ""}, {"phone": "0912 345 678"})


def test_an_edit_that_changes_nothing_leaves_no_trace(giver: User) -> None:
    actions.edit_account(user=giver, values={"full_name": "Trần Thị Quản"}, by=giver)
    assert trail() == []


def test_nobody_closes_the_own_account(giver: User) -> None:
    with pytest.raises(ValidationError):
        actions.set_active(user=giver, active=False, by=giver, reason="thử")
    giver.refresh_from_db()
    assert giver.is_active
