"""Whom to tell about which report, on which occasion, and what may go into an e-mail now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from submissions.choices import FOLLOWERS, UNSENT, MailPace, Occasion, Standing
from submissions.models import Mail, Notice, PeriodDue, ReportingPeriod
from submissions.queries.completeness import Tally, concerns, followed, period_key, tallies, with_standings
from submissions.queries.periods import owing_period, permitted
from submissions.queries.sheets import Pair
from units.choices import Right
from units.models import Grant, Unit, UnitQuerySet
from units.permissions import roles_with

# Days left until which an occasion holds. A day on which the work did not run is made good by the next ones.
OCCASIONS = ((-1, Occasion.OVERDUE), (0, Occasion.DUE), (2, Occasion.DAYS), (7, Occasion.WEEK))
LONGEST_LATE = 4  # later than that the officer reminds
FIRST_HOUR, LAST_HOUR = 7, 20  # no e-mail at night
WANTED = (*UNSENT, Standing.NOT_DUE)


@dataclass(frozen=True)
class Told:
    """One thing to tell one person."""

    person_id: int
    unit_id: int
    period_id: int
    occasion: Occasion
    key: str


def occasion_of(days_left: int) -> Occasion | None:
    if days_left < -LONGEST_LATE:
        return None
    return next((occasion for until, occasion in OCCASIONS if days_left <= until), None)


def due_notices(today: date) -> list[Told]:
    """What the calendar asks to be told today: of each due date the occasion that has come, for units that have
    not sent."""
    near = PeriodDue.objects.filter(
        due_on__range=(today - timedelta(days=LONGEST_LATE), today + timedelta(days=OCCASIONS[-1][0]))
    )
    kinds: dict[int, dict[str, Occasion]] = defaultdict(dict)
    for due in near:
        if occasion := occasion_of((due.due_on - today).days):
            kinds[due.period_id][due.kind] = occasion
    found: list[Told] = []
    for period in followed(today).filter(pk__in=kinds):
        units = owing_period(period).filter(kind__in=kinds[period.pk])
        standings = open_units(units, period, today)
        people = recipients({unit.pk: standing for unit, standing in standings})
        for unit, _standing in standings:
            occasion = kinds[period.pk][unit.kind]
            found += [
                Told(person, unit.pk, period.pk, occasion, f"{occasion}:{period.pk}:{unit.pk}:{person}")
                for person in people[unit.pk]
            ]
    return found


def lag_notices(today: date) -> list[Told]:
    """After a due date, for each unit that looks after others: who follows there learns that some have not sent."""
    late = PeriodDue.objects.filter(due_on__range=(today - timedelta(days=LONGEST_LATE), today - timedelta(days=1)))
    periods = list(followed(today).filter(pk__in=late.values("period")))
    found: list[Told] = []
    for scope, people in followers(today).items() if periods else ():
        counted = tallies(scope, [period for period in periods if concerns(period, scope)], steps=0)
        found += [
            Told(person, scope.pk, period_id, Occasion.LAGGING, f"{Occasion.LAGGING}:{period_id}:{scope.pk}:{person}")
            for (_path, period_id), tally in counted.items()
            if tally.unsent
            for person in people
        ]
    return found


def followers(today: date) -> dict[Unit, list[int]]:
    """The units with others below them, and who looks after reports there: named at the unit itself."""
    roles = {role for right in FOLLOWERS for role in roles_with(right)}
    grants = Grant.objects.in_force(today).filter(role__in=roles, user__is_active=True, unit__numchild__gt=0)
    people: dict[Unit, list[int]] = defaultdict(list)
    for grant in grants.select_related("unit").order_by("unit_id", "user_id"):
        if grant.unit.is_active(today) and grant.user_id not in people[grant.unit]:
            people[grant.unit].append(grant.user_id)
    return people


def lags_of(notices: Iterable[Notice]) -> dict[int, Tally]:
    """By notice about units that lag how things stand now: two queries for each unit named in them."""
    lagging = [notice for notice in notices if notice.is_about_others]
    prefetch_related_objects(lagging, "unit", "period__form__programme__owner", "period__form__roots", "period__dues")
    by_scope: dict[Unit, dict[int, ReportingPeriod]] = defaultdict(dict)
    for notice in lagging:
        by_scope[notice.unit][notice.period_id] = notice.period
    counted = {
        (scope.pk, period_id): tally
        for scope, periods in by_scope.items()
        for (_path, period_id), tally in tallies(scope, list(periods.values()), steps=0).items()
    }
    return {notice.pk: counted.get((notice.unit_id, notice.period_id), Tally()) for notice in lagging}


def to_remind(scope: Unit, period: ReportingPeriod, today: date) -> dict[int, str]:
    """The units below that have not sent, by key with their standing; of a unit without such units below itself."""
    owing = owing_period(period).below(scope)
    below = owing.exclude(pk=scope.pk)
    units = below if below.exists() else owing
    found = open_units(units, period, today)
    return {unit.pk: standing for unit, standing in found if standing != Standing.NOT_DUE}


def open_units(units: UnitQuerySet, period: ReportingPeriod, today: date) -> list[tuple[Unit, str]]:
    """Those of the units that can still send the period and have not, with their standing."""
    key = period_key(period)
    found = list(with_standings(units, [period], today).filter(**{f"{key}__in": WANTED}))
    if period.is_locked(today):
        opened = permitted(found, [period], today)
        found = [unit for unit in found if (unit.pk, period.pk) in opened]
    return [(unit, getattr(unit, key)) for unit in found]


def recipients(standings: Mapping[int, str]) -> dict[int, list[int]]:
    """By unit the people to tell: those who sign where the report waits for that, else those who enter; where there
    are none, the others. Only who holds the role at the unit itself: officers have their own lists."""
    grants = Grant.objects.in_force().filter(unit__in=standings, user__is_active=True)
    enter, sign = set(roles_with(Right.ENTER)), set(roles_with(Right.SIGN))
    rows = grants.filter(role__in=enter | sign).order_by("user_id").values_list("unit_id", "user_id", "role")
    people: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for unit_id, user_id, role in rows:
        people[unit_id][0 if role in enter else 1].append(user_id)
    found: dict[int, list[int]] = {}
    for unit_id, standing in standings.items():
        enterers, signers = people[unit_id]
        first, second = (signers, enterers) if standing == Standing.UNSIGNED else (enterers, signers)
        found[unit_id] = list(dict.fromkeys(first or second))
    return found


# --- e-mail ----------------------------------------------------------------------------------------------------


def may_mail(now: datetime) -> bool:
    return FIRST_HOUR <= timezone.localtime(now).hour < LAST_HOUR


def mail_is_due(pace: str, last: Mail | None, oldest: Notice, now: datetime) -> bool:
    """Whether a person who chose the pace gets an e-mail now; `oldest` is the first notice that waits."""
    today = timezone.localdate(now)
    if pace == MailPace.EACH:
        return True
    last_on = timezone.localdate(last.created_at) if last else date.min
    if pace == MailPace.DAILY:
        return last_on < today
    monday = today - timedelta(days=today.weekday())
    waited = timezone.localdate(oldest.created_at) < monday
    return last_on < monday and (today == monday or waited)


def still_open(notices: Collection[Notice], today: date) -> set[int]:
    """The keys of those notices whose report, or some of whose reports, have not come since."""
    by_period: dict[int, list[Notice]] = defaultdict(list)
    lags = {pk for pk, tally in lags_of(notices).items() if tally.unsent}
    for notice in notices:
        by_period[notice.period_id].append(notice)
    wanted: set[Pair] = set()
    for period in followed(today).filter(pk__in=by_period):
        units = Unit.objects.filter(pk__in=[notice.unit_id for notice in by_period[period.pk]])
        wanted |= {(unit.pk, period.pk) for unit, _standing in open_units(units, period, today)}
    own = {notice.pk for notice in notices if not notice.is_about_others and _pair(notice) in wanted}
    return own | lags


def _pair(notice: Notice) -> Pair:
    return notice.unit_id, notice.period_id
