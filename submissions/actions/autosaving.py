"""Cells that save by themselves: each sound one is stored, each other one comes back with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.numbers import NumberError
from submissions.actions.claiming import Claim, claim, forget_empty
from submissions.actions.saving import (
    SAVE,
    CellEdit,
    clash_text,
    differing,
    is_stale,
    not_open,
    store,
    stored_cells,
)
from submissions.choices import CellState
from submissions.models import Cell, Submission
from submissions.queries import Key, Pair, Sheet, touched_sheets
from submissions.rules import unsound
from submissions.wording import read

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class TypedCell:
    """A cell as it was typed. `expected` is the version on the screen, 0 for a cell that was not there yet.

    No `note` leaves the stored one as it is.
    """

    key: Key
    text: str
    expected: int
    note: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one cell: stored in this version, or not and why. `stored` is the other value of a conflict."""

    state: CellState
    version: int
    message: str = ""
    stored: Cell | None = None


@dataclass(frozen=True)
class Kept:
    outcomes: dict[Key, Outcome]
    saved: list[Submission]


@dataclass(frozen=True)
class _Judged:
    """The cells of one report: what is decided already, and the edits to be stored."""

    outcomes: dict[Key, Outcome]
    edits: list[CellEdit]


@transaction.atomic
def keep_cells(*, typed: Sequence[TypedCell], by: User, today: date) -> Kept:
    """Store what can be stored of some typed cells. What is stored already is no change: repeats are harmless.

    Raises Denied without the right to enter data at each unit, ValidationError where there is no such unit or period.
    """
    if not typed:
        return Kept({}, [])
    claims = claim({(one.key.unit_id, one.key.period_id) for one in typed}, by=by, today=today)
    sheets = touched_sheets([one.submission for one in claims.values()], {one.key.measure_id for one in typed})
    judged = {pair: _judge(_of(pair, typed), claims[pair], sheet) for pair, sheet in sheets.items()}
    saved = store({pair: one.edits for pair, one in judged.items()}, sheets, by=by, action=SAVE)
    forget_empty(claims.values())
    outcomes = {key: outcome for one in judged.values() for key, outcome in one.outcomes.items()}
    for pair, one in judged.items():
        outcomes |= {edit.key: _saved(sheets[pair], edit.key, step=1) for edit in one.edits}
    return Kept(_with_other_values(outcomes, typed, sheets), saved)


def _of(pair: Pair, typed: Iterable[TypedCell]) -> list[TypedCell]:
    return [one for one in typed if (one.key.unit_id, one.key.period_id) == pair]


def _judge(typed: Sequence[TypedCell], claimed: Claim, sheet: Sheet) -> _Judged:
    outcomes: dict[Key, Outcome] = {}
    edits: list[CellEdit] = []
    for one in typed:
        if one.key.measure_id not in sheet.typed:
            outcomes[one.key] = _refused(sheet, one.key, _("This measure is not entered at this unit."))
            continue
        try:
            edits.append(_edit(one, sheet))
        except NumberError as error:
            outcomes[one.key] = _refused(sheet, one.key, str(error))
    changed = differing(edits, sheet)
    outcomes |= {edit.key: _saved(sheet, edit.key) for edit in edits if edit not in changed}
    for edit in changed:
        if text := claimed.refusal or not_open(edit, sheet):
            outcomes[edit.key] = _refused(sheet, edit.key, text)
        elif is_stale(edit, sheet):
            outcomes[edit.key] = Outcome(CellState.CONFLICT, sheet.version(edit.key.measure_id))
    left = {edit.key.measure_id: edit.value for edit in changed if edit.key not in outcomes}
    for measure_id, text in unsound(sheet, left).items():
        outcomes[sheet.key(measure_id)] = _refused(sheet, sheet.key(measure_id), text)
    return _Judged(outcomes, [edit for edit in changed if edit.key not in outcomes])


def _edit(typed: TypedCell, sheet: Sheet) -> CellEdit:
    value = read(sheet.typed[typed.key.measure_id], typed.text)
    note = sheet.note(typed.key.measure_id) if typed.note is None else typed.note
    return CellEdit(typed.key, value, note, typed.expected)


def _saved(sheet: Sheet, key: Key, step: int = 0) -> Outcome:
    return Outcome(CellState.SAVED, sheet.version(key.measure_id) + step)


def _refused(sheet: Sheet, key: Key, text: str) -> Outcome:
    return Outcome(CellState.INVALID, sheet.version(key.measure_id), text)


def _with_other_values(
    outcomes: dict[Key, Outcome], typed: Iterable[TypedCell], sheets: Mapping[Pair, Sheet]
) -> dict[Key, Outcome]:
    """Conflicts name both values; only they ask who typed the other one."""
    met = {key for key, outcome in outcomes.items() if outcome.state == CellState.CONFLICT}
    if not met:
        return outcomes
    submissions = [sheet.submission for sheet in sheets.values() if sheet.submission]
    cells = stored_cells(submissions, {key.measure_id for key in met})
    found = dict(outcomes)
    for one in typed:
        if one.key in met:
            edit = _edit(one, sheets[one.key.unit_id, one.key.period_id])
            cell = cells.get(one.key)
            found[one.key] = Outcome(CellState.CONFLICT, cell.version if cell else 0, clash_text(edit, cell), cell)
    return found
