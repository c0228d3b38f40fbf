"""One world for all guards: built once, inside a transaction that is rolled back at the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

if TYPE_CHECKING:
    from tests.guards.world import World


@pytest.fixture(scope="package")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def quiet_files(request: pytest.FixtureRequest, settings: Any) -> None:
    """Files of the world stay as long as the world; other guards write none."""
    if "world" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("media")
        request.getfixturevalue("_quiet_log")


@pytest.fixture
def _quiet_log() -> Iterator[None]:
    """Thousands of refusals are meant; writing each one down would take longer than asking."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def bare_frame() -> Iterator[None]:
    """Pages without their menus, which take half the time; `test_visibility` looks at whole pages."""
    (engine,) = settings.TEMPLATES
    here = Path(__file__).with_name("templates")
    with override_settings(TEMPLATES=[{**engine, "DIRS": [here, *engine["DIRS"]]}]):
        yield


@contextmanager
def kept_open() -> Iterator[None]:
    """Every test ends by closing its connection, and with it the transaction that holds the world; SQLite in memory
    keeps it open by itself."""
    close = connection.close
    connection.close = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        connection.close = close  # type: ignore[method-assign]


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, media: Path) -> Iterator[World]:
    """See `tests.guards.world`. Tests read it, and undo what they change (`tests.guards.visitors.undone`)."""
    from tests.guards import world as building  # needs the database settings, which are ready only inside a fixture

    with django_db_blocker.unblock(), kept_open(), transaction.atomic():
        try:
            with override_settings(MEDIA_ROOT=media):
                built = building.build()
                connection.check_constraints()
                yield built
        finally:
            transaction.set_rollback(True)
