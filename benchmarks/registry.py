"""The goals: functions that measure, each with its number, its words and its limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.country import Bench


@dataclass(frozen=True)
class Outcome:
    """What was measured. `ok` is the verdict against the limit; `note` says what the number is made of."""

    measured: str
    ok: bool
    note: str = ""


@dataclass(frozen=True)
class Goal:
    number: int
    title: str
    limit: str
    measure: Callable[[Bench], Outcome]
    changes_figures: bool


@dataclass
class Registry:
    goals: dict[int, Goal] = field(default_factory=dict)

    def goal(
        self, number: int, title: str, limit: str, *, changes_figures: bool = False
    ) -> Callable[[Callable[[Bench], Outcome]], Callable[[Bench], Outcome]]:
        """Declares a goal of docs/hieu-nang.md. Goals that change figures run after those that only read."""

        def declare(function: Callable[[Bench], Outcome]) -> Callable[[Bench], Outcome]:
            if number in self.goals:
                raise ValueError(f"goal {number} is declared twice")
            self.goals[number] = Goal(number, title, limit, function, changes_figures)
            return function

        return declare

    def in_order(self, chosen: set[int]) -> list[Goal]:
        goals = [goal for number, goal in self.goals.items() if not chosen or number in chosen]
        return sorted(goals, key=lambda goal: (goal.changes_figures, goal.number))


registry = Registry()
goal = registry.goal


def at_most(value: float, limit: float, note: str = "") -> Outcome:
    """A ratio that may not be greater than its limit."""
    shown = f"{value:.2f}" if value >= 0.1 else f"1/{1 / value:,.0f}"
    return Outcome(shown, value <= limit, note)
