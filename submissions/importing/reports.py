"""The reports of one period that a file is about: loaded in few queries, judged, written and taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.verdicts import Denied
from imports.desk import Desk
from imports.registry import Line, Row, RowError, Undo
from submissions.actions import CellEdit, WrittenCell, restore_cells, save_grid
from submissions.actions.claiming import closed_reason
from submissions.importing.judging import Judged, Numbers
from submissions.importing.mark import Mark
from submissions.models import ReportingPeriod
from submissions.queries import FormLayout, Key, Sheet, layouts, load_sheets
from submissions.queries.periods import owed_pairs, permitted
from submissions.queries.since import changed_since
from submissions.rules import lock_problem, place_problem
from units.models import Unit

IMPORT = "submissions.import"
AT_A_TIME = 100  # reports that are loaded or written together


@dataclass(frozen=True)
class Report:
    """One report beside what a file says: `refusal` is why nothing can be typed in it, `earlier` as in `Said`."""

    sheet: Sheet
    refusal: str
    earlier: Numbers | None


@dataclass(frozen=True)
class Plan:
    """The cells that a row writes. `before` is what stands in them, none where there is no cell."""

    row: Row
    edits: tuple[CellEdit, ...]
    before: dict[int, tuple[Decimal | None, str] | None]
    unnoted: frozenset[int]
    begun: bool


def period_of(desk: Desk) -> ReportingPeriod:
    """The period that the page named. Raises Denied where the person sees it no more, or it is gone."""

    def find() -> ReportingPeriod:
        seen = ReportingPeriod.objects.visible_to(desk.by).select_related("form__programme__owner", "version")
        period = seen.filter(pk=int(desk.options.get("period", 0))).first()
        if period is None:
            raise Denied(_("There is no such reporting period."))
        return period

    found: ReportingPeriod = desk.once("period", find)
    return found


def layout_of(desk: Desk) -> FormLayout:
    version = period_of(desk).version_id
    found: FormLayout = desk.once("layout", lambda: layouts([version])[version])
    return found


def load(unit_ids: Collection[int], desk: Desk, mark_of: dict[int, Mark]) -> Iterator[Report]:
    """The reports of these units, some at a time: the sheets of a whole country would not fit into the memory.

    `mark_of` names, by unit, the mark of the sheet in which it stands.
    """
    for some in _some(unit_ids):
        desk.load(some)
        yield from _reports([desk.unit(pk) for pk in some], desk, mark_of)


def _some(unit_ids: Iterable[int]) -> Iterator[list[int]]:
    """In the order of their keys: whoever takes hold of several reports takes them so."""
    ordered = sorted(unit_ids)
    for start in range(0, len(ordered), AT_A_TIME):
        yield ordered[start : start + AT_A_TIME]


def _reports(units: list[Unit], desk: Desk, mark_of: dict[int, Mark]) -> Iterator[Report]:
    period = period_of(desk)
    sheets = load_sheets(units, [period], layout_of(desk).lines)
    owed = owed_pairs(sheets, {period.pk: period})
    opened = permitted(units, [period], desk.today)
    earlier = _earlier(sheets.values(), mark_of)
    for pair, sheet in sheets.items():
        refusal = _refusal(sheet, owes=pair in owed, opened=pair in opened, today=desk.today)
        yield Report(sheet, refusal, earlier.get(sheet.unit.pk))


def _refusal(sheet: Sheet, *, owes: bool, opened: bool, today: date) -> str:
    """Why nothing can be typed in the report now; the same words as in the form."""
    text = place_problem(sheet.unit, sheet.period, today=today)
    if text or not owes:
        return text or _("“%(unit)s” does not owe this report.") % {"unit": sheet.unit.name}
    if text := lock_problem(sheet.period, permitted=opened, today=today):
        return text
    if sheet.submission is None or sheet.submission.is_open:
        return ""
    sheet.submission.unit = sheet.unit  # known already: no query for its name
    return closed_reason(sheet.submission)


def _earlier(sheets: Collection[Sheet], mark_of: dict[int, Mark]) -> dict[int, Numbers]:
    """By unit what stood in the cells that were written since the form was made; only units with a mark."""
    found: dict[int, Numbers] = {}
    for moment in {mark.made_at for mark in mark_of.values()}:
        marked = [one for one in sheets if one.unit.pk in mark_of and mark_of[one.unit.pk].made_at == moment]
        changed = changed_since([one.submission for one in marked if one.submission], moment)
        for sheet in marked:
            report = sheet.submission.pk if sheet.submission else 0
            keys = {measure.pk: (report, measure.code) for measure in sheet.typed.values()}
            found[sheet.unit.pk] = {pk: changed[key] for pk, key in keys.items() if key in changed}
    return found


# --- writing and taking back -----------------------------------------------------------------------------------


def plan(row: Row, sheet: Sheet, judged: Judged, measure_ids: Collection[int] | None = None) -> Plan:
    """What a row writes of a judged report: all of it, or some measures."""
    chosen = [pk for pk in judged.values if measure_ids is None or pk in measure_ids]
    cells = sheet.facts.cells
    edits = (CellEdit(sheet.key(pk), judged.values[pk], judged.notes[pk], sheet.version(pk)) for pk in chosen)
    return Plan(
        row=row,
        edits=tuple(edits),
        before={pk: (cells[pk].value, cells[pk].note) if pk in cells else None for pk in chosen},
        unnoted=frozenset(pk for pk in chosen if pk in judged.warnings),
        begun=sheet.submission is None,
    )


def remember(plans: Sequence[Plan], desk: Desk) -> None:
    """Keep the plans of this comparison until its lines are written."""
    kept: dict[tuple[str, int], Plan] = desk.once("plans", dict)
    kept.update({(one.row.sheet, one.row.number): one for one in plans})


def write(lines: Sequence[Line], desk: Desk) -> list[Undo]:
    """Store what was planned through the verb of typing. Raises RowError with the row that was refused."""
    kept: dict[tuple[str, int], Plan] = desk.once("plans", dict)
    plans = [_with_note(kept[line.row.sheet, line.row.number], desk.note) for line in lines]
    by_unit: dict[int, list[Plan]] = defaultdict(list)
    for one in plans:
        by_unit[one.edits[0].key.unit_id].append(one)
    for units in _some(by_unit):
        _save([one for unit in units for one in by_unit[unit]], desk)
    return [_undo_of(one) for one in plans]


def _with_note(one: Plan, note: str) -> Plan:
    edits = (replace(edit, note=note) if edit.key.measure_id in one.unnoted else edit for edit in one.edits)
    return replace(one, edits=tuple(edits))


def _save(plans: Sequence[Plan], desk: Desk) -> None:
    edits = [edit for one in plans for edit in one.edits]
    reason = _("File “%(file)s”") % {"file": desk.file_name}
    try:
        save_grid(edits=edits, by=desk.by, today=desk.today, action=IMPORT, reason=reason)
    except ValidationError as refusal:
        rows = {str(edit.key): one.row for one in plans for edit in one.edits}
        named = getattr(refusal, "error_dict", {})
        first = next((key for key in named if key in rows), None)
        if first is None:
            raise
        raise RowError(rows[first], " ".join(text for error in named[first] for text in error.messages)) from refusal


def _undo_of(one: Plan) -> Undo:
    cells = []
    for edit in one.edits:
        before = one.before[edit.key.measure_id]
        cell: dict[str, Any] = {"key": list(edit.key), "after": [_plain(edit.value), edit.note]}
        cells.append(cell | {"before": None if before is None else [_plain(before[0]), before[1]]})
    return {"cells": cells, "begun": one.begun}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def take_back(undos: Sequence[Undo], desk: Desk) -> None:
    by_unit: dict[int, list[WrittenCell]] = defaultdict(list)
    for undo in undos:
        for cell in undo["cells"]:
            written = _written(cell, begun=undo["begun"])
            by_unit[written.key.unit_id].append(written)
    for units in _some(by_unit):
        cells = [cell for unit in units for cell in by_unit[unit]]
        restore_cells(cells=cells, by=desk.by, today=desk.today, reason=desk.note)


def _written(cell: dict[str, Any], *, begun: bool) -> WrittenCell:
    before = None if cell["before"] is None else _content(cell["before"])
    return WrittenCell(Key(*cell["key"]), before, _content(cell["after"]), begun)


def _content(stored: list[Any]) -> tuple[Decimal | None, str]:
    return None if stored[0] is None else Decimal(stored[0]), stored[1]
