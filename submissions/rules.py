"""What answers must satisfy. Pure: everything that is known comes with the sheet, the day is a parameter.

Limits and parts above their whole block every save. The rules of the form are tried when the report is sent: an error
blocks it, a warning asks for a note.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import first_day, label, last_day, month_of
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.choices import Relation, RuleKind, Severity
from submissions.models import ReportingPeriod
from submissions.queries import Facts, Known, Line, Rule, Sheet
from submissions.wording import names_of, rule_in_words
from units.models import Unit

Values = Mapping[int, Decimal | None]  # by measure; None empties the cell
LARGEST = Decimal(10) ** 13  # its hundredths, multiplied by weights, still fit the integers of both databases


@dataclass(frozen=True)
class Finding:
    """What a rule of the form says about a number; `noted` tells whether the number carries a note."""

    measure: Measure
    severity: Severity
    text: str
    noted: bool

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.ERROR or not self.noted

    @property
    def advice(self) -> str:
        """What can be done about it beside changing the number."""
        return " " + _("Say why in the note.") if self.severity == Severity.WARNING else ""


def place_problem(unit: Unit, period: ReportingPeriod, *, today: date) -> str:
    """Why this unit cannot report for this period at all; empty when it can. Locks are another matter.

    The last day of the month in which the period ends decides who reports.
    """
    last = last_day(period.month)
    words = {"unit": unit.name, "period": period.label}
    if period.starts_on > today:
        return _("%(period)s has not begun yet.") % words
    if unit.valid_from > last:
        words["day"] = format_date(unit.valid_from)
        return _("“%(unit)s” exists only from %(day)s and does not report for %(period)s.") % words
    if unit.valid_to is not None and unit.valid_to < last:
        words["day"] = format_date(unit.valid_to)
        return _("“%(unit)s” ended on %(day)s. Its successor reports for %(period)s.") % words
    return ""


def lock_problem(period: ReportingPeriod, *, permitted: bool, today: date) -> str:
    """Why nothing can be typed or sent for a period any more; `permitted` says that the unit has a late permit."""
    if permitted or not period.is_locked(today):
        return ""
    words = {"period": period.label, "day": format_date(period.locks_on)}
    return _("%(period)s was locked after %(day)s. Ask the provincial office for a late permit to change it.") % words


def too_early(period: ReportingPeriod, *, today: date) -> str:
    """Why a report cannot be sent yet: figures are kept by month, and theirs has not begun."""
    if period.month <= month_of(today):
        return ""
    words = {"period": period.label, "day": format_date(first_day(period.month))}
    return _("%(period)s can be sent from %(day)s on. What you typed is kept.") % words


def problems(sheet: Sheet, values: Values) -> dict[int, str]:
    """What is wrong with these values, by measure: unknown here, limits, parts above their whole."""
    found: dict[int, str] = {}
    for measure_id, value in values.items():
        if measure_id not in sheet.typed:
            found[measure_id] = _("This measure is not entered at this unit.")
        elif value is not None and (text := _limit_problem(sheet.lines[measure_id], value)):
            found[measure_id] = text
    sound = {measure_id: value for measure_id, value in values.items() if measure_id not in found}
    return found | _part_problems(sheet, sound)


def unsound(sheet: Sheet, values: Values) -> dict[int, str]:
    """Which of these values cannot be stored though all the others are, and why.

    Where a part and its whole do not go together neither is stored: what is left is tried again without them.
    """
    found: dict[int, str] = {}
    while more := problems(sheet, {pk: value for pk, value in values.items() if pk not in found}):
        found |= more
    return found


def missing(sheet: Sheet) -> dict[int, str]:
    """What must be answered and is not: required lines, and the wholes of parts of a flow that stand alone."""
    found: dict[int, str] = {}
    for measure_id, measure in sheet.typed.items():
        if sheet.lines[measure_id].required and sheet.value(measure_id) is None:
            found[measure_id] = _("“%(measure)s” must be answered.") % {"measure": measure.name}
    for measure in sheet.typed.values():
        whole = sheet.typed.get(measure.whole_id or 0)
        if whole is None or not sheet.value(measure.pk):
            continue
        if sheet.facts.in_force(whole) is None:
            found[whole.pk] = _("Enter this number too: “%(part)s” is a part of it.") % {"part": measure.name}
    return found


# --- rules of the form -----------------------------------------------------------------------------------------


def findings(sheet: Sheet) -> list[Finding]:
    """What the rules of the form say about what stands in the sheet, in the order of its lines."""
    found = [finding for rule in sheet.layout.rules for finding in _try(rule, sheet)]
    places = {measure_id: place for place, measure_id in enumerate(sheet.lines)}
    return sorted(found, key=lambda finding: places.get(finding.measure.pk, 0))


def warnings(sheet: Sheet) -> list[Finding]:
    """What an officer has to look at."""
    return [finding for finding in findings(sheet) if finding.severity == Severity.WARNING]


@dataclass(frozen=True)
class Trial:
    """What one rule says about a sheet: `findings` where it is broken; `unknown` are the measures without which it
    cannot be judged; `elsewhere` says that this unit is not asked for some of its measures."""

    rule: Rule
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Measure, ...] = ()
    elsewhere: bool = False

    @property
    def words(self) -> str:
        return in_words(self.rule)


def trials(sheet: Sheet) -> list[Trial]:
    """Every rule of the form tried on the sheet, for who writes the rules."""
    return [_trial(rule, sheet) for rule in sheet.layout.rules]


def in_words(rule: Rule) -> str:
    return rule_in_words(
        rule.kind,
        relation=rule.relation,
        percent=rule.percent,
        least=rule.least,
        left=[measure.name for measure in rule.left],
        right=[measure.name for measure in rule.right],
    )


def _trial(rule: Rule, sheet: Sheet) -> Trial:
    asked = [measure for measure in rule.measures if measure.pk in sheet.lines]
    if len(asked) < len(rule.measures) and (rule.kind == RuleKind.COMPARE or not asked):
        return Trial(rule, elsewhere=True)
    if rule.kind == RuleKind.CHANGE:
        cells, before = sheet.facts.cells, sheet.facts.before
        typed = {pk for pk, cell in cells.items() if cell.value is not None}
        known = [measure for measure in asked if measure.pk in typed & before.keys()]
    else:
        known = [measure for measure in asked if sheet.facts.in_force(measure) is not None]
    unknown = tuple(measure for measure in asked if measure not in known)
    return Trial(rule, tuple(_try(rule, sheet)), unknown)


def _try(rule: Rule, sheet: Sheet) -> Iterator[Finding]:
    tried = _changed(rule, sheet) if rule.kind == RuleKind.CHANGE else _compared(rule, sheet)
    for measure, text in tried:
        yield Finding(measure, rule.severity, rule.message or text, noted=bool(sheet.note(measure.pk)))


def _changed(rule: Rule, sheet: Sheet) -> Iterator[tuple[Measure, str]]:
    measures = sheet.typed.values() if rule.of_every_number else rule.left
    for measure in measures:
        if text := _change_text(rule, sheet, measure):
            yield measure, text


def _change_text(rule: Rule, sheet: Sheet, measure: Measure) -> str:
    """The words for a typed value far from the one reported before; small numbers jump, so a least difference."""
    cell, before = sheet.facts.cells.get(measure.pk), sheet.facts.before.get(measure.pk)
    if cell is None or cell.value is None or before is None or not before.value or measure.kind == MeasureKind.FLAG:
        return ""
    difference = cell.value - before.value
    if abs(difference) < rule.least or abs(difference) * 100 <= rule.percent * abs(before.value):
        return ""
    return _words_of_change(difference, before)


def _words_of_change(difference: Decimal, before: Known) -> str:
    words = {
        "before": format_number(before.value),
        "month": label(before.month),
        "percent": format_number(abs(difference) / abs(before.value) * 100, 0),
    }
    if difference > 0:
        return _("Up by %(percent)s%% from %(before)s in %(month)s.") % words
    return _("Down by %(percent)s%% from %(before)s in %(month)s.") % words


def _compared(rule: Rule, sheet: Sheet) -> Iterator[tuple[Measure, str]]:
    """One text at the first typed number of the rule; nothing while a number is unknown or not asked here."""
    if any(measure.pk not in sheet.lines for measure in rule.measures):
        return
    place = next((measure for measure in rule.measures if measure.pk in sheet.typed), None)
    left, right = _sum(sheet, rule.left), _sum(sheet, rule.right)
    if place is None or left is None or right is None or _holds(rule, left, right):
        return
    words = {
        "left": names_of(measure.name for measure in rule.left),
        "left_value": format_number(left),
        "right": names_of(measure.name for measure in rule.right),
        "right_value": format_number(right),
        "relation": _relation(rule.relation),
    }
    yield place, _("%(left)s (%(left_value)s) must be %(relation)s %(right)s (%(right_value)s).") % words


def _holds(rule: Rule, left: Decimal, right: Decimal) -> bool:
    room = abs(right) * rule.percent / 100
    if rule.relation == Relation.AT_MOST:
        return left <= right + room
    if rule.relation == Relation.AT_LEAST:
        return left >= right - room
    return abs(left - right) <= room


def _sum(sheet: Sheet, measures: Collection[Measure]) -> Decimal | None:
    """What the numbers come to in this period; None while one of them is unknown."""
    values = [sheet.facts.in_force(measure) for measure in measures]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if values and len(known) == len(values) else None


def _relation(relation: Relation) -> str:
    words = {Relation.AT_MOST: _("at most"), Relation.AT_LEAST: _("at least"), Relation.EQUAL: _("equal to")}
    return words[relation]


# --- limits and parts ------------------------------------------------------------------------------------------


def _limit_problem(line: Line, value: Decimal) -> str:
    if value != round(value, line.measure.decimals):
        return _("“%(value)s” has too many decimals.") % {"value": format_number(value)}
    if line.measure.kind == MeasureKind.FLAG and value not in (0, 1):
        return _("Choose yes or no.")
    if value < line.least:
        if line.least == 0:
            return _("“%(value)s”: the number cannot be below zero.") % {"value": format_number(value)}
        return _("“%(value)s” is below the least possible value, %(limit)s.") % {
            "value": format_number(value),
            "limit": format_number(line.least),
        }
    limit = LARGEST if line.greatest is None else line.greatest
    if value > limit:
        return _("“%(value)s” is above the greatest possible value, %(limit)s.") % {
            "value": format_number(value),
            "limit": format_number(limit),
        }
    return ""


def _part_problems(sheet: Sheet, values: Values) -> dict[int, str]:
    """Parts above their whole, wherever one of the two is being changed; said at the part if it is typed now."""
    found: dict[int, str] = {}
    for part, whole in _pairs(sheet, values):
        part_value, whole_value = _then(sheet, values, part), _then(sheet, values, whole)
        if part_value is None or whole_value is None or part_value <= whole_value:
            continue
        words = {
            "part": part.name,
            "part_value": format_number(part_value),
            "whole": whole.name,
            "whole_value": format_number(whole_value),
        }
        if part.pk in values:
            found[part.pk] = (
                _("%(part_value)s is more than “%(whole)s” (%(whole_value)s), of which it is a part.") % words
            )
        else:
            found[whole.pk] = _("%(whole_value)s is less than its part “%(part)s” (%(part_value)s).") % words
    return found


def _pairs(sheet: Sheet, values: Values) -> Iterator[tuple[Measure, Measure]]:
    """Part and whole, where at least one of them is among the values."""
    for part in sheet.typed.values():
        if part.whole is not None and (part.pk in values or part.whole_id in values):
            yield part, part.whole


def _then(sheet: Sheet, values: Values, measure: Measure) -> Decimal | None:
    """What the measure will be in this month once the values are stored; a level left empty goes on from before."""
    if values.get(measure.pk) is not None:
        return values[measure.pk]
    facts = sheet.facts
    if measure.pk in values:
        facts = Facts(before=facts.before)
    return facts.in_force(measure)
