"""Saving typed cells as a draft: all of a save or nothing, and never over a newer value unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_moment
from core.numbers import format_number
from core.verdicts import require
from submissions.choices import SubmissionState
from submissions.models import Cell, ReportingPeriod, Submission
from submissions.permissions import may_type
from submissions.queries import Key, Pair, Sheet, load_sheets
from submissions.queries.periods import owed_pairs, permitted
from submissions.rules import lock_problem, place_problem, problems
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from accounts.models import User


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
def save_grid(*, edits: Sequence[CellEdit], by: User, today: date) -> list[Submission]:
    """Save cells of any units and periods; returns the submissions that changed.

    Raises Denied without the right to enter data at each unit; ValidationError by `str(key)` for values that cannot
    be or are not open, or for the whole where a unit cannot report for the period or its report is no longer open;
    StaleError where another person was faster.
    """
    units = _units_of(edits, by)
    periods = _periods_of(edits)
    _require_reporting(edits, units, periods, today)
    _claim(edits)
    sheets = load_sheets(list(units.values()), list(periods.values()), {edit.key.measure_id for edit in edits})
    changes = _changes(edits, sheets)
    _require_open(sheets[pair] for pair in changes)
    _refuse_stale(changes, sheets)
    _refuse_unsound(changes, sheets)
    return [_store(sheets[pair], wanted, by) for pair, wanted in sorted(changes.items())]


def _periods_of(edits: Iterable[CellEdit]) -> dict[int, ReportingPeriod]:
    found = ReportingPeriod.objects.select_related("form__programme").in_bulk({edit.key.period_id for edit in edits})
    if len(found) < len({edit.key.period_id for edit in edits}):
        raise ValidationError(_("There is no such reporting period."))
    return found


def _require_reporting(
    edits: Iterable[CellEdit], units: Mapping[int, Unit], periods: Mapping[int, ReportingPeriod], today: date
) -> None:
    """Every unit owes its period, exists then, and the period is not locked for it."""
    pairs = sorted({(edit.key.unit_id, edit.key.period_id) for edit in edits})
    opened = permitted(list(units.values()), list(periods.values()), today)
    owed = owed_pairs(pairs, periods)
    for unit_id, period_id in pairs:
        unit, period = units[unit_id], periods[period_id]
        text = place_problem(unit, period, today=today) or lock_problem(
            period, permitted=(unit_id, period_id) in opened, today=today
        )
        if not text and (unit_id, period_id) not in owed:
            text = _("“%(unit)s” does not owe this report.") % {"unit": unit.name}
        if text:
            raise ValidationError(text)


def _units_of(edits: Iterable[CellEdit], by: User) -> dict[int, Unit]:
    """The units, all of which the person may type for."""
    keys = {edit.key.unit_id for edit in edits}
    units = Unit.objects.in_bulk(keys)
    allowed = set(units_with(by, Right.ENTER).filter(pk__in=keys).values_list("pk", flat=True))
    for pk in sorted(keys - allowed):
        require(may_type(by, units[pk]))
    return units  # type: ignore[no-any-return]  # treebeard ships no types


def _claim(edits: Iterable[CellEdit]) -> None:
    """Make the submissions that will be needed and lock all of them, always in the same order."""
    needed = sorted({(edit.key.unit_id, edit.key.period_id) for edit in edits if edit.value is not None or edit.note})
    Submission.objects.bulk_create(
        [Submission(unit_id=unit_id, period_id=period_id) for unit_id, period_id in needed], ignore_conflicts=True
    )
    unit_ids, period_ids = {edit.key.unit_id for edit in edits}, {edit.key.period_id for edit in edits}
    concerned = Submission.objects.filter(unit__in=unit_ids, period__in=period_ids)
    list(concerned.select_for_update().order_by("unit_id", "period_id").values_list("pk"))


def _changes(edits: Iterable[CellEdit], sheets: Mapping[Pair, Sheet]) -> dict[Pair, list[CellEdit]]:
    """The edits that differ from what is stored, by submission."""
    found: dict[Pair, list[CellEdit]] = defaultdict(list)
    for edit in edits:
        pair = (edit.key.unit_id, edit.key.period_id)
        cell = sheets[pair].facts.cells.get(edit.key.measure_id)
        if cell is None:
            differs = edit.value is not None or bool(edit.note) or edit.key.measure_id in sheets[pair].facts.recorded
        else:
            differs = (cell.value, cell.note) != (edit.value, edit.note)
        if differs:
            found[pair].append(edit)
    return dict(found)


def _require_open(sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        if sheet.is_open or sheet.submission is None:
            continue
        raise ValidationError(closed_reason(sheet.submission))


def closed_reason(submission: Submission) -> str:
    """Why the cells of a submission cannot be changed now."""
    words = {
        "unit": submission.unit.name,
        "person": str(submission.sent_by or "–"),
        "time": format_moment(submission.sent_at),
    }
    if submission.state == SubmissionState.UNSIGNED:
        return _("The report of “%(unit)s” waits for the signature of its leader.") % words
    if submission.state == SubmissionState.SENT:
        return (
            _(
                "The report of “%(unit)s” was sent by %(person)s at %(time)s and waits for acceptance. "
                "It can be changed again once it is returned."
            )
            % words
        )
    return _("The report of “%(unit)s” is accepted. Reopen it for a correction to change it.") % words


def _refuse_stale(changes: Mapping[Pair, list[CellEdit]], sheets: Mapping[Pair, Sheet]) -> None:
    clashes: dict[str, str] = {}
    for pair, edits in changes.items():
        for edit in edits:
            cell = sheets[pair].facts.cells.get(edit.key.measure_id)
            if edit.expected is not None and edit.expected != (cell.version if cell else 0):
                clashes[str(edit.key)] = _clash_text(edit, cell)
    if clashes:
        raise StaleError(dict(clashes))


def _clash_text(edit: CellEdit, cell: Cell | None) -> str:
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


def _refuse_unsound(changes: Mapping[Pair, list[CellEdit]], sheets: Mapping[Pair, Sheet]) -> None:
    found: dict[str, str] = {}
    for pair, edits in changes.items():
        sheet = sheets[pair]
        wrong = problems(sheet, {edit.key.measure_id: edit.value for edit in edits})
        found |= {str(sheet.key(measure_id)): text for measure_id, text in wrong.items()}
        for edit in edits:
            if not sheet.opens(edit.key.measure_id):
                found[str(edit.key)] = _("Only the numbers that were returned may be changed.")
    if found:
        raise ValidationError(dict(found))


def _store(sheet: Sheet, edits: Sequence[CellEdit], by: User) -> Submission:
    submission, now = sheet.submission, timezone.now()
    if submission is None:  # only emptied cells of figures that came without a submission
        submission = Submission.objects.get_or_create(unit=sheet.unit, period=sheet.period)[0]
    fresh: list[Cell] = []
    for edit in edits:
        old = sheet.facts.cells.get(edit.key.measure_id)
        cell = Cell(pk=old.pk if old else None, submission=submission, measure_id=edit.key.measure_id)
        cell.value, cell.note, cell.version = edit.value, edit.note, (old.version if old else 0) + 1
        cell.edited_by, cell.edited_at = by, now
        fresh.append(cell)
    Cell.objects.bulk_create([cell for cell in fresh if cell.pk is None])
    changed = [cell for cell in fresh if cell.pk in {old.pk for old in sheet.facts.cells.values()}]
    Cell.objects.bulk_update(changed, ["value", "note", "version", "edited_by", "edited_at"])
    submission.version += 1
    submission.saved_at = now
    submission.save(update_fields=["version", "saved_at"])
    _record_save(sheet, submission, edits, by)
    return submission


def _record_save(sheet: Sheet, submission: Submission, edits: Sequence[CellEdit], by: User) -> None:
    codes = {edit.key.measure_id: sheet.typed[edit.key.measure_id].code for edit in edits}
    stored = sheet.facts.cells
    audit.record(
        by=by,
        action="submissions.save",
        obj=submission,
        unit_id=sheet.unit.pk,
        before={code: stored[pk].value for pk, code in codes.items() if pk in stored},
        after={codes[edit.key.measure_id]: edit.value for edit in edits},
    )
