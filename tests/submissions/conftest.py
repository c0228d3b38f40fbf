"""The cast with a small form: a level with a part, a flow with a part, yes or no, a score, one for provinces only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from core.periods import make_month
from programmes.actions import Entry, record_figures
from programmes.choices import MeasureKind, MeasureSource, Provenance
from programmes.models import Figure, Measure, Total
from submissions.actions import accept_submissions, save_cells, send_submission
from submissions.models import ReportingPeriod, Submission
from submissions.queries import Key
from tests.cast import Cast
from tests.reporting import Reporting, monthly
from units.models import Unit

TODAY = date(2026, 11, 21)
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (make_month(2026, month) for month in (8, 9, 10, 11))
FIRST = make_month(2025, 5)  # the first month of the form
WHOLE = 100 * 100  # totals are kept in ten-thousandths
GROUP, OTHER_GROUP = "A. Tổ chức, hội viên", "B. Hạ tầng"


@dataclass
class World:
    cast: Cast
    members: Measure  # level
    minority: Measure  # its part
    admitted: Measure  # flow
    admitted_minority: Measure  # its part
    online: Measure  # yes or no
    score: Measure  # given, two decimals, at most 10
    firms: Measure  # entered at provinces
    fit: Measure  # computed
    reporting: Reporting

    def period(self, month: int = OCTOBER) -> ReportingPeriod:
        return self.reporting.periods[month]

    def key(self, measure: Measure, unit: Unit | None = None, month: int = OCTOBER) -> Key:
        return Key((unit or self.cast.tan_cuong).pk, self.period(month).pk, measure.pk)

    def report(self, unit: Unit, values: Mapping[Measure, Any], *, month: int = OCTOBER) -> None:
        """Figures that are in force already."""
        record_figures(
            entries=[Entry(unit.pk, measure.pk, month, Decimal(value)) for measure, value in values.items()],
            provenance=Provenance.IMPORT,
            by=None,
            today=TODAY,
        )

    def save(self, values: Mapping[Measure, Any], *, unit: Unit | None = None, by: User | None = None,
             month: int = OCTOBER, notes: Mapping[Measure, str] | None = None,
             expected: Mapping[Measure, int] | None = None) -> Submission | None:  # fmt: skip
        return save_cells(
            unit=unit or self.cast.tan_cuong,
            period=self.period(month),
            values={m.pk: None if value is None else Decimal(str(value)) for m, value in values.items()},
            notes={m.pk: note for m, note in (notes or {}).items()},
            expected=None if expected is None else {m.pk: version for m, version in expected.items()},
            by=by or self.cast.enterer,
            today=TODAY,
        )

    def send(self, values: Mapping[Measure, Any], *, by: User | None = None, **where: Any) -> Submission:
        saved = self.save(values, by=by, **where)
        assert saved is not None
        return send_submission(submission=saved, by=by or self.cast.enterer, today=TODAY)

    def accept(self, *reports: Submission, by: User | None = None) -> list[Submission]:
        return accept_submissions(submissions=reports, by=by or self.cast.officer)


def figures(unit: Unit, month: int = OCTOBER) -> dict[str, Decimal]:
    return dict(Figure.objects.filter(unit_id=unit.pk, period=month).values_list("measure__code", "value"))


def level(unit: Unit, measure: Measure, month: int = OCTOBER) -> Decimal:
    """What the totals say of a level at the end of the month."""
    rows = Total.objects.filter(unit_id=unit.pk, measure_id=measure.pk, period__lte=month)
    return Decimal(sum(rows.values_list("change", flat=True))) / WHOLE


def flow(unit: Unit, measure: Measure, month: int = OCTOBER) -> Decimal:
    rows = Total.objects.filter(unit_id=unit.pk, measure_id=measure.pk, period=month)
    return Decimal(sum(rows.values_list("change", flat=True))) / WHOLE


def _measure(code: str, name: str, order: int, **values: Any) -> Measure:
    usual = {"kind": MeasureKind.STOCK, "unit_of_measure": "người", "group": GROUP}
    return Measure.objects.create(code=code, name=name, order=order, **{**usual, **values})


@pytest.fixture
def world(cast: Cast) -> World:
    members = _measure("HV", "Tổng số hội viên", 1)
    admitted = _measure("KN", "Hội viên kết nạp mới", 3, kind=MeasureKind.FLOW)
    measures = {
        "members": members,
        "minority": _measure("HV-DT", "Hội viên dân tộc thiểu số", 2, whole=members),
        "admitted": admitted,
        "admitted_minority": _measure(
            "KN-DT", "Dân tộc thiểu số kết nạp mới", 4, kind=MeasureKind.FLOW, whole=admitted
        ),
        "online": _measure("TRANG", "Đơn vị có trang mạng", 5, kind=MeasureKind.FLAG, group=OTHER_GROUP, maximum=1),
        "score": _measure(
            "DIEM", "Điểm đánh giá", 6, kind=MeasureKind.GIVEN, decimals=2, maximum=10, group=OTHER_GROUP
        ),
        "firms": _measure(
            "DN", "Doanh nghiệp nữ", 7, kind=MeasureKind.FLOW, entered_at=["province"], group=OTHER_GROUP
        ),
        "fit": _measure(
            "MAY", "Máy tính đạt yêu cầu", 8, kind=MeasureKind.FLAG, source=MeasureSource.EQUIPMENT, group=OTHER_GROUP
        ),
    }
    reporting = monthly(cast.centre, by=cast.national, today=TODAY, first_month=FIRST, measures=list(measures.values()))
    return World(cast, **measures, reporting=reporting)
