"""Interleaved rounds and their medians: noise of the machine falls on both sides of a ratio alike."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Pair:
    """Medians of two kinds of work, in seconds."""

    first: float
    second: float

    @property
    def ratio(self) -> float:
        return self.first / self.second

    @property
    def words(self) -> str:
        return f"{shown(self.first)} ÷ {shown(self.second)}"


def shown(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int, *, warm: int = 2) -> Pair:
    """Runs both in turn, `rounds` times after `warm` unmeasured ones, with the garbage collector at rest."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(warm + rounds):
        gc.collect()
        gc.disable()
        both = (seconds(first), seconds(second))
        gc.enable()
        if number >= warm:
            for times, one in zip(taken, both, strict=True):
                times.append(one)
    return Pair(median(taken[0]), median(taken[1]))
