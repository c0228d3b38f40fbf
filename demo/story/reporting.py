"""The last two months of Thái Nguyên as reports on their way: accepted, waiting, returned, and one still to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import User
from demo.story.figures import START, new_samples
from demo.story.keepers import Keepers
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


def forms(people: Keepers, programme: Programme, last: int, today: date) -> None:
    """The monthly form of the Union, with its last periods open."""
    starter.load(programme=programme, first_month=last - OPEN + 1, by=people.national, today=today)


def reports(people: Keepers, last: int, today: date) -> None:
    """The month before the last is accepted whole; of the last one some reports still wait."""
    communes = new_samples("19")
    order = sorted(communes, key=lambda pk: communes[pk].key)
    home = _of_enterer()
    silent = {home, *order[7 : 7 + SILENT - 1]}
    earlier = _send(people, order, last - 1, today)
    accept_submissions(submissions=earlier, by=people.acceptor)
    sent = _send(people, [pk for pk in order if pk not in silent], last, today)
    accept_submissions(submissions=sent[WAITING + 1 :], by=people.acceptor)
    return_submission(
        submission=sent[WAITING],
        by=people.acceptor,
        reason="Số hội viên trên phần mềm giảm mạnh so với tháng trước: kiểm tra lại ô này giúp đơn vị.",
    )


def _of_enterer() -> int:
    return int(User.objects.get(username="nhaplieu").grants.values_list("unit", flat=True).get())


def _send(people: Keepers, units: list[int], month: int, today: date) -> list[Submission]:
    measures = dict(Measure.objects.typed().values_list("code", "pk"))
    period = ReportingPeriod.objects.get(form__code=starter.CODE, month=month)
    samples = new_samples("19")
    edits = [
        CellEdit(Key(pk, period.pk, measures[code]), Decimal(value), NOTE)
        for pk in units
        for code, value in month_values(samples[pk], month - START)
    ]
    saved = save_grid(edits=edits, by=people.enterer, today=today)
    return send_submissions(submissions=saved, by=people.enterer, today=today)
