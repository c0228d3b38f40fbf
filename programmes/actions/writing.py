"""What the actions of this room share: refusing by field, and writing a change together with its audit row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from accounts import audit

if TYPE_CHECKING:
    from accounts.models import User


Record = TypeVar("Record", bound=models.Model)


def locked(record: Record, *related: str) -> Record:
    """The record as stored now, locked until the transaction ends: what a form did to its copy does not count."""
    manager: models.Manager[Record] = type(record)._default_manager
    return manager.select_for_update(of=("self",)).select_related(*related).get(pk=record.pk)


def refuse(problems: dict[str, str]) -> None:
    """Raises ValidationError by field unless there is nothing wrong."""
    if problems:
        raise ValidationError(dict(problems))


def change(record: models.Model, values: dict[str, Any], *, by: User, action: str, unit_id: int | None) -> set[str]:
    """Writes what differs, with its audit row; gives the names of the changed fields, none when nothing differs."""
    before, after = audit.changes(record, values)
    if after:
        save(record, after)
        audit.record(by=by, action=action, obj=record, unit_id=unit_id, before=before, after=after)
    return set(after)


def save(record: models.Model, values: dict[str, Any]) -> None:
    """Saves these fields only, and the search key that follows from them."""
    for name, value in values.items():
        setattr(record, name, value)
    derived = ["search"] if any(column.name == "search" for column in record._meta.fields) else []
    record.save(update_fields=[*values, *derived])
