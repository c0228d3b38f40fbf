"""Keys of rows as they stand in addresses and forms: text that anybody can type."""

from __future__ import annotations

LARGEST_KEY = 2**63 - 1  # of a database; a larger number is an error there, not a row that is missing


def key_of(text: str) -> int | None:
    """The key that the text states; None where no row could have it."""
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_KEY))
    return key if digits and (key := int(text)) <= LARGEST_KEY else None
