"""What stood in the cells of reports at an earlier moment, as the audit trail tells it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from accounts.models import AuditEntry
from submissions.models import Submission

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Changed = dict[tuple[int, str], Decimal | None]  # by key of the submission and code of the measure


def changed_since(submissions: Collection[Submission], moment: datetime) -> Changed:
    """The cells that were written after the moment, with the value that stood there at it; none: no value."""
    late = [str(one.pk) for one in submissions if one.saved_at is not None and one.saved_at > moment]
    if not late:
        return {}
    rows = AuditEntry.objects.filter(
        object_type="submissions.submission", object_id__in=late, at__gt=moment, denied=False
    ).order_by("pk")
    found: Changed = {}
    for object_id, before, after in rows.values_list("object_id", "before", "after"):
        for code in after:
            found.setdefault((int(object_id), code), _number(before.get(code)))
    return found


def _number(value: object) -> Decimal | None:
    """A value of the trail; states and other words of it are no numbers."""
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None
