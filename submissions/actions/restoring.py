"""Undoing what an import wrote into reports: cells get back what stood there, or go where nothing did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
from submissions.actions.claiming import Claim, claim, forget_empty
from submissions.actions.saving import CellEdit, not_open, store
from submissions.choices import SubmissionState
from submissions.models import Cell, Submission
from submissions.queries import Key, Pair, Sheet, touched_sheets
from submissions.rules import problems

if TYPE_CHECKING:
    from accounts.models import User

RESTORE = "submissions.restore"
Content = tuple[Decimal | None, str]  # value and note of a cell


@dataclass(frozen=True)
class WrittenCell:
    """A cell as an import left it, and as it stood before; `before` is none where there was no cell.

    `begun` says that the report itself did not exist before.
    """

    key: Key
    before: Content | None
    after: Content
    begun: bool = False


@transaction.atomic
def restore_cells(*, cells: Sequence[WrittenCell], by: User, today: date, reason: str) -> None:
    """Bring the cells of any reports back, all or nothing; reports that thereby become empty again are removed.

    Raises Denied without the right to enter data at each unit; ValidationError where a cell was changed since, its
    report is no longer open, or what stood before no longer goes together with the other numbers.
    """
    written = _by_pair(cells)
    if not written:
        return
    claims = claim(written.keys(), by=by, today=today)
    sheets = touched_sheets([one.submission for one in claims.values()], {one.key.measure_id for one in cells})
    for pair, some in written.items():
        _require_untouched(some, claims[pair], sheets[pair])
    edits = {pair: _edits(some) for pair, some in written.items()}
    store({pair: some for pair, some in edits.items() if some}, sheets, by=by, action=RESTORE, reason=reason)
    for pair, some in written.items():
        _remove(some, claims[pair].submission, sheets[pair], by, reason)
    forget_empty(claims.values())


def _by_pair(cells: Sequence[WrittenCell]) -> dict[Pair, list[WrittenCell]]:
    found: dict[Pair, list[WrittenCell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda one: one.key):
        found[cell.key.unit_id, cell.key.period_id].append(cell)
    return dict(found)


def _edits(cells: Collection[WrittenCell]) -> list[CellEdit]:
    return [CellEdit(one.key, *one.before) for one in cells if one.before is not None]


def _require_untouched(cells: Collection[WrittenCell], claimed: Claim, sheet: Sheet) -> None:
    if claimed.refusal:
        raise ValidationError(claimed.refusal)
    for one in cells:
        cell = sheet.facts.cells.get(one.key.measure_id)
        if cell is None or (cell.value, cell.note) != one.after or not_open(CellEdit(one.key, None), sheet):
            measure = sheet.lines[one.key.measure_id].measure.name if one.key.measure_id in sheet.lines else "–"
            words = {"unit": sheet.unit.name, "measure": measure}
            raise ValidationError(
                _("“%(measure)s” of “%(unit)s” was changed after the import. Correct it in the form.") % words
            )
    old: Mapping[int, Decimal | None] = {one.key.measure_id: one.before[0] if one.before else None for one in cells}
    if wrong := problems(sheet, old):
        raise ValidationError([f"{sheet.unit.name}: {text}" for text in wrong.values()])


def _remove(cells: Collection[WrittenCell], submission: Submission, sheet: Sheet, by: User, reason: str) -> None:
    """Cells that did not exist are none again: an emptied cell would hide what is recorded for the month."""
    fresh = [one.key.measure_id for one in cells if one.before is None]
    if not fresh:
        return
    Cell.objects.filter(submission=submission, measure__in=fresh).delete()
    Submission.objects.filter(pk=submission.pk).update(version=F("version") + 1, saved_at=timezone.now())
    stored = sheet.facts.cells
    before = {sheet.typed[pk].code: stored[pk].value for pk in fresh}
    after = dict.fromkeys(before)
    effect = audit.Effect(submission, sheet.unit.pk, before=before, after=after)
    audit.record_many(by=by, action=RESTORE, effects=[effect], reason=reason)
    if all(one.begun for one in cells) and submission.state == SubmissionState.DRAFT:
        Submission.objects.filter(pk=submission.pk, cells__isnull=True).delete()
