"""Goal of issued reports: figures of a large province frozen, and Word, PDF and Excel made of them, as in a worker."""

from __future__ import annotations

import os
from datetime import date
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import translation

from accounts.models import User
from benchmarks import memory
from benchmarks.country import LAST, Bench
from benchmarks.peers import Peer
from benchmarks.portal import OFFICER, programme_code, unit_of
from benchmarks.registry import Outcome, goal
from issuing.actions import making, reports
from issuing.choices import ReportKind
from issuing.models import IssuedReport
from issuing.periods import ReportPeriod
from programmes.models import Programme
from units.models import Unit

INDICATORS, COMMUNES, SECONDS = 60, 166, 20
TODAY = date(2026, 11, 22)


@goal(31, f"report of {INDICATORS} indicators and {COMMUNES} communes in Word, PDF and Excel, in a worker", "20 s")
def report_of_a_large_province(bench: Bench) -> Outcome:
    """No province of the measured country has so many communes, so those of its neighbours stand in the annex too."""
    peer = Peer(os.environ["DATABASE_URL"])
    found = peer.call("benchmarks.issuing:make_report")
    peer.close()
    note = f"figures {found['frozen']:.1f} s, files {found['made']:.1f} s ({found['sizes']}), "
    note += f"{found['busy']:.1f} s of them at work itself, {found['peak']} MiB"
    seconds = found["frozen"] + found["made"]
    return Outcome(f"{seconds:.1f} s", seconds <= SECONDS, note)


def make_report() -> dict[str, Any]:
    """Seconds of both parts and the peak of memory; what is written is taken back."""
    by, unit = User.objects.get(username=OFFICER), unit_of(OFFICER)
    programme = Programme.objects.get(code=programme_code(INDICATORS))
    communes = list(Unit.objects.filter(depth=3).order_by("pk")[:COMMUNES])
    below = mock.patch("issuing.actions.making.units_below", return_value=communes)
    with transaction.atomic(), translation.override("vi"), below:
        month = LAST - (LAST + 1) % 3  # the last quarter that is over
        period = ReportPeriod(ReportKind.QUARTER, month)
        drafted = reports.draft_report(unit=unit, programme=programme, period=period, by=by, today=TODAY)
        report = IssuedReport.objects.select_related("unit", "programme", "replaces").get(pk=drafted.pk)
        memory.restart()
        start, busy = perf_counter(), process_time()
        taken = making.take_snapshot(report, 1, by, TODAY, lambda done, total: None)
        frozen = perf_counter() - start
        start = perf_counter()
        files = making.make_files(report, taken, lambda done, total: None)
        made, busy, peak = perf_counter() - start, process_time() - busy, memory.peak()
        if len(taken.units) != COMMUNES or taken.rows.count() != INDICATORS:
            raise RuntimeError(f"the report holds {taken.rows.count()} indicators of {len(taken.units)} communes")
        sizes = ", ".join(f"{file.kind} {file.size // 1024} KB" for file in files)
        for file in files:
            file.file.delete(save=False)
        transaction.set_rollback(True)
    return {"frozen": frozen, "made": made, "busy": busy, "peak": peak, "sizes": sizes}
