"""The cast, and the short way of a file: taken in, checked, confirmed, undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.utils import translation

from accounts.models import User
from imports import actions
from imports.models import Import
from jobs import tasks
from tests.cast import Cast
from tests.imports import books
from units.models import Contact, Unit


@dataclass
class World:
    cast: Cast

    def send(
        self, content: bytes, *, kind: str = "danh-ba", by: User | None = None, scope: Unit | None = None
    ) -> Import:
        """The file taken in and checked, as after the worker."""
        sender = by or self.cast.admin
        taken = actions.take_in(kind=kind, scope=scope or self.cast.thai_nguyen, file=books.upload(content), by=sender)
        return actions.check(Import.objects.select_related("scope", "asked_by").get(pk=taken.pk))

    def confirm(self, upload: Import, note: str = "") -> Import:
        return actions.confirm(upload=upload, by=upload.asked_by, note=note)

    def undo(self, upload: Import) -> Import:
        return actions.undo(upload=upload, by=upload.asked_by)


def problems(upload: Import) -> list[tuple[str, str]]:
    """Cell and words of everything that is wrong."""
    found = [*upload.problems, *(one for row in upload.rows.all() for one in row.problems)]
    return [(one["cell"], one["text"]) for one in found]


def people(unit: Unit) -> list[tuple[str, str, str, str]]:
    return list(Contact.objects.filter(unit=unit).values_list("full_name", "position", "phone", "email"))


def fields(upload: Import) -> list[list[tuple[str, str, str]]]:
    """Heading, old and new value of every row."""
    rows: Any = upload.rows.values_list("fields", flat=True)
    return [[(one["heading"], one["old"], one["new"]) for one in row] for row in rows]


@pytest.fixture(autouse=True)
def no_broker() -> Iterator[None]:
    """Jobs stay in the ledger: the tests do the work themselves."""
    with mock.patch.object(tasks.run, "apply_async"), translation.override("vi"):
        yield


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)
