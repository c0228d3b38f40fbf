"""Programmes, pillars, tasks and targets of the sample."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from demo.story.keepers import LAST_DAY_OF_OLD, NEW_ORDER, Keepers, province
from programmes.actions.plans import add_pillar, choose_indicators, create_programme, create_task, report_task_progress
from programmes.actions.targets import set_target
from programmes.choices import TaskState
from programmes.models import Indicator, Programme
from programmes.rules import ProgrammeDetails, ProgressReport, TargetDetails, TaskDetails
from units.models import Unit

TOLD_ON = date(2026, 11, 16)
TASKS = Path(__file__).resolve().parent.parent / "data" / "tasks.csv"


@dataclass(frozen=True)
class Programmes:
    union: Programme
    resolution: Programme
    startup: Programme


UNION = (
    ("Hạ tầng, thiết bị", ("INF-02", "INF-01", "INF-03", "INF-04", "INF-09", "INF-08")),
    ("Điều hành số của Hội", ("GOV-02", "GOV-03", "GOV-01", "GOV-04")),
    ("Truyền thông trên nền tảng số", ("COM-01", "COM-03")),
    (
        "Kỹ năng số của cán bộ, hội viên",
        ("TRN-01", "TRN-02", "TRN-04", "SOC-06", "SOC-01", "SOC-03", "SOC-05", "SOC-17"),
    ),
)
STARTUP = (
    ("Khởi nghiệp", ("ECO-01", "ECO-02", "ECO-14")),
    ("Kinh tế tập thể", ("ECO-15", "ECO-03")),
)
RESOLUTION = (
    ("Chính quyền số", ("PRV-02", "PRV-06", "PRV-09", "GOV-01")),
    ("Kinh tế số", ("PRV-10", "SOC-05", "ECO-16")),
    ("Xã hội số", ("SOC-01", "SOC-03", "SOC-06", "INF-02")),
)


UNION_DETAILS = ProgrammeDetails(
    code="CDS-HOI",
    name="Chuyển đổi số trong hoạt động Hội LHPN Việt Nam, nhiệm kỳ 2022–2027",
    short_name="Chuyển đổi số trong Hội",
    start=date(2022, 3, 11),
    end=date(2027, 12, 31),
    legal_basis="Nghị quyết Đại hội đại biểu phụ nữ toàn quốc lần thứ XIII",
    description="Khâu đột phá: đổi mới phương thức hoạt động, trọng tâm là ứng dụng công nghệ thông tin.",
)
STARTUP_DETAILS = ProgrammeDetails(
    code="DA-939",
    name="Đề án Hỗ trợ phụ nữ khởi nghiệp giai đoạn 2017–2025",
    short_name="Đề án 939",
    start=date(2017, 6, 30),
    end=date(2025, 12, 31),
    legal_basis="Quyết định 939/QĐ-TTg ngày 30/6/2017",
)
RESOLUTION_DETAILS = ProgrammeDetails(
    code="NQ01-TN",
    name="Chương trình chuyển đổi số tỉnh Thái Nguyên giai đoạn 2021–2025, định hướng đến năm 2030",
    short_name="Nghị quyết 01 Thái Nguyên",
    start=date(2020, 12, 31),
    end=date(2030, 12, 31),
    legal_basis="Nghị quyết số 01-NQ/TU của Ban Chấp hành Đảng bộ tỉnh",
    description="Kế hoạch với 37 nhiệm vụ lớn trên ba trụ cột; nội dung từng nhiệm vụ ở đây là dữ liệu mẫu.",
)


def programmes(people: Keepers) -> Programmes:
    """The Union's own programme, the province's resolution with its 37 tasks, and Đề án 939."""
    centre = Unit.objects.get(code="TW")
    union = _programme(people, centre, UNION, UNION_DETAILS)
    startup = _programme(people, centre, STARTUP, STARTUP_DETAILS)
    resolution = _programme(people, province("19", NEW_ORDER), RESOLUTION, RESOLUTION_DETAILS)
    _tasks(people, resolution)
    return Programmes(union, resolution, startup)


def _programme(
    people: Keepers, owner: Unit, pillars: tuple[tuple[str, tuple[str, ...]], ...], details: ProgrammeDetails
) -> Programme:
    programme = create_programme(owner=owner, details=details, by=people.national, today=TOLD_ON)
    for name, codes in pillars:
        pillar = add_pillar(programme=programme, name=name, by=people.national)
        found = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
        choose_indicators(
            programme=programme, indicators=[found[code] for code in codes], pillar=pillar, by=people.national
        )
    return programme


def task_names() -> dict[str, list[str]]:
    """The 37 invented names by pillar; the number 37 and the three pillars are the article's."""
    found: dict[str, list[str]] = {}
    with TASKS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["pillar"], []).append(row["name"])
    return found


