"""The report of one unit: a row for each number, as on its form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.text import fold
from imports.cells import CellError, is_empty, read_cell, shown
from imports.columns import Column, Takes, heading_key
from imports.desk import Desk
from imports.registry import Aim, Row, Stored
from programmes.models import Measure
from submissions.importing.base import LONGEST_NOTE, ReportImporter, as_number, as_read, as_shown, marks, number_column
from submissions.importing.judging import Judged, Said, judge
from submissions.importing.reports import Report, load, period_of, plan, remember
from submissions.queries import Sheet

CODE, LINE, UNIT_OF_MEASURE, BEFORE, VALUE, NOTE, LIMITS, HELP = (
    "code", "line", "unit_of_measure", "before", "value", "note", "limits", "help",
)  # fmt: skip
_BULLET = re.compile(r"^(?:[\s\-–—+•*.]|\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})*|[ivx]{1,4}|[a-h])[.)]\s)+")
_PART = "trong do"


def columns(period_label: str) -> tuple[Column, ...]:
    """Those that are `shown` help who fills in the form; the number is read once its line is known."""
    return (
        Column(CODE, _("Code"), aliases=("Mã số", "Mã số liệu", "Mã chỉ tiêu"), width=14),
        Column(LINE, _("Measure"), standing=True, aliases=_NAMES, width=52),
        Column(UNIT_OF_MEASURE, _("Unit of measure"), shown=True, aliases=("ĐVT",), width=11),
        Column(BEFORE, _("Reported before"), shown=True, aliases=("Kỳ trước", "Cùng kỳ", "Tháng trước"), width=14),
        Column(VALUE, period_label, Takes.OPEN, standing=True, aliases=_VALUES, width=16),
        Column(NOTE, _("Note"), max_length=LONGEST_NOTE, aliases=("Lý do", "Giải trình"), width=34),
        Column(LIMITS, _("Limits"), shown=True, width=30),
        Column(HELP, _("How to count"), shown=True, width=60),
    )


_NAMES = ("Chỉ tiêu", "Tên chỉ tiêu", "Nội dung", "Nội dung báo cáo", "Tên số liệu", "Danh mục")
_VALUES = ("Kỳ này", "Số liệu kỳ này", "Trong kỳ", "Giá trị", "Kết quả", "Kết quả thực hiện", "Thực hiện", "Số lượng")


class UnitReportImporter(ReportImporter):
    kind = "bao-cao-don-vi"
    title = _("Report of one unit")
    lead = _("One row for each number of the form.")
    unit_column = ""  # the page names the unit
    at_once = 200
    page = "submissions:grid"
    start = "submissions:excel"

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        found: tuple[Column, ...] = desk.once("columns", lambda: columns(period_of(desk).label))
        return found

    def key(self, row: Row, desk: Desk) -> Hashable | None:
        return row.values.get("measure")

    def label(self, row: Row, desk: Desk) -> str:
        return str(row.values.get(LINE, row.values.get(CODE, "")))

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        known = marks(desk)
        mark = next((known[row.sheet] for row in rows if row.sheet in known), None)
        (report,) = load([desk.scope.pk], desk, {desk.scope.pk: mark} if mark else {})
        names = Names(line.measure for line in report.sheet.lines.values())
        for row in rows:
            values = as_read(row, desk)
            row.values.clear()
            row.values.update(values)
        problems = {id(row): _read(row, report.sheet, names, marked=row.sheet in known) for row in rows}
        by_measure: dict[int, Row] = {}
        for row in rows:
            if row.values.get("measure"):
                by_measure.setdefault(row.values["measure"], row)
        said = _said(by_measure, problems, report)
        judged = judge(report.sheet, said, refusal=report.refusal)
        if not judged.problems:
            plans = [plan(by_measure[pk], report.sheet, judged, [pk]) for pk in judged.values]
            remember(plans, desk)
        return [_aim(row, by_measure, problems[id(row)], report, judged) for row in rows]


class Names:
    """The lines of a form by code, by name, and by name as people shorten it; the exact name goes before the others."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.codes: dict[str, Measure] = {}
        self.tables: list[tuple[Callable[[str], str], dict[str, list[Measure]]]] = [
            (key, defaultdict(list)) for key in (fold, _bare, lambda name: heading_key(_bare(name)))
        ]
        for measure in measures:
            self.codes[fold(measure.code)] = measure
            for key, table in self.tables:
                table[key(measure.name)].append(measure)

    def find(self, code: str, name: str) -> list[Measure]:
        """The lines that may be meant; one where there is no doubt."""
        if code and fold(code) in self.codes:
            return [self.codes[fold(code)]]
        found = (table.get(key(name), []) for key, table in self.tables if key(name))
        return next(filter(None, found), [])


