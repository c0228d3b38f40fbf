"""What the portal starts with: a monthly form over all measures that people type, and the public holidays."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.periods import Calendar
from programmes.models import Measure, Programme
from submissions.actions import holidays
from submissions.actions.forms import create_form, publish, write_draft
from submissions.choices import Frequency, RuleKind, Severity
from submissions.content import Content, LineContent, RuleContent, SectionContent
from submissions.frames import FormDetails
from submissions.models import Form
from submissions.queries.layout import asks
from submissions.schedule import Due
from units.choices import UnitKind

if TYPE_CHECKING:
    from accounts.models import User

CODE = "BC-THANG"
HOLIDAYS = Path(__file__).with_name("data") / "holidays.csv"
KINDS = (UnitKind.COMMUNE.value, UnitKind.ATTACHED.value, UnitKind.PROVINCE.value)
DUE_DAYS = {UnitKind.COMMUNE: 3, UnitKind.ATTACHED: 3, UnitKind.PROVINCE: 8}  # of the month after
LARGE_CHANGE = RuleContent(RuleKind.CHANGE, Severity.WARNING, percent=Decimal(50), least=Decimal(5))


def load(*, programme: Programme, first_month: int, by: User, today: date) -> Form:
    """The monthly form of a programme, published, with its periods open; an existing one stays as it was edited."""
    form = Form.objects.filter(code=CODE).first()
    if form is not None:
        return form
    details = FormDetails(
        code=CODE,
        name=_("Monthly figures on digital transformation"),
        frequency=Frequency.MONTH,
        calendar=Calendar.CIVIL,
        kinds=KINDS,
        first_month=first_month,
        dues=tuple(Due(kind, day, months_after=1) for kind, day in DUE_DAYS.items()),
    )
    form = create_form(programme=programme, details=details, by=by)
    measures = Measure.objects.filter(active=True).order_by("order", "code")
    asked = [measure for measure in measures if any(asks(kind, measure) for kind in KINDS)]
    write_draft(form=form, content=Content(sections_by_group(asked), (LARGE_CHANGE,)), by=by)
    publish(form=form, note="", by=by, today=today)
    return form


def load_holidays() -> int:
    """The public holidays of Bộ luật Lao động 2019, Điều 112, that are missing; returns how many were added.

    Only the days that the law fixes by itself: the first three days of Tết, not those that the yearly decisions put
    before or after them, nor the second day of Quốc khánh. Administrators add these.
    """
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        days = [(date.fromisoformat(row["day"]), row["name"]) for row in csv.DictReader(file)]
    return holidays.load_holidays(days=days)


def sections_by_group(measures: Iterable[Measure]) -> tuple[SectionContent, ...]:
    """One section for each group of the catalogue, in its order."""
    groups: dict[str, list[LineContent]] = {}
    for measure in measures:
        groups.setdefault(measure.group or _("Other"), []).append(LineContent(measure.pk))
    return tuple(SectionContent(title, lines=tuple(lines)) for title, lines in groups.items())
