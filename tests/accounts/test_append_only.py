"""The audit trail cannot be changed or shortened, by the application or past it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db


def a_row() -> AuditEntry:
    person = User.objects.create(username="an", full_name="Nguyễn Thị An", email="an@example.test")
    return audit.record(by=person, action="accounts.test", obj=person, reason="lý do", after={"phone": "0123"})


def update_in_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update accounts_auditentry set reason = 'khác'")


def delete_in_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from accounts_auditentry")


@pytest.mark.parametrize(
    "attack",
    [
        update_in_sql,
        delete_in_sql,
        lambda: AuditEntry.objects.update(reason="khác"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.get().save(),
    ],
)
def test_a_row_stays_as_written(attack: Callable[[], object]) -> None:
    row = a_row()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attack()
    kept = AuditEntry.objects.get()
    assert (kept.pk, kept.reason, kept.after) == (row.pk, "lý do", {"phone": "0123"})


def test_rows_can_be_added() -> None:
    first = a_row()
    second = audit.record(by=None, action="accounts.test", reason="hai")
    assert list(AuditEntry.objects.values_list("pk", flat=True)) == [second.pk, first.pk]
