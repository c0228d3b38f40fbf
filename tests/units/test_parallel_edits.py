"""Many editors of one record at the same moment: one saves, the others are shown both values."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.once import FIELD
from core.stale import SEEN
from tests import cast as names
from units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)
EDITORS = 6


def at_once(send: Callable[[int], int]) -> list[int]:
    def run(number: int) -> int:
        try:
            return send(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(EDITORS) as pool:
        return list(pool.map(run, range(EDITORS)))


def clients(user: User) -> list[Client]:
    found = [Client() for _number in range(EDITORS)]
    for client in found:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_of_editors_who_saw_the_same_page_one_saves(on_postgres: None) -> None:
    cast = names.build()
    address = reverse("units:edit", args=[cast.tan_cuong.pk])
    editors = clients(cast.admin)
    seen = editors[0].get(address).context["form"][SEEN].value()

    def send(number: int) -> int:
        sent = {"code": cast.tan_cuong.code, "address": f"Địa chỉ {number}", SEEN: seen}
        return editors[number].post(address, sent).status_code

    assert sorted(at_once(send)) == [200] * (EDITORS - 1) + [302]
    assert AuditEntry.objects.filter(action="units.edit").count() == 1


def test_the_same_form_sent_many_times_at_once_has_one_effect(on_postgres: None) -> None:
    cast = names.build()
    address = reverse("units:add", args=[cast.thai_nguyen.pk])
    editors = clients(cast.admin)
    sent = {"kind": "attached", "name": "Hội Phụ nữ Quân sự tỉnh", "on": "01/08/2025", FIELD: "t"}
    assert at_once(lambda number: editors[number].post(address, sent).status_code) == [302] * EDITORS
    assert Unit.objects.filter(name="Hội Phụ nữ Quân sự tỉnh").count() == 1
