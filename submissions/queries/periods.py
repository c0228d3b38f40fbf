"""Which units owe a form, and which periods a person has to do with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from core.periods import last_day
from submissions.models import Form, Permit, ReportingPeriod
from submissions.queries.sheets import Pair
from units.models import Lineage, Unit, UnitQuerySet

if TYPE_CHECKING:
    from submissions.models.periods import ReportingPeriodQuerySet


def bound(form: Form) -> UnitQuerySet:
    """The units that owe the form as long as they exist."""
    units = form.programme.units().filter(kind__in=form.kinds)
    roots = [root.pk for root in form.roots.all()]
    if roots:
        units = units.filter(pk__in=Lineage.objects.filter(ancestor__in=roots).values("unit"))
    return units  # type: ignore[no-any-return]  # treebeard ships no types


def owing(form: Form, on: date) -> UnitQuerySet:
    """The units that owe the form on a day."""
    return bound(form).active(on)


def owing_period(period: ReportingPeriod) -> UnitQuerySet:
    """The units that owe a period: those that reach the last day of the month in which it ends."""
    return owing(period.form, last_day(period.month))


def due_dates(periods: Collection[ReportingPeriod]) -> dict[tuple[int, str], date]:
    """By period and kind of unit."""
    return {(period.pk, due.kind): due.due_on for period in periods for due in period.dues.all()}


def running(today: date) -> ReportingPeriodQuerySet:
    """Periods of forms in use that have begun, the newest first, with what their pages name."""
    found = ReportingPeriod.objects.filter(form__active=True, starts_on__lte=today)
    return found.select_related("form__programme", "version").prefetch_related("dues").order_by("-month", "form_id")


def newest(periods: Iterable[ReportingPeriod], of_each: int) -> list[ReportingPeriod]:
    """The first so many periods of each form, in the order given."""
    seen: Counter[int] = Counter()
    found = []
    for period in periods:
        seen[period.form_id] += 1
        if seen[period.form_id] <= of_each:
            found.append(period)
    return found


def permitted(units: Collection[Unit], periods: Collection[ReportingPeriod], today: date) -> set[Pair]:
    """Units and periods for which a late permit is in force; nothing is asked while no period is locked."""
    locked = [period.pk for period in periods if period.is_locked(today)]
    if not locked:
        return set()
    found = Permit.objects.in_force(today).filter(period__in=locked, unit__in=[unit.pk for unit in units])
    return set(found.values_list("unit_id", "period_id"))


def owed_pairs(pairs: Collection[Pair], periods: Mapping[int, ReportingPeriod]) -> set[Pair]:
    """Which of these units owe which of these periods."""
    found: set[Pair] = set()
    for period_id, period in periods.items():
        unit_ids = [unit_id for unit_id, of_period in pairs if of_period == period_id]
        owing_ids = owing_period(period).filter(pk__in=unit_ids).values_list("pk", flat=True)
        found |= {(unit_id, period_id) for unit_id in owing_ids}
    return found
