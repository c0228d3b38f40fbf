"""What reports ask of a person, for the list of duties."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.numbers import format_number
from core.periods import label, last_finished
from submissions.models import Submission
from submissions.permissions import decides_at
from submissions.queries import typed_kinds
from submissions.queries.overview import Kinds, missing_below, own_units, returned_of, scopes_of, states_of
from submissions.views.base import grid_url
from units.duties import Duty
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

KIND = "report"


def report_duties(user: User) -> list[Duty]:
    """Returned reports with their reason, the last finished month not sent yet, reports to accept, units that lag."""
    today, kinds = timezone.localdate(), typed_kinds()
    own = own_units(user, today, kinds)
    return [*_returned(own), *_unsent(own, today, kinds), *_to_accept(user), *_missing(user, today, kinds)]


def _returned(own: list[Unit]) -> list[Duty]:
    return [
        Duty(
            title=_("Returned: report of %(unit)s for %(month)s")
            % {"unit": report.unit.name, "month": label(report.period)},
            url=grid_url("grid", report.unit_id, report.period),
            detail=report.return_reason,
            kind=KIND,
        )
        for report in returned_of(own)
    ]


def _unsent(own: list[Unit], today: date, kinds: Kinds) -> list[Duty]:
    month = last_finished(today)
    found = []
    for row in states_of(own, [month], today, kinds):
        state = row.months[0]
        if not state.is_unsent or (state.submission is not None and state.submission.is_returned):
            continue
        title = _("Send the figures for %(month)s") if state.submission else _("Enter the figures for %(month)s")
        found.append(
            Duty(
                title=title % {"month": label(month)},
                url=grid_url("grid", row.unit.pk, month),
                detail=row.unit.name,
                kind=KIND,
            )
        )
    return found


def _to_accept(user: User) -> list[Duty]:
    count = Submission.objects.waiting().filter(unit__in=decides_at(user)).count()
    if not count:
        return []
    title = _("%(count)s reports wait for your acceptance") % {"count": format_number(count)}
    return [Duty(title=title, url=reverse("submissions:review"), kind=KIND)]


def _missing(user: User, today: date, kinds: Kinds) -> list[Duty]:
    """One line for each unit that the person looks down from and decides for."""
    found = []
    scopes = decides_at(user).filter(pk__in=[scope.pk for scope in scopes_of(user, today)])
    for scope in scopes.order_by("sort_key", "pk"):
        lag = missing_below(scope, last_finished(today), today, kinds)
        if not lag.missing:
            continue
        words = {"missing": format_number(lag.missing), "all": format_number(lag.expected), "month": label(lag.month)}
        found.append(
            Duty(
                title=_("%(missing)s of %(all)s units have not sent the figures for %(month)s") % words,
                url=f"{reverse('submissions:home')}?unit={scope.pk}",
                detail=scope.name,
                kind=KIND,
            )
        )
    return found
