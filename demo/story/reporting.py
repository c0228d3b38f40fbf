"""Reports of Thái Nguyên on their way: accepted, waiting, returned, and one still to write; most came in time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts import audit
from accounts.models import User
from core.periods import last_day
from demo.story.figures import START, new_samples
from demo.story.keepers import NEW_ORDER, Keepers, province
from demo.story.latent import month_values
from programmes.models import Measure, Programme
from submissions import starter
from submissions.actions import (
    CellEdit,
    accept_submissions,
    return_submission,
    save_grid,
    send_submissions,
)
from submissions.models import ReportingPeriod, Submission
from submissions.queries import Key

SILENT = 3  # communes that have not reported for the last month, Tân Cương among them
WAITING = 5
NOTE = "đã đối chiếu với sổ"
OPEN = 6  # months of the form: those before the last two hold the figures of the sample
LATE = 0.12  # of the reports came after the due day
OFFICE = {  # what the office of the province does in a month: mean, and how far it strays
    "DOC-ALL": (240, 30),
    "DOC-SENT": (70, 12),
    "DOC-RECEIVED": (110, 15),
    "MT-ALL": (6, 2),
    "CM-ALL": (12, 4),
    "MA-ALL": (4, 2),
}
DIGITAL = {"DOC-DIGITAL": "DOC-ALL", "MT-PAPERLESS": "MT-ALL", "CM-DIGITAL": "CM-ALL", "MA-DIGITAL": "MA-ALL"}


def forms(people: Keepers, programme: Programme, last: int, today: date) -> None:
    """The monthly form of the Union, with its last periods open."""
    starter.load(programme=programme, first_month=last - OPEN + 1, by=people.national, today=today)


def reports(people: Keepers, last: int, today: date) -> None:
    """The month before the last is accepted whole, of the last some reports still wait; the province sent its own."""
    communes = new_samples("19")
    order = sorted(communes, key=lambda pk: communes[pk].key)
    home = _of_enterer()
    silent = {home, *order[7 : 7 + SILENT - 1]}
    earlier = _send(people, _of_communes(order, last - 1), today)
    accept_submissions(submissions=earlier, by=people.acceptor)
    sent = _send(people, _of_communes([pk for pk in order if pk not in silent], last), today)
    accept_submissions(submissions=sent[WAITING + 1 :], by=people.acceptor)
    return_submission(
        submission=sent[WAITING],
        by=people.acceptor,
        reason="Số hội viên trên phần mềm giảm mạnh so với tháng trước: kiểm tra lại ô này giúp đơn vị.",
    )
    office = []
    for month in range(last - OPEN + 1, last + 1):
        office += _send(people, _of_province(month), today)
        accept_submissions(submissions=office[-1:], by=people.acceptor)
    date_back([*earlier, *sent, *office], by=people.enterer)


def _of_enterer() -> int:
    return int(User.objects.get(username="nhaplieu").grants.values_list("unit", flat=True).get())


Typed = dict[tuple[int, int], Mapping[str, int]]  # by unit and month the values by code


def _of_communes(units: Iterable[int], month: int) -> Typed:
    samples = new_samples("19")
    return {(pk, month): dict(month_values(samples[pk], month - START)) for pk in units}


def _of_province(month: int) -> Typed:
    return {(province("19", NEW_ORDER).pk, month): _office_values(month)}


def _office_values(month: int) -> dict[str, int]:
    draw = random.Random(f"office {month}")  # noqa: S311 - sample data, not a secret
    found = {code: max(1, round(draw.gauss(mean, spread))) for code, (mean, spread) in OFFICE.items()}
    return {**found, **{part: int(found[whole] * draw.uniform(0.8, 1)) for part, whole in DIGITAL.items()}}


def _send(people: Keepers, typed: Typed, today: date) -> list[Submission]:
    measures = dict(Measure.objects.typed().values_list("code", "pk"))
    periods = dict(ReportingPeriod.objects.filter(form__code=starter.CODE).values_list("month", "pk"))
    edits = [
        CellEdit(Key(pk, periods[month], measures[code]), Decimal(value), NOTE)
        for (pk, month), values in typed.items()
        for code, value in values.items()
    ]
    saved = save_grid(edits=edits, by=people.enterer, today=today)
    return send_submissions(submissions=saved, by=people.enterer, today=today)


def date_back(reports: Iterable[Submission], *, by: User) -> None:
    """The reports were sent while the sample was loaded. Their times are set back to what it tells: most came between
    the end of the period and the due day, some a few days later, and were decided a day after. The trail keeps when the
    sample was loaded and says that this was done."""
    now = timezone.now()
    stored = Submission.objects.filter(pk__in=[report.pk for report in reports]).select_related("period", "unit")
    rows = list(stored.prefetch_related("period__dues"))
    for row in rows:
        row.sample = True
        row.arrived_at = row.sent_at = min(_arrival(row), now)
        if row.decided_at is not None:
            row.decided_at = min(row.sent_at + timedelta(hours=27), now)
    Submission.objects.bulk_update(rows, ["sample", "arrived_at", "sent_at", "decided_at"])
    audit.record(
        by=by, action="demo.date_back", reason="Giờ gửi, giờ duyệt của báo cáo mẫu", after={"count": len(rows)}
    )


def _arrival(report: Submission) -> datetime:
    """A working hour between the cut-off and the due day, or one to six days after it."""
    draw = random.Random(f"arrival {report.unit.code} {report.period.month}")  # noqa: S311
    due = next(due.due_on for due in report.period.dues.all() if due.kind == report.unit.kind)
    early = last_day(report.period.month) + timedelta(days=1)
    late = draw.random() < LATE and report.unit.kind != "province"
    day = due + timedelta(days=draw.randint(1, 6)) if late else early + (due - early) * draw.random()
    return timezone.make_aware(datetime.combine(day, time(draw.randint(8, 16), draw.randint(0, 59))))
