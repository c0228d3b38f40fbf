"""What is known about one cell: its last values, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from programmes.models import Figure, FigureChange, Measure
from submissions.queries.history import WORDS
from submissions.queries.sheets import Known, Sheet

SHOWN = 12


@dataclass(frozen=True)
class CellEvent:
    """One change: `before` and `after` as the trail tells them, none where it tells of no value."""

    at: datetime
    who: str
    what: str
    before: Decimal | None
    after: Decimal | None
    reason: str = ""


def last_values(sheet: Sheet, measure: Measure) -> list[Known]:
    """The last figures up to the month of the sheet, oldest first; the month itself as it is typed."""
    month = sheet.period.month
    rows = Figure.objects.filter(unit_id=sheet.unit.pk, measure_id=measure.pk, period__lt=month)
    found = [Known(value, period) for period, value in rows.order_by("-period").values_list("period", "value")[:SHOWN]]
    own = sheet.value(measure.pk)
    if own is not None:
        found.insert(0, Known(own, month))
    return list(reversed(found[:SHOWN]))


def cell_history(sheet: Sheet, measure: Measure) -> list[CellEvent]:
    """Who typed what, and the corrections of accepted figures, the newest first."""
    found = [*_typed(sheet, measure.code), *_corrected(sheet, measure)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:SHOWN]


def _typed(sheet: Sheet, code: str) -> list[CellEvent]:
    if sheet.submission is None:
        return []
    named = Q(after__has_key=code) | Q(before__has_key=code)
    rows = AuditEntry.objects.filter(
        named, object_type="submissions.submission", object_id=str(sheet.submission.pk), denied=False
    ).select_related("actor")
    return [
        CellEvent(
            at=row.at,
            who=str(row.actor or "–"),
            what=str(WORDS.get(row.action, row.action)),
            before=_number(row.before.get(code)),
            after=_number(row.after.get(code)),
            reason=row.reason,
        )
        for row in rows.order_by("-at")[:SHOWN]
    ]


def _corrected(sheet: Sheet, measure: Measure) -> list[CellEvent]:
    rows = FigureChange.objects.filter(unit=sheet.unit, measure=measure, period=sheet.period.month)
    return [
        CellEvent(row.at, str(row.by or "–"), _("Accepted figure corrected"), row.old, row.new, row.reason)
        for row in rows.select_related("by")[:SHOWN]
    ]


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
