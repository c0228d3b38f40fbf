"""The Excel forms of reports as people download them: filled with what is stored, closed where nothing can be typed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from imports.columns import Column, Takes
from imports.desk import Desk
from programmes.choices import MeasureKind
from submissions.importing import of_province, of_unit, styles
from submissions.importing.mark import Mark
from submissions.importing.reports import Report, layout_of, load, period_of
from submissions.importing.styles import HEAD_ROWS, LONGEST_COMMENT, Styles, rule_of, write_number
from submissions.queries import Line
from submissions.queries.overview import units_below
from submissions.queries.periods import due_dates

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}


@translation.override(settings.LANGUAGE_CODE)  # the language in which it is read again
def unit_form(desk: Desk) -> IO[bytes]:
    """The form of the unit of the desk for one period: a row for each number."""
    mark = _mark(desk)
    (report,) = load([desk.scope.pk], desk, {})
    return _book(
        desk, str(of_unit.UnitReportImporter.lead), lambda book, look: _UnitSheet(book, look, desk, mark).draw(report)
    )


@translation.override(settings.LANGUAGE_CODE)
def province_form(desk: Desk) -> IO[bytes]:
    """The forms of the units below: a row for each unit that owes the report and where the person may type."""
    mark = _mark(desk)
    units = [unit.pk for unit in units_below(desk.scope, period_of(desk)) if unit.pk in desk.allowed]
    reports = {report.sheet.unit.pk: report for report in load(units, desk, {})}
    ordered = [reports[pk] for pk in units]
    lead = str(of_province.ProvinceReportImporter.lead)
    return _book(desk, lead, lambda book, look: _ProvinceSheet(book, look, desk, mark).draw(ordered))


def _mark(desk: Desk) -> Mark:
    period = period_of(desk)
    return Mark(period.pk, period.version.number, desk.scope.pk, timezone.now())


def _book(desk: Desk, lead: str, draw: Callable[[Any, Styles], None]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once it is sent
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        look = Styles(book)
        draw(book, look)
        styles.write_instructions(book, look, str(period_of(desk)), [lead])
    file.seek(0)
    return file


class _Sheet:
    """What both forms share: the sheet, its head, its headings."""

    first_place = 0  # of the head; a hidden first column would hide it

    def __init__(self, book: Any, look: Styles, desk: Desk, mark: Mark) -> None:
        self.look, self.desk, self.mark = look, desk, mark
        self.period = period_of(desk)
        self.sheet = book.add_worksheet(_("Data")[:31])
        styles.protect(self.sheet)

    def head(self, about: str, hint: str, *, alarm: bool) -> None:
        title = f"{self.period.form.name} · {self.period.label}"
        lines = (title, about, hint, styles.mark_line(self.mark))
        styles.write_head(self.sheet, self.look, self.first_place, lines, alarm=alarm)

    def headings(self, row: int, columns: Sequence[Column], first: int, asked: set[str]) -> None:
        self.sheet.set_row(row, 48)
        for place, column in enumerate(columns, start=first):
            look = self.look.asked if column.name in asked else self.look.heading
            self.sheet.write_string(row, place, self.heading(column), look)
            self.sheet.set_column(place, place, column.width, None, {"hidden": column.takes is Takes.UNIT_CODE})

    def heading(self, column: Column) -> str:
        return str(column.heading)


class _UnitSheet(_Sheet):
    """A row for each line of the form, under the titles of its sections."""

    def draw(self, report: Report) -> None:
        sheet = report.sheet
        columns = self.columns = of_unit.columns(self.period.label)
        due = due_dates([self.period]).get((self.period.pk, sheet.unit.kind))
        about = sheet.unit.name
        about += " · " + _("due %(day)s") % {"day": format_date(due)} if due else ""
        hint = report.refusal or _("Fill in the white cells of the column “%(period)s”.") % {
            "period": self.period.label
        }
        self.head(about, hint, alarm=bool(report.refusal))
        self.sheet.write_string(HEAD_ROWS, 0, _("No."), self.look.heading)
        self.sheet.set_column(0, 0, 5)
        self.headings(HEAD_ROWS, columns, 1, {of_unit.VALUE, of_unit.NOTE})
        row, number = HEAD_ROWS + 1, 0
        for section in sheet.sections:
            self.sheet.merge_range(row, 0, row, len(columns), section.title or _("Other"), self.look.section)
            for line in section.lines:
                row, number = row + 1, number + 1
                self.sheet.write_number(row, 0, number, self.look.cell())
                self.line(row, line, report)
            row += 1
        self.sheet.freeze_panes(HEAD_ROWS + 1, 3)
        self.sheet.repeat_rows(HEAD_ROWS)
        self.sheet.fit_to_pages(1, 0)

    def line(self, row: int, line: Line, report: Report) -> None:
        sheet, measure = report.sheet, line.measure
        flag = measure.kind == MeasureKind.FLAG
        takes = _takes(line)
        locked = measure.computed or bool(report.refusal) or not sheet.opens(measure.pk)
        before = sheet.facts.before.get(measure.pk)
        texts = {
            of_unit.CODE: measure.code,
            of_unit.LINE: measure.name,
            of_unit.UNIT_OF_MEASURE: measure.unit_of_measure,
            of_unit.NOTE: sheet.note(measure.pk),
            of_unit.LIMITS: _("Computed from records") if measure.computed else styles.limits_of(line),
            of_unit.HELP: _help(line),
        }
        for place, column in enumerate(self.columns, start=1):
            if column.name == of_unit.BEFORE:
                write_number(
                    self.sheet, row, place, before.value if before else None, self.look.cell(takes=takes), flag=flag
                )
            elif column.name == of_unit.VALUE:
                look = self.look.cell(takes=takes, locked=locked)
                write_number(self.sheet, row, place, sheet.value(measure.pk), look, flag=flag)
                self.rules(row, place, line, report, locked=locked)
            else:
                indent = line.depth if column.name == of_unit.LINE else 0
                look = self.look.cell(locked=locked or column.name != of_unit.NOTE, indent=indent)
                self.sheet.write_string(row, place, texts[column.name], look)

    def rules(self, row: int, place: int, line: Line, report: Report, *, locked: bool) -> None:
        if not locked:
            self.sheet.data_validation(row, place, row, place, rule_of(line))
        if reason := report.sheet.facts.named.get(line.measure.pk):
            text = _("Returned, to be mended: %(reason)s") % {"reason": reason}
            self.sheet.write_comment(row, place, text[:LONGEST_COMMENT])


class _ProvinceSheet(_Sheet):
    """A row for each unit, a column for each number, grouped by the sections of the form."""

    first_place = 1
    fixed = 3  # code, unit, state

    def draw(self, reports: Sequence[Report]) -> None:
        self.layout = layout_of(self.desk)
        importer = of_province.ProvinceReportImporter()
        columns = importer.columns_for(self.desk)
        self.numbers = of_province.typed_lines(self.desk)
        self.lines = {of_province.column_name(line.measure.pk): line for line in self.numbers}
        open_rows = [report for report in reports if not report.refusal]
        about = f"{self.desk.scope.name} · " + _("%(count)s units") % {"count": format_number(len(reports))}
        hint = _("Fill in the white cells. Grey rows are closed: the note at their state says why.")
        closed = _("No report can be changed now: the note at the state of each row says why.")
        self.head(about, hint if open_rows else closed, alarm=not open_rows)
        self.sections(HEAD_ROWS)
        row = HEAD_ROWS + 1
        self.headings(row, columns, 0, set(self.lines))
        self.sheet.set_row(row, 78)
        self.comments(row)
        for number, report in enumerate(reports, start=row + 1):
            self.row(number, report)
        for place, line in enumerate(self.numbers, start=self.fixed):
            self.sheet.data_validation(row + 1, place, row + max(len(reports), 1), place, rule_of(line))
        self.sheet.freeze_panes(row + 1, self.fixed)
        self.sheet.repeat_rows(HEAD_ROWS, row)

    def heading(self, column: Column) -> str:
        line = self.lines.get(column.name)
        return f"{column.heading} ({line.measure.unit_of_measure})" if line else str(column.heading)

    def sections(self, row: int) -> None:
        """The titles of the sections over their columns."""
        titles = {
            line.measure.pk: section.title or _("Other") for section in self.layout.sections for line in section.lines
        }
        place = self.fixed
        for title, some in groupby(self.numbers, key=lambda line: titles[line.measure.pk]):
            width = len(list(some))
            if width > 1:
                self.sheet.merge_range(row, place, row, place + width - 1, title, self.look.section)
            else:
                self.sheet.write_string(row, place, title, self.look.section)
            place += width

    def comments(self, row: int) -> None:
        for place, line in enumerate(self.numbers, start=self.fixed):
            text = "\n".join(filter(None, (_help(line), styles.limits_of(line))))
            self.sheet.write_comment(row, place, text[:LONGEST_COMMENT], {"x_scale": 2})

    def row(self, row: int, report: Report) -> None:
        unit, sheet = report.sheet.unit, report.sheet
        shut = self.look.cell()
        self.sheet.write_string(row, 0, unit.code, shut)
        self.sheet.write_string(row, 1, self.desk.units.label(unit.pk), shut)
        state = str(sheet.submission.get_state_display()) if sheet.submission else _("Nothing entered yet")
        self.sheet.write_string(row, 2, state, shut)
        if report.refusal:
            self.sheet.write_comment(row, 2, report.refusal[:LONGEST_COMMENT], {"x_scale": 2})
        for place, line in enumerate(self.numbers, start=self.fixed):
            locked = bool(report.refusal) or line.measure.pk not in sheet.typed or not sheet.opens(line.measure.pk)
            look = self.look.cell(takes=_takes(line), locked=locked)
            flag = line.measure.kind == MeasureKind.FLAG
            write_number(self.sheet, row, place, sheet.value(line.measure.pk), look, flag=flag)
        look = self.look.cell(locked=bool(report.refusal))
        self.sheet.write_blank(row, self.fixed + len(self.numbers), None, look)


def _takes(line: Line) -> Takes:
    if line.measure.kind == MeasureKind.FLAG:
        return Takes.YES_NO
    return Takes.DECIMAL if line.measure.decimals else Takes.INTEGER


def _help(line: Line) -> str:
    """How to count a number, what it is a part of, and whether it must be answered."""
    whole = line.measure.whole
    return " ".join(
        filter(
            None,
            (
                line.help_text,
                _("Part of “%(whole)s”.") % {"whole": whole.name} if whole else "",
                _("Must be answered.") if line.required else "",
            ),
        )
    )
