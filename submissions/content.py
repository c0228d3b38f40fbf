"""What a version of a form asks, as plain values: read from it, changed, and written back whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from submissions.choices import Relation, RuleKind, Severity, Side
from submissions.models import FormVersion


@dataclass(frozen=True)
class LineContent:
    measure_id: int
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    help_text: str = ""


@dataclass(frozen=True)
class SectionContent:
    title: str
    help_text: str = ""
    lines: tuple[LineContent, ...] = ()


@dataclass(frozen=True)
class RuleContent:
    """See `submissions.models.CheckRule`; the measures by key."""

    kind: RuleKind
    severity: Severity
    relation: Relation = Relation.AT_MOST
    percent: Decimal = Decimal(0)
    least: Decimal = Decimal(0)
    message: str = ""
    left: tuple[int, ...] = ()
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Content:
    sections: tuple[SectionContent, ...] = ()
    rules: tuple[RuleContent, ...] = field(default=())

    @property
    def measure_ids(self) -> list[int]:
        return [line.measure_id for section in self.sections for line in section.lines]


def content_of(version: FormVersion) -> Content:
    """What a version asks."""
    sections = tuple(
        SectionContent(
            section.title,
            section.help_text,
            tuple(
                LineContent(line.measure_id, line.required, line.minimum, line.maximum, line.help_text)
                for line in section.lines.all()
            ),
        )
        for section in version.sections.prefetch_related("lines").order_by("order", "pk")
    )
    rules = []
    for rule in version.rules.prefetch_related("terms").order_by("order", "pk"):
        sides = {side: tuple(t.measure_id for t in rule.terms.all() if t.side == side) for side in Side}
        rules.append(
            RuleContent(
                RuleKind(rule.kind),
                Severity(rule.severity),
                Relation(rule.relation),
                rule.percent,
                rule.least,
                rule.message,
                sides[Side.LEFT],
                sides[Side.RIGHT],
            )
        )
    return Content(sections, tuple(rules))
