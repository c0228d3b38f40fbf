"""What a save has to know: the lines that its cells concern, with everything stored about them, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from programmes.models import Figure, Measure
from submissions.models import Cell, FormLine, ReturnedCell, Submission
from submissions.queries.layout import FormLayout, Line, Section
from submissions.queries.sheets import Facts, Known, Pair, Sheet, stored_figures


def touched_sheets(submissions: Collection[Submission], measure_ids: Collection[int]) -> dict[Pair, Sheet]:
    """Sheets of these submissions with nothing but these measures, their wholes and their parts.

    One query, however many; two more where the whole of a measure does not stand on the form. The cells tell value,
    note and version, not who typed them. Of the numbers that were returned it knows those among the lines, and one
    more where there are others.
    """
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in _lines(submissions, measure_ids):
        rows[row.of].append(row)
    sheets = {(one.unit_id, one.period_id): _sheet(one, rows[one.pk]) for one in submissions}
    return {pair: _with_wholes(sheet) for pair, sheet in sheets.items()}


def _lines(submissions: Collection[Submission], measure_ids: Collection[int]) -> QuerySet[Any]:
    """A row for each submission and line."""
    wholes = Measure.objects.filter(parts__in=measure_ids).values("pk")
    concerned = Q(measure__in=measure_ids) | Q(measure__whole__in=measure_ids) | Q(measure__in=wholes)
    cell = Cell.objects.filter(submission=OuterRef("of"), measure=OuterRef("measure"))
    figure = Figure.objects.filter(unit=OuterRef("of_unit"), measure=OuterRef("measure"))
    returned = ReturnedCell.objects.filter(submission=OuterRef("of"))
    earlier = figure.filter(period__lt=OuterRef("month")).order_by("-period")
    return (
        FormLine.objects.annotate(
            of=F("version__periods__submissions"),
            of_unit=F("version__periods__submissions__unit"),
            month=F("version__periods__month"),
        )
        .filter(concerned, of__in=[one.pk for one in submissions], measure__active=True)
        .annotate(
            typed=Subquery(cell.values("value")),
            note=Subquery(cell.values("note")),
            typed_version=Subquery(cell.values("version")),
            recorded=Subquery(figure.filter(period=OuterRef("month")).values("value")),
            before=Subquery(earlier.values("value")[:1]),
            before_month=Subquery(earlier.values("period")[:1]),
            is_named=Exists(returned.filter(measure=OuterRef("measure"))),
            some_named=Subquery(returned.values("measure")[:1]),
        )
        .select_related("measure__whole")
        .order_by("order", "pk")
    )


def _sheet(submission: Submission, rows: Collection[Any]) -> Sheet:
    lines = tuple(Line(row.measure, 0, row.required, row.minimum, row.maximum) for row in rows)
    facts = Facts(
        cells={row.measure_id: _cell(submission, row) for row in rows if row.typed_version is not None},
        recorded={row.measure_id: row.recorded for row in rows if row.recorded is not None},
        before={row.measure_id: Known(row.before, row.before_month) for row in rows if row.before is not None},
        named=_named(rows) if submission.is_returned else {},
    )
    return Sheet(submission.unit, submission.period, FormLayout((Section("", "", lines),)), submission, facts)


def _cell(submission: Submission, row: Any) -> Cell:
    cell = Cell(submission=submission, measure_id=row.measure_id, value=row.typed, note=row.note)
    cell.version = row.typed_version
    return cell


def _named(rows: Iterable[Any]) -> dict[int, str]:
    named = {row.measure_id for row in rows if row.is_named}
    return dict.fromkeys(named | {row.some_named for row in rows if row.some_named}, "")


def _with_wholes(sheet: Sheet) -> Sheet:
    """The same with the figures of wholes that are no lines of the form."""
    wholes = {line.measure.whole_id for line in sheet.lines.values() if line.measure.whole_id} - set(sheet.lines)
    if not wholes:
        return sheet
    recorded, before = stored_figures(sheet.unit.pk, sheet.period.month, wholes)
    facts = Facts(
        sheet.facts.cells, {**sheet.facts.recorded, **recorded}, {**sheet.facts.before, **before}, sheet.facts.named
    )
    return Sheet(sheet.unit, sheet.period, sheet.layout, sheet.submission, facts)
