"""What has changed since a report was issued: its snapshot compared with the figures of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from issuing import wording
from issuing.models import IssuedReport, SnapshotRow
from issuing.queries.freezing import Chosen, rows_now, scope_of

COMPARED = ("value", "before", "in_period")


@dataclass(frozen=True)
class Change:
    """One quoted number: `name` says which number of the row it is; both as a letter shows them."""

    row: SnapshotRow
    name: str
    then: str
    now: str


def changes_since(report: IssuedReport, today: date) -> list[Change]:
    """Every number of the newest snapshot that a letter would show otherwise now, in the order of the report."""
    taken = report.snapshot
    if taken is None:
        return []
    frozen = list(taken.rows.select_related("indicator__numerator", "indicator__denominator").order_by("place"))
    if not frozen:
        return []
    scope = scope_of(report, today, month=taken.month)
    fresh = rows_now(report, scope, [Chosen(row.indicator, row.pillar) for row in frozen])
    return [
        Change(row, name, then, found)
        for row, now in zip(frozen, fresh, strict=True)
        for name in COMPARED
        if (then := _shown(row, name)) != (found := _shown(now, name))
    ]


def _shown(row: SnapshotRow, name: str) -> str:
    """A percentage with its parts, which stand in the annex and may move where the percentage does not."""
    text = wording.amount(row, getattr(row, name))
    parts = wording.fraction(row) if name == "value" else ""
    return f"{text} ({parts})" if parts else text
