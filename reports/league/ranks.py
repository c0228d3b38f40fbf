"""Places in a ranking. One rule, stated on the screen; no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

Key = TypeVar("Key")

RANKING_RULE = _(
    "Only units of the same level are compared. Values that read the same share a place, and the next unit stands as "
    "many places further down. A unit without data has no place; it does not count as 0. Filters narrow the list and "
    "change no place."
)


def as_read(value: Decimal | None, decimals: int) -> Decimal | None:
    """The value as the page shows it: what a reader cannot tell apart is not told apart by the ranking either."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def places(values: Mapping[Key, Decimal | None], *, less_is_better: bool) -> dict[Key, int]:
    """The place of everybody who has a value: one more than the number of those that are better (1, 2, 2, 4)."""
    known = {key: value for key, value in values.items() if value is not None}
    counts, place, first = Counter(known.values()), 1, {}
    for value in sorted(counts, reverse=not less_is_better):
        first[value] = place
        place += counts[value]
    return {key: first[value] for key, value in known.items()}
