"""From where a person looks down, at which form and which periods: what the pages about who has reported share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Case, DateField, F, Value, When

from submissions.choices import UNSENT
from submissions.models import Form, ReportingPeriod
from submissions.queries.completeness import MATRIX_PERIODS, followed, period_key, with_standings
from submissions.queries.overview import scopes_of
from submissions.queries.periods import bound, newest, owing_period
from units.models import Unit, UnitQuerySet

if TYPE_CHECKING:
    from accounts.models import User

Row = TypeVar("Row", Form, ReportingPeriod)


@dataclass(frozen=True)
class Outlook:
    """`periods` are those shown, the newest first; `period` is the one that is filtered and sorted by."""

    today: date
    scope: Unit
    scopes: tuple[Unit, ...]
    forms: tuple[Form, ...]
    form: Form
    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod

    @property
    def key(self) -> str:
        """The annotation that holds the standing in the chosen period."""
        return period_key(self.period)

    def units(self) -> UnitQuerySet:
        """The units below the scope that owe the chosen period."""
        return owing_period(self.period).below(self.scope).exclude(pk=self.scope.pk).in_order()  # type: ignore[no-any-return]

    def with_standings(self) -> UnitQuerySet:
        """These units with their standing in every period shown."""
        return with_standings(self.units(), self.periods, self.today)

    def lagging(self) -> UnitQuerySet:
        """These units without a report of the chosen period, the most overdue first: with `standing`, `due_on`."""
        dues = [When(kind=due.kind, then=Value(due.due_on)) for due in self.period.dues.all()]
        units = with_standings(self.units(), [self.period], self.today).filter(**{f"{self.key}__in": UNSENT})
        found: UnitQuerySet = units.annotate(
            standing=F(self.key), due_on=Case(*dues, default=None, output_field=DateField())
        )
        return found.order_by(F("due_on").asc(nulls_last=True), "sort_key", "pk")  # type: ignore[no-any-return]

    def is_nested(self) -> bool:
        """Whether those who owe the form stand deeper than directly below: then they are summed up by child."""
        deeper = bound(self.form).below(self.scope).filter(depth__gt=self.scope.depth + 1)
        return bool(deeper.exists())


def outlook_of(
    person: User, today: date, *, scope: Unit | None, form: int | None = None, period: int | None = None
) -> Outlook | None:
    """Down from the scope, else from the person's first unit; the form and period with these keys, else the form
    reported last and its last period that is over. None where there is nothing to look at."""
    scopes = tuple(scopes_of(person, today))
    place = scope or next(iter(scopes), None)
    begun = newest(followed(today).filter(pk__in=ReportingPeriod.objects.visible_to(person)), MATRIX_PERIODS)
    if place is None or not begun:
        return None
    forms = tuple({one.form_id: one.form for one in begun}.values())
    chosen = _with_key(forms, form) or forms[0]
    shown = tuple(one for one in begun if one.form_id == chosen.pk)
    last_over = next((one for one in shown if one.ends_on < today), shown[0])
    return Outlook(today, place, scopes, forms, chosen, shown, _with_key(shown, period) or last_over)


def _with_key(rows: tuple[Row, ...], key: int | None) -> Row | None:
    return next((row for row in rows if row.pk == key), None)
