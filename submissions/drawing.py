"""What the templates of the grids draw: every cell with its text, marks and messages, worked out beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.numbers import format_number, format_plain
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.forms import NOTE, CellsForm
from submissions.models import Submission
from submissions.queries import Known, Line, Pair, Sheet
from submissions.queries.province import Column, Layout
from submissions.rules import Finding, findings
from submissions.wording import YES_NO, show
from units.models import Unit

INDENTS = ("", "part", "part part-2", "part part-3")


@dataclass(frozen=True)
class Slot:
    """One cell. `text` is what stands in its input; without `name` it is only shown."""

    measure: Measure
    text: str
    name: str = ""
    help_text: str = ""
    required: bool = False
    saved: str = ""  # the text when the page was made, if it is not what was typed
    note: str = ""
    errors: tuple[str, ...] = ()
    note_errors: tuple[str, ...] = ()
    warning: str = ""
    returned: str | None = None  # what to check of a number that was returned
    before: Known | None = None
    recorded: str = ""  # the accepted value, where it is not the one in the cell
    version: int = 0  # of the cell when the page was made
    falls_to: str = ""  # what counts while the cell is empty: a level goes on from before

    @property
    def is_flag(self) -> bool:
        return self.measure.kind == MeasureKind.FLAG

    @property
    def choices(self) -> tuple[tuple[str, object], ...]:
        return YES_NO

    @property
    def opens_note(self) -> bool:
        return bool(self.note or self.note_errors or self.warning)

    @property
    def before_text(self) -> str:
        return show(self.measure, self.before.value) if self.before else ""

    @property
    def has_message(self) -> bool:
        return bool(self.errors or self.note_errors or self.warning or self.returned is not None)


@dataclass(frozen=True)
class Row:
    """One line of the form of a unit."""

    slot: Slot
    indent: str
    whole: str = ""  # the whole that stands in another section
    share_of: str = ""  # the input of the whole, of which this part is a share


@dataclass(frozen=True)
class Block:
    """One section of the form of a unit, with how many of its open cells hold a value."""

    number: int
    title: str
    help_text: str
    rows: tuple[Row, ...]
    filled: int
    open: int

    @property
    def has_message(self) -> bool:
        return any(row.slot.has_message for row in self.rows)


@dataclass(frozen=True)
class UnitRow:
    """One unit in the grid of a province; the submission is that of its last column."""

    unit: Unit
    slots: tuple[Slot, ...]
    submission: Submission | None

    @property
    def messages(self) -> list[str]:
        return [f"{slot.measure.name}: {text}" for slot in self.slots for text in slot.errors]


@dataclass(frozen=True)
class Heading:
    """The head of a column in the grid of a province, and the sum at its foot."""

    title: str
    unit: str
    depth: int
    adds_up: bool
    total: str
    plain_total: str
    measure: Measure


def blocks(sheet: Sheet, form: CellsForm | None) -> list[Block]:
    """The whole form of one unit; without a form (or a right to type) everything is only shown."""
    said = {finding.measure.pk: finding for finding in findings(sheet) if finding.blocks}
    found: list[Block] = []
    for number, section in enumerate(sheet.sections, start=1):
        rows = tuple(
            Row(
                slot_of(sheet, line, form, said),
                INDENTS[min(line.depth, len(INDENTS) - 1)],
                line.whole_elsewhere.name if line.whole_elsewhere else "",
                _share_of(sheet, line),
            )
            for line in section.lines
        )
        typed = [row.slot for row in rows if row.slot.name]
        filled = sum(bool(slot.text) for slot in typed)
        found.append(Block(number, section.title, section.help_text, rows, filled, len(typed)))
    return found


def _share_of(sheet: Sheet, line: Line) -> str:
    whole = sheet.typed.get(line.measure.whole_id or 0)
    return str(sheet.key(whole.pk)) if whole and line.measure.kind != MeasureKind.FLAG else ""


def slot_of(sheet: Sheet, line: Line, form: CellsForm | None, said: Mapping[int, Finding] | None = None) -> Slot:
    """One cell of a sheet as the page shows it."""
    measure = line.measure
    name = str(sheet.key(measure.pk))
    before, stored = sheet.facts.before.get(measure.pk), sheet.value(measure.pk)
    if form is None or name not in form.fields:
        return Slot(
            measure, show(measure, stored), help_text=line.help_text, note=sheet.note(measure.pk), before=before
        )
    field, recorded = form[name], sheet.facts.recorded.get(measure.pk)
    text, saved = _as_typed(field.value()), _as_typed(form.fields[name].prepare_value(stored))
    finding = (said or {}).get(measure.pk) if text == saved else None  # it speaks of what is stored
    return Slot(
        measure=measure,
        text=text,
        name=name,
        help_text=line.help_text,
        required=line.required,
        saved=saved,
        note=_as_typed(form[NOTE + name].value()) if form.with_notes else "",
        errors=tuple(map(str, field.errors)),
        note_errors=tuple(map(str, form[NOTE + name].errors)) if form.with_notes else (),
        warning="" if finding is None or field.errors else finding.text + finding.advice,
        returned=sheet.facts.named.get(measure.pk),
        before=before,
        recorded="" if recorded is None or recorded == stored else show(measure, recorded),
        version=sheet.version(measure.pk),
        falls_to=format_plain(before.value) if before and measure.is_level else "",
    )


def unit_rows(
    units: Iterable[Unit], columns: Sequence[Column], sheets: Mapping[Pair, Sheet], form: CellsForm
) -> list[UnitRow]:
    """The grid of a province, row by row; empty where a unit of another kind is not asked for the measure."""
    return [
        UnitRow(
            unit,
            tuple(_slot_in(sheets[unit.pk, period.pk], measure, form) for period, measure in columns),
            sheets[unit.pk, columns[-1][0].pk].submission,
        )
        for unit in units
    ]


def _slot_in(sheet: Sheet, measure: Measure, form: CellsForm) -> Slot:
    line = sheet.lines.get(measure.pk)
    return Slot(measure, "") if line is None else slot_of(sheet, line, form)


def columns(layout: Layout, sums: Sequence[Decimal | None]) -> list[Heading]:
    """The headings with the sums that stand under them."""
    by_period = layout.measure is not None
    depths = {line.measure.pk: line.depth for section in layout.sections for line in section.lines}
    return [
        Heading(
            title=period.label if by_period else measure.name,
            unit="" if by_period else measure.unit_of_measure,
            depth=0 if by_period else depths[measure.pk],
            adds_up=measure.kind != MeasureKind.GIVEN,
            total="" if total is None else format_number(total),
            plain_total="" if total is None else format_plain(total),
            measure=measure,
        )
        for (period, measure), total in zip(layout.columns, sums, strict=True)
    ]


def _as_typed(value: object) -> str:
    return "" if value is None else str(value)
