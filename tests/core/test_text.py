from __future__ import annotations

import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_line, clean_text, fold, nfc, person_sort_key, sort_key

# By CLDR vi: letters a ă â b c d đ e ê … o ô ơ … u ư, then tones ngang huyền hỏi ngã sắc nặng; numbers as numbers.
IN_ORDER = [
    "12 Nguyễn Du",
    "An",
    "Àn",
    "Ản",
    "Ãn",
    "Án",
    "Ạn",
    "An Bình",
    "Án Bình",
    "Anh Sơn",
    "Ăn",
    "Ân",
    "Ấn",
    "Ân Thi",
    "Ba Bể",
    "Bà Rịa",
    "Bá Thước",
    "Cầu",
    "Da",
    "Dạ",
    "Đa",
    "Đak Pơ",
    "Đắk Lắk",
    "Đắk Ơ",
    "Em",
    "Êm",
    "Hoa",
    "Hòa",
    "Hỏa",
    "Hòa An",
    "Hoan",
    "O",
    "Ô",
    "Ơ",
    "Phường 2",
    "Phường 10",
    "Phường 11",
    "Tu",
    "Từ",
    "Yên",
]


@pytest.mark.parametrize("seed", range(5))
def test_sort_key_puts_names_into_vietnamese_order(seed: int) -> None:
    mixed = IN_ORDER.copy()
    random.Random(seed).shuffle(mixed)
    assert sorted(mixed, key=sort_key) == IN_ORDER


def test_tones_count_only_between_equal_letters() -> None:
    assert sort_key("Hoà Bình") < sort_key("Hoa Lư")
    assert sort_key("Hoa Lư") < sort_key("Hòa Lư")


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("HÒA", "hòa"), ("Ðà Nẵng", "Đà Nẵng"), ("A  B", "a b")])
def test_same_word_gives_same_keys(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert sort_key(one) == sort_key(other)


@given(st.text())
def test_sort_keys_are_digits_and_the_same_for_decomposed_input(s: str) -> None:
    assert sort_key(s).isascii()
    assert sort_key(s).isdigit()
    assert sort_key(unicodedata.normalize("NFD", s)) == sort_key(nfc(s))


@pytest.mark.django_db
def test_database_orders_keys_as_python_does() -> None:
    keys = [sort_key(name) for name in IN_ORDER]
    values = ", ".join(f"('{key}')" for key in reversed(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"with names(key) as (values {values}) select key from names order by key")
        assert [row[0] for row in cursor.fetchall()] == keys


def test_people_sort_by_given_name_then_family_then_middle_names() -> None:
    people = ["Lê Thị An", "Nguyễn Văn An", "Trần Ân", "Hồ Thị Bình", "Lê Thị Hoa", "Lê Văn Hoa", "Đỗ Hòa", "Mai"]
    mixed = people[::-1]
    assert sorted(mixed, key=person_sort_key) == people


def test_fold_leaves_plain_letters() -> None:
    assert fold("Đắk  Ơ") == "dak o"
    assert fold(unicodedata.normalize("NFD", "Phường Quốc Tử Giám")) == "phuong quoc tu giam"
    assert fold("ƯỜ Ẵ Ỵ") == "uo a y"


@given(st.text())
def test_fold_is_settled_after_once(s: str) -> None:
    assert fold(fold(s)) == fold(s)


def test_clean_line_strips_what_cannot_be_seen() -> None:
    assert clean_line(" a\u202eb\u200b\x00\tc \u00a0 d\n") == "ab c d"
    assert clean_line("e\u0302\u0323") == "ệ"


def test_clean_text_keeps_lines_and_one_empty_line_between() -> None:
    assert clean_text("\n a \r\n\r\n\r\n\r\nb\u2066 \rc\n\n") == "a\n\nb\nc"


@given(st.text())
def test_clean_line_holds_no_control_or_direction_characters(s: str) -> None:
    assert not [c for c in clean_line(s) if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


def test_a_search_key_holds_no_nul_for_postgresql_refuses_it() -> None:
    assert fold("Tân\0 Cương") == "tan cuong"
