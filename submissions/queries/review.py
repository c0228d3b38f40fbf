"""Reports that wait for a decision, with what an officer has to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from programmes.models import Measure
from submissions.models import Cell, Submission
from submissions.queries.layout import sections_of
from submissions.queries.sheets import Known, Sheet, load_sheets
from submissions.rules import LargeChange, large_changes
from submissions.wording import show, signed
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from accounts.models import User


CHANGES_SHOWN = 4  # in the list; the report itself shows all


@dataclass(frozen=True)
class Waiting:
    """One sent report: how many numbers, which of them changed much, whether the person wrote in it."""

    submission: Submission
    filled: int
    changes: tuple[LargeChange, ...]
    own: bool

    @property
    def first_changes(self) -> tuple[LargeChange, ...]:
        return self.changes[:CHANGES_SHOWN]

    @property
    def more_changes(self) -> int:
        return len(self.changes[CHANGES_SHOWN:])


@dataclass(frozen=True)
class WaitingMonth:
    """The waiting reports of one month, by what can be done with them."""

    month: int
    plain: tuple[Waiting, ...]
    changed: tuple[Waiting, ...]
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
    change: LargeChange | None

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


def waiting_months(user: User) -> list[WaitingMonth]:
    """All reports that the person may decide on, oldest month first."""
    reports = _waiting(user)
    return [_month(month, list(rows)) for month, rows in groupby(reports, key=lambda row: row.submission.period)]


def _month(month: int, rows: Iterable[Waiting]) -> WaitingMonth:
    found = list(rows)
    others = [row for row in found if not row.own]
    corrections = [row for row in others if row.submission.is_correction]
    first = [row for row in others if not row.submission.is_correction]
    return WaitingMonth(
        month,
        plain=tuple(row for row in first if not row.changes),
        changed=tuple(row for row in first if row.changes),
        corrections=tuple(corrections),
        own=tuple(row for row in found if row.own),
    )


def _waiting(user: User) -> list[Waiting]:
    rows = (
        Submission.objects.waiting().filter(unit__in=units_with(user, Right.ACCEPT)).select_related("unit", "sent_by")
    )
    rows = rows.annotate(filled=Count("cells", filter=Q(cells__value__isnull=False)))
    submissions = list(rows.order_by("period", "unit__sort_key", "pk"))
    typed = Cell.objects.filter(submission__in=[row.pk for row in submissions], edited_by=user.pk)
    typed_in = set(typed.values_list("submission_id", flat=True))
    sheets = _sheets(submissions)
    return [
        Waiting(
            row,
            row.filled,  # type: ignore[attr-defined]  # annotated above
            tuple(large_changes(sheets[row.pk])),
            own=row.pk in typed_in or row.sent_by_id == user.pk,
        )
        for row in submissions
    ]


def _sheets(submissions: Iterable[Submission]) -> dict[int, Sheet]:
    found: dict[int, Sheet] = {}
    for month, rows in groupby(submissions, key=lambda row: row.period):
        of_month = list(rows)
        sheets = load_sheets([row.unit for row in of_month], [month])
        found |= {row.pk: sheets[row.unit_id, month] for row in of_month}
    return found


def review_lines(sheet: Sheet) -> list[ReviewLine]:
    """Every number of a report in the order of the form; measures that it does not name are left out."""
    changes = {change.measure.pk: change for change in large_changes(sheet)}
    facts = sheet.facts
    found = []
    for section in sections_of(sheet.typed.values()):
        for line in section.lines:
            cell = facts.cells.get(line.measure.pk)
            if cell is None:
                continue
            key = line.measure.pk
            found.append(
                ReviewLine(
                    line.measure,
                    line.depth,
                    cell.value,
                    cell.note,
                    facts.before.get(key),
                    facts.recorded.get(key),
                    changes.get(key),
                )
            )
    return found


@dataclass(frozen=True)
class Draft:
    """A report that could be sent, with what still stands in its way."""

    submission: Submission
    filled: int
    unexplained: tuple[LargeChange, ...]


def drafts_to_send(user: User, units: QuerySet[Unit], month: int) -> list[Draft]:
    """Open reports with numbers of these units for which the person may enter data."""
    allowed = units_with(user, Right.ENTER).filter(pk__in=units.order_by().values("pk"))
    rows = Submission.objects.open().filter(period=month, unit__in=allowed.values("pk")).select_related("unit")
    rows = rows.annotate(filled=Count("cells", filter=Q(cells__value__isnull=False))).filter(filled__gt=0)
    submissions = list(rows.order_by("unit__sort_key", "pk"))
    sheets = _sheets(submissions)
    return [
        Draft(
            row,
            row.filled,  # type: ignore[attr-defined]  # annotated above
            tuple(change for change in large_changes(sheets[row.pk]) if not change.noted),
        )
        for row in submissions
    ]
