"""What a file says of one report, held against what is stored: what it changes, what is wrong, what needs a note.

The rules are those of typing: limits and parts above their whole block, the rules of the form are only told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from core.dates import format_moment
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.actions.saving import CellEdit, not_open
from submissions.choices import Severity
from submissions.models import Cell
from submissions.queries import Sheet
from submissions.rules import Finding, findings, problems
from submissions.wording import show

FALL = Decimal("0.1")  # at or below this share of the value before a note is asked for
Numbers = Mapping[int, Decimal | None]  # by measure; None: an empty cell


@dataclass(frozen=True)
class Said:
    """What the file says of one report, by measure.

    `unread` could not be read and are errors already. `spare_note` explains whatever needs a note and has none.
    `earlier` makes it a form of the portal: what stood, when the form was made, in the cells that were written since.
    """

    values: Numbers
    notes: Mapping[int, str] = field(default_factory=dict)
    unread: Collection[int] = ()
    spare_note: str = ""
    earlier: Numbers | None = None


@dataclass(frozen=True)
class Judged:
    """By measure: the cells to write, and what is to be said of them. Those with warnings still need a note."""

    values: dict[int, Decimal | None]
    notes: dict[int, str]
    problems: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, str] = field(default_factory=dict)
    hints: dict[int, str] = field(default_factory=dict)


def judge(sheet: Sheet, said: Said, *, refusal: str) -> Judged:
    """`refusal`: why nothing can be typed in this report now, as for typing; empty when it is open."""
    values = _changes(sheet, said)
    notes = {pk: said.notes.get(pk) or sheet.note(pk) for pk in values}
    found = Judged(values, notes)
    if values:
        found.problems.update(_problems(sheet, said, values, refusal))
        found.hints.update(_overwritten(sheet, said, values))
    if values and not found.problems:
        _ask_for_notes(sheet, said, found)
    return found


def _changes(sheet: Sheet, said: Said) -> dict[int, Decimal | None]:
    """The cells that the file changes.

    In a form of the portal a cell that is as it was when the form was made was not touched: what was typed in the
    portal since stays. An emptied cell means «not reported». In other files an empty cell is not known to them.
    """
    found: dict[int, Decimal | None] = {}
    for pk, value in said.values.items():
        touched = value is not None if said.earlier is None else value != said.earlier.get(pk, sheet.value(pk))
        if touched and value != sheet.value(pk):
            found[pk] = value
        elif said.notes.get(pk) and said.notes[pk] != sheet.note(pk) and pk not in said.unread:
            found[pk] = sheet.value(pk)
    return found


def _problems(sheet: Sheet, said: Said, values: Numbers, refusal: str) -> dict[int, str]:
    wrong = problems(sheet, values)
    found = {pk: text for pk, text in wrong.items() if not _relatives(sheet, pk) & set(said.unread)}
    for pk in values:
        if text := refusal or (pk in sheet.typed and not_open(CellEdit(sheet.key(pk), None), sheet)):
            found[pk] = text
    return found


def _relatives(sheet: Sheet, measure_id: int) -> set[int]:
    whole = sheet.typed[measure_id].whole_id if measure_id in sheet.typed else None
    return {whole or 0} | {part.pk for part in sheet.typed.values() if part.whole_id == measure_id}


def _overwritten(sheet: Sheet, said: Said, values: Numbers) -> dict[int, str]:
    """Both values, where somebody typed another one after the form was made."""
    found = {}
    for pk, value in values.items():
        cell = sheet.facts.cells.get(pk)
        if said.earlier is None or pk not in said.earlier or cell is None or cell.value == value:
            continue
        words = {
            "person": str(cell.edited_by),
            "time": format_moment(cell.edited_at),
            "stored": show(sheet.typed[pk], cell.value) or "–",
        }
        text = _("%(person)s saved “%(stored)s” at %(time)s, after this form was downloaded: the file replaces it.")
        found[pk] = text % words
    return found


# --- what needs a note -----------------------------------------------------------------------------------------


def _ask_for_notes(sheet: Sheet, said: Said, judged: Judged) -> None:
    """Rules of the form and large falls among what changes, each as a warning or, once it is explained, as a hint."""
    known = {(one.measure.pk, one.text) for one in findings(sheet)}
    for finding in findings(_as_written(sheet, judged)):
        if finding.measure.pk in judged.values or (finding.measure.pk, finding.text) not in known:
            _tell(finding, said, judged)
    for pk, text in _falls(sheet, judged.values).items():
        if pk not in judged.warnings and pk not in judged.hints:
            _ask(pk, text, said, judged)


def _tell(finding: Finding, said: Said, judged: Judged) -> None:
    pk = finding.measure.pk if finding.measure.pk in judged.values else next(iter(judged.values))
    if finding.severity == Severity.ERROR:
        _hint(judged, pk, " ".join((finding.text, _("The report cannot be sent like this."))))
    else:
        _ask(pk, finding.text, said, judged)


def _ask(pk: int, text: str, said: Said, judged: Judged) -> None:
    note = judged.notes[pk] or said.spare_note
    if note:
        judged.notes[pk] = note
        _hint(judged, pk, text)
    else:
        judged.warnings[pk] = " ".join(filter(None, (judged.warnings.get(pk), text)))


def _hint(judged: Judged, pk: int, text: str) -> None:
    judged.hints[pk] = " ".join(filter(None, (judged.hints.get(pk), text)))


def _as_written(sheet: Sheet, judged: Judged) -> Sheet:
    cells = dict(sheet.facts.cells)
    for pk, value in judged.values.items():
        cells[pk] = Cell(measure_id=pk, value=value, note=judged.notes[pk])
    return replace(sheet, facts=replace(sheet.facts, cells=cells))


def _falls(sheet: Sheet, values: Numbers) -> dict[int, str]:
    """Numbers that fall to a tenth or less of what stands there, or of a level's value before."""
    found = {}
    for pk, new in values.items():
        measure = sheet.typed[pk]
        old = _value_before(sheet, measure)
        if old and new is not None and measure.kind != MeasureKind.FLAG and 0 <= new <= old * FALL:
            words = {"old": show(measure, old), "new": show(measure, new)}
            found[pk] = _("Falls from %(old)s to %(new)s, by 90%% or more.") % words
    return found


def _value_before(sheet: Sheet, measure: Measure) -> Decimal | None:
    stored = sheet.value(measure.pk)
    if stored is not None or not measure.is_level:
        return stored
    known = sheet.facts.before.get(measure.pk)
    return known.value if known else None
