"""«Không thay đổi»: one tap answers all that is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.actions.saving import CellEdit, save_grid
from submissions.models import ReportingPeriod
from submissions.queries import Sheet, load_sheet
from submissions.rules import unsound
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Filled:
    """How many empty cells were answered: levels with the value before, flows with 0; and how many stay empty."""

    levels: int = 0
    flows: int = 0
    left: int = 0


@transaction.atomic
def confirm_unchanged(
    *, unit: Unit, period: ReportingPeriod, by: User, today: date, section: int | None = None
) -> Filled:
    """Fill the empty cells of a section (counted from 1) or of the whole form with what «nothing changed» means.

    Levels take the value before, flows 0. Given values (ranks, scores), levels without a value before, and what
    would not be sound stay empty. Editing undoes it. Raises as `save_grid`.
    """
    sheet = load_sheet(unit, period)
    empty = [measure for measure in _asked(sheet, section) if _is_empty(sheet, measure)]
    values = {measure.pk: value for measure in empty if (value := _unchanged(sheet, measure)) is not None}
    wrong = unsound(sheet, values)
    sound = {pk: value for pk, value in values.items() if pk not in wrong}
    edits = [CellEdit(sheet.key(pk), value, sheet.note(pk), sheet.version(pk)) for pk, value in sound.items()]
    save_grid(edits=edits, by=by, today=today, action="submissions.unchanged")
    flows = sum(sheet.typed[pk].kind == MeasureKind.FLOW for pk in sound)
    return Filled(levels=len(sound) - flows, flows=flows, left=len(empty) - len(sound))


def _asked(sheet: Sheet, section: int | None) -> list[Measure]:
    sections = sheet.sections if section is None else sheet.sections[section - 1 : section]
    return [line.measure for one in sections for line in one.lines if line.measure.pk in sheet.typed]


def _is_empty(sheet: Sheet, measure: Measure) -> bool:
    return sheet.opens(measure.pk) and sheet.value(measure.pk) is None


def _unchanged(sheet: Sheet, measure: Measure) -> Decimal | None:
    if measure.kind == MeasureKind.FLOW:
        return Decimal(0)
    known = sheet.facts.before.get(measure.pk) if measure.is_level else None
    return known.value if known else None
