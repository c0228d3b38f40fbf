"""What a version of a form asks, as plain values: read from it, changed, and written back whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.numbers import format_number
from submissions.choices import Relation, RuleKind, Severity, Side
from submissions.models import FormVersion
from submissions.wording import rule_in_words

Names = Mapping[int, str]  # of measures


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

    @property
    def places(self) -> dict[int, tuple[str, LineContent]]:
        """By measure, the section in which it stands, and its line."""
        return {line.measure_id: (section.title, line) for section in self.sections for line in section.lines}


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


# --- what changed between two versions -------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One difference between two versions. `sign`: + added, − taken away, ~ changed."""

    sign: str
    text: str


def differences(old: Content, new: Content, names: Names) -> list[Change]:
    """What the new version asks otherwise than the old one, in the order of the form; then its rules."""
    return [*_sections_changed(old, new), *_lines_changed(old, new, names), *_rules_changed(old, new, names)]


def _sections_changed(old: Content, new: Content) -> Iterator[Change]:
    before, after = ({section.title: section for section in content.sections} for content in (old, new))
    for title, section in after.items():
        if title not in before:
            yield Change("+", _("Section “%(title)s”") % {"title": title})
        elif section.help_text != before[title].help_text:
            yield Change("~", _("Help of the section “%(title)s”") % {"title": title})
    for title in before:
        if title not in after:
            yield Change("−", _("Section “%(title)s”") % {"title": title})
    kept = [[title for title in titles if title in before and title in after] for titles in (before, after)]
    if kept[0] != kept[1]:
        yield Change("~", _("Order of the sections"))


def _lines_changed(old: Content, new: Content, names: Names) -> Iterator[Change]:
    before, after = old.places, new.places
    for measure_id, (title, line) in after.items():
        words = {"measure": names[measure_id], "section": title}
        if measure_id not in before:
            yield Change("+", _("“%(measure)s” in the section “%(section)s”") % words)
            continue
        old_title, old_line = before[measure_id]
        if old_title != title:
            yield Change("~", _("“%(measure)s” moves to the section “%(section)s”") % words)
        if told := "; ".join(_line_changed(old_line, line)):
            yield Change("~", f"“{names[measure_id]}”: {told}")
    for measure_id in before:
        if measure_id not in after:
            yield Change("−", f"“{names[measure_id]}”")
    kept = [[pk for pk in content.measure_ids if pk in before and pk in after] for content in (old, new)]
    if kept[0] != kept[1]:
        yield Change("~", _("Order of the lines"))


def _line_changed(old: LineContent, new: LineContent) -> Iterator[str]:
    if old.required != new.required:
        yield _("must be answered") if new.required else _("may stay empty")
    for was, now, words in (
        (old.minimum, new.minimum, _("least value %(old)s → %(new)s")),
        (old.maximum, new.maximum, _("greatest value %(old)s → %(new)s")),
    ):
        if was != now:
            yield words % {"old": format_number(was) or "–", "new": format_number(now) or "–"}
    if old.help_text != new.help_text:
        yield _("other help")


def _rules_changed(old: Content, new: Content, names: Names) -> Iterator[Change]:
    for sign, rules, others in (("+", new.rules, old.rules), ("−", old.rules, new.rules)):
        for rule in rules:
            if rule not in others:
                words = {"rule": _in_words(rule, names), "severity": rule.severity.label}
                yield Change(sign, _("Rule: %(rule)s (%(severity)s)") % words)


def _in_words(rule: RuleContent, names: Names) -> str:
    return rule_in_words(
        rule.kind,
        relation=rule.relation,
        percent=rule.percent,
        least=rule.least,
        left=[names[pk] for pk in rule.left],
        right=[names[pk] for pk in rule.right],
    )
