"""Reports that wait for a decision, with what an officer has to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from programmes.models import Measure
from submissions.models import Cell, ReportingPeriod, Submission
from submissions.queries.sheets import Known, Sheet, load_sheets
from submissions.rules import Finding, warnings
from submissions.wording import show, signed
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


WARNINGS_SHOWN = 4  # in the list; the report itself shows all


@dataclass(frozen=True)
class Waiting:
    """One sent report: how many numbers, what is unusual in it, whether the person wrote in it."""

    submission: Submission
    filled: int
    warnings: tuple[Finding, ...]
    own: bool

    @property
    def first_warnings(self) -> tuple[Finding, ...]:
        return self.warnings[:WARNINGS_SHOWN]

    @property
    def more_warnings(self) -> int:
        return len(self.warnings[WARNINGS_SHOWN:])


@dataclass(frozen=True)
class WaitingPeriod:
    """The waiting reports of one period, by what can be done with them."""

    period: ReportingPeriod
    plain: tuple[Waiting, ...]
    unusual: tuple[Waiting, ...]
    corrections: tuple[Waiting, ...]
    own: tuple[Waiting, ...]


@dataclass(frozen=True)
class ReviewLine:
    """One number of a report beside what was known before."""

    measure: Measure
    depth: int
    value: Decimal | None
    note: str
    before: Known | None
    recorded: Decimal | None
    warning: Finding | None

    @property
    def difference(self) -> Decimal | None:
        """Against the value reported before; none for yes and no, and where one of them is missing."""
        if self.value is None or self.before is None or self.measure.kind == "flag":
            return None
        return self.value - self.before.value

    @property
    def text(self) -> str:
        return show(self.measure, self.value)

    @property
    def before_text(self) -> str:
        return show(self.measure, self.before.value) if self.before else ""

    @property
    def recorded_text(self) -> str:
        return show(self.measure, self.recorded)

    @property
    def difference_text(self) -> str:
        return signed(self.difference)

    @property
    def corrects(self) -> bool:
        """Whether accepting replaces a figure that is in force."""
        return self.recorded is not None and self.recorded != self.value


def waiting_periods(user: User) -> list[WaitingPeriod]:
    """All reports that the person may decide on, oldest period first."""
    reports = _waiting(user)
    return [_period(period, list(rows)) for period, rows in groupby(reports, key=lambda row: row.submission.period)]


def _period(period: ReportingPeriod, found: Collection[Waiting]) -> WaitingPeriod:
    others = [row for row in found if not row.own]
    corrections = [row for row in others if row.submission.is_correction]
    first = [row for row in others if not row.submission.is_correction]
    return WaitingPeriod(
        period,
        plain=tuple(row for row in first if not row.warnings),
        unusual=tuple(row for row in first if row.warnings),
        corrections=tuple(corrections),
        own=tuple(row for row in found if row.own),
    )


def _waiting(user: User) -> list[Waiting]:
    rows = Submission.objects.waiting().filter(unit__in=units_with(user, Right.ACCEPT))
    rows = rows.select_related("unit", "sent_by", "period__form")
    rows = rows.annotate(filled=Count("cells", filter=Q(cells__value__isnull=False)))
    submissions = list(rows.order_by("period__month", "period", "unit__sort_key", "pk"))
    own, sheets = own_entries(user, submissions), sheets_of(submissions)
    return [
        Waiting(
            row,
            row.filled,  # type: ignore[attr-defined]  # annotated above
            tuple(warnings(sheets[row.pk])),
            own=row.pk in own,
        )
        for row in submissions
    ]


def own_entries(user: User | AnonymousUser, submissions: Collection[Submission]) -> set[int]:
    """The keys of those among the reports in which the person typed a number, or which the person sent or signed."""
    typed = Cell.objects.filter(submission__in=[row.pk for row in submissions], edited_by=user.pk)
    own = {row.pk for row in submissions if user.pk in {row.sent_by_id, row.signed_by_id}}
    return own | set(typed.order_by().values_list("submission_id", flat=True).distinct())


def sheets_of(submissions: Iterable[Submission]) -> dict[int, Sheet]:
    """The sheets of some reports, which come ordered by period."""
    found: dict[int, Sheet] = {}
    for period, rows in groupby(submissions, key=lambda row: row.period):
        of_period = list(rows)
        sheets = load_sheets([row.unit for row in of_period], [period])
        found |= {row.pk: sheets[row.unit_id, period.pk] for row in of_period}
    return found


def review_lines(sheet: Sheet) -> list[ReviewLine]:
    """Every number of a report in the order of the form; measures that it does not name are left out."""
    unusual = {finding.measure.pk: finding for finding in warnings(sheet)}
    facts = sheet.facts
    return [
        ReviewLine(
            line.measure,
            line.depth,
            facts.cells[key].value,
            facts.cells[key].note,
            facts.before.get(key),
            facts.recorded.get(key),
            unusual.get(key),
        )
        for key, line in sheet.lines.items()
        if key in facts.cells
    ]


@dataclass(frozen=True)
class Draft:
    """A report that could be sent, with what still stands in its way."""

    submission: Submission
    filled: int
    unexplained: tuple[Finding, ...]


def drafts_to_send(user: User, units: Collection[Unit], period: ReportingPeriod) -> list[Draft]:
    """Open reports with numbers of these units for which the person may enter data."""
    allowed = units_with(user, Right.ENTER).filter(pk__in=[unit.pk for unit in units])
    rows = Submission.objects.open().filter(period=period, unit__in=allowed.values("pk"))
    rows = rows.select_related("unit", "period__form")
    rows = rows.annotate(filled=Count("cells", filter=Q(cells__value__isnull=False))).filter(filled__gt=0)
    submissions = list(rows.order_by("unit__sort_key", "pk"))
    sheets = sheets_of(submissions)
    return [
        Draft(
            row,
            row.filled,  # type: ignore[attr-defined]  # annotated above
            tuple(finding for finding in warnings(sheets[row.pk]) if not finding.noted),
        )
        for row in submissions
    ]
