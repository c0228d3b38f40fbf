"""Words that occur once in the world, so that a page that shows one tells where it got it from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

CANARY = re.compile(r"zzq(?:tw|tn|tc|dp|pd|th|ss)\d{4}", re.I)


@dataclass(frozen=True)
class Origin:
    """Where a canary sits: the place whose it is, and model and field."""

    place: str
    field: str

    def __str__(self) -> str:
        return f"{self.field} of {self.place}"


@dataclass
class Canaries:
    """Mints canaries and remembers where each was put."""

    origins: dict[str, Origin] = field(default_factory=dict)
    _count: Counter[str] = field(default_factory=Counter)

    def mint(self, place: str, where: str) -> str:
        """A fresh word of the place: short, lower case, toneless, so that it survives folding and short columns."""
        self._count[place] += 1
        word = f"zzq{place}{self._count[place]:04d}"
        self.origins[word] = Origin(place, where)
        return word

    def found_in(self, text: str) -> set[str]:
        """Serial numbers are shown in capitals."""
        return {word.lower() for word in CANARY.findall(text)} & self.origins.keys()

    def of(self, places: Iterable[str]) -> set[str]:
        wanted = set(places)
        return {word for word, origin in self.origins.items() if origin.place in wanted}
