"""Opening reporting periods by the calendar of their forms; due dates, locks and late permits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.periods import Calendar, Window, month_of
from core.verdicts import require
from submissions.choices import DayShift, Frequency
from submissions.frames import dues_of
from submissions.models import Form, FormVersion, PeriodDue, Permit, ReportingPeriod
from submissions.permissions import may_keep, may_permit
from submissions.queries.keeping import holidays, published
from submissions.queries.periods import owed_pairs
from submissions.schedule import begun_months, due_days, lock_day, shifter, window
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 300
OF_PERMIT = ("unit", "period__form__programme__owner")  # what decides who may withdraw it


@transaction.atomic
def open_periods(*, today: date, forms: Iterable[Form] | None = None) -> list[ReportingPeriod]:
    """Open every period that has begun and is not open yet, with the published version of its form.

    Safe to run at any time and twice at once: a period opens once.
    """
    chosen = Form.objects.in_use() if forms is None else forms
    found: list[ReportingPeriod] = []
    for form in chosen:
        version = published(form)
        if version is None or form.is_adhoc:
            continue
        known = set(form.periods.values_list("month", flat=True))
        frequency, calendar = Frequency(form.frequency), Calendar(form.calendar)
        for month in begun_months(frequency, calendar, form.first_month, today):
            if month not in known:
                found.extend(_open(form, version, month, window(frequency, calendar, month)))
    return found


@transaction.atomic
def open_adhoc(*, form: Form, title: str, days: Window, due_on: date, by: User) -> ReportingPeriod:
    """Open one period of an ad hoc form. Its figures are written to the month of the last day that it covers."""
    require(may_keep(by, form))
    if not form.is_adhoc:
        raise ValidationError(_("The periods of this form open by its calendar."))
    version = published(form)
    if version is None:
        raise ValidationError(_("Publish the form before opening a period."))
    if days.end < days.start:
        raise ValidationError({"ends_on": _("The last day is before the first.")})
    if due_on < days.end:
        raise ValidationError({"due_on": _("The due date is before the last day of the period.")})
    if form.periods.filter(month=month_of(days.end)).exists():
        raise ValidationError({"ends_on": _("This form has a period that ends in the same month.")})
    period = ReportingPeriod.objects.create(
        form=form, version=version, month=month_of(days.end), title=title, starts_on=days.start, ends_on=days.end,
        locks_on=lock_day(form.lock_after, dict.fromkeys(form.kinds, due_on)),
    )  # fmt: skip
    PeriodDue.objects.bulk_create([PeriodDue(period=period, kind=kind, due_on=due_on) for kind in form.kinds])
    audit.record(by=by, action="submissions.open_period", obj=period, unit_id=form.programme.owner_id)
    return period


def _open(form: Form, version: FormVersion, month: int, days: Window) -> Iterable[ReportingPeriod]:
    shift = shifter(DayShift(form.shift), holidays())
    dues = due_days(dues_of(form), month, shift, days.end)
    period, made = ReportingPeriod.objects.get_or_create(
        form=form,
        month=month,
        defaults={
            "version": version,
            "starts_on": days.start,
            "ends_on": days.end,
            "locks_on": lock_day(form.lock_after, dues),
        },
    )
    if not made:
        return
    PeriodDue.objects.bulk_create([PeriodDue(period=period, kind=kind, due_on=day) for kind, day in dues.items()])
    audit.record(by=None, action="submissions.open_period", obj=period, unit_id=form.programme.owner_id)
    yield period


# --- by hand ---------------------------------------------------------------------------------------------------


@transaction.atomic
def change_period(
    *, period: ReportingPeriod, dues: Mapping[str, date], locks_on: date | None, reason: str, by: User
) -> ReportingPeriod:
    """Move the due dates and the lock of one period, with the reason."""
    stored = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("form__programme").get(pk=period.pk)
    require(may_keep(by, stored.form))
    _check_days(stored, dues, locks_on)
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})
    before = {"locks_on": stored.locks_on, **{due.kind: due.due_on for due in stored.dues.all()}}
    stored.locks_on = locks_on
    stored.save(update_fields=["locks_on"])
    stored.dues.exclude(kind__in=dues).delete()
    for kind, due_on in dues.items():
        PeriodDue.objects.update_or_create(period=stored, kind=kind, defaults={"due_on": due_on})
    audit.record(
        by=by,
        action="submissions.change_period",
        obj=stored,
        unit_id=stored.form.programme.owner_id,
        reason=reason.strip(),
        before=before,
        after={"locks_on": locks_on, **dues},
    )
    return stored


def _check_days(period: ReportingPeriod, dues: Mapping[str, date], locks_on: date | None) -> None:
    found = {
        f"due_{kind}": _("The due date is before the last day of the period.")
        for kind, due_on in dues.items()
        if due_on < period.ends_on
    }
    if locks_on is not None and locks_on < max([period.ends_on, *dues.values()]):
        found["locks_on"] = _("The lock is before the last due date.")
    if found:
        raise ValidationError(dict(found))


@transaction.atomic
def give_permit(*, period: ReportingPeriod, unit: Unit, until: date, reason: str, by: User, today: date) -> Permit:
    """Let one unit report for a locked period until a day."""
    require(may_permit(by, unit, period.form))
    if not owed_pairs([(unit.pk, period.pk)], {period.pk: period}):
        raise ValidationError({"unit": _("“%(unit)s” does not owe this report.") % {"unit": unit.name}})
    if until < today:
        raise ValidationError({"until": _("%(day)s is over.") % {"day": format_date(until)}})
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})
    permit = Permit.objects.create(
        period=period, unit=unit, until=until, reason=reason.strip()[:LONGEST_REASON], given_by=by
    )
    audit.record(
        by=by,
        action="submissions.give_permit",
        obj=permit,
        unit_id=unit.pk,
        reason=permit.reason,
        after={"period": period.pk, "until": until},
    )
    return permit


@transaction.atomic
def withdraw_permit(*, permit: Permit, by: User) -> Permit:
    stored = Permit.objects.select_for_update(of=("self",)).select_related(*OF_PERMIT).get(pk=permit.pk)
    require(may_permit(by, stored.unit, stored.period.form))
    if stored.withdrawn_at is None:
        stored.withdrawn_at = timezone.now()
        stored.save(update_fields=["withdrawn_at"])
        audit.record(by=by, action="submissions.withdraw_permit", obj=stored, unit_id=stored.unit_id)
    return stored
