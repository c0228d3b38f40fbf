"""What typed figures must satisfy. Errors block a save; a large change only asks for a note before it is sent.

Pure: everything that is known comes with the sheet, the day is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import label, last_day, month_of
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.queries.sheets import Facts, Known, Sheet
from units.models import Unit

Values = Mapping[int, Decimal | None]  # by measure; None empties the cell
LARGE_CHANGE = Decimal("0.5")  # share of the previous value
LEAST_CHANGE = 5  # small numbers jump: one class after three is nothing to explain
LARGEST = Decimal(10) ** 13  # its hundredths, multiplied by weights, still fit the integers of both databases


@dataclass(frozen=True)
class LargeChange:
    """A value far from the one reported before; `noted` says whether its cell carries a note."""

    measure: Measure
    value: Decimal
    before: Known
    noted: bool

    @property
    def difference(self) -> Decimal:
        return self.value - self.before.value

    @property
    def text(self) -> str:
        words = {
            "before": format_number(self.before.value),
            "month": label(self.before.month),
            "percent": format_number(abs(self.difference) / abs(self.before.value) * 100, 0),
        }
        if self.difference > 0:
            return _("Up by %(percent)s%% from %(before)s in %(month)s.") % words
        return _("Down by %(percent)s%% from %(before)s in %(month)s.") % words


def place_problem(unit: Unit, month: int, *, today: date) -> str:
    """Why this unit cannot report for this month; empty when it can. The last day of a month decides who reports."""
    words = {"unit": unit.name, "month": label(month)}
    if month > month_of(today):
        return _("Month %(month)s has not begun yet.") % words
    if unit.valid_from > last_day(month):
        words["day"] = format_date(unit.valid_from)
        return _("“%(unit)s” exists only from %(day)s and does not report for %(month)s.") % words
    if unit.valid_to is not None and unit.valid_to < last_day(month):
        words["day"] = format_date(unit.valid_to)
        return _("“%(unit)s” ended on %(day)s. Its successor reports for %(month)s.") % words
    return ""


def problems(sheet: Sheet, values: Values) -> dict[int, str]:
    """What is wrong with these values, by measure: unknown here, limits, parts above their whole."""
    found: dict[int, str] = {}
    for measure_id, value in values.items():
        measure = sheet.typed.get(measure_id)
        if measure is None:
            found[measure_id] = _("This measure is not entered at this unit.")
        elif value is not None and (text := _limit_problem(measure, value)):
            found[measure_id] = text
    sound = {measure_id: value for measure_id, value in values.items() if measure_id not in found}
    return found | _part_problems(sheet, sound)


def missing_wholes(sheet: Sheet) -> dict[int, str]:
    """Parts of a flow that stand without their whole: by themselves they would make a part of nothing."""
    found: dict[int, str] = {}
    for measure in sheet.typed.values():
        whole = sheet.typed.get(measure.whole_id or 0)
        if whole is None or not sheet.value(measure.pk):
            continue
        if sheet.facts.in_force(whole) is None:
            found[whole.pk] = _("Enter this number too: “%(part)s” is a part of it.") % {"part": measure.name}
    return found


def large_changes(sheet: Sheet) -> list[LargeChange]:
    """Typed values more than half above or below what was reported before."""
    found = []
    for measure_id, cell in sheet.facts.cells.items():
        measure, before = sheet.typed.get(measure_id), sheet.facts.before.get(measure_id)
        if measure is None or before is None or cell.value is None or not _is_large(measure, cell.value, before.value):
            continue
        found.append(LargeChange(measure, cell.value, before, noted=bool(cell.note)))
    return sorted(found, key=lambda change: (change.measure.order, change.measure.code))


def _is_large(measure: Measure, value: Decimal, before: Decimal) -> bool:
    difference = abs(value - before)
    if measure.kind == MeasureKind.FLAG or not before or difference < LEAST_CHANGE:
        return False
    return difference > LARGE_CHANGE * abs(before)


def _limit_problem(measure: Measure, value: Decimal) -> str:
    if value != round(value, measure.decimals):
        return _("“%(value)s” has too many decimals.") % {"value": format_number(value)}
    if measure.kind == MeasureKind.FLAG and value not in (0, 1):
        return _("Choose yes or no.")
    if value < measure.minimum:
        if measure.minimum == 0:
            return _("“%(value)s”: the number cannot be below zero.") % {"value": format_number(value)}
        return _("“%(value)s” is below the least possible value, %(limit)s.") % {
            "value": format_number(value),
            "limit": format_number(measure.minimum),
        }
    limit = LARGEST if measure.maximum is None else measure.maximum
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
