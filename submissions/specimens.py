"""Sheets that belong to no unit, to look at a version of a form and to try its rules. Nothing of them is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.periods import first_day, last_day, last_finished
from programmes.models import Measure
from submissions.models import Cell, FormVersion, ReportingPeriod
from submissions.queries import Facts, Known, Sheet, load_sheet
from submissions.queries.keeping import layout_of
from units.choices import UnitKind
from units.models import Unit

Values = Mapping[int, Decimal | None]  # by measure


def specimen(version: FormVersion, kind: str, today: date) -> Sheet:
    """The version as an imagined unit of the kind sees it, with nothing typed yet."""
    month = last_finished(today)
    period = ReportingPeriod(
        pk=0, form=version.form, version=version, month=month, starts_on=first_day(month), ends_on=last_day(month)
    )
    name = dict(UnitKind.choices).get(kind, kind)
    return Sheet(Unit(pk=0, kind=kind, name=str(name)), period, layout_of(version), None, Facts())


def sheet_of(version: FormVersion, unit: Unit, period: ReportingPeriod) -> Sheet:
    """What a unit has for a period, as if it had been asked by this version."""
    stored = load_sheet(unit, period)
    return Sheet(unit, period, layout_of(version), stored.submission, stored.facts)


def with_values(sheet: Sheet, now: Values, before: Values) -> Sheet:
    """The sheet with other values typed or computed for its period, and others reported before. None takes away."""
    facts = sheet.facts
    recorded = {pk: value for pk, value in now.items() if value is not None and pk not in sheet.typed}
    cells = {pk: _cell(sheet, pk, now[pk]) for pk in sheet.typed if pk in now}
    known = {pk: Known(value, sheet.period.month - 1) for pk, value in before.items() if value is not None}
    kept = {pk: value for pk, value in facts.recorded.items() if pk not in now}
    return Sheet(
        sheet.unit,
        sheet.period,
        sheet.layout,
        None,
        Facts(
            cells={**facts.cells, **cells},
            recorded={**kept, **recorded},
            before={**{pk: value for pk, value in facts.before.items() if pk not in before}, **known},
        ),
    )


def tried(sheet: Sheet) -> list[Measure]:
    """The measures of the sheet that some rule looks at, in the order of the form."""
    rules = sheet.layout.rules
    if any(rule.of_every_number for rule in rules):
        return [line.measure for line in sheet.lines.values()]
    named = {measure.pk for rule in rules for measure in rule.measures}
    return [line.measure for line in sheet.lines.values() if line.measure.pk in named]


def _cell(sheet: Sheet, measure_id: int, value: Decimal | None) -> Cell:
    return Cell(measure_id=measure_id, value=value, note=sheet.note(measure_id))
