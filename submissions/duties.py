"""What reports ask of a person, for the list of duties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from submissions.choices import FOLLOWERS, SubmissionState
from submissions.mailing import lag_words, lagging_url
from submissions.models import Permit, ReportingPeriod, Submission
from submissions.permissions import decides_at, signs_at
from submissions.queries.completeness import Summary, concerns, first_due, followed, last_finished, summaries
from submissions.queries.overview import PeriodState, UnitStates, own_periods, own_units
from submissions.queries.periods import due_dates
from submissions.queries.sheets import Pair
from submissions.views.base import grid_url
from submissions.wording import days_words
from units.choices import Right
from units.duties import Duty
from units.models import Unit
from units.permissions import homes_now, rights_now

if TYPE_CHECKING:
    from accounts.models import User

KIND = "report"
AHEAD = timedelta(days=7)  # so long before its due date a report stands in the list though its days still run
BACK = timedelta(days=90)  # what was due before that is a matter for the list of the late


def report_duties(user: User) -> list[Duty]:
    """Returned reports with their reason, reports to sign, those not sent yet, those to accept, units that lag."""
    today = timezone.localdate()
    of_concern = ReportingPeriod.objects.visible_to(user).values("pk")
    periods = list(followed(today).filter(pk__in=of_concern, ends_on__gte=today - BACK))
    units, held = own_units(user), rights_now(user)
    return [
        *_at_hand(user, units, periods),
        *_unsent(own_periods(units, reversed(periods), today), today),
        *(_to_accept(user) if Right.ACCEPT in held else ()),
        *(_missing(user, periods, today) if FOLLOWERS & held else ()),
    ]


def _at_hand(user: User, units: Sequence[Unit], periods: Collection[ReportingPeriod]) -> list[Duty]:
    """Reports that came back to the person's own units, then those that wait for the person's signature."""
    wanted = Q(state=SubmissionState.RETURNED, unit__in=units)
    if Right.SIGN in rights_now(user):
        wanted |= Q(state=SubmissionState.UNSIGNED, unit__in=signs_at(user))
    elif not units:
        return []
    found = Submission.objects.filter(wanted).select_related("unit", "period__form")
    reports = list(found.order_by("state", "period__month", "unit__sort_key", "pk"))
    dues = _dues(reports, periods)
    return [_duty_at_hand(report, dues.get((report.period_id, report.unit.kind))) for report in reports]


def _duty_at_hand(report: Submission, due: date | None) -> Duty:
    returned = report.is_returned
    title = _("Returned: %(form)s, %(period)s") if returned else _("Sign: %(form)s, %(period)s")
    return Duty(
        title=title % {"form": report.period.form.name, "period": report.period.label},
        url=grid_url("grid", report.unit_id, report.period_id),
        detail=f"{report.unit.name}: {report.return_reason}" if returned else report.unit.name,
        due=due,
        kind=KIND,
    )


def _dues(reports: Collection[Submission], periods: Collection[ReportingPeriod]) -> dict[tuple[int, str], date]:
    """When reports are, or were, to be sent, by period and kind of unit; known periods are not asked again."""
    known = {period.pk for period in periods}
    older = {report.period_id: report.period for report in reports if report.period_id not in known}
    prefetch_related_objects(list(older.values()), "dues")
    return due_dates([*periods, *older.values()])


def _unsent(own: Sequence[UnitStates], today: date) -> list[Duty]:
    permits = _permits(own, today)
    return [
        _unsent_duty(row.unit, state, permits.get((row.unit.pk, state.period.pk)), today)
        for row in own
        for state in row.states
        if _is_wanted(state, today)
    ]


def _unsent_duty(unit: Unit, state: PeriodState, permit: date | None, today: date) -> Duty:
    """A late permit gives a new day; without it that of the period stands."""
    words = {"form": state.period.form.name, "period": state.period.label}
    allowed = _("may be sent late until %(day)s") % {"day": format_date(permit)} if permit else ""
    return Duty(
        title=_unsent_title(state) % words,
        url=grid_url("grid", unit.pk, state.period.pk),
        detail=" · ".join(filter(None, [unit.name, allowed or days_words(state.days_left(today))])),
        due=permit or state.due_on,
        kind=KIND,
    )


def _permits(own: Sequence[UnitStates], today: date) -> dict[Pair, date]:
    """Until when a late permit opens locked periods of these units."""
    states = [state for row in own for state in row.states]
    locked = {state.period.pk for state in states if state.period.is_locked(today) and not state.closed}
    if not locked:
        return {}
    found = Permit.objects.in_force(today).filter(period__in=locked, unit__in=[row.unit.pk for row in own])
    return {(unit, period): until for unit, period, until in found.values_list("unit_id", "period_id", "until")}


def _is_wanted(state: PeriodState, today: date) -> bool:
    if state.closed:
        return False
    if state.submission is not None:
        return state.submission.state == SubmissionState.DRAFT and not state.submission.is_correction
    near = state.due_on is not None and state.due_on - AHEAD <= today
    return state.is_unsent or (state.state == "not_due" and near)


def _unsent_title(state: PeriodState) -> str:
    return _("Send: %(form)s, %(period)s") if state.submission else _("Enter: %(form)s, %(period)s")


def _to_accept(user: User) -> list[Duty]:
    count = Submission.objects.waiting().filter(unit__in=decides_at(user)).count()
    if not count:
        return []
    title = _("%(count)s reports wait for your acceptance") % {"count": format_number(count)}
    return [Duty(title=title, url=reverse("submissions:review"), kind=KIND)]


def _missing(user: User, periods: Iterable[ReportingPeriod], today: date) -> list[Duty]:
    """One line for each unit that the person looks after, and each form whose last finished period lacks reports.

    Forms that a unit below made for itself are that unit's to look after.
    """
    finished, found = last_finished(periods, today), []
    for scope in homes_now(user, FOLLOWERS):
        if not scope.is_leaf():
            found += summaries([scope], [period for period in finished if concerns(period, scope)])
    return [_missing_duty(summary) for summary in found if summary.tally.unsent]


def _missing_duty(summary: Summary) -> Duty:
    period = summary.period
    return Duty(
        title=lag_words(period, summary.tally),
        url=lagging_url(summary.scope.pk, period),
        detail=summary.scope.name,
        due=first_due(period),
        kind=KIND,
    )
