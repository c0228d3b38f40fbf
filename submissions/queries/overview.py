"""Who has reported: the state of units and months, for the start page of the room and for the lists of duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.periods import last_day, last_finished, month_of
from programmes.choices import Provenance
from programmes.models import Figure
from submissions.choices import SubmissionState
from submissions.models import Submission, SubmissionQuerySet
from units.choices import Right
from units.models import Grant, Unit, UnitQuerySet
from units.permissions import granted_units, units_with
from units.queries import children

if TYPE_CHECKING:
    from accounts.models import User

Kinds = Mapping[str, Collection[int]]  # what `layout.typed_kinds` gives: kinds of unit and their measures
MONTHS_SHOWN = 6
MISSING, RECORDED, NOT_DUE, ABSENT = "missing", "recorded", "not_due", "absent"


@dataclass(frozen=True)
class MonthState:
    """How far a unit is with a month.

    `state` is that of the submission, or without one: recorded (figures came another way), missing (the month is
    over), not_due (it still runs), absent (the unit did not report then).
    """

    month: int
    state: str
    submission: Submission | None = None

    @property
    def can_open(self) -> bool:
        return self.state != ABSENT

    @property
    def is_unsent(self) -> bool:
        """Nothing has come yet; a correction of what is accepted does not count as missing."""
        if self.submission is None:
            return self.state == MISSING
        return self.submission.is_open and not self.submission.is_correction


@dataclass(frozen=True)
class UnitStates:
    """One unit with its states, in the order of the months asked for."""

    unit: Unit
    months: tuple[MonthState, ...]


def months_until(today: date, count: int = MONTHS_SHOWN) -> list[int]:
    """The running month and those before it, newest first."""
    return [month_of(today) - back for back in range(count)]


def states_of(units: Collection[Unit], months: Collection[int], today: date, kinds: Kinds) -> list[UnitStates]:
    """The state of every unit in every month: two queries, however many."""
    keys = [unit.pk for unit in units]
    rows = Submission.objects.filter(unit__in=keys, period__in=months).select_related("sent_by", "decided_by")
    submissions = {(row.unit_id, row.period): row for row in rows}
    recorded = recorded_months(units, months, kinds)
    return [
        UnitStates(
            unit, tuple(_state(unit, month, submissions.get((unit.pk, month)), recorded, today) for month in months)
        )
        for unit in units
    ]


def recorded_months(units: Collection[Unit], months: Collection[int], kinds: Kinds) -> set[tuple[int, int]]:
    """Units and months with figures that people reported, by whatever way."""
    measures = {pk for kind in {unit.kind for unit in units} for pk in kinds.get(kind, ())}
    found = Figure.objects.filter(
        unit_id__in=[unit.pk for unit in units],
        measure_id__in=measures,
        period__in=months,
        provenance__in=[Provenance.SUBMISSION, Provenance.IMPORT],
    )
    return set(found.order_by().values_list("unit_id", "period").distinct())


def _state(
    unit: Unit, month: int, submission: Submission | None, recorded: Collection[tuple[int, int]], today: date
) -> MonthState:
    if submission is not None:
        return MonthState(month, submission.state, submission)
    if (unit.pk, month) in recorded:
        return MonthState(month, RECORDED)
    if not unit.is_active(last_day(month)):
        return MonthState(month, ABSENT)
    return MonthState(month, MISSING if month <= last_finished(today) else NOT_DUE)


# --- for one person --------------------------------------------------------------------------------------------


def own_units(user: User, today: date, kinds: Kinds) -> list[Unit]:
    """Units that the person reports for directly: named in a grant to enter or sign, open, of a kind that types."""
    granted = granted_units(user, Right.ENTER) | granted_units(user, Right.SIGN)
    units = granted.distinct().order_by("sort_key", "pk")
    return [unit for unit in units if unit.kind in kinds and unit.is_active(today)]


def scopes_of(user: User, today: date) -> list[Unit]:
    """Units with others below them that are named in a grant: where the person looks down from."""
    grants = Grant.objects.in_force(today).filter(user=user).values("unit")
    return list(Unit.objects.filter(pk__in=grants, numchild__gt=0).active(today).in_order())


def units_below(scope: Unit, on: date, kinds: Kinds) -> UnitQuerySet:
    """The units directly below that type figures, open on the day, in Vietnamese order."""
    return children(scope, on).filter(kind__in=kinds)  # type: ignore[no-any-return]  # treebeard has no types


def returned_of(units: Collection[Unit]) -> SubmissionQuerySet:
    """Returned reports of these units: to be mended and sent again."""
    found = Submission.objects.filter(state=SubmissionState.RETURNED, unit__in=units)
    return found.select_related("unit", "decided_by").order_by("period", "unit__sort_key", "pk")


def stranded_drafts(user: User) -> list[Submission]:
    """Undecided reports of ended units for months after their end, whose successor already has a report.

    For those who may enter data there: their successor's people, and the officers above.
    """
    late = Submission.objects.exclude(state=SubmissionState.ACCEPTED).filter(
        correction_reason="", unit__valid_to__isnull=False
    )
    found = late.filter(unit__in=units_with(user, Right.ENTER))
    rows = found.select_related("unit").order_by("unit__sort_key", "period")
    return [row for row in rows if row.unit.valid_to is not None and row.unit.valid_to < last_day(row.period)]


@dataclass(frozen=True)
class Missing:
    """How many of the units below have not sent the report of a month."""

    scope: Unit
    month: int
    missing: int
    expected: int


def missing_below(scope: Unit, month: int, today: date, kinds: Kinds) -> Missing:
    units = list(units_below(scope, last_day(month), kinds))
    states = [row.months[0] for row in states_of(units, [month], today, kinds)]
    return Missing(scope, month, sum(state.is_unsent for state in states), len(units))
