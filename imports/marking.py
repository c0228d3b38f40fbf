"""The person's own file back: red cells, a note in each, and a sheet that lists what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from core.export import is_formula_like
from imports.headings import Problem

MOST_CELLS = 400_000  # openpyxl keeps about half a kilobyte for each cell: more would not fit beside other work
AUTHOR = "dtportal"  # how notes of an earlier check are told from the person's own
_RED = PatternFill("solid", fgColor="FFFFC7CE")
_NOTE_SIZE = (120, 320)
_MOST_LISTED = 10_000


def mark(source: Path, target: Path, problems: Sequence[Problem]) -> None:
    """Writes a copy of the file with the problems in it; marks of an earlier check are taken away."""
    book = load_workbook(source)
    by_cell: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_cell[problem.sheet, problem.cell].append(problem)
    list_name = _list_name()
    if list_name in book.sheetnames:
        del book[list_name]
    for sheet in book.worksheets:
        _clean(sheet)
    for (name, where), some in by_cell.items():
        if where and name in book.sheetnames:
            _mark_cell(book[name][where], some)
    _list(book.create_sheet(list_name), problems[:_MOST_LISTED])
    book.save(target)
    book.close()


def _list_name() -> str:
    return _("Errors found")[:31]


def _clean(sheet: Any) -> None:
    for cells in sheet.iter_rows():
        for cell in cells:
            if not isinstance(cell, MergedCell) and cell.comment and cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, PatternFill()


def _mark_cell(cell: Any, problems: Iterable[Problem]) -> None:
    if isinstance(cell, MergedCell):
        return
    comment = Comment("\n".join(problem.text for problem in problems), AUTHOR)
    comment.height, comment.width = _NOTE_SIZE
    cell.comment, cell.fill = comment, _RED


def _list(sheet: Any, problems: Iterable[Problem]) -> None:
    sheet.append([_("Sheet"), _("Cell"), _("Column"), _("Value"), _("What to do")])
    for column, width in zip("ABCDE", (20, 8, 24, 24, 90), strict=True):
        sheet.column_dimensions[column].width = width
    for problem in problems:
        values = [problem.sheet, problem.cell, problem.heading, problem.value, problem.text]
        sheet.append([f"'{one}" if is_formula_like(one) else one for one in values])
