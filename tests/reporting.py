"""A monthly form over the measures of a test, with its periods open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from core.periods import Calendar, first_day, last_day
from programmes.models import Measure, Programme
from submissions.actions import Due, FormDetails, create_form, publish, write_draft
from submissions.choices import Frequency
from submissions.content import Content, RuleContent
from submissions.models import Form, ReportingPeriod
from submissions.starter import KINDS, LARGE_CHANGE, sections_by_group
from units.models import RECORDS_BEGIN, Unit


@dataclass(frozen=True)
class Reporting:
    """A published form and its open periods, by month."""

    form: Form
    periods: dict[int, ReportingPeriod]

    def unbegun(self, month: int) -> ReportingPeriod:
        """A period that lies ahead, as a clock that went wrong might leave it."""
        made: ReportingPeriod = ReportingPeriod.objects.create(
            form=self.form,
            version=self.form.versions.latest("number"),
            month=month,
            starts_on=first_day(month),
            ends_on=last_day(month),
        )
        return made


def monthly(
    owner: Unit,
    *,
    by: User,
    today: date,
    first_month: int,
    measures: Iterable[Measure] | None = None,
    rules: tuple[RuleContent, ...] = (LARGE_CHANGE,),
    **frame: Any,
) -> Reporting:
    """A form over these measures (all of the catalogue unless told), owed by communes, attached units, provinces."""
    programme = Programme.objects.create(
        code=f"CT-{owner.pk}", name="Báo cáo số liệu", short_name="Báo cáo", owner=owner, start=RECORDS_BEGIN
    )
    values: dict[str, Any] = {
        "code": f"BC-{owner.pk}",
        "name": "Báo cáo tháng",
        "frequency": Frequency.MONTH,
        "calendar": Calendar.CIVIL,
        "kinds": KINDS,
        "first_month": first_month,
        "dues": tuple(Due(kind, 5, months_after=1) for kind in KINDS),
    }
    form = create_form(programme=programme, details=FormDetails(**{**values, **frame}), by=by)
    asked = Measure.objects.filter(active=True).order_by("order", "code") if measures is None else measures
    lines = [measure for measure in asked if measure.source != "units"]
    write_draft(form=form, content=Content(sections_by_group(lines), rules), by=by)
    publish(form=form, note="", by=by, today=today)
    return Reporting(form, {period.month: period for period in form.periods.select_related("form__programme")})
