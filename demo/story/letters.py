"""Two reports of Thái Nguyên on the programme of the Union: one issued, one drafted. Their numbers are the sample's."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from core.periods import make_month
from demo.accounts import today_unit
from issuing.actions.reports import draft_report, edit_text, issue_report
from issuing.choices import ReportKind, Signer
from issuing.models import IssuedReport
from issuing.periods import ReportPeriod
from jobs.actions import execute
from programmes.models import Programme
from units.choices import UnitKind

THIRD_QUARTER, YEAR_END = make_month(2026, 9), make_month(2026, 12)
NUMBER = 162
ASSESSMENT = """Các cấp Hội đã triển khai đồng bộ các nhiệm vụ chuyển đổi số; tỷ lệ cơ sở Hội có máy tính dùng tốt đạt \
[[INF-02]], cùng kỳ năm trước [[INF-02 cung-ky]].
Toàn tỉnh đã tập huấn kỹ năng số được [[TRN-02]]; tỷ lệ cán bộ Hội chuyên trách được tập huấn đạt [[TRN-01]]."""
DIFFICULTIES = """Một số cơ sở Hội vùng cao chưa có máy tính đáp ứng cấu hình tối thiểu.
Số liệu của một số xã còn gửi chậm so với quy định."""
TASKS = """Hoàn thành bàn giao máy tính đã được tài trợ cho các cơ sở Hội còn thiếu.
Tiếp tục tập huấn kỹ năng số cho cán bộ Hội cơ sở."""
PROPOSALS = "Đề nghị Đoàn Chủ tịch Trung ương Hội kết nối nguồn lực hỗ trợ máy tính cho cơ sở Hội vùng cao."


def letters(programme: Programme, officer: User, today: date) -> None:
    """The report of the third quarter is issued on the day of the story; that of the year is a draft."""
    unit = today_unit(UnitKind.PROVINCE, "19", "19")
    quarter = ReportPeriod(ReportKind.QUARTER, THIRD_QUARTER)
    report = _worked(draft_report(unit=unit, programme=programme, period=quarter, by=officer, today=today))
    edit_text(
        report=report,
        by=officer,
        assessment=ASSESSMENT,
        difficulties=DIFFICULTIES,
        tasks=TASKS,
        proposals=PROPOSALS,
        signer=Signer.VICE,
        signer_name="Nguyễn Thị Mẫu",
        recipients="Như trên\nBan Thường vụ Tỉnh ủy (để báo cáo)\nLưu: VT, BCTPN",
    )
    _worked(issue_report(report=report, number=NUMBER, on=today, by=officer, today=today))
    year = ReportPeriod(ReportKind.YEAR, YEAR_END)
    _worked(draft_report(unit=unit, programme=programme, period=year, by=officer, today=today))


def _worked(report: IssuedReport) -> IssuedReport:
    """What the worker would do, at once, so that the story goes on."""
    if report.job is not None:
        execute(report.job.pk)
    return IssuedReport.objects.select_related("unit", "programme", "job", "replaces").get(pk=report.pk)