def _tasks(people: Keepers, programme: Programme) -> None:
    """37 tasks: the first is done as the article says, the others stand where the sample puts them."""
    names = task_names()
    number = 0
    for pillar in programme.pillars.order_by("order"):
        for name in names[pillar.name]:
            number += 1
            due = (
                date(2025, 12, 31)
                if number % 2 or number % 8 == 0
                else date(2026, 12, 31) + timedelta(days=91 * (number % 5))
            )
            task = create_task(
                programme=programme,
                by=people.officer,
                today=TOLD_ON,
                sample=True,
                details=TaskDetails(name=name, owner=programme.owner, due=due, pillar=pillar, owner_name=_body(number)),
            )
            report = _report(number)
            if report is not None:
                report_task_progress(task=task, report=report, by=people.officer, today=TOLD_ON)


def _body(number: int) -> str:
    bodies = ("Sở Khoa học và Công nghệ", "Văn phòng UBND tỉnh", "Hội LHPN tỉnh", "Công an tỉnh", "Sở Công Thương")
    return bodies[number % len(bodies)]


def _report(number: int) -> ProgressReport | None:
    if number == 1 or number % 2:
        return ProgressReport(on=date(2026, 6, 30), state=TaskState.DONE)
    if number % 6 == 0:
        return None
    return ProgressReport(on=date(2026, 10, 30), state=TaskState.DOING, progress=30 + 7 * (number % 9))


def targets(people: Keepers, found: Programmes) -> None:
    """Targets from the articles, and sample ones that give the other indicators a path."""
    old, new = province("19", LAST_DAY_OF_OLD), province("19", NEW_ORDER)
    indicators = {one.code: one for one in Indicator.objects.all()}

    def target(code: str, unit: Unit, value: str, due: date, baseline: str, on: date, source: str = "") -> None:
        set_target(
            programme=found.union,
            indicator=indicators[code],
            unit=unit,
            by=people.national,
            sample=not source,
            details=TargetDetails(Decimal(value), due, Decimal(baseline), on, source),
        )

    source = "Định hướng hoạt động năm 2024 của Trung ương Hội LHPN Việt Nam (bài báo tháng 10/2023)"
    for code in ("INF-01", "INF-02"):
        target(code, old, "100", date(2024, 12, 31), "6.21", date(2023, 10, 26), source)
        target(code, new, "100", date(2026, 12, 31), "84", date(2025, 7, 1))
    target("INF-03", new, "0", date(2026, 12, 31), "8", date(2025, 7, 1))
    start, due = date(2025, 7, 1), date(2027, 12, 31)
    sample = {
        "INF-09": ("100", "80"),
        "GOV-02": ("100", "70"),
        "GOV-03": ("98", "75"),
        "COM-01": ("100", "90"),
        "COM-03": ("100", "85"),
        "TRN-01": ("100", "60"),
        "SOC-06": ("80", "20"),
        "SOC-01": ("95", "80"),
        "SOC-03": ("70", "22"),
        "SOC-05": ("80", "40"),
        "GOV-04": ("90", "55"),
        "GOV-01": ("95", "60"),
        "INF-08": ("100", "15"),
    }
    for code, (value, baseline) in sample.items():
        for unit in (new, province("38", NEW_ORDER), province("92", NEW_ORDER), province("31", NEW_ORDER)):
            target(code, unit, value, due, baseline, start)
