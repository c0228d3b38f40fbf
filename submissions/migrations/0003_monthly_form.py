"""Reports of months become reports of a monthly form, with one reporting period for each month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import migrations
from django.db.models import Max, Min
from django.utils import timezone

KINDS = ["commune", "attached", "province"]
DUE_DAYS = {"commune": 3, "attached": 3, "province": 8}  # of the month after


def make_form(apps: Any, schema_editor: Any) -> None:
    submissions = apps.get_model("submissions", "Submission")
    months = submissions.objects.aggregate(first=Min("month"), last=Max("month"))
    if months["first"] is None:
        return
    form = apps.get_model("submissions", "Form").objects.create(
        programme=_programme(apps),
        code="BC-THANG",
        name="Báo cáo số liệu hằng tháng",
        search="bc-thang bao cao so lieu hang thang",
        kinds=KINDS,
        first_month=months["first"],
    )
    due_rule = apps.get_model("submissions", "DueRule")
    due_rule.objects.bulk_create(
        [due_rule(form=form, kind=kind, day=day, months_after=1) for kind, day in DUE_DAYS.items()]
    )
    version = apps.get_model("submissions", "FormVersion").objects.create(
        form=form, number=1, published_at=timezone.now()
    )
    _write_lines(apps, version)
    for month in range(months["first"], months["last"] + 1):
        period = _open(apps, form, version, month)
        submissions.objects.filter(month=month).update(period=period)


def _programme(apps: Any) -> Any:
    """The programme that binds most units; one is made where there is none."""
    programmes = apps.get_model("programmes", "Programme")
    found = programmes.objects.order_by("owner__depth", "start", "pk").first()
    if found is not None:
        return found
    owner = apps.get_model("units", "Unit").objects.order_by("depth", "pk").first()
    return programmes.objects.create(
        code="BC", name="Báo cáo số liệu", short_name="Báo cáo số liệu", owner=owner, start=owner.valid_from,
        search="bc bao cao so lieu",
    )  # fmt: skip


def _write_lines(apps: Any, version: Any) -> None:
    measures = apps.get_model("programmes", "Measure").objects.filter(active=True).exclude(source="units")
    asked = [measure for measure in measures.order_by("order", "code") if set(KINDS) & set(measure.entered_at)]
    sections: dict[str, Any] = {}
    lines = apps.get_model("submissions", "FormLine")
    for order, measure in enumerate(asked):
        title = measure.group or "Khác"
        if title not in sections:
            sections[title] = apps.get_model("submissions", "FormSection").objects.create(
                version=version, title=title, order=len(sections)
            )
        lines.objects.create(version=version, section=sections[title], measure=measure, order=order)
    apps.get_model("submissions", "CheckRule").objects.create(
        version=version, kind="change", severity="warning", percent=50, least=5
    )


def _open(apps: Any, form: Any, version: Any, month: int) -> Any:
    last = _last_day(month)
    period = apps.get_model("submissions", "ReportingPeriod").objects.create(
        form=form, version=version, month=month, starts_on=last.replace(day=1), ends_on=last
    )
    due = apps.get_model("submissions", "PeriodDue")
    due.objects.bulk_create([due(period=period, kind=kind, due_on=day) for kind, day in _due_dates(last)])
    return period


def _due_dates(last: date) -> Iterable[tuple[str, date]]:
    for kind, day in DUE_DAYS.items():
        due_on = last + timedelta(days=day)
        while due_on.weekday() > 4:  # Saturdays and Sundays go to Monday
            due_on += timedelta(days=1)
        yield kind, due_on


def _last_day(month: int) -> date:
    year, place = divmod(month, 12)
    return date(year, place + 1, monthrange(year, place + 1)[1])


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_forms_and_periods"), ("programmes", "0002_room_in_totals")]

    operations = [migrations.RunPython(make_form, migrations.RunPython.noop)]
