"""What reports ask of a person, for the list of duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from submissions.choices import SubmissionState
from submissions.models import ReportingPeriod, Submission
from submissions.permissions import decides_at, signs_at
from submissions.queries.overview import (
    PeriodState,
    UnitStates,
    missing_below,
    own_periods,
    own_units,
    returned_of,
    scopes_of,
)
from submissions.queries.periods import running
from submissions.views.base import grid_url
from units.duties import Duty

if TYPE_CHECKING:
    from accounts.models import User

KIND = "report"
AHEAD = timedelta(days=7)  # so long before its due date a report stands in the list though its days still run
BACK = timedelta(days=90)  # what was due before that is a matter for the list of the late


def report_duties(user: User) -> list[Duty]:
    """Returned reports with their reason, reports to sign, those not sent yet, those to accept, units that lag."""
    today = timezone.localdate()
    periods = list(running(today).filter(ends_on__gte=today - BACK))
    own = own_periods(user, reversed(periods), today)
    return [
        *_returned(user, today),
        *_to_sign(user),
        *_unsent(own, today),
        *_to_accept(user),
        *_missing(user, periods, today),
    ]


def _returned(user: User, today: date) -> list[Duty]:
    return [
        Duty(
            title=_("Returned: %(form)s, %(period)s")
            % {"form": report.period.form.name, "period": report.period.label},
            url=grid_url("grid", report.unit_id, report.period_id),
            detail=f"{report.unit.name}: {report.return_reason}",
            kind=KIND,
        )
        for report in returned_of(own_units(user, today))
    ]


def _to_sign(user: User) -> list[Duty]:
    waiting = Submission.objects.filter(state=SubmissionState.UNSIGNED, unit__in=signs_at(user))
    return [
        Duty(
            title=_("Sign: %(form)s, %(period)s") % {"form": report.period.form.name, "period": report.period.label},
            url=grid_url("grid", report.unit_id, report.period_id),
            detail=report.unit.name,
            kind=KIND,
        )
        for report in waiting.select_related("unit", "period__form").order_by("period__month", "pk")
    ]


def _unsent(own: Iterable[UnitStates], today: date) -> list[Duty]:
    return [
        Duty(
            title=_unsent_title(state) % {"form": state.period.form.name, "period": state.period.label},
            url=grid_url("grid", row.unit.pk, state.period.pk),
            detail=" · ".join(filter(None, [row.unit.name, due_words(state, today)])),
            kind=KIND,
        )
        for row in own
        for state in row.states
        if _is_wanted(state, today)
    ]


def _is_wanted(state: PeriodState, today: date) -> bool:
    if state.closed:
        return False
    if state.submission is not None:
        return state.submission.state == SubmissionState.DRAFT and not state.submission.is_correction
    near = state.due_on is not None and state.due_on - AHEAD <= today
    return state.is_unsent or (state.state == "not_due" and near)


def _unsent_title(state: PeriodState) -> str:
    return _("Send: %(form)s, %(period)s") if state.submission else _("Enter: %(form)s, %(period)s")


def due_words(state: PeriodState, today: date) -> str:
    """How long there is still time, or for how long it is late; empty without a due date."""
    left = state.days_left(today)
    if left is None:
        return ""
    words = {"day": format_date(state.due_on), "count": format_number(abs(left))}
    if left < 0:
        return _("due %(day)s, %(count)s days late") % words
    return (_("due %(day)s, %(count)s days left") if left else _("due today, %(day)s")) % words


def _to_accept(user: User) -> list[Duty]:
    count = Submission.objects.waiting().filter(unit__in=decides_at(user)).count()
    if not count:
        return []
    title = _("%(count)s reports wait for your acceptance") % {"count": format_number(count)}
    return [Duty(title=title, url=reverse("submissions:review"), kind=KIND)]


def _missing(user: User, periods: Iterable[ReportingPeriod], today: date) -> list[Duty]:
    """One line for each unit that the person decides for, and each form whose last finished period lacks reports."""
    found = []
    latest = _last_finished(periods, today)
    scopes = decides_at(user).filter(pk__in=[scope.pk for scope in scopes_of(user, today)])
    for scope in scopes.order_by("sort_key", "pk"):
        for period in latest:
            lag = missing_below(scope, period, today)
            if not lag.missing:
                continue
            words = {
                "missing": format_number(lag.missing),
                "all": format_number(lag.expected),
                "form": period.form.name,
                "period": period.label,
            }
            found.append(
                Duty(
                    title=_("%(missing)s of %(all)s units have not sent: %(form)s, %(period)s") % words,
                    url=f"{reverse('submissions:home')}?unit={scope.pk}&form={period.form_id}",
                    detail=scope.name,
                    kind=KIND,
                )
            )
    return found


def _last_finished(periods: Iterable[ReportingPeriod], today: date) -> list[ReportingPeriod]:
    """The newest period of each form whose days are over; the periods come newest first."""
    found: dict[int, ReportingPeriod] = {}
    for period in periods:
        if period.ends_on < today:
            found.setdefault(period.form_id, period)
    return list(found.values())
