"""Rounded parts that still add up to their rounded whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MOST_DECIMALS = 2


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def apportioned(parts: Sequence[Fraction], whole: Decimal, decimals: int) -> list[Decimal]:
    """The parts rounded so that they add up to `whole`: the largest remainders are rounded up (Hamilton's method)."""
    unit = Decimal(1).scaleb(-decimals)
    floors = [(part * 10**decimals).__floor__() for part in parts]
    missing = int(whole / unit) - sum(floors)
    order = sorted(range(len(parts)), key=lambda place: floors[place] - parts[place] * 10**decimals)
    for step in range(abs(missing)):
        floors[order[step % len(order)] if missing > 0 else order[-1 - step % len(order)]] += 1 if missing > 0 else -1
    return [floor * unit for floor in floors]


def decimals_for(parts: Sequence[Fraction], usual: int) -> int:
    """As many decimals as it takes that no part looks like nothing; the usual number where that is enough."""
    for decimals in range(usual, MOST_DECIMALS):
        if all(rounded(part, decimals) for part in parts if part):
            return decimals
    return max(usual, MOST_DECIMALS)
