"""What has changed since a report was issued: its snapshot compared with the figures of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from issuing.models import IssuedReport, SnapshotRow
from issuing.queries.freezing import Chosen, rows_now, scope_of

COMPARED = ("value", "before", "in_period")


@dataclass(frozen=True)
class Change:
    """One quoted number: `name` says which number of the row it is."""

    row: SnapshotRow
    name: str
    then: Decimal | None
    now: Decimal | None


def changes_since(report: IssuedReport, today: date) -> list[Change]:
    """Every number of the newest snapshot that is another one now, in the order of the report."""
    taken = report.snapshot
    if taken is None:
        return []
    frozen = list(taken.rows.select_related("indicator__numerator", "indicator__denominator").order_by("place"))
    if not frozen:
        return []
    scope = scope_of(report, today, month=taken.month)
    fresh = rows_now(report, scope, [Chosen(row.indicator, row.pillar) for row in frozen])
    return [
        Change(row, name, getattr(row, name), getattr(now, name))
        for row, now in zip(frozen, fresh, strict=True)
        for name in COMPARED
        if getattr(row, name) != getattr(now, name)
    ]
