"""Who has reported: the state of units and periods, for the start page of the room and for the lists of duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Value

from core.periods import last_day
from programmes.choices import Provenance
from programmes.models import Figure
from submissions.choices import ARRIVED_STATES, SubmissionState
from submissions.models import Form, FormLine, ReportingPeriod, Submission, SubmissionQuerySet
from submissions.queries.periods import due_dates, owing, owing_period, permitted
from submissions.queries.sheets import Pair
from units.choices import Right
from units.models import Grant, Unit, UnitQuerySet
from units.permissions import homes_now, units_with

if TYPE_CHECKING:
    from accounts.models import User

PERIODS_SHOWN = 6
MISSING, RECORDED, NOT_DUE, ABSENT = "missing", "recorded", "not_due", "absent"


@dataclass(frozen=True)
class PeriodState:
    """How far a unit is with a period.

    `state` is that of the submission, or without one: recorded (figures came another way), missing (the days that it
    covers are over), not_due (they still run), absent (the unit did not report then). `closed`: locked, no permit.
    """

    period: ReportingPeriod
    state: str
    due_on: date | None = None
    submission: Submission | None = None
    closed: bool = False

    @property
    def can_open(self) -> bool:
        return self.state != ABSENT

    @property
    def is_unsent(self) -> bool:
        """Nothing has come yet; a correction of what is accepted does not count as missing."""
        if self.submission is None:
            return self.state == MISSING
        return self.submission.state not in ARRIVED_STATES and not self.submission.is_correction

    @property
    def is_fillable(self) -> bool:
        """Whether its numbers are still to be typed, and can be."""
        if self.closed:
            return False
        return self.submission.is_open if self.submission else self.state in (MISSING, NOT_DUE)

    def days_left(self, today: date) -> int | None:
        return None if self.due_on is None else (self.due_on - today).days


@dataclass(frozen=True)
class UnitStates:
    """One unit with its states, in the order of the periods asked for."""

    unit: Unit
    states: tuple[PeriodState, ...]


def states_of(units: Collection[Unit], periods: Collection[ReportingPeriod], today: date) -> list[UnitStates]:
    """The state of every unit in every period: as many queries for one as for a hundred."""
    rows = Submission.objects.filter(
        unit__in=[unit.pk for unit in units], period__in=[period.pk for period in periods]
    ).select_related("sent_by", "decided_by")
    submissions = {(row.unit_id, row.period_id): row for row in rows}
    recorded, dues = recorded_pairs(units, periods), due_dates(periods)
    opened = permitted(units, periods, today)

    def state(unit: Unit, period: ReportingPeriod) -> PeriodState:
        pair = (unit.pk, period.pk)
        submission = submissions.get(pair)
        return PeriodState(
            period,
            submission.state if submission else _without(unit, period, pair in recorded, today),
            dues.get((period.pk, unit.kind)),
            submission,
            closed=period.is_locked(today) and pair not in opened,
        )

    return [UnitStates(unit, tuple(state(unit, period) for period in periods)) for unit in units]


def _without(unit: Unit, period: ReportingPeriod, is_recorded: bool, today: date) -> str:
    """The state of a unit that has no submission."""
    if is_recorded:
        return RECORDED
    if unit.kind not in period.form.kinds or not unit.is_active(last_day(period.month)):
        return ABSENT
    return MISSING if period.ends_on < today else NOT_DUE


def recorded_pairs(units: Collection[Unit], periods: Collection[ReportingPeriod]) -> set[Pair]:
    """Units and periods with figures of the form that people reported, by whatever way."""
    reported = Figure.objects.filter(
        unit_id__in=[unit.pk for unit in units], provenance__in=[Provenance.SUBMISSION, Provenance.IMPORT]
    )
    by_version: dict[int, dict[int, int]] = defaultdict(dict)
    for period in periods:
        by_version[period.version_id][period.month] = period.pk
    rows = [
        reported.filter(measure__in=FormLine.objects.filter(version=version).values("measure"), period__in=months)
        .order_by()
        .values_list("unit_id", "period", Value(version))
        .distinct()
        for version, months in by_version.items()
    ]
    found = rows[0].union(*rows[1:]) if rows else ()
    return {(unit, by_version[version][month]) for unit, month, version in found}


# --- for one person --------------------------------------------------------------------------------------------


def own_units(user: User) -> list[Unit]:
    """Units that the person reports for directly: named in a grant to enter or sign, and open."""
    return sorted(homes_now(user, (Right.ENTER, Right.SIGN)), key=lambda unit: (unit.sort_key, unit.pk))


def own_periods(units: Sequence[Unit], periods: Iterable[ReportingPeriod], today: date) -> list[UnitStates]:
    """The person's own units, each with the periods that it owes, in the order given; units that owe none are left
    out."""
    if not units:
        return []
    shown, found = list(periods), []
    owed = _owing_among({period.form for period in shown}, units, today)
    for row in states_of(units, shown, today):
        states = tuple(
            state for state in row.states if (row.unit.pk, state.period.form_id) in owed and state.state != ABSENT
        )
        if states:
            found.append(UnitStates(row.unit, states))
    return found


def _owing_among(forms: Collection[Form], units: Iterable[Unit], today: date) -> set[tuple[int, int]]:
    """Which of these units owe which of these forms, asked at once."""
    among = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by()
    owed = [
        among.filter(pk__in=owing(form, today).order_by().values("pk")).values_list("pk", Value(form.pk))
        for form in forms
    ]
    return set(owed[0].union(*owed[1:])) if owed else set()


def scopes_of(user: User, today: date) -> UnitQuerySet:
    """Units with others below them that are named in a grant: where the person looks down from."""
    grants = Grant.objects.in_force(today).filter(user=user).values("unit")
    return Unit.objects.filter(pk__in=grants, numchild__gt=0).active(today).in_order()  # type: ignore[no-any-return]


def units_below(scope: Unit, period: ReportingPeriod) -> UnitQuerySet:
    """The units under the scope that owe the period, in Vietnamese order."""
    return owing_period(period).below(scope).exclude(pk=scope.pk).in_order()  # type: ignore[no-any-return]


def returned_of(units: Collection[Unit]) -> SubmissionQuerySet:
    """Returned reports of these units: to be mended and sent again."""
    found = Submission.objects.filter(state=SubmissionState.RETURNED, unit__in=units)
    found = found.select_related("unit", "decided_by", "period__form").prefetch_related("returned_cells__measure")
    return found.order_by("period__month", "unit__sort_key", "pk")


def stranded_drafts(user: User) -> list[Submission]:
    """Undecided reports of ended units for months after their end, whose successor already has a report.

    For those who may enter data there: their successor's people, and the officers above.
    """
    late = Submission.objects.exclude(state=SubmissionState.ACCEPTED).filter(
        correction_reason="", unit__valid_to__isnull=False
    )
    found = late.filter(unit__in=units_with(user, Right.ENTER))
    rows = found.select_related("unit", "period__form").order_by("unit__sort_key", "period__month")
    return [row for row in rows if row.unit.valid_to is not None and row.unit.valid_to < last_day(row.period.month)]
