"""The letter's words, its PDF and its Excel annex, made of one real report."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.urls import reverse

from issuing import paper
from issuing.actions import reports
from issuing.fields import SAMPLE
from issuing.letter import Letter
from issuing.models import SnapshotRow
from issuing.wording import difference, listed, of_plan, paragraphs
from programmes.models import Indicator
from tests.issuing.conftest import Desk


@pytest.mark.django_db
def test_number_and_day_are_blank_until_the_clerk_gives_them(desk: Desk) -> None:
    report = desk.draft()
    fields = Letter.of(report, report.snapshot).fields()
    assert (fields["so_ky_hieu"], fields["dia_danh_ngay"]) == (
        "Số:         /BC-BTV", "Thái Nguyên, ngày     tháng     năm 2026",
    )  # fmt: skip
    assert fields["kem_theo"].startswith("(Kèm theo Báo cáo số         /BC-BTV ngày     tháng     năm của Hội")
    issued = desk.issue(report, on=date(2026, 10, 5))
    fields = Letter.of(issued, issued.snapshot).fields()
    assert (fields["so_ky_hieu"], fields["dia_danh_ngay"]) == (
        "Số: 05/BC-BTV", "Thái Nguyên, ngày 05 tháng 10 năm 2026",
    )  # fmt: skip
    assert fields["co_quan_chu_quan"] == "HỘI LIÊN HIỆP PHỤ NỮ TỈNH THÁI NGUYÊN"
    assert fields["kinh_gui"] == ["Đoàn Chủ tịch Hội Liên hiệp Phụ nữ Việt Nam"]
    assert (fields["chuc_vu_ky"], fields["noi_nhan"]) == (
        ["TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"], ["- Như trên;", "- Lưu: VT."],
    )  # fmt: skip
    assert [(one["chu"], one["ten"], len(one["chi_so"])) for one in fields["tru_cot"]] == [
        ("a", "Xã hội số", 2), ("b", "Kinh tế số", 1),
    ]  # fmt: skip
    share = fields["chi_so"][0]
    assert (share["ket_qua"], share["cung_ky"], share["tang_giam"]) == ("82%", "42%", "+40 điểm")
    assert (share["ke_hoach"], share["dat"], share["do_day_du"]) == ("90% (12/2026)", "91,1%", "2/4")
    fresh = desk.work(reports.replace_report(report=issued, by=desk.cast.officer))
    opening = Letter.of(fresh, fresh.snapshot).fields()["mo_dau"]
    assert opening[0] == "Báo cáo này thay thế Báo cáo số 05/BC-BTV, ngày 05 tháng 10 năm 2026."


@pytest.mark.django_db
def test_three_files_tell_the_same(desk: Desk, client_of) -> None:
    report = desk.draft()
    footer = Letter.of(report, report.snapshot).footer
    assert footer.startswith("Số liệu chụp lần 1, lúc ")
    assert "tính đến ngày 30/09/2026; theo đơn vị hiện nay" in footer
    book = openpyxl.load_workbook(io.BytesIO(desk.content(report, "xlsx")))
    assert book.sheetnames == ["Thông tin", "Chỉ số", "Theo đơn vị", "Tử số, mẫu số"]
    rows = list(book["Chỉ số"].values)
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["Kết quả"], told["Tử số"], told["Mẫu số"], told["Cùng kỳ năm trước"]) == (82, 820, 1000, 42)
    assert (told["Kế hoạch"], told["Đạt % kế hoạch"], told["Chưa có số liệu"]) == (90, 91.1, 2)
    units = list(book["Theo đơn vị"].values)
    assert units[1][1:3] == ("Xã Đại Phúc", 86.7)
    assert units[2][2] is None  # nothing reported is no zero
    with zipfile.ZipFile(io.BytesIO(desk.content(report, "xlsx"))) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    assert all(footer in sheet for sheet in sheets)
    letter = docx.Document(io.BytesIO(desk.content(report, "docx")))
    assert letter.sections[0].footer.paragraphs[0].text == footer
    assert letter.core_properties.title == report.subject
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        address = reverse("issuing:file", args=[report.pk, report.files.get(kind=kind).pk])
        answer = client_of(desk.cast.leader).get(address)
        assert b"".join(answer.streaming_content).startswith(start)
        assert f"bao-cao-quy-09-2026.{kind}" in answer["Content-Disposition"]
        assert client_of(desk.cast.foreign_officer).get(address).status_code == 404


def test_the_pdf_is_tagged_in_vietnamese_and_brings_its_font() -> None:
    made = paper.pdf(SAMPLE)
    for part in (b"/StructTreeRoot", b"vi-VN", b"/FontFile2", b"pdfuaid"):
        assert part in made, part
    assert b"+LiberationSerif-Bold" in made
    assert made.count(b"/MediaBox [0 0 595.27") or made.count(b"/MediaBox[0 0 595.27")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reads the PDF back with pdftotext (poppler-utils)")
def test_the_words_of_the_pdf_can_be_read_back() -> None:
    asked = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(asked, input=paper.pdf(SAMPLE), capture_output=True, check=True).stdout.decode()
    pages = text.split("\f")
    told = " ".join(text.split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", SAMPLE["so_ky_hieu"],
        SAMPLE["dia_danh_ngay"], SAMPLE["ket"], "TM. BAN THƯỜNG VỤ", "Phường Phan Đình Phùng",
    ):  # fmt: skip
        assert words in told, words
    assert all(SAMPLE["chan_trang"] in page for page in pages[:-1])
    annex = next(page for page in pages if "CHI TIẾT CÁC CHỈ SỐ" in page)
    assert annex.split("\n")[0].strip() in ("", "Phụ lục I")  # the first page of an annex has no number


def test_typed_text_becomes_paragraphs_and_lists() -> None:
    told = [(one.text, one.heading) for one in paragraphs("1. Kết quả\n\nĐạt 92%.\n10. Hai\n2026. năm\na) Điểm")]
    assert told == [
        ("1. Kết quả", True), ("Đạt 92%.", False), ("10. Hai", True), ("2026. năm", False), ("a) Điểm", False),
    ]  # fmt: skip
    assert listed("- Như trên;\n  – Lưu: VT, BCTPN.\n\n") == ["Như trên", "Lưu: VT, BCTPN"]


@pytest.mark.parametrize(
    ("ratio", "value", "before", "told"),
    [
        (True, 97.46, 47.8, "+49,7 điểm"), (False, 1100, 1000, "+100 (+10%)"), (False, 900, 1000, "-100 (-10%)"),
        (False, 5, 0, "+5"), (False, 5, None, "–"), (True, 50, 50, "0 điểm"),
    ],
)  # fmt: skip
def test_the_difference_to_the_year_before(ratio: bool, value: float, before: float | None, told: str) -> None:
    numbers = {"value": Decimal(str(value)), "before": None if before is None else Decimal(str(before))}
    row = SnapshotRow(is_ratio=ratio, unit_label="%" if ratio else "người", decimals=1 if ratio else 0, **numbers)
    assert difference(row) == told


def test_percent_of_the_plan_where_more_is_better() -> None:
    more, less = Indicator(direction="up"), Indicator(direction="down")
    numbers = {"value": Decimal(123), "target": Decimal(100)}
    assert of_plan(SnapshotRow(indicator=more, **numbers)) == "123%"
    assert of_plan(SnapshotRow(indicator=less, **numbers)) == "–"
