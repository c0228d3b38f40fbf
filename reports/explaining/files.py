"""A change as a file: how it was read, then one line for each unit and part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from core.export import Sheet, csv_response, xlsx_response
from core.periods import label as month_label
from reports.explaining.pictures import step_unit
from reports.explaining.rows import Explanation

FILE_NAME = "vi-sao-thay-doi"
Row = list[Any]


def file_of(found: Explanation, kind: str) -> HttpResponseBase:
    """The whole change as csv or xlsx."""
    lines = rows(found)
    if kind == "csv":
        return csv_response(FILE_NAME, lines)
    return xlsx_response(FILE_NAME, [Sheet(_("Why it changed"), next(lines), lines)])


def rows(found: Explanation) -> Iterator[Row]:
    """Every line of the file, the heading of the table among them; the parts add up to the difference."""
    change = found.change
    indicator, scope = change.indicator, change.scope
    yield [_("Indicator"), indicator.name]
    yield [_("Unit"), scope.unit.name]
    yield [_("Reading"), scope.reading_words]
    yield [_("Months"), f"{month_label(change.first)} – {month_label(change.last)}"]
    yield [_("Earlier value, as it was known then"), found.before]
    yield [_("Earlier value, as it is known now"), found.now]
    yield [_("Later value"), found.after]
    yield []
    names = [indicator.numerator.name, *([indicator.denominator.name] if indicator.denominator else [])]
    yield [_("Part"), _("Unit"), _("Units"), *names, f"{_('Adds')} ({step_unit(indicator)})", _("Reason")]
    for part in found.parts:
        for row in part.rows:
            amounts = [row.numerator, row.denominator][: len(names)]
            yield [part.label, row.unit.name, row.units, *amounts, row.points, row.note]
