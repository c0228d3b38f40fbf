"""Goals of the entry grid: a form of 60 measures on a weak phone and a weak line, and what saving one cell asks.

The phone is Chromium with a processor four times slower, the line has 400 kbit/s and answers after 300 ms.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, sync_playwright

from accounts.models import User
from benchmarks.browsing import client_of
from benchmarks.country import Bench
from benchmarks.portal import CLERK, NATIONAL, programme_code, unit_of
from benchmarks.registry import Outcome, goal
from benchmarks.serving import cookie_of, gunicorn
from core.periods import Calendar, month_of
from programmes.choices import MeasureKind
from programmes.models import Measure, Programme
from submissions.actions import Due, FormDetails, create_form, open_periods, publish, write_draft
from submissions.choices import Frequency
from submissions.content import Content, LineContent, SectionContent
from submissions.models import Form, ReportingPeriod

CODE, MEASURES, SECTIONS = "BENCH-GRID", 60, 6
KEYS, VISITS = 40, 5
SLOWER, LINE = 4, {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_KB = 1000
_SIGN_IN = ("django_session", "accounts_user", "usersessions_")
_NO_STATEMENT = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
WATCH = """() => {
    window.delays = [];
    let pressed = 0;
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
    const painted = () => delays.push(performance.now() - pressed);
    addEventListener("input", () => requestAnimationFrame(() => setTimeout(painted)));
}"""


def grid() -> tuple[ReportingPeriod, str]:
    """The period of a form of 60 measures, and the address of the clerk's grid."""
    form = Form.objects.filter(code=CODE).first() or _create()
    today = timezone.localdate()
    open_periods(today=today, forms=[form])
    period = ReportingPeriod.objects.filter(form=form, starts_on__lte=today).latest("month")
    return period, f"/so-lieu/ky/{period.pk}/{unit_of(CLERK).pk}/"


@transaction.atomic
def _create() -> Form:
    by, today = User.objects.get(username=NATIONAL), timezone.localdate()
    details = FormDetails(
        code=CODE,
        name="Báo cáo đo tốc độ",
        frequency=Frequency.MONTH,
        calendar=Calendar.CIVIL,
        kinds=["commune"],
        first_month=month_of(today),
        dues=(Due("commune", 5, months_after=1),),
    )
    form = create_form(programme=Programme.objects.get(code=programme_code(1)), details=details, by=by)
    measures = Measure.objects.filter(code__startswith="M-").exclude(kind=MeasureKind.GIVEN).order_by("pk")[:MEASURES]
    lines = [LineContent(measure.pk, help_text="Số có đến cuối kỳ.") for measure in measures]
    size = MEASURES // SECTIONS
    sections = [SectionContent(f"Phần {n + 1}", lines=tuple(lines[n * size : (n + 1) * size])) for n in range(SECTIONS)]
    write_draft(form=form, content=Content(tuple(sections)), by=by)
    publish(form=form, note="", by=by, today=today)
    return form


@contextmanager
def phone(port: int) -> Iterator[tuple[Page, CDPSession]]:
    """A phone on a weak line, signed in as the clerk, with an empty cache."""
    cookies = cookie_of(CLERK)  # before: no query may be asked while Playwright runs its loop
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=f"http://127.0.0.1:{port}")
        for part in cookies.split("; "):
            name, _equals, value = part.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield page, session
        browser.close()


@goal(19, "grid of 60 measures, 4× slower, 400 kbit/s: first paint first/later; a key (worst)", "measured")
def painting_and_typing(bench: Bench) -> Outcome:
    _period, address = grid()
    with gunicorn() as port, phone(port) as (page, _session):
        paints = [_first_paint(page, address) for _visit in range(VISITS)]
        page.evaluate(WATCH)
        field = page.locator("input[data-cell]").first
        field.focus()
        for _key in range(KEYS // 4):
            page.keyboard.type("1234", delay=60)
            page.keyboard.press("Control+a")
        page.wait_for_timeout(500)
        delays: list[float] = page.evaluate("delays")
    first, later = paints[0], median(paints[1:])
    measured = f"{first / 1000:.1f}/{later / 1000:.1f} s; {max(delays):.0f} ms"
    visits = ", ".join(f"{one:.0f}" for one in paints[1:])
    note = f"a key: median {median(delays):.0f} ms of {len(delays)}; later visits {visits} ms"
    return Outcome(measured, ok=True, note=note)


def _first_paint(page: Page, address: str) -> float:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    return float(page.evaluate(paint))


@goal(20, "grid of 60 measures on the wire: first visit / later visits", "≤ 120/30 KB")
def weight(bench: Bench) -> Outcome:
    _period, address = grid()
    visits, requests = [], []
    with gunicorn() as port, phone(port) as (page, session):
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        for _visit in range(2):
            sizes.clear()
            page.goto(address)
            page.wait_for_load_state("networkidle")
            visits.append(sum(sizes) / _KB)
            requests.append(len([size for size in sizes if size]))
    first, later = visits
    note = f"with headers; {requests[0]} then {requests[1]} answers"
    return Outcome(f"{first:.0f}/{later:.0f}", first <= 120 and later <= 30, note)


@goal(21, "queries of saving one cell, beside session and user", "≤ 5", changes_figures=True)
def queries_of_a_cell(bench: Bench) -> Outcome:
    """Counted as statements that read or write; marks of transactions are none."""
    period, address = grid()
    client, unit = client_of(CLERK), unit_of(CLERK)
    measures = list(Measure.objects.filter(form_lines__version=period.version_id, kind=MeasureKind.STOCK)[:2])
    counts = [_save(client, f"{address}o/", f"{unit.pk}-{period.pk}-{measure.pk}") for measure in measures]
    return Outcome(str(counts[-1]), counts[-1] <= 5, f"the first cell of a report: {counts[0]}")


def _save(client: Any, address: str, name: str) -> int:
    cell = {"name": name, "text": str(timezone.now().microsecond % 1000), "version": _version(client, address, name)}
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(address, json.dumps({"cells": [cell]}), content_type="application/json")
    if answer.json()["cells"][name]["state"] != "saved":
        raise RuntimeError(answer.content.decode())
    statements = [one["sql"] for one in seen if not one["sql"].startswith(_NO_STATEMENT)]
    return len([sql for sql in statements if not any(part in sql for part in _SIGN_IN)])


def _version(client: Any, address: str, name: str) -> int:
    page = client.get(address.removesuffix("o/")).content.decode()
    found = re.search(rf'name="{name}"[^>]*data-version="(\d+)"', page, re.S)
    return int(found[1]) if found else 0
