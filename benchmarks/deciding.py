"""Goal of an officer's evening: a hundred reports of thirty values accepted in one action.

The other side is a bare upsert of as many figures through the ORM, as in `benchmarks.writing`. Accepting asks beside
it for locks, rights, own entries, totals of all units above, the state of each report and its row in the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from benchmarks.country import OPENED, Bench
from benchmarks.entry import grid
from benchmarks.portal import CLERK
from benchmarks.registry import Outcome, goal
from benchmarks.timing import interleaved
from benchmarks.writing import VALUES, some_of, upsert
from programmes.models import Measure
from submissions.actions import accept_submissions
from submissions.choices import SubmissionState
from submissions.models import Cell, ReportingPeriod, Submission
from units.choices import Role
from units.models import Grant, Unit

REPORTS, WARM = 100, 1
LIMIT = 2.3  # that of goal 4, for one report
DECIDER = "bench-decider"
_NO_STATEMENT = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")


@goal(22, "100 reports of 30 values accepted in one action ÷ bare upsert of them", "≤ 2.3", changes_figures=True)
def accepting_beside_upsert(bench: Bench) -> Outcome:
    """Whole provinces after each other, so that most reports of a round move the totals of the same units."""
    (period, _address), by = grid(), _decider()
    measures, bare = some_of(bench.measures), bench.bare_measures[:VALUES]
    everyone = [pk for some in bench.communes.values() for pk in some]
    rounds = max(1, min(7, bench.rounds, len(everyone) // REPORTS - WARM - 1))
    size = min(REPORTS, len(everyone) // (rounds + WARM + 1))
    groups = [everyone[start : start + size] for start in range(0, (rounds + WARM + 1) * size, size)]
    waiting = iter(sent(groups, period, measures))
    units = iter(groups)

    def accept() -> None:
        if len(accept_submissions(submissions=next(waiting), by=by)) != size:
            raise RuntimeError("not all reports were accepted")

    def write() -> None:
        upsert(next(units), bare, period.month, 3)

    both = interleaved(accept, write, rounds, warm=WARM)
    last = next(waiting)
    one, others = statements(last[:1], by), statements(last[1:], by)
    note = (
        f"{both.words}; {size} × {len(measures)} values; statements for 1 / {len(last) - 1} reports: {one} / {others}"
    )
    return Outcome(f"{both.ratio:.2f}", both.ratio <= LIMIT and one == others, note)


def statements(reports: list[Submission], by: User) -> int:
    """How many statements it takes to accept the reports, without the marks of transactions."""
    with CaptureQueriesContext(connection) as seen:
        accept_submissions(submissions=reports, by=by)
    return sum(not one["sql"].startswith(_NO_STATEMENT) for one in seen)


@transaction.atomic
def sent(groups: Sequence[Sequence[int]], period: ReportingPeriod, measures: list[Measure]) -> list[list[Submission]]:
    """For each group of units the reports that wait for acceptance, typed by somebody else. A new run begins anew."""
    Submission.objects.filter(period=period).delete()
    clerk, now = User.objects.get(username=CLERK), timezone.now() - timedelta(hours=1)
    common = {"period": period, "state": SubmissionState.SENT, "sent_by": clerk, "sent_at": now, "arrived_at": now}
    made = [[Submission(unit_id=unit, **common) for unit in group] for group in groups]
    Submission.objects.bulk_create(report for group in made for report in group)
    Cell.objects.bulk_create(
        (
            Cell(
                submission=report,
                measure=measure,
                value=Decimal(20_000 + (report.unit_id + number) % 997),
                edited_by=clerk,
                edited_at=now,
            )
            for group in made
            for report in group
            for number, measure in enumerate(measures)
        ),
        batch_size=5_000,
    )
    return made


def _decider() -> User:
    """An officer of the whole country, so that groups may reach over the border of a province."""
    by, created = User.objects.get_or_create(
        username=DECIDER, defaults={"full_name": "Lê Thị Duyệt", "email": f"{DECIDER}@example.test"}
    )
    if created:
        Grant.objects.create(user=by, role=Role.OFFICER, unit=Unit.objects.get(depth=1), valid_from=OPENED)
    return by
