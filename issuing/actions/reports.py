"""A report on its way: drafted, edited, issued under a number, withdrawn, replaced."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import first_day
from core.verdicts import require
from issuing import wording
from issuing.actions.making import ask_for_figures, ask_for_files
from issuing.choices import ReportState
from issuing.letter import full_name, mark_of
from issuing.models import IssuedReport
from issuing.periods import ReportPeriod
from issuing.permissions import may_change, may_draft, may_replace, may_withdraw
from issuing.queries.freezing import chosen_of
from programmes.choices import Basis
from programmes.models import Programme
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

TEXTS = ("assessment", "difficulties", "tasks", "proposals")
_HABITS = ("addressees", "recipients", "place", "signs_for", "signer", "signer_name")


class ReportText(TypedDict, total=False):
    """What is written by hand in a report."""

    subject: str
    addressees: str
    assessment: str
    difficulties: str
    tasks: str
    proposals: str
    recipients: str
    place: str
    signs_for: str
    signer: str
    signer_name: str


@transaction.atomic
def draft_report(
    *, unit: Unit, programme: Programme, period: ReportPeriod, by: User, today: date, basis: Basis = Basis.TODAY
) -> IssuedReport:
    """A new draft with the habits of the unit's last report; its figures are frozen and its files made by a job."""
    require(may_draft(by, unit))
    if first_day(period.first_month) > today:
        raise ValidationError({"period": _("This period has not begun yet.")})
    if not programme.binds(unit):
        raise ValidationError({"programme": _("This programme does not bind the unit.")})
    report = IssuedReport(
        unit=unit,
        programme=programme,
        kind=period.kind,
        month=period.month,
        basis=basis,
        subject=f"Kết quả thực hiện {programme.name} {period.in_letter}"[:300],
        mark=mark_of(unit),
        edited_at=timezone.now(),
        created_by=by,
        **_habits(unit, programme),
    )
    return _begin(report, by)


@transaction.atomic
def edit_text(*, report: IssuedReport, by: User, **values: Unpack[ReportText]) -> IssuedReport:
    """Changes what differs. Raises ValidationError at a text that quotes a number the report does not have."""
    require(may_change(by, report))
    _check_quotes(report, values)
    before, after = audit.changes(report, dict(values))
    if not after:
        return report
    for name, value in after.items():
        setattr(report, name, value)
    report.edited_at = timezone.now()
    report.save(update_fields=[*after, "edited_at", "search"])
    audit.record(by=by, action="issuing.edit", obj=report, unit_id=report.unit_id, before=before, after=after)
    return report


@transaction.atomic
def issue_report(*, report: IssuedReport, number: int, on: date, by: User, today: date) -> IssuedReport:
    """The clerk types in the number and the day that the paper got; the files are made again with both."""
    require(may_change(by, report))
    taken = report.snapshot
    if taken is None or report.at_work:
        raise ValidationError(_("The figures are still being frozen. Wait for the files, then issue the report."))
    if on > today or on < taken.as_of:
        raise ValidationError({"on": _("The day lies between the day of the figures and today.")})
    same = IssuedReport.objects.filter(unit=report.unit, mark=report.mark, number=number, issued_on__year=on.year)
    if same.exists():
        raise ValidationError({"number": _("The unit has already issued a report with this number this year.")})
    report.state, report.number, report.issued_on, report.issued_by = ReportState.ISSUED, number, on, by
    report.save(update_fields=["state", "number", "issued_on", "issued_by", "search"])
    after = {"number": report.code, "on": on, "snapshot": taken.number}
    audit.record(by=by, action="issuing.issue", obj=report, unit_id=report.unit_id, after=after)
    return ask_for_files(report=report, by=by)


@transaction.atomic
def withdraw_report(*, report: IssuedReport, reason: str, by: User, today: date) -> IssuedReport:
    """Takes an issued report back; it stays readable, marked, with the reason."""
    require(may_withdraw(by, report))
    report.state, report.withdrawn_on, report.withdrawal_reason = ReportState.WITHDRAWN, today, reason
    report.save(update_fields=["state", "withdrawn_on", "withdrawal_reason", "search"])
    audit.record(by=by, action="issuing.withdraw", obj=report, unit_id=report.unit_id, reason=reason)
    return report


@transaction.atomic
def replace_report(*, report: IssuedReport, by: User) -> IssuedReport:
    """A draft with the same text and the figures of now, linked to the old report; the one that exists is returned."""
    require(may_replace(by, report))
    drafted = report.replacements.filter(state=ReportState.DRAFT).first()
    if drafted is not None:
        return drafted
    kept = ("unit", "programme", "kind", "month", "basis", "subject", "mark", *TEXTS, *_HABITS)
    copied: dict[str, Any] = {name: getattr(report, name) for name in kept}
    fresh = IssuedReport(**copied, replaces=report, edited_at=timezone.now(), created_by=by)
    return _begin(fresh, by)


@transaction.atomic
def discard_draft(*, report: IssuedReport, by: User) -> None:
    """Removes a draft with its snapshots and files; what was issued is never removed."""
    require(may_change(by, report))
    after = {"subject": report.subject, "period": report.period.key}
    audit.record(by=by, action="issuing.discard", obj=report, unit_id=report.unit_id, before=after)
    for file in report.files.all():
        transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
    report.delete()


def _begin(report: IssuedReport, by: User) -> IssuedReport:
    report.full_clean(exclude=["search", "issued_on"])  # PostgreSQL cannot take the year of a day that is not there
    report.save()
    after = {"programme": report.programme, "period": report.period.key, "replaces": report.replaces}
    audit.record(by=by, action="issuing.draft", obj=report, unit_id=report.unit_id, after=after)
    return ask_for_figures(report=report, by=by)


def _habits(unit: Unit, programme: Programme) -> dict[str, Any]:
    """Who gets it and who signs: as in the unit's last report on the programme, else what is usual."""
    last = IssuedReport.objects.filter(unit=unit, programme=programme).order_by("-pk").first()
    if last is not None:
        return {name: getattr(last, name) for name in _HABITS}
    above = Unit.objects.get_parent(unit)
    body = "Đoàn Chủ tịch" if above is not None and above.kind == UnitKind.CENTRE else "Ban Thường vụ"
    addressees = f"{body} {full_name(above)}" if above is not None else ""
    recipients = "Như trên\nLưu: VT" if above is not None else "Lưu: VT"
    return {
        "addressees": addressees,
        "recipients": recipients,
        "place": unit.short_name,
        "signs_for": "Ban Thường vụ",
    }


def _check_quotes(report: IssuedReport, values: ReportText) -> None:
    codes = [one.indicator.code for one in chosen_of(report)]
    problems: dict[str, str] = {}
    for name in TEXTS:
        if unknown := wording.unknown_codes(str(values.get(name, "")), codes):
            problems[name] = _("“[[%(code)s]]” is no number of this report. Codes stand in the table of figures.") % {
                "code": unknown[0]
            }
    if problems:
        raise ValidationError(problems)
