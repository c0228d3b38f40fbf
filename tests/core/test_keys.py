from __future__ import annotations

import pytest

from core.keys import LARGEST_KEY, key_of


def test_a_key_is_a_number_that_a_row_can_have() -> None:
    assert key_of("17") == 17
    assert key_of(str(LARGEST_KEY)) == LARGEST_KEY


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1.5", " 1", "²", "٣", "1e3", "a\x00", str(LARGEST_KEY + 1), "9" * 5_000]
)
def test_what_no_row_can_have_is_no_key(text: str) -> None:
    assert key_of(text) is None
