"""Who has reported, at national size: 3,321 communes × 12 months of reports. Run with `python -m benchmarks.reporting`.

The database is called after BENCH_DATABASE_URL and stays for the next run; it must be one of its own, for it holds few
figures and many reports.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from benchmarks import database
from benchmarks.timing import seconds, shown

MEASURES, MONTHS, ROUNDS = 20, 13, 9

# By commune and month, of 100: 4 have nothing at all, 3 figures of an import, 2 a draft, 1 a returned report, 10 were
# late, the rest came in time.
_REPORTS = """
INSERT INTO submissions_submission
  (unit_id, period_id, state, version, created_at, saved_at, sent_at, arrived_at, return_reason,
   correction_reason, sample)
SELECT u.id, p.id,
  CASE WHEN draw < 9 THEN 'draft' WHEN draw < 10 THEN 'returned' ELSE 'accepted' END, 1, d.due_on, d.due_on,
  CASE WHEN draw < 9 THEN NULL ELSE d.due_on - interval '1 day' END,
  CASE WHEN draw < 9 THEN NULL WHEN draw < 20 THEN d.due_on + interval '3 days' ELSE d.due_on - interval '1 day' END,
  CASE WHEN draw = 9 THEN 'x' ELSE '' END, '', false
FROM submissions_reportingperiod p
JOIN submissions_perioddue d ON d.period_id = p.id AND d.kind = 'commune'
CROSS JOIN (SELECT id FROM units_unit WHERE depth = 3) u
CROSS JOIN LATERAL (SELECT (u.id * 7919 + p.month * 1049) %% 100 AS draw) chance
WHERE draw >= 7
"""
_NO_FIGURES = """
DELETE FROM programmes_figure f USING units_unit u
WHERE f.unit_id = u.id AND u.depth = 3 AND (u.id * 7919 + f.period * 1049) %% 100 < 4
"""


@dataclass(frozen=True)
class PageOf:
    """One page: whose it is, its address with few and with many rows, and its limit in queries."""

    name: str
    client: Any
    few: str
    many: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reporting", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="build the database anew")
    options = parser.parse_args()
    name = f"{os.environ.get('BENCH_DATABASE_URL', database.DEFAULT).rpartition('/')[2]}_reports"
    if options.fresh:
        database.drop(name)
    with tempfile.TemporaryDirectory(prefix="dtportal-bench-") as directory:
        os.environ["VAR_DIR"] = directory
        database.use(database.create(name))
        _run()


def _run() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    start = perf_counter()
    _build()
    print(f"ready after {perf_counter() - start:,.0f} s")
    print(f"{'page':52} {'median':>12} {'SQL':>12} {'queries 1/many':>15} {'kB':>6}")
    for page in _pages():
        print(_measured(page))


def _build() -> None:
    from django.db import connection, transaction

    from benchmarks.country import Size, build
    from submissions.models import Submission
    from units.models import Unit

    if Submission.objects.exists():
        return
    if not Unit.objects.exists():
        build(Size(34, 3321, MEASURES, MONTHS))
    with transaction.atomic():
        _people()
        _form()
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS, [])
        cursor.execute(_NO_FIGURES, [])
        cursor.execute("VACUUM ANALYZE")


def _people() -> None:
    from accounts.models import User
    from units.choices import Role
    from units.models import RECORDS_BEGIN, Contact, Grant, Unit

    root = Unit.objects.get(depth=1)
    for name, role, unit in (
        ("quoc-gia", Role.NATIONAL, root),
        ("can-bo", Role.OFFICER, Unit.objects.filter(depth=2).order_by("path").first()),
    ):
        person = User(username=name, full_name=name, email=f"{name}@example.test")
        person.set_unusable_password()
        person.save()
        Grant.objects.create(user=person, role=role, unit=unit, valid_from=RECORDS_BEGIN)
    Contact.objects.bulk_create(
        Contact(unit_id=pk, full_name=f"Nguyễn Thị {pk}", position="Chủ tịch", phone=f"09{pk:08}")
        for pk in Unit.objects.filter(depth=3).values_list("pk", flat=True)
    )


def _form() -> None:
    from django.utils import timezone

    from accounts.models import User
    from benchmarks.country import LAST
    from core.periods import Calendar
    from programmes.models import Measure, Programme
    from submissions.actions import Due, FormDetails, create_form, open_periods, publish, write_draft
    from submissions.choices import Frequency
    from submissions.content import Content
    from submissions.starter import sections_by_group
    from units.choices import UnitKind
    from units.models import RECORDS_BEGIN, Unit

    by, root = User.objects.get(username="quoc-gia"), Unit.objects.get(depth=1)
    programme = Programme.objects.create(code="BC", name="Báo cáo", short_name="BC", owner=root, start=RECORDS_BEGIN)
    details = FormDetails(
        code="BC-THANG", name="Báo cáo tháng", frequency=Frequency.MONTH, calendar=Calendar.CIVIL,
        kinds=[UnitKind.COMMUNE.value], first_month=LAST - 11, dues=(Due(UnitKind.COMMUNE, 5, months_after=1),),
    )  # fmt: skip
    form = create_form(programme=programme, details=details, by=by)
    asked = Measure.objects.filter(code__startswith="M-").order_by("code")
    write_draft(form=form, content=Content(sections_by_group(list(asked)), ()), by=by)
    publish(form=form, note="", by=by, today=timezone.localdate())
    open_periods(today=timezone.localdate(), forms=[form])


def _pages() -> list[PageOf]:
    from benchmarks.browsing import client_of
    from benchmarks.country import LAST
    from submissions.models import ReportingPeriod
    from units.models import Unit

    national, officer = client_of("quoc-gia"), client_of("can-bo")
    root, province = Unit.objects.get(depth=1), Unit.objects.filter(depth=2).order_by("path").first()
    commune = Unit.objects.filter(depth=3, path__startswith=province.path).order_by("path").first()
    period = ReportingPeriod.objects.get(month=LAST)
    nation, below = f"unit={root.pk}&period={period.pk}", f"unit={province.pk}&period={period.pk}"
    one = f"&q={commune.code}"
    sums, units, lag = "/so-lieu/tien-do/", "/so-lieu/tien-do/don-vi/", "/so-lieu/tien-do/chua-gui/"
    return [
        PageOf("nation: 34 provinces × 12 months", national, f"{sums}?{nation}", f"{sums}?{nation}"),
        PageOf("province: communes × 12 months", officer, f"{units}?{below}{one}", f"{units}?{below}"),
        PageOf("province: those that have not sent", officer, f"{units}?{below}{one}", f"{units}?{below}&state=unsent"),
        PageOf("province: whom to call", officer, f"{lag}?{below}{one}", f"{lag}?{below}"),
        PageOf("nation: 3,321 communes, first page", national, f"{units}?{nation}{one}", f"{units}?{nation}"),
        PageOf("nation: late ones, sorted by standing", national, f"{units}?{nation}{one}",
               f"{units}?{nation}&late=yes&sort=p{period.pk}"),
        PageOf("nation: whom to call", national, f"{lag}?{nation}{one}", f"{lag}?{nation}"),
        PageOf("start page of the room, national", national, "/so-lieu/", "/so-lieu/"),
        PageOf("list of duties, national", national, "/", "/"),
        PageOf("list of duties, officer", officer, "/", "/"),
    ]  # fmt: skip


def _measured(page: PageOf) -> str:
    times = sorted(seconds(lambda: _get(page.client, page.many)) for _ in range(ROUNDS))
    few, _sql = _queries(page, page.few)
    many, sql = _queries(page, page.many)
    size = len(_get(page.client, page.many)) // 1024
    return f"{page.name:52} {shown(times[ROUNDS // 2]):>12} {shown(sql):>12} {f'{few}/{many}':>15} {size:>6}"


def _get(client: Any, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return bytes(response.content)


def _queries(page: PageOf, address: str) -> tuple[int, float]:
    """How many queries the page asks, and the seconds that they take together."""
    from django.db import connection

    taken: list[float] = []

    def watch(execute: Callable[..., Any], *arguments: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*arguments)
        finally:
            taken.append(perf_counter() - start)

    with connection.execute_wrapper(watch):
        _get(page.client, address)
    return len(taken), sum(taken)


if __name__ == "__main__":
    main()
