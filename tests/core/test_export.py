from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export import Sheet, csv_response, is_formula_like, stream_csv, write_xlsx, xlsx_response

DANGEROUS = [
    "=1+1",
    "+84 912",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "  =1",
    '=HYPERLINK("x")',
]
MOMENT = datetime(2026, 10, 31, 20, 5, tzinfo=UTC)
VALUES = [None, "", "Đắk Ơ", 1234567, Decimal("1234.50"), date(2026, 1, 5), MOMENT, True, -5]


def csv_cells(rows: list[list[Any]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(stream_csv(rows)).removeprefix("\ufeff"))))


def xlsx_cells(path: Path, rows: list[list[Any]]) -> list[list[Any]]:
    write_xlsx(str(path), [Sheet("S", ["h"] * len(rows[0]), rows)])
    return [list(line) for line in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_never_a_formula(text: str, tmp_path: Path) -> None:
    assert is_formula_like(text)
    assert csv_cells([[text]])[0][0].startswith("'")
    cell = xlsx_cells(tmp_path / "x.xlsx", [[text]])[0][0]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


@given(st.text(max_size=50))
def test_no_csv_text_starts_like_a_formula(text: str) -> None:
    assert not is_formula_like(csv_cells([["first", text]])[0][1])


def test_csv_speaks_the_numbers_and_dates_of_the_portal() -> None:
    line = csv_cells([VALUES])[0]
    assert line == ["", "", "Đắk Ơ", "1234567", "1234,5", "05/01/2026", "03:05 01/11/2026", "Có", "-5"]


def test_csv_starts_with_the_mark_that_excel_needs_and_streams_in_parts() -> None:
    parts = list(stream_csv([n] for n in range(1200)))
    assert parts[0].startswith("\ufeff")
    assert len(parts) == 3
    response = csv_response("danh-sach", [["a"]])
    assert response.streaming
    assert response["Content-Disposition"] == 'attachment; filename="danh-sach.csv"'


def test_xlsx_keeps_kinds(tmp_path: Path) -> None:
    cells = xlsx_cells(tmp_path / "x.xlsx", [VALUES])[0]
    assert [cell.value for cell in cells] == [
        None,
        None,
        "Đắk Ơ",
        1234567,
        1234.5,
        datetime(2026, 1, 5),
        datetime(2026, 11, 1, 3, 5),
        "Có",
        -5,
    ]
    assert cells[5].number_format == "dd/mm/yyyy"


def test_numbers_longer_than_excel_keeps_are_written_as_text(tmp_path: Path) -> None:
    assert xlsx_cells(tmp_path / "x.xlsx", [[12345678901234567]])[0][0].value == "12345678901234567"


def test_sheet_names_are_made_acceptable_and_unique(tmp_path: Path) -> None:
    long = "Hội LHPN phường Văn Miếu - Quốc Tử Giám"
    path = tmp_path / "x.xlsx"
    write_xlsx(str(path), [Sheet(name, ["h"], []) for name in (long, long, "a/b:c", "")])
    names = openpyxl.load_workbook(path).sheetnames
    assert names == ["Hội LHPN phường Văn Miếu - Quốc", "Hội LHPN phường Văn Miếu -  2", "a b c", "1"]


def test_xlsx_is_sent_as_a_file() -> None:
    response = xlsx_response("may-tinh", [Sheet("Máy tính", ["Mã"], [["001"]])])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.active["A2"].value == "001"
    assert response["Content-Disposition"] == 'attachment; filename="may-tinh.xlsx"'
    response.file_to_stream.close()
