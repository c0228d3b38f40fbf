"""The data annex in Excel: every number of the snapshot as a number, to be counted with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from core.dates import format_moment
from core.export import Sheet, write_xlsx
from issuing.letter import BASIS_WORDS, STATUS_WORDS, Letter, full_name
from issuing.models import SnapshotRow
from programmes.choices import Basis, Status

_INDICATORS = (
    "STT", "Mã", "Trụ cột", "Chỉ số", "Đơn vị tính", "Trong kỳ", "Kết quả", "Tử số", "Mẫu số", "Cùng kỳ năm trước",
    "Tăng, giảm so cùng kỳ", "Kế hoạch", "Đến ngày", "Đạt % kế hoạch", "So với lộ trình", "Số đơn vị phải có số liệu",
    "Báo cáo trong kỳ", "Lấy số kỳ trước", "Chưa có số liệu", "Ước tính",
)  # fmt: skip


def excel(letter: Letter) -> bytes:
    """What the snapshot holds: about it, the indicators, and the units below with value, numerator and denominator."""
    footer = letter.footer
    sheets = [
        Sheet("Thông tin", ["Nội dung", "Giá trị"], _about(letter), footer=footer),
        Sheet("Chỉ số", _INDICATORS, (_indicator(number, row) for number, row in enumerate(letter.rows, 1)), footer),
    ]
    if letter.snapshot.units:
        heads = [f"{row.name} ({row.unit_label})" for row in letter.rows]
        sheets.append(Sheet("Theo đơn vị", ["STT", "Đơn vị", *heads], _units(letter), footer))
        parts = ["Đơn vị", "Mã", "Chỉ số", "Kết quả", "Tử số", "Mẫu số", "Báo cáo trong kỳ"]
        sheets.append(Sheet("Tử số, mẫu số", parts, _parts(letter), footer))
    content = io.BytesIO()
    write_xlsx(content, sheets)
    return content.getvalue()


def _about(letter: Letter) -> Iterator[tuple[str, Any]]:
    report, taken = letter.report, letter.snapshot
    yield "Đơn vị báo cáo", full_name(report.unit)
    yield "Chương trình", report.programme.name
    yield "Kỳ báo cáo", report.period.label
    yield "Báo cáo số", report.code or "chưa có"
    yield "Ngày ban hành", report.issued_on
    yield "Số liệu chụp lần", taken.number
    yield "Chụp lúc", format_moment(taken.taken_at)
    yield "Số liệu tính đến ngày", taken.as_of
    yield "Cách đọc", BASIS_WORDS[Basis(taken.basis)]


def _indicator(number: int, row: SnapshotRow) -> tuple[Any, ...]:
    gap = None if row.value is None or row.before is None else row.value - row.before
    share = row.value * 100 / row.target if row.value is not None and row.target else None
    return (
        number, row.code, row.pillar, row.name, row.unit_label, _shown(row, row.in_period), _shown(row, row.value),
        row.numerator, row.denominator, _shown(row, row.before), _shown(row, gap), row.target, row.target_due,
        None if share is None else round(share, 1), STATUS_WORDS[Status(row.status)], row.expected, row.reported,
        row.carried, row.missing, "có" if row.estimated else "",
    )  # fmt: skip


def _units(letter: Letter) -> Iterator[list[Any]]:
    for place, name in enumerate(letter.snapshot.units):
        yield [place + 1, name, *(_shown(row, _number(row, place, 0)) for row in letter.rows)]


def _parts(letter: Letter) -> Iterator[list[Any]]:
    for place, name in enumerate(letter.snapshot.units):
        for row in letter.rows:
            value, numerator, denominator = (_number(row, place, part) for part in range(3))
            said = "có" if row.below[place][3] else ""
            yield [name, row.code, row.name, _shown(row, value), numerator, denominator, said]


def _number(row: SnapshotRow, place: int, part: int) -> Decimal | None:
    found = row.below[place][part]
    return None if found is None else Decimal(found)


def _shown(row: SnapshotRow, value: Decimal | None) -> Decimal | None:
    """With the decimals of the indicator; what is below 100% stays below it, as in the letter."""
    if value is None:
        return None
    shown = round(value, row.decimals)
    step = Decimal(1).scaleb(-row.decimals)
    return shown - step if row.is_ratio and row.unit_label == "%" and value < 100 <= shown else shown
