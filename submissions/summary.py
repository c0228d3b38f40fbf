"""What a person looks at before a report leaves: what is answered, what stands in the way, what it does to targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.numbers import format_number, format_percent
from programmes.models import Indicator, Measure
from submissions.actions import obstacles
from submissions.queries import Key, Sheet
from submissions.queries.effects import Effect, effects
from submissions.rules import findings


@dataclass(frozen=True)
class Answered:
    """A section with how much of it is answered, and the names of what is not."""

    title: str
    filled: int
    asked: int
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """What is said about a number; `note` is the explanation that it carries."""

    key: Key
    measure: Measure
    text: str
    note: str = ""


@dataclass(frozen=True)
class TargetRow:
    """An effect in words."""

    effect: Effect
    now: str
    after: str
    fraction: str
    path: str
    target: str


@dataclass(frozen=True)
class Summary:
    sections: tuple[Answered, ...]
    obstacles: tuple[Remark, ...]
    explained: tuple[Remark, ...]
    targets: tuple[TargetRow, ...]

    @property
    def filled(self) -> int:
        return sum(section.filled for section in self.sections)

    @property
    def asked(self) -> int:
        return sum(section.asked for section in self.sections)

    @property
    def empty(self) -> int:
        return self.asked - self.filled

    @property
    def is_mostly_empty(self) -> bool:
        """More is left open than answered: not sent without being asked."""
        return self.empty > self.filled


def summary(sheet: Sheet) -> Summary:
    said = obstacles(sheet)
    explained = [one for one in findings(sheet) if not one.blocks and one.measure.pk not in said]
    return Summary(
        sections=tuple(_answered(sheet)),
        obstacles=tuple(Remark(sheet.key(pk), sheet.typed[pk], text) for pk, text in said.items() if pk in sheet.typed),
        explained=tuple(
            Remark(sheet.key(one.measure.pk), one.measure, one.text, sheet.note(one.measure.pk)) for one in explained
        ),
        targets=tuple(_in_words(effect) for effect in effects(sheet)),
    )


def _answered(sheet: Sheet) -> list[Answered]:
    found = []
    for section in sheet.sections:
        asked = [line.measure for line in section.lines if line.measure.pk in sheet.typed]
        empty = tuple(measure.name for measure in asked if sheet.value(measure.pk) is None)
        if asked:
            found.append(Answered(section.title, len(asked) - len(empty), len(asked), empty))
    return found


def _in_words(effect: Effect) -> TargetRow:
    indicator = effect.indicator
    return TargetRow(
        effect=effect,
        now=value_in_words(indicator, effect.now),
        after=value_in_words(indicator, effect.after),
        fraction=_fraction(effect) if indicator.is_ratio else "",
        path=value_in_words(indicator, effect.path),
        target=value_in_words(indicator, effect.target.value),
    )


def value_in_words(indicator: Indicator, value: Decimal | None) -> str:
    """A percentage, or a number with its unit; empty for none."""
    if value is None:
        return ""
    if indicator.is_ratio and not indicator.is_rank:
        return format_percent(value, indicator.decimals)
    places = None if value == value.to_integral() else indicator.decimals
    return f"{format_number(value, places)} {indicator.unit_label}"


def _fraction(effect: Effect) -> str:
    if effect.numerator is None or effect.denominator is None:
        return ""
    return f"{format_number(effect.numerator)}/{format_number(effect.denominator)}"
