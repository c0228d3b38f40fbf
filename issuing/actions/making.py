"""Freezing the figures of a report and making its files: asked for on the page, done by the worker."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from core.verdicts import require
from issuing import annex, paper, word
from issuing.choices import FileKind
from issuing.letter import Letter
from issuing.models import IssuedReport, ReportFile, ReportTemplate, Snapshot, SnapshotRow
from issuing.permissions import may_change, may_make
from issuing.queries.freezing import fill_below, rows_now, scope_of, units_below
from issuing.queries.templates import template_for
from jobs.actions import ask
from programmes.models import Task
from programmes.queries.plans import task_summary

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from programmes.choices import Basis

WORK = "issuing.make"
Step = Callable[[int, int], None]


@transaction.atomic
def ask_for_figures(*, report: IssuedReport, by: User) -> IssuedReport:
    """A new snapshot, then the files made of it."""
    require(may_change(by, report))
    last = report.snapshots.order_by("-number").values_list("number", flat=True).first() or 0
    return _ask(report, by, snapshot=last + 1)


@transaction.atomic
def ask_for_files(*, report: IssuedReport, by: User) -> IssuedReport:
    """The files of the newest snapshot and of the text as it is now."""
    require(may_make(by, report))
    return _ask(report, by, snapshot=0)


def _ask(report: IssuedReport, by: User, *, snapshot: int) -> IssuedReport:
    """The number of the snapshot goes along, so that work that is done twice does not take two."""
    if report.at_work:
        return report
    report.job = ask(kind=WORK, arguments={"report": report.pk, "snapshot": snapshot}, by=by)
    report.save(update_fields=["job"])
    return report


def take_snapshot(report: IssuedReport, number: int, by: User | None, today: date, step: Step) -> Snapshot:
    """Freezes every figure of the report. Taken once for its number, whatever how often the work runs."""
    known = report.snapshots.filter(number=number).first()
    if known is not None:
        return known
    scope = scope_of(report, today)
    rows, units = rows_now(report, scope), units_below(scope)
    tasks = task_summary(Task.objects.filter(programme=report.programme), scope.as_of)
    fill_below(rows, units, scope, step)
    with transaction.atomic():
        taken = Snapshot.objects.create(
            report=report,
            number=number,
            taken_at=timezone.now(),
            taken_by=by,
            month=scope.month,
            as_of=scope.as_of,
            basis=cast("Basis", scope.basis),  # a report is read one of these two ways
            tasks_done=tasks.done,
            tasks_total=tasks.total,
            tasks_late=tasks.late,
            units=[unit.name for unit in units],
        )
        for row in rows:
            row.snapshot = taken
        SnapshotRow.objects.bulk_create(rows)
        after = {"number": number, "month": scope.month, "rows": len(rows), "units": len(units)}
        audit.record(by=by, action="issuing.snapshot", obj=report, unit_id=report.unit_id, after=after)
    return taken


def make_files(report: IssuedReport, taken: Snapshot, step: Step) -> list[ReportFile]:
    """Word, PDF and Excel of one snapshot. All three or none: a letter and its annex belong together."""
    begun, letter = timezone.now(), Letter.of(report, taken)
    fields, template = letter.fields(), template_for(report.unit)
    contents = [(FileKind.WORD, word_file(template, fields))]
    step(1, 3)
    contents.append((FileKind.PDF, paper.pdf(fields)))
    step(2, 3)
    contents.append((FileKind.EXCEL, annex.excel(letter)))
    step(3, 3)
    made = {FileKind.WORD: template}
    with transaction.atomic():
        return [_keep(report, taken, made.get(kind), kind, content, begun) for kind, content in contents]


def word_file(template: ReportTemplate | None, fields: dict[str, object]) -> bytes:
    """By the unit's own template, or by the standard one."""
    if template is None:
        return word.render(word.STANDARD, fields)
    with template.file.open("rb") as content, tempfile.SpooledTemporaryFile() as copy:
        copy.write(content.read())
        copy.seek(0)
        return word.render(copy, fields)


def _keep(
    report: IssuedReport, taken: Snapshot, template: ReportTemplate | None, kind: FileKind, content: bytes, at: datetime
) -> ReportFile:
    """`at`: when the text was read, not when the file was ready, for it may have been edited meanwhile."""
    row = ReportFile(
        report=report,
        snapshot=taken,
        template=template,
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        numbered=report.number is not None,
        made_at=at,
    )
    row.file.save("report", ContentFile(content), save=False)
    row.save()
    return row
