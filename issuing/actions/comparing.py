"""Comparing what was issued with the figures of now, so that its author learns of corrections."""

from __future__ import annotations

from datetime import date, datetime

from issuing.models import IssuedReport
from issuing.queries.changed import changes_since

FOLLOWED_MONTHS = 24  # older reports are history; their page still compares when it is opened


def compare_issued(*, today: date, now: datetime) -> int:
    """Writes down for each issued report how many of its numbers differ by now. Returns how many reports differ.

    No row in the trail: nothing is decided here, and the corrections themselves have theirs.
    """
    first = today.year * 12 + today.month - 1 - FOLLOWED_MONTHS
    differing = 0
    for report in IssuedReport.objects.issued().filter(month__gte=first).select_related("unit", "programme"):
        changed = len(changes_since(report, today))
        IssuedReport.objects.filter(pk=report.pk).update(changed=changed, compared_at=now)
        differing += changed > 0
    return differing
