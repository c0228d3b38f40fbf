"""One cell at a time: numbers, dates and text by the Vietnamese rules, nothing guessed, nothing hidden."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from imports.cells import CellError, read_cell
from imports.columns import Column, Takes

COUNT = Column("count", "Số lượng", Takes.INTEGER, maximum=10_000)
SHARE = Column("share", "Tỷ lệ", Takes.DECIMAL, decimals=2)
DAY = Column("day", "Ngày", Takes.DATE)
BORN = Column("born", "Năm sinh", Takes.YEAR, minimum=1900, maximum=2026)
NAME = Column("name", "Tên", max_length=20)
KIND = Column("kind", "Loại", Takes.CHOICE, choices={"pc": "Máy để bàn", "tablet": "Máy tính bảng"})
SHARED = Column("shared", "Dùng chung", Takes.YES_NO)
PHONE = Column("phone", "Điện thoại", Takes.PHONE, max_length=20)
MAIL = Column("mail", "Thư", Takes.EMAIL)


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (COUNT, "1.234", 1234),
        (COUNT, 1234.0, 1234),
        (COUNT, 0.0, 0),
        (COUNT, "0", 0),
        (SHARE, "1.234,5", Decimal("1234.5")),
        (SHARE, "8,5", Decimal("8.5")),
        (SHARE, 8.1, Decimal("8.1")),
        (SHARE, 0.1 + 0.2, Decimal("0.3")),
        (DAY, date(2026, 11, 21), date(2026, 11, 21)),
        (DAY, datetime(2026, 11, 21), date(2026, 11, 21)),
        (DAY, "21/11/2026", date(2026, 11, 21)),
        (DAY, " 5/1/2026 ", date(2026, 1, 5)),
        (BORN, 1985.0, 1985),
        (BORN, "1985", 1985),
        (BORN, "21/11/1985", 1985),
        (BORN, datetime(1985, 11, 21), 1985),
        (NAME, "To\u0302\u0309 phu\u0323 nu\u031b\u0303", "Tổ phụ nữ"),
        (NAME, "Lan\u202e\u200f gửi\u2066", "Lan gửi"),
        (NAME, "=1+1", "=1+1"),
        (NAME, "@cmd|x", "@cmd|x"),
        (NAME, 2026.0, "2026"),
        (KIND, "máy  ĐỂ bàn", "pc"),
        (KIND, "pc", "pc"),
        (SHARED, "Có", True),
        (SHARED, "không", False),
        (SHARED, True, True),
        (PHONE, 912345678.0, "0912345678"),
        (PHONE, "0912.345.678", "0912.345.678"),
        (MAIL, "lan@example.vn", "lan@example.vn"),
    ],
)
def test_what_is_read(column: Column, raw: Any, value: Any) -> None:
    assert read_cell(column, raw) == value


@pytest.mark.parametrize(
    ("column", "raw", "words"),
    [
        (SHARE, "1.234", "hai cách"),  # asked about, never guessed
        (COUNT, "1e3", "1e3"),
        (COUNT, "½", "½"),
        (COUNT, "NaN", "NaN"),
        (COUNT, "nan", "nan"),
        (COUNT, "12 máy", "12 máy"),
        (COUNT, "-", "-"),
        (COUNT, "１２", "１２"),
        (COUNT, 12.5, "12,5"),
        (COUNT, -1.0, "-1"),
        (COUNT, 20000.0, "20.000"),
        (COUNT, date(2026, 1, 2), "02/01/2026"),
        (COUNT, True, "Có"),
        (SHARE, 8.123, "8,123"),
        (SHARE, "8.5", "8,5"),
        (DAY, 45000.0, "45.000"),
        (DAY, "31/02/2026", "31/02/2026"),
        (DAY, "11-21-2026", "11-21-2026"),
        (DAY, "hôm qua", "hôm qua"),
        (DAY, "1/1/26", "1/1/26"),
        (DAY, date(1899, 12, 31), "31/12/1899"),
        (DAY, time(3, 4), "03:04"),
        (BORN, "85", "bốn chữ số"),
        (BORN, 1985.5, "1985.5"),
        (BORN, "１９８５", "bốn chữ số"),
        (BORN, "1885", "1900–2026"),
        (BORN, date(2027, 1, 1), "1900–2026"),
        (NAME, "a\x00b", "ký tự điều khiển"),
        (NAME, "a\x07b", "ký tự điều khiển"),
        (NAME, "x" * 21, "21"),
        (KIND, "xe máy", "Máy để bàn; Máy tính bảng"),
        (SHARED, "có lẽ", "có lẽ"),
        (PHONE, "gọi sau", "gọi sau"),
        (MAIL, "lan(at)example.vn", "lan"),
    ],
)
def test_what_is_refused_with_the_value_and_what_to_do(column: Column, raw: Any, words: str) -> None:
    with pytest.raises(CellError) as refusal:
        read_cell(column, raw)
    assert words in str(refusal.value)
