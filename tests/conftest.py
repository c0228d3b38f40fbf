"""Fixtures that every room uses. The cast is small; whole-country data is loaded only by slow tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

if TYPE_CHECKING:
    from accounts.models import User
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    from tests import cast as names  # needs the database settings, which are ready only inside a fixture

    return names.build()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A test client signed in as the person."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def on_postgres(db: None) -> None:
    """Skips where the test needs real concurrency; the PostgreSQL run of the suite has it."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run with DATABASE_URL")


@pytest.fixture(autouse=True)
def quiet_files(tmp_path: Any, settings: Any) -> None:
    """Uploads of tests land in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True, scope="session")
def flush_past_append_only() -> Iterator[None]:
    """Lets the flush after transactional tests empty the append-only audit table on SQLite.

    PostgreSQL flushes by TRUNCATE, which row triggers do not see; SQLite by DELETE, which they refuse.
    """
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        if self.connection.vendor != "sqlite":
            return original(self, sql_list)
        with self.connection.cursor() as cursor:
            cursor.execute("select name, sql from sqlite_master where type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'drop trigger "{name}"')
        original(self, sql_list)
        with self.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)
        return None

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


def pytest_report_header() -> str:
    return f"database: {os.environ.get('DATABASE_URL', 'SQLite')}; broker: {os.environ.get('REDIS_URL', 'in-process')}"
