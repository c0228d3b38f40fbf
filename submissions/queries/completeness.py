"""How completely and how timely units report, worked out by the database for any unit and what is below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from core.periods import last_day
from programmes.choices import Provenance
from programmes.models import Figure
from submissions.choices import ARRIVED_STATES, Standing, SubmissionState
from submissions.models import FormLine, ReportingPeriod, Submission
from submissions.models.periods import ReportingPeriodQuerySet
from submissions.queries.periods import bound, running
from units.models import Unit, UnitQuerySet

MATRIX_PERIODS = 12
PEOPLE = [Provenance.SUBMISSION, Provenance.IMPORT]


def followed(today: date) -> ReportingPeriodQuerySet:
    """Periods that have begun, the newest first, with all that tells who owes them."""
    return running(today).select_related("form__programme__owner", "version").prefetch_related("form__roots")


def last_finished(periods: Iterable[ReportingPeriod], today: date) -> list[ReportingPeriod]:
    """The newest period of each form whose days are over; the periods come newest first."""
    found: dict[int, ReportingPeriod] = {}
    for period in periods:
        if period.ends_on < today:
            found.setdefault(period.form_id, period)
    return list(found.values())


def period_key(period: ReportingPeriod) -> str:
    """The name of the annotation that `with_standings` adds for the period."""
    return f"standing_{period.pk}"


def with_standings(units: UnitQuerySet, periods: Iterable[ReportingPeriod], today: date) -> UnitQuerySet:
    """Adds the standing of each unit in each period. For units that the form binds (`bound`)."""
    found: UnitQuerySet = units.annotate(**{period_key(period): _standing_of_unit(period, today) for period in periods})
    return found


def overdue(periods: Collection[ReportingPeriod], today: date) -> dict[int, list[str]]:
    """By period the kinds of unit whose due date is over."""
    return {period.pk: [due.kind for due in period.dues.all() if due.due_on < today] for period in periods}


def first_due(period: ReportingPeriod) -> date | None:
    """The earliest due date among the kinds of unit that owe the period."""
    return min((due.due_on for due in period.dues.all() if due.kind in period.form.kinds), default=None)


def concerns(period: ReportingPeriod, scope: Unit) -> bool:
    """Whether the unit looks after who reports for the period: not on forms that a unit below made for itself."""
    owner = period.form.programme.owner
    return owner.pk == scope.pk or not owner.path.startswith(scope.path)


# --- sums ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """Of a group of units in one period: how many owe a report, and how many stand how."""

    expected: int = 0
    in_time: int = 0
    late: int = 0
    untimed: int = 0
    returned: int = 0
    under_way: int = 0  # drafts, and those that wait for the signature

    @property
    def reported(self) -> int:
        return self.in_time + self.late + self.untimed

    @property
    def unsent(self) -> int:
        return self.expected - self.reported

    @property
    def share(self) -> float:
        """Of those that owe it; complete where nobody does."""
        return self.reported / self.expected if self.expected else 1

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


Tallies = dict[tuple[str, int], Tally]  # by the path of the group and the key of the period


def tallies(scope: Unit, periods: Sequence[ReportingPeriod], *, steps: int = 1) -> Tallies:
    """Sums for the groups so many steps below the scope (0: for all below it together), in two queries.

    The periods may be those of several forms. The scope itself is not counted: it looks down.
    """
    if not periods:
        return {}
    length = len(scope.path) + steps * Unit.steplen
    counts = _expected(scope, periods, length)
    for path, period_id, standing, number in _standings(scope, periods, length):
        counts[path, period_id][standing] += number
    return {key: _tally(count) for key, count in counts.items() if count["expected"]}


def _tally(count: dict[str, int]) -> Tally:
    return Tally(
        expected=count["expected"],
        in_time=count[Standing.IN_TIME],
        late=count[Standing.LATE],
        untimed=count[Standing.UNTIMED] + count["recorded"],
        returned=count[Standing.RETURNED],
        under_way=count[Standing.DRAFT] + count[Standing.UNSIGNED],
    )


def _expected(scope: Unit, periods: Sequence[ReportingPeriod], length: int) -> dict[tuple[str, int], dict[str, int]]:
    """How many units owe each period, and how many of these have figures without any submission."""
    binding = _binding(periods)
    owed = _owed(periods, binding)
    counted = {f"expected_{period.pk}": Count("pk", filter=owed[period.pk]) for period in periods}
    counted |= {
        f"recorded_{period.pk}": Count("pk", filter=owed[period.pk] & ~_has_submission(period) & _has_figures(period))
        for period in periods
    }
    units = Unit.objects.below(scope).exclude(pk=scope.pk).filter(reduce(or_, binding.values())).order_by()
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in units.values(group=Substr("path", 1, length)).annotate(**counted):
        for period in periods:
            count = found[row["group"], period.pk]
            count["expected"], count["recorded"] = row[f"expected_{period.pk}"], row[f"recorded_{period.pk}"]
    return found


def _standings(scope: Unit, periods: Sequence[ReportingPeriod], length: int) -> Iterable[tuple[str, int, str, int]]:
    """Submissions by group, period and standing."""
    binding = _binding(periods, "unit__")
    owed = _owed(periods, binding, "unit__")
    found = Submission.objects.filter(
        reduce(or_, binding.values()),
        reduce(or_, (Q(period=period.pk) & owed[period.pk] for period in periods)),
        unit__path__range=(scope.path, scope.path_end),
    ).exclude(unit=scope.pk)
    grouped = found.order_by().annotate(group=Substr("unit__path", 1, length), standing=_standing(periods))
    counted = grouped.values("group", "period_id", "standing").annotate(number=Count("pk"))
    return counted.values_list("group", "period_id", "standing", "number")


def _binding(periods: Iterable[ReportingPeriod], prefix: str = "") -> dict[int, Q]:
    """By form the condition on a unit (behind the prefix) that the form binds it."""
    forms = {period.form_id: period.form for period in periods}
    return {key: Q(**{f"{prefix}pk__in": bound(form).order_by().values("pk")}) for key, form in forms.items()}


def _owed(periods: Iterable[ReportingPeriod], binding: dict[int, Q], prefix: str = "") -> dict[int, Q]:
    """By period the condition that a unit owes it, given that some form binds it: of one form its life decides."""
    several = len(binding) > 1
    return {
        period.pk: _alive(last_day(period.month), prefix) & (binding[period.form_id] if several else Q())
        for period in periods
    }


def _alive(day: date, prefix: str = "") -> Q:
    ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & ended


@dataclass(frozen=True)
class Summary:
    """How all units below one unit stand in one period."""

    scope: Unit
    period: ReportingPeriod
    tally: Tally


def summaries(scopes: Iterable[Unit], periods: Sequence[ReportingPeriod]) -> list[Summary]:
    """For each scope the periods that somebody below it owes; two queries for each scope."""
    found = []
    for scope in scopes:
        counted = tallies(scope, periods, steps=0)
        rows = ((period, counted.get((scope.path, period.pk))) for period in periods)
        found += [Summary(scope, period, tally) for period, tally in rows if tally]
    return found


# --- the standing ----------------------------------------------------------------------------------------------


def _standing(periods: Iterable[ReportingPeriod]) -> Case:
    """The standing that a submission of one of these periods gives its unit.

    A correction of what was accepted does not undo that the unit reported.
    """
    reported = Q(state__in=ARRIVED_STATES) | ~Q(correction_reason="")
    return Case(
        When(reported & Q(arrived_at__isnull=True), then=Value(Standing.UNTIMED)),
        When(reported & _arrived_late(periods), then=Value(Standing.LATE)),
        When(reported, then=Value(Standing.IN_TIME)),
        When(state=SubmissionState.RETURNED, then=Value(Standing.RETURNED)),
        When(state=SubmissionState.UNSIGNED, then=Value(Standing.UNSIGNED)),
        default=Value(Standing.DRAFT),
        output_field=CharField(),
    )


def _arrived_late(periods: Iterable[ReportingPeriod]) -> Q:
    late = [
        Q(period=period.pk, unit__kind=due.kind, arrived_at__gte=_midnight_after(due.due_on))
        for period in periods
        for due in period.dues.all()
    ]
    return reduce(or_, late, Q(pk__in=[]))


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _standing_of_unit(period: ReportingPeriod, today: date) -> Case:
    own = Submission.objects.filter(unit=OuterRef("pk"), period=period.pk).annotate(standing=_standing([period]))
    nothing = Standing.MISSING if period.ends_on < today else Standing.NOT_DUE
    without = Case(When(_has_figures(period), then=Value(Standing.UNTIMED)), default=Value(nothing))
    return Case(
        When(~_alive(last_day(period.month)), then=Value(Standing.ABSENT)),
        default=Coalesce(Subquery(own.values("standing")[:1]), without),
        output_field=CharField(),
    )


def _has_submission(period: ReportingPeriod) -> Exists:
    return Exists(Submission.objects.filter(unit=OuterRef("pk"), period=period.pk))


def _has_figures(period: ReportingPeriod) -> Exists:
    """Figures that people reported for the month, by whatever way."""
    lines = FormLine.objects.filter(version=period.version_id).values("measure")
    return Exists(
        Figure.objects.filter(
            unit=OuterRef("pk"), measure__in=lines, period=period.month, provenance__in=PEOPLE
        ).values("unit_id")
    )
