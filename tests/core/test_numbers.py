from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.numbers import (
    NumberError,
    format_money,
    format_number,
    format_percent,
    format_plain,
    parse_decimal,
    parse_integer,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1.234,5", "1234.5"), ("0,5", "0.5"), ("12", "12"), ("1.234.567", "1234567"), (" 7 ", "7"), ("−3,25", "-3.25")],
)
def test_decimals_follow_a_comma(typed: str, number: str) -> None:
    assert parse_decimal(typed, decimals=2) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "number"), [("1.234", 1234), ("1234", 1234), ("0", 0), ("-1.000.000", -1_000_000), ("007", 7)]
)
def test_whole_numbers_may_group_by_points(typed: str, number: int) -> None:
    assert parse_integer(typed) == number


def test_a_fraction_is_no_whole_number() -> None:
    with pytest.raises(NumberError) as refusal:
        parse_integer("12,5")
    assert str(refusal.value) == "“12,5” không phải số nguyên. Nhập số nguyên, ví dụ 12."


def test_what_can_be_read_in_two_ways_is_asked_about() -> None:
    with pytest.raises(NumberError) as refusal:
        parse_decimal("1.234", decimals=3)
    assert str(refusal.value) == "“1.234” có thể hiểu theo hai cách. Nhập 1234 hoặc 1,234."


def test_a_point_before_decimals_is_answered_with_the_comma() -> None:
    with pytest.raises(NumberError) as refusal:
        parse_decimal("12.5", decimals=2)
    assert str(refusal.value) == "“12.5”: phần thập phân viết sau dấu phẩy. Nhập 12,5."


def test_too_many_decimals_are_refused_not_rounded() -> None:
    with pytest.raises(NumberError, match="quá nhiều chữ số thập phân"):
        parse_decimal("1,2345", decimals=2)


STRANGE = ["", "-", ",5", "5,", "1e3", "½", "NaN", "Infinity", "１２", "٣", "12 máy", "1.23.456", "01.234", "1,2,3"]
STRANGE += ["1 234", "+5", "--5", "0x10", "1_000", "1.234.", "9" * 31]


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize("decimals", [0, 2])
def test_everything_else_is_refused(typed: str, decimals: int) -> None:
    with pytest.raises(NumberError):
        parse_decimal(typed, decimals=decimals)


@given(amounts)
def test_what_is_written_plainly_is_read_back(value: Decimal) -> None:
    assert parse_decimal(format_plain(value), decimals=4) == value


@given(amounts)
def test_what_is_written_with_points_is_read_back_unless_ambiguous(value: Decimal) -> None:
    text = format_number(value)
    assume(not (text.count(".") == 1 and "," not in text))
    assert parse_decimal(text, decimals=4) == value


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_whole_numbers_written_are_read_back(value: int) -> None:
    assert parse_integer(format_number(value)) == value


@given(st.text())
def test_no_text_gives_anything_but_a_number_or_a_refusal(typed: str) -> None:
    with suppress(NumberError):
        assert parse_decimal(typed, decimals=4).is_finite()


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, None, "1.234.567"),
        (Decimal("1234.50"), None, "1.234,5"),
        (Decimal("1E+3"), None, "1.000"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("-0.001"), 2, "0,00"),
        (2.5, None, "2,5"),
        (0, None, "0"),
        (None, None, ""),
    ],
)
def test_format_number(value: Decimal | int | float | None, decimals: int | None, text: str) -> None:
    assert format_number(value, decimals) == text


@pytest.mark.parametrize(
    ("dong", "text"),
    [
        (2_000_000_000, "2 tỷ đồng"),
        (1_500_000_000, "1,5 tỷ đồng"),
        (1_234_500_000, "1.234,5 triệu đồng"),
        (100_000_000, "100 triệu đồng"),
        (1_234_567, "1.234.567 đồng"),
        (500_000, "500.000 đồng"),
        (-3_000_000, "-3 triệu đồng"),
        (0, "0 đồng"),
        (None, ""),
    ],
)
def test_money_is_told_in_its_largest_exact_unit(dong: int | None, text: str) -> None:
    assert format_money(dong) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("97.46", "97,5%"), ("100", "100%"), ("99.96", "99,9%"), ("590", "590%"), ("0", "0%"), (None, "")],
)
def test_less_than_all_never_reads_as_all(value: str | None, text: str) -> None:
    assert format_percent(Decimal(value) if value is not None else None) == text
