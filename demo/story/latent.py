"""Invented but consistent figures: each old commune has a size and a pace, its successor is the sum of its parts.

Everything is drawn from a fixed seed per unit, so that every demo shows the same numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEVELS: dict[str, tuple[str, float, float]] = {
    # code: (part of which whole, ceiling of the share, months that the middle of the climb lies after the start)
    "MB-SOFTWARE": ("MB-ALL", 0.97, 6),
    "MB-VNEID": ("MB-ALL", 0.95, 2),
    "MB-SERVICE": ("MB-ALL", 0.72, 22),
    "MB-PAYMENT": ("MB-ALL", 0.81, 18),
    "WM-SKILLS": ("WM-18", 0.76, 24),
    "BR-CHAT": ("BR-ALL", 0.98, 4),
    "OF-TRAINED": ("OF-FULL", 1.0, 10),
    "OF-SIGNATURE": ("OF-COMMUNE", 0.9, 26),
}
FLAGS: dict[str, float] = {"PG-ANY": 2, "SW-MEMBERS": 5, "NET-LINE": 8}  # months after the start when half have it
FLOWS: dict[str, tuple[str, float, float]] = {
    # code: (its part, mean a month, share of the part that grows with time)
    "MT-ALL": ("MT-PAPERLESS", 2.2, 0.9),
    "DOC-ALL": ("DOC-DIGITAL", 26.0, 0.95),
}
QUARTERLY = ("MB-ALL", "WM-18", "BR-ALL", "OF-FULL", "OF-COMMUNE")


@dataclass(frozen=True)
class Part:
    """What an old commune contributes: sizes, and how far ahead (negative) or behind (positive) it is in months."""

    members: int
    women: int
    branches: int
    officers: int
    lag: float
    pace: float

    @classmethod
    def of(cls, key: str) -> Part:
        draw = random.Random(f"dtportal {key}")  # noqa: S311 - sample data, not a secret
        women = draw.randint(1100, 4200)
        return cls(
            members=int(women * draw.uniform(0.52, 0.78)),
            women=women,
            branches=draw.randint(7, 22),
            officers=draw.randint(2, 3),
            lag=draw.gauss(0, 6),
            pace=draw.uniform(0.11, 0.26),
        )

    def share(self, ceiling: float, middle: float, age: int) -> float:
        """A climb from slow to fast to slow: the share reached `age` months after the start."""
        return ceiling / (1 + math.exp(-self.pace * (age - middle - self.lag)))


@dataclass(frozen=True)
class Unit:
    """A reporting unit of the sample: its parts, and how often it forgets to report."""

    key: str
    parts: tuple[Part, ...]
    forgets: float


def unit_of(key: str, part_keys: Sequence[str]) -> Unit:
    draw = random.Random(f"habits {key}")  # noqa: S311
    forgets = 0.35 if draw.random() < 0.04 else draw.uniform(0, 0.05)
    return Unit(key, tuple(Part.of(part) for part in part_keys), forgets)


def month_values(unit: Unit, age: int) -> Iterator[tuple[str, int]]:
    """What the unit reports in the month that lies `age` months after the start; nothing if it forgot."""
    draw = random.Random(f"{unit.key} {age}")  # noqa: S311
    if draw.random() < unit.forgets:
        return
    wholes = _wholes(unit, age)
    if age % 3 == 0 or draw.random() < 0.02:
        yield from ((code, wholes[code]) for code in QUARTERLY)
    for code, (whole, ceiling, middle) in LEVELS.items():
        size = sum(_size(part, whole, age) * part.share(ceiling, middle, age) for part in unit.parts)
        yield code, min(int(size), wholes[whole])
    for code, middle in FLAGS.items():
        yield code, int(any(age >= middle + part.lag for part in unit.parts))
    for code, (part_code, mean, ceiling) in FLOWS.items():
        count = max(0, round(draw.gauss(mean, mean / 3)))
        yield code, count
        yield part_code, int(count * unit.parts[0].share(ceiling, 12, age))
    yield "MB-NEW", draw.randint(0, 9)
    yield "ST-WOMEN", draw.choices((0, 1, 2, 3, 5), (60, 20, 11, 6, 3))[0]


def _wholes(unit: Unit, age: int) -> dict[str, int]:
    return {code: sum(_size(part, code, age) for part in unit.parts) for code in QUARTERLY}


def _size(part: Part, code: str, age: int) -> int:
    sizes = {
        "MB-ALL": part.members + int(part.members * 0.0012 * age),
        "WM-18": part.women,
        "BR-ALL": part.branches,
        "OF-FULL": part.officers,
        "OF-COMMUNE": part.officers + 1,
    }
    return sizes[code]
