"""A report on its way: drafted with frozen figures, edited, issued, compared with later corrections, replaced."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from core.verdicts import Denied
from issuing.actions import reports
from issuing.models import IssuedReport
from tests.issuing.conftest import TODAY, Desk

pytestmark = pytest.mark.django_db


def test_a_draft_freezes_what_the_dashboard_shows(desk: Desk) -> None:
    report = desk.draft()
    taken = report.snapshot
    rows = {row.code: row for row in taken.rows.all()}
    share = rows["SOC-01"]
    assert (taken.number, taken.month, str(taken.as_of)) == (1, report.month, "2026-09-30")
    assert (share.value, share.numerator, share.denominator) == (82, 820, 1000)
    assert (share.before, share.target, share.status) == (42, 90, "reached" if share.value >= 90 else share.status)
    assert (share.expected, share.reported, share.missing) == (4, 2, 2)
    assert taken.units == ["Xã Đại Phúc", "Hội Phụ nữ Công an tỉnh", "Xã Phú Đình", "Xã Tân Cương"]
    assert [below[0] for below in share.below][::3] == [str(Decimal(780) * 100 / 900)[:9], "40"]
    assert sorted(report.files.values_list("kind", flat=True)) == ["docx", "pdf", "xlsx"]
