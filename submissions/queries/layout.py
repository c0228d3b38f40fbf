"""What a version of a form asks: its sections with their lines, and its rules. Published versions never change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from programmes.choices import MeasureSource
from programmes.models import Measure
from submissions.choices import Relation, RuleKind, Severity, Side
from submissions.models import CheckRule, FormLine, RuleTerm


@dataclass(frozen=True)
class Line:
    """One measure on a form; `depth` says how far it is indented as a part of the lines above."""

    measure: Measure
    depth: int = 0
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    help_text: str = ""

    @property
    def whole_elsewhere(self) -> Measure | None:
        """The whole of a part that does not stand under it."""
        return self.measure.whole if self.depth == 0 else None

    @property
    def least(self) -> Decimal:
        """The limits of the measure, narrowed by the form."""
        return self.measure.minimum if self.minimum is None else max(self.minimum, self.measure.minimum)

    @property
    def greatest(self) -> Decimal | None:
        limits = [limit for limit in (self.maximum, self.measure.maximum) if limit is not None]
        return min(limits, default=None)


@dataclass(frozen=True)
class Section:
    """Lines under one heading, wholes followed by their parts."""

    title: str
    help_text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Rule:
    """A rule of the form, ready to be tried on a sheet; see `submissions.models.CheckRule`."""

    kind: RuleKind
    severity: Severity
    relation: Relation
    percent: Decimal
    least: Decimal
    message: str
    left: tuple[Measure, ...]
    right: tuple[Measure, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return self.left + self.right

    @property
    def of_every_number(self) -> bool:
        """A change rule that names no measure holds for all of the form."""
        return self.kind == RuleKind.CHANGE and not self.left


@dataclass(frozen=True)
class FormLayout:
    """All that one version asks, whatever the kind of unit."""

    sections: tuple[Section, ...] = ()
    rules: tuple[Rule, ...] = ()

    @cached_property
    def lines(self) -> dict[int, Line]:
        """By measure, in the order of the form."""
        return {line.measure.pk: line for section in self.sections for line in section.lines}

    def for_kind(self, kind: str) -> tuple[Section, ...]:
        """What a unit of this kind is asked. What only counts units says nothing on the form of one unit."""
        found = []
        for section in self.sections:
            lines = tuple(line for line in section.lines if asks(kind, line.measure))
            if lines:
                found.append(Section(section.title, section.help_text, lines))
        return tuple(found)

    def related(self, measure_ids: Collection[int]) -> set[int]:
        """These measures with their wholes and parts and all that a rule sets beside them: needed to check them."""
        found = set(measure_ids)
        for line in self.lines.values():
            if line.measure.whole_id in measure_ids:
                found.add(line.measure.pk)
            if line.measure.pk in measure_ids and line.measure.whole_id:
                found.add(line.measure.whole_id)
        for rule in self.rules:
            keys = {measure.pk for measure in rule.measures}
            if keys & set(measure_ids):
                found |= keys
        return found


def asks(kind: str, measure: Measure) -> bool:
    return kind in measure.entered_at and measure.source != MeasureSource.UNITS


def layouts(version_ids: Collection[int]) -> dict[int, FormLayout]:
    """The layouts of some versions: three queries, however many."""
    lines: dict[int, list[FormLine]] = defaultdict(list)
    rows = FormLine.objects.filter(version__in=version_ids, measure__active=True)
    for row in rows.select_related("section", "measure__whole").order_by("section__order", "section", "order", "pk"):
        lines[row.version_id].append(row)
    rules = _rules(version_ids)
    return {pk: FormLayout(tuple(_sections(lines[pk])), tuple(rules[pk])) for pk in version_ids}


def _rules(version_ids: Collection[int]) -> Mapping[int, list[Rule]]:
    terms = Prefetch("terms", queryset=RuleTerm.objects.select_related("measure"))
    found: dict[int, list[Rule]] = defaultdict(list)
    for row in CheckRule.objects.filter(version__in=version_ids).prefetch_related(terms).order_by("order", "pk"):
        found[row.version_id].append(rule_of(row, row.terms.all()))
    return found


def rule_of(row: CheckRule, terms: Iterable[RuleTerm]) -> Rule:
    """A stored rule as it is tried."""
    sides: dict[str, list[Measure]] = {Side.LEFT: [], Side.RIGHT: []}
    for term in terms:
        sides[term.side].append(term.measure)
    return Rule(
        kind=RuleKind(row.kind),
        severity=Severity(row.severity),
        relation=Relation(row.relation),
        percent=row.percent,
        least=row.least,
        message=row.message,
        left=tuple(sides[Side.LEFT]),
        right=tuple(sides[Side.RIGHT]),
    )


def _sections(rows: Collection[FormLine]) -> Iterator[Section]:
    by_section: dict[int, list[FormLine]] = defaultdict(list)
    for row in rows:
        by_section[row.section_id].append(row)
    for of_section in by_section.values():
        head = of_section[0].section
        yield Section(head.title, head.help_text, tuple(_indented(of_section)))


def _indented(rows: Collection[FormLine]) -> Iterator[Line]:
    """A part stands under its whole where both belong to the same section."""
    here = {row.measure_id for row in rows}
    parts: dict[int, list[FormLine]] = defaultdict(list)
    for row in rows:
        if row.measure.whole_id in here:
            parts[row.measure.whole_id].append(row)
    for row in rows:
        if row.measure.whole_id not in here:
            yield from _with_parts(row, parts, 0)


def _with_parts(row: FormLine, parts: Mapping[int, list[FormLine]], depth: int) -> Iterator[Line]:
    yield Line(row.measure, depth, row.required, row.minimum, row.maximum, row.help_text or row.measure.help_text)
    for part in parts.get(row.measure_id, ()):
        yield from _with_parts(part, parts, depth + 1)
