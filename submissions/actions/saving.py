"""Saving typed cells as a draft: all of a save or nothing, and never over a newer value unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_moment
from core.numbers import format_number
from submissions.actions.claiming import claim, forget_empty
from submissions.models import Cell, ReportingPeriod, Submission
from submissions.queries import Key, Pair, Sheet, touched_sheets
from submissions.rules import problems
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

SAVE = "submissions.save"


@dataclass(frozen=True)
class CellEdit:
    """What a person wants in one cell. No value empties it. `expected` is the version that was on the screen.

    0 stands for a cell that was not there yet; None is not compared (a caller that holds the only copy).
    """

    key: Key
    value: Decimal | None
    note: str = ""
    expected: int | None = None


class StaleError(ValidationError):
    """Another person saved a cell meanwhile. Nothing was stored; each message names both values."""


def save_cells(
    *,
    unit: Unit,
    period: ReportingPeriod,
    values: Mapping[int, Decimal | None],
    by: User,
    today: date,
    notes: Mapping[int, str] | None = None,
    expected: Mapping[int, int] | None = None,
) -> Submission | None:
    """Save typed values of one unit and period, by measure; see `save_grid`. None when nothing differed."""
    notes, expected = notes or {}, expected or {}
    edits = [
        CellEdit(Key(unit.pk, period.pk, measure_id), value, notes.get(measure_id, ""), expected.get(measure_id))
        for measure_id, value in values.items()
    ]
    saved = save_grid(edits=edits, by=by, today=today)
    return saved[0] if saved else None


@transaction.atomic
def save_grid(
    *, edits: Sequence[CellEdit], by: User, today: date, action: str = SAVE, reason: str = ""
) -> list[Submission]:
    """Save cells of any units and periods; returns the submissions that changed.

    All or nothing. Raises Denied without the right to enter data at each unit; ValidationError by `str(key)` for
    values that cannot be or are not open, or for the whole where a unit cannot report for the period or its report is
    no longer open; StaleError where another person was faster. `action` names the verb in the audit trail,
    `reason` says there where the values come from.
    """
    if not edits:
        return []
    claims = claim({pair_of(edit) for edit in edits}, by=by, today=today)
    sheets = touched_sheets([one.submission for one in claims.values()], {edit.key.measure_id for edit in edits})
    changes = {pair: new for pair, typed in by_pair(edits).items() if (new := differing(typed, sheets[pair]))}
    refused = [one for pair, one in sorted(claims.items()) if one.refusal and (pair in changes or one.begun)]
    if refused:
        raise ValidationError(refused[0].refusal)
    _refuse_stale(changes, sheets)
    _refuse_unsound(changes, sheets)
    saved = store(changes, sheets, by=by, action=action, reason=reason)
    forget_empty(claims.values())
    return saved


def pair_of(edit: CellEdit) -> Pair:
    return edit.key.unit_id, edit.key.period_id


def by_pair(edits: Iterable[CellEdit]) -> dict[Pair, list[CellEdit]]:
    found: dict[Pair, list[CellEdit]] = defaultdict(list)
    for edit in sorted(edits, key=lambda edit: edit.key):
        found[pair_of(edit)].append(edit)
    return dict(found)


def differing(edits: Iterable[CellEdit], sheet: Sheet) -> list[CellEdit]:
    """The edits that are not what is stored already."""
    return [edit for edit in edits if _differs(edit, sheet)]


def _differs(edit: CellEdit, sheet: Sheet) -> bool:
    cell = sheet.facts.cells.get(edit.key.measure_id)
    if cell is not None:
        return (cell.value, cell.note) != (edit.value, edit.note)
    return edit.value is not None or bool(edit.note) or edit.key.measure_id in sheet.facts.recorded


def is_stale(edit: CellEdit, sheet: Sheet) -> bool:
    """Whether another version of the cell was on the screen than is stored."""
    return edit.expected is not None and edit.expected != sheet.version(edit.key.measure_id)


def not_open(edit: CellEdit, sheet: Sheet) -> str:
    """Why this one number of an open report cannot be changed; empty when it can."""
    if sheet.opens(edit.key.measure_id):
        return ""
    return _("Only the numbers that were returned may be changed.")


def clash_text(edit: CellEdit, cell: Cell | None) -> str:
    """Both values of a stale save, with who stored the other one and when."""
    words = {
        "typed": "–" if edit.value is None else format_number(edit.value),
        "stored": "–" if cell is None or cell.value is None else format_number(cell.value),
        "person": str(cell.edited_by) if cell else "–",
        "time": format_moment(cell.edited_at) if cell else "–",
    }
    return (
        _(
            "%(person)s saved “%(stored)s” at %(time)s; you entered “%(typed)s”. "
            "Save again to keep yours, or enter the other value."
        )
        % words
    )


def stored_cells(submissions: Collection[Submission], measure_ids: Collection[int]) -> dict[Key, Cell]:
    """The cells with who typed them: asked only where two people met."""
    rows = Cell.objects.filter(submission__in=submissions, measure__in=measure_ids)
    return {
        Key(row.submission.unit_id, row.submission.period_id, row.measure_id): row
        for row in rows.select_related("edited_by", "submission")
    }


def _refuse_stale(changes: Mapping[Pair, Sequence[CellEdit]], sheets: Mapping[Pair, Sheet]) -> None:
    stale = [edit for pair, edits in changes.items() for edit in edits if is_stale(edit, sheets[pair])]
    if not stale:
        return
    submissions = [sheet.submission for sheet in sheets.values() if sheet.submission]
    cells = stored_cells(submissions, {edit.key.measure_id for edit in stale})
    clashes: dict[str, str] = {str(edit.key): clash_text(edit, cells.get(edit.key)) for edit in stale}
    raise StaleError(dict(clashes))


def _refuse_unsound(changes: Mapping[Pair, Sequence[CellEdit]], sheets: Mapping[Pair, Sheet]) -> None:
    found: dict[str, str] = {}
    for pair, edits in changes.items():
        sheet = sheets[pair]
        wrong = problems(sheet, {edit.key.measure_id: edit.value for edit in edits})
        found |= {str(sheet.key(measure_id)): text for measure_id, text in wrong.items()}
        found |= {str(edit.key): text for edit in edits if (text := not_open(edit, sheet))}
    if found:
        raise ValidationError(dict(found))


def store(
    changes: Mapping[Pair, Sequence[CellEdit]], sheets: Mapping[Pair, Sheet], *, by: User, action: str, reason: str = ""
) -> list[Submission]:
    """Write cells that were found sound: three statements for any number of them."""
    now, cells, saved, effects = timezone.now(), [], [], []
    for pair, edits in sorted(changes.items()):
        sheet = sheets[pair]
        submission = sheet.submission
        if submission is None or not edits:
            continue
        for edit in edits:
            version = sheet.version(edit.key.measure_id) + 1
            cell = Cell(submission=submission, measure_id=edit.key.measure_id, value=edit.value, note=edit.note)
            cell.version, cell.edited_by, cell.edited_at = version, by, now
            cells.append(cell)
        submission.version += 1
        submission.saved_at = now
        saved.append(submission)
        effects.append(_effect(sheet, submission, edits))
    if saved:
        written = ["value", "note", "version", "edited_by", "edited_at"]
        Cell.objects.bulk_create(
            cells, update_conflicts=True, unique_fields=["submission", "measure"], update_fields=written
        )
        rows = Submission.objects.filter(pk__in=[one.pk for one in saved])
        rows.update(version=F("version") + 1, saved_at=now)
        audit.record_many(by=by, action=action, effects=effects, reason=reason)
    return saved


def _effect(sheet: Sheet, submission: Submission, edits: Iterable[CellEdit]) -> audit.Effect:
    codes = {edit.key.measure_id: sheet.typed[edit.key.measure_id].code for edit in edits}
    stored = sheet.facts.cells
    return audit.Effect(
        submission,
        sheet.unit.pk,
        before={code: stored[pk].value for pk, code in codes.items() if pk in stored},
        after={codes[edit.key.measure_id]: edit.value for edit in edits},
    )
