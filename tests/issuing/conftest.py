"""A programme with three indicators, some months of figures, and a report on them, frozen and made without a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone, translation

from core.periods import make_month
from issuing.actions import making, reports
from issuing.choices import ReportKind
from issuing.models import IssuedReport
from issuing.periods import ReportPeriod
from jobs import tasks
from jobs.actions import execute
from programmes import starter
from programmes.actions import Entry, record_figures, register_units
from programmes.choices import Provenance
from programmes.models import Indicator, Measure, Pillar, Programme, ProgrammeIndicator, Target
from tests.cast import Cast
from units.models import Unit

TODAY = date(2026, 11, 22)
SEPTEMBER = make_month(2026, 9)
CODES = ("SOC-01", "ORG-03", "ECO-01")  # a percentage, a level, a flow


@dataclass
class Desk:
    """The cast and a programme, and the short way of a report."""

    cast: Cast
    programme: Programme

    def record(self, values: dict[tuple[Unit, str], int], month: int = SEPTEMBER) -> None:
        measures = dict(Measure.objects.values_list("code", "pk"))
        entries = [Entry(unit.pk, measures[code], month, Decimal(value)) for (unit, code), value in values.items()]
        record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)

    def draft(self, *, unit: Unit | None = None, kind: ReportKind = ReportKind.QUARTER, month: int = SEPTEMBER,
              **more: Any) -> IssuedReport:  # fmt: skip
        """A draft whose figures are frozen and whose files are made."""
        report = reports.draft_report(
            unit=unit or self.cast.thai_nguyen, programme=self.programme, period=ReportPeriod(kind, month),
            by=self.cast.officer, today=TODAY, **more,
        )  # fmt: skip
        return self.work(report)

    def work(self, report: IssuedReport) -> IssuedReport:
        """What the worker does with the job that was asked for."""
        assert report.job is not None
        execute(report.job.pk)
        return self.again(report)

    def again(self, report: IssuedReport) -> IssuedReport:
        chain = IssuedReport.objects.select_related("unit", "programme", "job", "replaces")
        return chain.get(pk=report.pk)

    def issue(self, report: IssuedReport, number: int = 5, on: date = date(2026, 10, 5)) -> IssuedReport:
        return self.work(reports.issue_report(report=report, number=number, on=on, by=self.cast.officer, today=TODAY))

    def freeze(self, report: IssuedReport) -> IssuedReport:
        return self.work(making.ask_for_figures(report=report, by=self.cast.officer))

    def content(self, report: IssuedReport, kind: str) -> bytes:
        """The newest file of the kind."""
        with report.files.filter(kind=kind).latest("pk").file.open("rb") as file:
            return file.read()


@pytest.fixture(autouse=True)
def no_broker() -> Iterator[None]:
    """Jobs stay in the ledger: the tests do the work themselves."""
    with mock.patch.object(tasks.run, "apply_async"), translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with mock.patch.object(timezone, "localdate", return_value=TODAY):
        yield


@pytest.fixture
def desk(cast: Cast) -> Desk:
    starter.load()
    register_units(list(Unit.objects.values_list("pk", flat=True)))
    programme = Programme.objects.create(
        code="CDS", name="Kế hoạch chuyển đổi số", short_name="Chuyển đổi số", owner=cast.thai_nguyen,
        start=date(2024, 1, 1),
    )  # fmt: skip
    pillars = [Pillar.objects.create(programme=programme, name=name, order=place)
               for place, name in enumerate(("Xã hội số", "Kinh tế số"))]  # fmt: skip
    for order, code in enumerate(CODES):
        pillar = pillars[0] if order < 2 else pillars[1]
        ProgrammeIndicator.objects.create(
            programme=programme, indicator=Indicator.objects.get(code=code), pillar=pillar, order=order
        )
    Target.objects.create(
        indicator=Indicator.objects.get(code="SOC-01"), unit=cast.thai_nguyen, programme=programme,
        due=date(2026, 12, 31), value=90, baseline=10, baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    made = Desk(cast, programme)
    flow = Indicator.objects.get(code="ECO-01").numerator.code
    for month in (SEPTEMBER - 12, SEPTEMBER):
        made.record({
            (cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 10 if month != SEPTEMBER else 40,
            (cast.dai_phuc, "MB-ALL"): 900, (cast.dai_phuc, "MB-VNEID"): 410 if month != SEPTEMBER else 780,
            (cast.tan_cuong, flow): 3,
        }, month)  # fmt: skip
    return made