def _bare(name: str) -> str:
    """Without what lists put in front: «1.», «a)», «-», «Trong đó:»."""
    text = _BULLET.sub("", fold(name))
    return text.removeprefix(_PART).lstrip(" :") if text.startswith(_PART) else text


def _read(row: Row, sheet: Sheet, names: Names, *, marked: bool) -> dict[str, str]:
    """Finds the line of a row and reads its number in place; returns what is wrong, by column."""
    code, name = str(row.values.get(CODE, "")), str(row.values.get(LINE, ""))
    raw = row.values.pop(VALUE, None)
    found = names.find(code, name)
    if len(found) != 1:
        if is_empty(raw):
            return {}  # a heading or a remark between the lines
        row.values[VALUE] = shown(raw)
        return {CODE if code else LINE: _unknown(code or name, several=bool(found))}
    (measure,) = found
    row.values.update({"measure": measure.pk, LINE: measure.name})
    if is_empty(raw):
        return {}
    try:
        value = read_cell(number_column(VALUE, "", measure), raw)
    except CellError as refusal:
        row.values[VALUE] = shown(raw)
        return {VALUE: str(refusal)}
    if measure.computed:
        return {} if marked or as_number(value) == sheet.value(measure.pk) else {VALUE: _computed()}
    row.values[VALUE] = as_number(value)
    return {}


def _unknown(typed: str, *, several: bool) -> str:
    if several:
        return gettext("Several lines are called “%(name)s”. Enter the code of the one you mean.") % {"name": typed}
    if not typed:
        return gettext("Which number is this? Enter its name or code as on the form, or delete the row.")
    return gettext("The form has no line “%(name)s”. Enter the name or code as on the form.") % {"name": typed}


def _computed() -> str:
    return gettext("This number is computed from records. Empty the cell; correct the records instead.")


def _said(by_measure: Mapping[int, Row], problems: Mapping[int, Mapping[str, str]], report: Report) -> Said:
    typed = report.sheet.typed
    unread = {pk for pk, row in by_measure.items() if VALUE in problems[id(row)] or VALUE in row.unread}
    values: dict[int, Decimal | None] = {
        pk: row.values.get(VALUE)
        for pk, row in by_measure.items()
        if pk in typed and pk not in unread and VALUE in row.columns
    }
    notes = {pk: row.values[NOTE] for pk, row in by_measure.items() if pk in values and row.values.get(NOTE)}
    return Said(values, notes, unread, earlier=report.earlier)


def _aim(row: Row, by_measure: Mapping[int, Row], problems: dict[str, str], report: Report, judged: Judged) -> Aim:
    pk = row.values.get("measure")
    if problems or pk is None or by_measure[pk] is not row or pk not in report.sheet.typed:
        return Aim(Stored(0, dict(row.values)), problems)
    measure, sheet = report.sheet.typed[pk], report.sheet
    told = {LINE: measure.name, "measure": pk}
    stored = {**told, VALUE: as_shown(measure, sheet.value(pk)), NOTE: sheet.note(pk)}
    row.values.clear()
    row.values.update(told)
    if pk in judged.values:
        row.values[VALUE] = as_shown(measure, judged.values[pk])
        if judged.notes[pk] != sheet.note(pk):
            row.values[NOTE] = judged.notes[pk]
    return Aim(Stored(pk, stored), *(_at_value(pk, told) for told in (judged.problems, judged.warnings, judged.hints)))


def _at_value(pk: int, texts: Mapping[int, str]) -> dict[str, str]:
    return {VALUE: texts[pk]} if pk in texts else {}
