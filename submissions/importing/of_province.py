"""The reports of the units below one: a row for each unit, a column for each number."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.periods import last_day
from imports.columns import Column, heading_key, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Row, Stored
from programmes.models import Measure
from submissions.importing.base import LONGEST_NOTE, ReportImporter, as_number, as_read, as_shown, marks, number_column
from submissions.importing.judging import Judged, Said, judge
from submissions.importing.reports import Report, layout_of, load, period_of, plan, remember
from submissions.queries import Line
from submissions.queries.overview import units_below

NOTE, STATE = "note", "state"
_PREFIX = "m"


def column_name(measure_id: int) -> str:
    return f"{_PREFIX}{measure_id}"


def fixed_columns(desk: Desk) -> tuple[Column, ...]:
    """The unit and its state; what stands behind the numbers is the note."""
    code, unit = unit_columns()
    last = last_day(period_of(desk).month)
    return code, replace(unit, on=last), Column(STATE, _("State"), shown=True, aliases=("Tình trạng",), width=20)


def note_column() -> Column:
    help_text = _("Why numbers of this row changed unusually; it is kept with those numbers.")
    return Column(NOTE, _("Note"), max_length=LONGEST_NOTE, help=help_text, aliases=("Lý do", "Giải trình"), width=30)


def typed_lines(desk: Desk) -> list[Line]:
    """What people type in the reports of the units below, in the order of the form."""

    def find() -> list[Line]:
        below = units_below(desk.scope, period_of(desk)).order_by()
        kinds = set(below.values_list("kind", flat=True).distinct())
        lines = layout_of(desk).lines.values()
        return [line for line in lines if not line.measure.computed and kinds & set(line.measure.entered_at)]

    found: list[Line] = desk.once("lines", find)
    return found


def number_columns(measures: Sequence[Measure], taken: set[str]) -> tuple[Column, ...]:
    """A column for each number that people type. Where two names read the same the code stands in front."""
    keys = [heading_key(measure.name) for measure in measures]
    found = []
    for measure, key in zip(measures, keys, strict=True):
        clear = bool(key) and keys.count(key) == 1 and key not in taken
        heading = measure.name if clear else f"{measure.code} · {measure.name}"
        code = (measure.code,) if heading_key(measure.code) not in {*keys, *taken} else ()
        found.append(number_column(column_name(measure.pk), heading, measure, aliases=code, width=13))
    return tuple(found)


class ProvinceReportImporter(ReportImporter):
    kind = "bao-cao-nhieu-don-vi"
    title = _("Reports of many units")
    lead = _("One row for each unit, one column for each number.")
    page = "submissions:province"
    start = "submissions:province_excel"

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        def make() -> tuple[Column, ...]:
            fixed, note = fixed_columns(desk), note_column()
            taken = {key for column in (*fixed, note) for key in column.keys()}  # noqa: SIM118 - a method
            return *fixed, *number_columns([line.measure for line in typed_lines(desk)], taken), note

        found: tuple[Column, ...] = desk.once("columns", make)
        return found

    def key(self, row: Row, desk: Desk) -> Hashable:
        unit: int = row.values["unit"]
        return unit

    def label(self, row: Row, desk: Desk) -> str:
        return desk.name(row.values["unit"])

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        """A unit that stands there twice is judged by its first row; the second is an error already."""
        by_unit: dict[int, Row] = {}
        for row in rows:
            if "unit" in row.values:
                by_unit.setdefault(row.values["unit"], row)
        known = marks(desk)
        mark_of = {unit: known[row.sheet] for unit, row in by_unit.items() if row.sheet in known}
        measures = [line.measure for line in typed_lines(desk)]
        found = {
            report.sheet.unit.pk: _aim(by_unit[report.sheet.unit.pk], report, measures, desk)
            for report in load([unit for unit in by_unit if unit in desk.allowed], desk, mark_of)
        }
        return [_own(row, by_unit, found) for row in rows]


def _own(row: Row, by_unit: Mapping[int, Row], found: Mapping[int, Aim]) -> Aim:
    unit = row.values.get("unit")
    return found.get(unit, Aim()) if unit and by_unit[unit] is row else Aim()


def _aim(row: Row, report: Report, measures: Sequence[Measure], desk: Desk) -> Aim:
    read = as_read(row, desk)
    here = [measure for measure in measures if column_name(measure.pk) in row.columns]
    unread = {measure.pk for measure in here if column_name(measure.pk) in row.unread}
    values = {one.pk: as_number(read.get(column_name(one.pk))) for one in here if one.pk not in unread}
    note = read.get(NOTE, "")
    said = Said(values, unread=unread, spare_note=note, earlier=report.earlier)
    judged = judge(report.sheet, said, refusal=report.refusal)
    if judged.values and not judged.problems:
        remember([plan(row, report.sheet, judged)], desk)
    row.values.clear()
    row.values.update(_row_values(report, judged, measures, note))
    stored = {column_name(one.pk): as_shown(one, report.sheet.value(one.pk)) for one in measures}
    return Aim(
        Stored(report.sheet.submission.pk if report.sheet.submission else 0, {**stored, "unit": report.sheet.unit.pk}),
        {column_name(pk): text for pk, text in judged.problems.items()},
        {column_name(pk): text for pk, text in _named(report, judged).items()},
        {column_name(pk): text for pk, text in judged.hints.items()},
    )


def _row_values(report: Report, judged: Judged, measures: Sequence[Measure], note: str) -> dict[str, Any]:
    """What the row changes, and nothing else: the rest is as it is stored. A note that explains nothing is left out."""
    found: dict[str, Any] = {"unit": report.sheet.unit.pk}
    by_key = {measure.pk: measure for measure in measures}
    found |= {column_name(pk): as_shown(by_key[pk], value) for pk, value in judged.values.items()}
    return found | ({NOTE: note} if note and note in judged.notes.values() else {})


def _named(report: Report, judged: Judged) -> dict[int, str]:
    """A warning stands by itself in the preview: it names its number."""
    return {pk: f"“{report.sheet.typed[pk].name}”: {text}" for pk, text in judged.warnings.items()}
