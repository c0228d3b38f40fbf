"""Who has reported, for the head of the leader's screen: completeness comes before figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.periods import last_day
from reports.queries.scope import Scope
from submissions.choices import UNSENT, Standing
from submissions.models import Form, ReportingPeriod
from submissions.queries.completeness import Tally, first_due, followed, period_key, tallies, with_standings
from units.models import Unit

MOST_FORMS = 3
BACK = 12  # months: an older period says nothing about the figures shown


@dataclass(frozen=True)
class Reported:
    """One period: how the units below stand in it, or (`own`) the unit itself, which has none below."""

    scope: Scope
    period: ReportingPeriod
    due: date | None
    tally: Tally
    own: Standing | None = None

    @property
    def is_over(self) -> bool:
        """Whether a due date has passed."""
        return self.due is not None and self.due < self.scope.today

    @property
    def sums_url(self) -> str:
        return self._url("completeness")

    @property
    def lagging_url(self) -> str:
        return self._url("lagging")

    @property
    def own_url(self) -> str:
        return reverse("submissions:grid", args=[self.period.pk, self.scope.unit.pk])

    def _url(self, route: str) -> str:
        query = {"unit": self.scope.unit.pk, "form": self.period.form_id, "period": self.period.pk}
        return f"{reverse(f'submissions:{route}')}?{urlencode(query)}"


def reported_in(scope: Scope) -> list[Reported]:
    """The last finished period, up to the scope's month, of each form that the units owe; the programme's own first."""
    periods = _periods(scope)
    if not periods:
        return []
    if not scope.unit.numchild:
        return _own(scope, periods)
    counted = tallies(scope.unit, periods, steps=0)
    found = ((period, counted.get((scope.unit.path, period.pk))) for period in periods)
    return [Reported(scope, period, first_due(period), tally) for period, tally in found if tally]


def _periods(scope: Scope) -> list[ReportingPeriod]:
    binding = [programme.pk for programme in scope.choices]
    over = Q(ends_on__lt=scope.today, ends_on__lte=last_day(scope.month), month__gt=scope.month - BACK)
    later = ReportingPeriod.objects.filter(over, form=OuterRef("form"), month__gt=OuterRef("month"))
    rows = followed(scope.today).filter(over, ~Exists(later), form__programme__in=binding)
    chosen = scope.programme.pk if scope.programme else None
    return sorted(rows, key=lambda period: (period.form.programme_id != chosen, -period.month))[:MOST_FORMS]


def _own(scope: Scope, periods: list[ReportingPeriod]) -> list[Reported]:
    """The standing of a unit that reports itself."""
    unit = with_standings(Unit.objects.filter(pk=scope.unit.pk), periods, scope.today).first()
    found = []
    for period in periods if unit else ():
        own = Standing(getattr(unit, period_key(period)))
        if own != Standing.ABSENT and _owes(scope.unit, period.form):
            due = next((due.due_on for due in period.dues.all() if due.kind == scope.unit.kind), None)
            found.append(Reported(scope, period, due, Tally(expected=1, under_way=int(own in UNSENT)), own))
    return found


def _owes(unit: Unit, form: Form) -> bool:
    """Whether the form asks the unit, given that its programme binds it."""
    roots = [root.path for root in form.roots.all()]
    return unit.kind in form.kinds and (not roots or any(unit.path.startswith(path) for path in roots))
