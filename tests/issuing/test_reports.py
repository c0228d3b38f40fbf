"""A report on its way: drafted with frozen figures, edited, issued, compared with later corrections, replaced."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from core.verdicts import Denied
from issuing.actions import making, reports
from issuing.actions.comparing import compare_issued
from issuing.choices import ReportKind
from issuing.models import IssuedReport, SnapshotRow
from issuing.queries.changed import changes_since
from issuing.queries.quoted import quoting
from jobs.models import JobState
from programmes.choices import Basis
from programmes.models import Indicator, Measure
from tests.issuing.conftest import SEPTEMBER, TODAY, Desk
from units.duties import duties_of

pytestmark = pytest.mark.django_db


def trail(report: IssuedReport) -> list[str]:
    rows = AuditEntry.objects.filter(object_type="issuing.issuedreport", object_id=str(report.pk)).order_by("pk")
    return [row.action.removeprefix("issuing.") for row in rows]


def test_a_draft_freezes_what_the_dashboard_shows(desk: Desk) -> None:
    report = desk.draft()
    taken = report.snapshot
    rows = {row.code: row for row in taken.rows.all()}
    share, members, flow = rows["SOC-01"], rows["ORG-03"], rows["ECO-01"]
    assert (taken.number, taken.month, taken.as_of, taken.basis) == (1, SEPTEMBER, date(2026, 9, 30), Basis.TODAY)
    assert (share.value, share.numerator, share.denominator, share.before, share.target) == (82, 820, 1000, 42, 90)
    assert (share.expected, share.reported, share.carried, share.missing) == (4, 2, 0, 2)
    assert (members.value, members.before, members.in_period) == (1000, 1000, None)
    assert (flow.value, flow.before, flow.in_period) == (6, 3, 3)  # since the programme began; what the quarter added
    assert taken.units == ["Xã Đại Phúc", "Hội Phụ nữ Công an tỉnh", "Xã Phú Đình", "Xã Tân Cương"]
    assert share.below == [
        ["86.666667", "780", "900", True], [None, None, None, False], [None, None, None, False],
        ["40", "40", "100", True],
    ]  # fmt: skip
    assert sorted(report.files.values_list("kind", "numbered")) == [("docx", False), ("pdf", False), ("xlsx", False)]
    assert trail(report) == ["draft", "snapshot"]


def test_the_same_work_done_twice_takes_one_snapshot(desk: Desk) -> None:
    report = desk.draft()
    making.take_snapshot(report, 1, None, TODAY, lambda done, total: None)
    assert report.snapshots.count() == 1
    assert desk.freeze(report).snapshot.number == 2
    assert trail(report).count("snapshot") == 2


def test_text_is_edited_and_quotes_numbers_of_the_snapshot(desk: Desk) -> None:
    report, by = desk.draft(), desk.cast.officer
    with pytest.raises(ValidationError) as refusal:
        reports.edit_text(report=report, by=by, assessment="Đạt [[SOC-1]]")
    assert list(refusal.value.message_dict) == ["assessment"]
    text = "Tỷ lệ đạt [[SOC-01]], cùng kỳ [[soc-01 cung-ky]], kế hoạch [[SOC-01 chi-tieu]]; hội viên [[ORG-03]]."
    reports.edit_text(report=report, by=by, assessment=text)
    desk.record({(desk.cast.tan_cuong, "MB-VNEID"): 100})  # later than the snapshot: the letter does not follow
    from issuing.letter import Letter

    fields = Letter.of(report, report.snapshot).fields()
    told = "Tỷ lệ đạt 82%, cùng kỳ 42%, kế hoạch 90%; hội viên 1.000 người."
    assert fields["danh_gia"] == [{"noi_dung": told, "de_muc": False}]
    assert trail(report)[-1] == "edit"


def test_a_report_is_issued_under_its_number_once_a_year(desk: Desk) -> None:
    first, by = desk.draft(), desk.cast.officer
    for wrong in ({"number": 5, "on": date(2026, 11, 23)}, {"number": 5, "on": date(2026, 9, 29)}):
        with pytest.raises(ValidationError) as refusal:
            reports.issue_report(report=first, by=by, today=TODAY, **wrong)
        assert list(refusal.value.message_dict) == ["on"]
    issued = desk.issue(first)
    assert (issued.code, issued.is_issued) == ("05/BC-BTV", True)
    assert set(issued.files.filter(numbered=True).values_list("kind", flat=True)) == {"docx", "pdf", "xlsx"}
    for refused in (
        lambda: reports.edit_text(report=issued, by=by, subject="Khác"),
        lambda: making.ask_for_figures(report=issued, by=by),
        lambda: making.ask_for_files(report=issued, by=by),
        lambda: reports.discard_draft(report=issued, by=by),
    ):
        with pytest.raises(Denied):
            refused()
    second = desk.draft(kind=ReportKind.NINE)
    with pytest.raises(ValidationError) as refusal:
        desk.issue(second, number=5)
    assert list(refusal.value.message_dict) == ["number"]
    assert desk.issue(second, number=6).code == "06/BC-BTV"


def test_a_correction_names_the_reports_that_quote_the_figure(desk: Desk) -> None:
    cast, share = desk.cast, Indicator.objects.get(code="SOC-01")
    report = desk.issue(desk.draft())
    assert changes_since(report, TODAY) == []
    assert compare_issued(today=TODAY, now=timezone.now()) == 0
    desk.record({(cast.tan_cuong, "MB-VNEID"): 90})
    (change,) = changes_since(report, TODAY)
    assert (change.row.code, change.name, change.then, change.now) == (
        "SOC-01", "value", "82% (820/1.000)", "87% (870/1.000)",
    )  # fmt: skip

    found = quoting(cast.officer, cast.tan_cuong, share.numerator, SEPTEMBER)
    assert list(found) == [report]
    assert list(quoting(cast.officer, cast.tan_cuong, share.numerator, SEPTEMBER + 1)) == []  # later than the report
    assert list(quoting(cast.officer, cast.tan_cuong, share.numerator, SEPTEMBER - 12)) == [report]  # of last year
    assert list(quoting(cast.officer, cast.thai_nguyen, share.numerator, SEPTEMBER - 2)) == []  # a total of its month
    assert list(quoting(cast.officer, cast.sam_son, share.numerator, SEPTEMBER)) == []
    assert list(quoting(cast.enterer, cast.tan_cuong, share.numerator, SEPTEMBER)) == []  # sees no province
    unquoted = Measure.objects.exclude(pk__in=Indicator.objects.values("numerator")).filter(kind="stock").first()
    assert list(quoting(cast.officer, cast.tan_cuong, unquoted, SEPTEMBER)) == []

    assert compare_issued(today=TODAY, now=timezone.now()) == 1
    titles = [str(duty.title) for duty in duties_of(cast.officer) if duty.kind == "report"]
    assert titles == ["1 số trong báo cáo 05/BC-BTV đã thay đổi từ khi phát hành"]
    assert [duty for duty in duties_of(cast.leader) if duty.kind == "report"] == []

    fresh = desk.work(reports.replace_report(report=report, by=cast.officer))
    assert reports.replace_report(report=report, by=cast.officer) == fresh  # asked twice, drafted once
    assert (fresh.replaces, fresh.assessment, fresh.snapshot.rows.get(code="SOC-01").value) == (report, "", 87)
    desk.issue(fresh, number=7, on=TODAY)
    assert report.replacement == fresh
    assert list(quoting(cast.officer, cast.tan_cuong, share.numerator, SEPTEMBER)) == [fresh, report]
    assert [duty for duty in duties_of(cast.officer) if duty.kind == "report"] == []


def test_a_flow_is_quoted_by_every_month_of_its_window(desk: Desk) -> None:
    measure = Indicator.objects.get(code="ECO-01").numerator
    report, officer = desk.issue(desk.draft()), desk.cast.officer
    first = SnapshotRow.objects.get(snapshot=report.snapshot, code="ECO-01").first
    asked = (first - 13, first - 12, first, SEPTEMBER - 12, SEPTEMBER, SEPTEMBER + 1)
    quoted = [month for month in asked if quoting(officer, desk.cast.tan_cuong, measure, month)]
    assert quoted == list(asked[1:-1])


def test_who_may_and_who_may_not(desk: Desk) -> None:
    cast, report = desk.cast, desk.draft()
    for person in (cast.leader, cast.enterer, cast.foreign_officer, cast.nobody):
        with pytest.raises(Denied):
            reports.edit_text(report=report, by=person, subject="Khác")
    for person in (cast.officer2, cast.admin, cast.national):
        reports.edit_text(report=report, by=person, subject=f"Của {person.username}")
    seen = {name for name in ("officer", "leader", "admin", "national", "enterer", "signer", "foreign_officer")
            if report in IssuedReport.objects.visible_to(getattr(cast, name))}  # fmt: skip
    assert seen == {"officer", "leader", "admin", "national"}
    asked = making.ask_for_figures(report=report, by=cast.officer)
    cast.officer.grants.update(valid_to=date(2026, 11, 1))
    done = desk.work(asked)  # the right was taken away while the work waited
    assert (done.job.state, done.snapshots.count()) == (JobState.PARKED, 1)


def test_withdrawn_stays_and_a_draft_may_go(desk: Desk, client_of, django_capture_on_commit_callbacks) -> None:
    cast = desk.cast
    issued = desk.issue(desk.draft())
    withdrawn = reports.withdraw_report(report=issued, reason="Sai kỳ báo cáo", by=cast.officer, today=TODAY)
    page = client_of(cast.leader).get(reverse("issuing:detail", args=[issued.pk])).content.decode()
    assert "Sai kỳ báo cáo" in page
    with pytest.raises(Denied):
        reports.withdraw_report(report=withdrawn, reason="Lại", by=cast.officer, today=TODAY)
    draft = desk.draft(kind=ReportKind.MONTH)
    storage, names = draft.files.first().file.storage, [one.file.name for one in draft.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        reports.discard_draft(report=draft, by=cast.officer)
    assert not IssuedReport.objects.filter(pk=draft.pk).exists()
    assert [storage.exists(name) for name in names] == [False] * 3


def test_a_period_that_has_not_begun_and_a_programme_of_others_are_refused(desk: Desk) -> None:
    with pytest.raises(ValidationError) as refusal:
        desk.draft(month=SEPTEMBER + 6)
    assert list(refusal.value.message_dict) == ["period"]
    with pytest.raises(ValidationError) as refusal:
        reports.draft_report(
            unit=desk.cast.thanh_hoa, programme=desk.programme, by=desk.cast.national, today=TODAY,
            period=desk.draft().period,
        )  # fmt: skip
    assert list(refusal.value.message_dict) == ["programme"]
    running = desk.draft(kind=ReportKind.YEAR, month=SEPTEMBER + 3)
    assert running.snapshot.month == SEPTEMBER + 2  # of the year so far
