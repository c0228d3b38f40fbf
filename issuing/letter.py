"""What a report says, field by field: the same values fill the Word template and the PDF.

The text is Vietnamese whatever the language of the pages, for it is an official letter. Layout and rules: Nghị định
30/2020/NĐ-CP, annex I. Names of fields are Vietnamese without tones: offices write them into their own templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from core.dates import format_date, format_moment, long_date
from core.numbers import format_number
from issuing import wording
from issuing.choices import Signer
from issuing.models import IssuedReport, Snapshot, SnapshotRow
from programmes.choices import Basis, Status
from units.models import Unit

COLUMNS = 5  # indicators beside each other in a table of units: more do not fit a portrait page
BLANK_NUMBER, BLANK_DAY, BLANK_MONTH = " " * 8, " " * 5, " " * 5
STATUS_WORDS = {
    Status.REACHED: "Đạt",
    Status.ON_TRACK: "Đúng tiến độ",
    Status.AT_RISK: "Có nguy cơ",
    Status.BEHIND: "Chậm",
    Status.UNKNOWN: "Chưa đủ số liệu",
    Status.NONE: "–",
}
BASIS_WORDS = {Basis.THEN: "theo đơn vị tại thời điểm đó", Basis.TODAY: "theo đơn vị hiện nay"}


@dataclass(frozen=True)
class Letter:
    """A report and one snapshot of it, with its rows read once."""

    report: IssuedReport
    snapshot: Snapshot
    rows: tuple[SnapshotRow, ...]

    @classmethod
    def of(cls, report: IssuedReport, snapshot: Snapshot) -> Letter:
        return cls(report, snapshot, tuple(snapshot.rows.select_related("indicator").order_by("place")))

    @property
    def footer(self) -> str:
        """Stands on every page and sheet: which snapshot the figures are of, and how they were read."""
        taken = self.snapshot
        return (
            f"Số liệu chụp lần {taken.number}, lúc {format_moment(taken.taken_at)}; tính đến ngày "
            f"{format_date(taken.as_of)}; {BASIS_WORDS[Basis(taken.basis)]}. Cổng theo dõi chuyển đổi số."
        )

    def fields(self) -> dict[str, Any]:
        """The values of all fields; `issuing.fields` says what each one means."""
        return {
            **self._head(),
            **self._opening(),
            **self._results(),
            **self._texts(),
            **self._end(),
            **self._annexes(),
            "chan_trang": self.footer,
        }

    # --- parts ---

    def _head(self) -> dict[str, Any]:
        report = self.report
        return {
            "co_quan_chu_quan": parent_body(report.unit).upper(),
            "co_quan_ban_hanh": issuing_body(report.unit).upper(),
            "ten_don_vi": full_name(report.unit),
            "so_ky_hieu": f"Số: {report.code or f'{BLANK_NUMBER}/{report.mark}'}",
            "dia_danh_ngay": f"{report.place}, {self._day()}",
            "trich_yeu": report.subject,
            "kinh_gui": wording.listed(report.addressees),
            "chuong_trinh": report.programme.name,
            "ky_bao_cao": report.period.in_letter,
            "ngay_so_lieu": format_date(self.snapshot.as_of),
        }

    def _day(self) -> str:
        """Left open until the clerk has the day; the year of an unnumbered letter is that of its figures or now."""
        if self.report.issued_on:
            return long_date(self.report.issued_on)
        return f"ngày{BLANK_DAY}tháng{BLANK_MONTH}năm {self.snapshot.taken_at.year}"

    def _opening(self) -> dict[str, Any]:
        report = self.report
        first = (
            f"Thực hiện {report.programme.name}, {full_name(report.unit)} báo cáo kết quả {report.period.in_letter} "
            f"(số liệu tính đến ngày {format_date(self.snapshot.as_of)}) như sau:"
        )
        return {"mo_dau": [*self._replaced(), first], "tinh_hinh": list(self._completeness())}

    def _replaced(self) -> Iterator[str]:
        old = self.report.replaces
        if old is not None:
            day = f", {long_date(old.issued_on)}" if old.issued_on else ""
            yield f"Báo cáo này thay thế Báo cáo số {old.code}{day}."

    def _completeness(self) -> Iterator[str]:
        """How far the figures can be trusted, before anything is said of them."""
        asked = [row for row in self.rows if row.expected and not row.computed]
        taken, units = self.snapshot, max((row.expected for row in asked), default=0)
        if asked:
            full = sum(row.missing == 0 for row in asked)
            least = max(row.missing for row in asked)
            text = f"{full}/{len(asked)} chỉ số do đơn vị báo cáo có đủ số liệu của {format_number(units)} đơn vị"
            yield f"{text}; chỉ số thiếu nhiều nhất còn {least} đơn vị chưa có số liệu." if least else f"{text}."
        computed = sum(row.computed for row in self.rows)
        if computed:
            yield f"{computed} chỉ số được tính từ sổ theo dõi thiết bị, tập huấn, đơn vị và nhiệm vụ trên Cổng."
        if taken.tasks_total:
            late = f", {taken.tasks_late} nhiệm vụ quá hạn" if taken.tasks_late else ""
            yield f"Đã hoàn thành {taken.tasks_done}/{taken.tasks_total} nhiệm vụ của chương trình{late}."
        counts = [(words, sum(row.status == status for row in self.rows)) for status, words in STATUS_WORDS.items()]
        found = [f"{words.lower()} {count}" for words, count in counts if count and words != "–"]
        if found:
            yield f"So với lộ trình kế hoạch, trong {len(self.rows)} chỉ số: {', '.join(found)}."

    def _results(self) -> dict[str, Any]:
        cells = [_cells(number, row) for number, row in enumerate(self.rows, start=1)]
        groups = groupby(zip(self.rows, cells, strict=True), key=lambda pair: pair[0].pillar)
        pillars = [
            {"chu": wording.LETTERS[place % len(wording.LETTERS)], "ten": name, "chi_so": [one for _row, one in some]}
            for place, (name, some) in enumerate(groups)
        ]
        return {"tru_cot": pillars, "chi_so": cells}

    def _texts(self) -> dict[str, Any]:
        report = self.report
        parts = [
            ("KHÓ KHĂN, VƯỚNG MẮC", report.difficulties),
            ("NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI", report.tasks),
            ("ĐỀ XUẤT, KIẾN NGHỊ", report.proposals),
        ]
        told = [(title, self._paragraphs(text)) for title, text in parts if text.strip()]
        return {
            "danh_gia": self._paragraphs(report.assessment),
            "cac_phan": [
                {"so": wording.ROMAN[place], "tieu_de": title, "doan": doan}
                for place, (title, doan) in enumerate(told, start=1)
            ],
            "ket": f"Trên đây là báo cáo {lowered(report.subject)} của {full_name(report.unit)}./.",
        }

    def _paragraphs(self, text: str) -> list[dict[str, Any]]:
        ready = wording.with_figures(text, {row.code: row for row in self.rows})
        return [{"noi_dung": one.text, "de_muc": one.heading} for one in wording.paragraphs(ready)]

    def _end(self) -> dict[str, Any]:
        report = self.report
        lines = [f"TM. {report.signs_for.upper()}"] if report.signs_for else []
        lines += ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"] if report.signer == Signer.VICE else ["CHỦ TỊCH"]
        recipients = wording.listed(report.recipients)
        return {
            "chuc_vu_ky": lines,
            "nguoi_ky": report.signer_name,
            "noi_nhan": [
                f"- {line}{'.' if place == len(recipients) else ';'}" for place, line in enumerate(recipients, start=1)
            ],
        }

    def _annexes(self) -> dict[str, Any]:
        tables = _tables(self.rows, self.snapshot.units)
        report = self.report
        day = long_date(report.issued_on) if report.issued_on else f"ngày{BLANK_DAY}tháng{BLANK_MONTH}năm"
        return {
            "ten_phu_luc_1": "Phụ lục I" if tables else "Phụ lục",
            "ten_phu_luc_2": "Phụ lục II",
            "kem_theo": f"(Kèm theo Báo cáo số {report.code or f'{BLANK_NUMBER}/{report.mark}'} {day} "
            f"của {full_name(report.unit)})",
            "co_phu_luc_2": bool(tables),
            "cac_bieu": tables,
        }


# --- the names of the unit ---


def full_name(unit: Unit) -> str:
    """As the Union signs: «Hội Liên hiệp Phụ nữ tỉnh Thái Nguyên»; attached units and the centre by their own name."""
    return unit.union_name.replace("Hội LHPN ", "Hội Liên hiệp Phụ nữ ")


def parent_body(unit: Unit) -> str:
    """Above the issuing body: as the unit wrote it down, else the Union at its level."""
    return unit.parent_body or full_name(unit)


def issuing_body(unit: Unit) -> str:
    return unit.issuing_body or "Ban Thường vụ"


def mark_of(unit: Unit) -> str:
    """After the number: the letters of the kind and of the issuing body, «BC-BTV» (Nghị định 30/2020, annex III)."""
    return f"BC-{unit.document_mark or 'BTV'}"


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- rows and tables ---


def _cells(number: int, row: SnapshotRow) -> dict[str, Any]:
    label = row.unit_label if row.unit_label and row.unit_label != "%" else ""
    return {
        "stt": number,
        "ma": row.code,
        "ten": f"{row.name} ({label})" if label else row.name,
        "ket_qua": wording.amount(row, row.value),
        "phan_so": wording.fraction(row) or "–",
        "trong_ky": wording.amount(row, row.in_period),
        "cung_ky": wording.amount(row, row.before),
        "tang_giam": wording.difference(row),
        "ke_hoach": wording.plan(row),
        "dat": wording.of_plan(row),
        "trang_thai": STATUS_WORDS.get(Status(row.status), "–"),
        "do_day_du": wording.trust(row),
    }


def _tables(rows: Sequence[SnapshotRow], units: Sequence[str]) -> list[dict[str, Any]]:
    """Units in rows, some indicators in columns: as many tables as there are columns to show."""
    if not units:
        return []
    parts = [rows[start : start + COLUMNS] for start in range(0, len(rows), COLUMNS)]
    return [
        {
            "so": place,
            "chi_so": [_heading(row) for row in some],
            "don_vi": [
                {"stt": line, "ten": name, "gia_tri": [_below(row, line - 1) for row in some]}
                for line, name in enumerate(units, start=1)
            ],
        }
        for place, some in enumerate(parts, start=1)
    ]


def _heading(row: SnapshotRow) -> str:
    return f"{row.name} ({row.unit_label})" if row.unit_label else row.name


def _below(row: SnapshotRow, place: int) -> str:
    if place >= len(row.below):
        return "–"
    value = row.below[place][0]
    return "–" if value is None else wording.amount(row, Decimal(value)).removesuffix("%")
