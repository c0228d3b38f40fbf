"""From the file to raw cells: the visible sheets with their values as Excel keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from imports import safety
from imports.survey import FAULT, SheetSurvey, Spot, column_letters, survey

Raw = Any  # str, float, bool, date, datetime, time, timedelta; "" for nothing


@dataclass(frozen=True)
class Sheet:
    """One visible sheet. `rows[0]` is row 1 of the file; `flags` are cells that only seem to be empty."""

    name: str
    rows: list[list[Raw]]
    flags: dict[Spot, str]


def read_book(path: Path) -> list[Sheet]:
    """All visible sheets that hold something. Raises safety.FileError, and nothing else, for whatever the file is."""
    if not path.is_file():
        raise safety.FileError(_("The file is no longer kept. Send it again."))
    with path.open("rb") as file:
        safety.prove(file)
        with safety.open_package(file) as package:
            surveys = [one for one in survey(package) if one.cells and not one.hidden]
    return _guarded(lambda: _read(path, surveys))


def cell_name(row: int, column: int) -> str:
    """C7 of row 7, column 3."""
    return f"{column_letters(column)}{row}"


def is_fault(flag: str) -> bool:
    return flag == FAULT


def _read(path: Path, surveys: list[SheetSurvey]) -> list[Sheet]:
    with CalamineWorkbook.from_path(path) as book:
        return [
            Sheet(one.name, book.get_sheet_by_name(one.name).to_python(skip_empty_area=False), one.flags)
            for one in surveys
            if one.name in book.sheet_names
        ]


def _guarded(read: Callable[[], list[Sheet]]) -> list[Sheet]:
    """A panic of the Rust reader is a BaseException: it would end the worker instead of refusing the file."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:
        raise safety.broken() from fault
