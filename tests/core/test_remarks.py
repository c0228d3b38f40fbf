"""Remarks that the portal stores by itself: a code in the database, words on the page."""

from __future__ import annotations

import pytest
from django.utils import translation

from core.remarks import in_words, remark
from equipment.choices import ItemEventKind, Remark

MINUTES = "~equipment.minutes:12/BB-BTV"


def test_a_code_is_stored_and_not_the_language_of_the_moment() -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            assert remark(Remark.MINUTES, "12/BB-BTV") == MINUTES
            assert remark(ItemEventKind.BROKEN) == "~equipment.event.broken"


@pytest.mark.parametrize(("language", "words"), [("vi", "Biên bản 12/BB-BTV"), ("en", "Minutes 12/BB-BTV")])
def test_the_reader_sees_their_own_language(language: str, words: str) -> None:
    with translation.override(language):
        assert in_words(MINUTES) == words


def test_a_subject_may_hold_anything() -> None:
    with translation.override("en"):
        assert in_words(remark(Remark.ITEM, "50%: a~b")) == "Machine 50%: a~b"


@pytest.mark.parametrize(
    "typed", ["", "Báo Thanh Hóa 8/3/2024", "~", "~nothing.known:1", "khoảng ~equipment.minutes:1"]
)
def test_what_a_person_typed_is_shown_as_it_stands(typed: str) -> None:
    assert in_words(typed) == typed
