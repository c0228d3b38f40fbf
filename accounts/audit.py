"""Writing the audit trail. Call inside the transaction of the effect, so that both hold or neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import AuditEntry

if TYPE_CHECKING:
    from accounts.models import User

import json

_BATCH = 500


def plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """Values as JSON can hold them: model instances as their key, dates and decimals as text."""
    ready = {k: (v.pk if isinstance(v, models.Model) else v) for k, v in (values or {}).items()}
    return json.loads(json.dumps(ready, cls=DjangoJSONEncoder))  # type: ignore[no-any-return]


def record(
    *,
    by: User | AnonymousUser | None,
    action: str,
    obj: models.Model | None = None,
    unit_id: int | None = None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    denied: bool = False,
) -> AuditEntry:
    """Add one row: who did what to which record, why, with the values before and after."""
    entry = _entry(by, action, Effect(obj, unit_id, before, after), reason)
    entry.denied = denied
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Effect:
    """What one of many records was changed by."""

    obj: models.Model | None
    unit_id: int | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def record_many(*, by: User, action: str, effects: Iterable[Effect], reason: str = "") -> None:
    """One row for each record, as `record` writes it, in a few statements: for verbs that change thousands."""
    AuditEntry.objects.bulk_create((_entry(by, action, effect, reason) for effect in effects), batch_size=_BATCH)


def _entry(by: User | AnonymousUser | None, action: str, effect: Effect, reason: str) -> AuditEntry:
    obj = effect.obj
    return AuditEntry(
        actor=None if by is None or isinstance(by, AnonymousUser) else by,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(obj)[:200] if obj is not None else "",
        unit_id=effect.unit_id,
        reason=reason,
        before=plain(effect.before),
        after=plain(effect.after),
    )


def changes(obj: models.Model, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part of `values` that differs from the record: (before, after). Both empty when nothing changes."""
    before = {name: getattr(obj, name) for name, value in values.items() if getattr(obj, name) != value}
    return before, {name: values[name] for name in before}
