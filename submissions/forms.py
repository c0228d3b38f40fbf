"""Forms of the submissions room: the cells of a grid, and reasons. They read and check; actions store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import DecimalField, Form, LineField, NotesField
from core.keys import key_of
from core.numbers import format_number
from core.pages import refuse
from core.stale import StaleGuard
from core.text import clean_line
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.actions import CellEdit, TypedCell
from submissions.queries import Key, Pair, Sheet
from submissions.rules import problems
from submissions.wording import YES_NO, show

CELL_NAME = re.compile(r"[0-9]{1,18}-[0-9]{1,9}-[0-9]{1,18}")  # as `Key` writes it
NOTE = "n-"  # the note of the cell of that name
LONGEST_NOTE = 300
LONGEST_REASON = 300
LONGEST_TEXT = 40  # of a number as it is typed
MOST_CELLS = 3000  # at once: the page of a province with all measures of a form


class _Cells(Form):
    """One field for each open cell and its note, named by `Key`."""

    def __init__(
        self,
        *args: Any,
        sheets: Mapping[Pair, Sheet],
        measures: Iterable[Measure],
        notes: bool,
        closed_too: bool = False,
        **kwargs: Any,
    ) -> None:
        self.sheets = sheets
        self.with_notes = notes
        initial: dict[str, Any] = {}
        fields: dict[str, forms.Field] = {}
        shown = list(measures)
        for sheet in sheets.values():
            for measure in shown:
                if measure.pk not in sheet.typed or not (closed_too or sheet.opens(measure.pk)):
                    continue
                name = str(sheet.key(measure.pk))
                fields[name] = value_field(measure, self._title(sheet, measure))
                initial[name] = sheet.value(measure.pk)
                if notes:
                    fields[NOTE + name] = note_field(measure)
                    initial[NOTE + name] = sheet.note(measure.pk)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.fields.update(fields)

    def _title(self, sheet: Sheet, measure: Measure) -> str:
        """How the error summary names a cell."""
        if len(self.sheets) == 1:
            return measure.name
        return f"{sheet.unit.name}, {sheet.period.label}, {measure.name}"


class CellsForm(StaleGuard, _Cells):
    """The open cells of some sheets. After `is_valid`, `edits()` are the cells that this person changed."""

    def clean(self) -> dict[str, Any]:
        """All bad cells are named at once: beside what cannot be read, what the rules refuse among the rest.

        The action checks again, with everything that this form does not show.
        """
        cleaned = super().clean()
        unread = set(self.errors)
        for sheet in self.sheets.values():
            values = self._typed_values(sheet)
            for measure_id, text in problems(sheet, values).items():
                if not unread & {str(sheet.key(other)) for other in _relatives(sheet, measure_id)}:
                    self.add_error(str(sheet.key(measure_id)), text)
        return cleaned

    def _typed_values(self, sheet: Sheet) -> dict[int, Decimal | None]:
        """What this person changed in a sheet and what could be read."""
        names = {str(sheet.key(measure_id)): measure_id for measure_id in sheet.typed}
        changed = self.changed_values()
        return {names[name]: changed[name] for name in names.keys() & changed.keys() if name not in self.errors}

    def edits(self) -> list[CellEdit]:
        changed = self.changed_values()
        keys = {name.removeprefix(NOTE) for name in changed}
        return [self._edit(Key(*map(int, name.split("-")))) for name in sorted(keys)]

    def show_refusal(self, refusal: ValidationError) -> None:
        """Puts what an action said about the stored cells on a form that was not sent."""
        self.cleaned_data = {}
        refuse(self, refusal)

    def _edit(self, key: Key) -> CellEdit:
        name, sheet = str(key), self.sheets[key.unit_id, key.period_id]
        note = self.cleaned_data[NOTE + name] if self.with_notes else sheet.note(key.measure_id)
        return CellEdit(key, self.cleaned_data[name], note, sheet.version(key.measure_id))


def _relatives(sheet: Sheet, measure_id: int) -> set[int]:
    """The whole and the parts of a measure."""
    whole = sheet.typed[measure_id].whole_id if measure_id in sheet.typed else None
    return {whole or 0} | {part.pk for part in sheet.typed.values() if part.whole_id == measure_id}


def units_named_in(data: Iterable[str]) -> set[int]:
    """The units whose cells a sent form holds."""
    return {int(name.split("-")[0]) for name in data if CELL_NAME.fullmatch(name)}


def value_field(measure: Measure, title: str) -> forms.Field:
    """Reads one value; limits and relations are checked by the rules, with everything else that is known."""
    if measure.kind == MeasureKind.FLAG:
        return forms.TypedChoiceField(label=title, choices=YES_NO, coerce=Decimal, empty_value=None, required=False)
    return DecimalField(label=title, decimals=measure.decimals, required=False)


def note_field(measure: Measure) -> forms.Field:
    return LineField(label=_("Note: %(measure)s") % {"measure": measure.name}, max_length=LONGEST_NOTE, required=False)


def typed_cells(body: bytes) -> list[TypedCell]:
    """What a grid sends to be saved by itself: {"cells": [{"name", "text", "version", "note"}]}, the note optional.

    Raises ValidationError for anything else.
    """
    try:
        cells = [_typed_cell(one) for one in json.loads(body)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValidationError(_("The cells could not be read.")) from error
    if len(cells) > MOST_CELLS:
        raise ValidationError(_("These are too many cells at once."))
    return cells


def _typed_cell(data: Mapping[str, Any]) -> TypedCell:
    name, text, note = data["name"], data["text"], data.get("note")
    if not CELL_NAME.fullmatch(name):
        raise ValueError(name)
    unit_id, period_id, measure_id = map(int, name.split("-"))
    return TypedCell(
        Key(unit_id, period_id, measure_id),
        clean_line(text)[:LONGEST_TEXT],
        int(data["version"]),
        None if note is None else clean_line(note)[:LONGEST_NOTE],
    )


class ConfirmForm(Form):
    """Sends a report as it was looked over. One that is mostly empty is not sent without a tick."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label="")

    def __init__(self, *args: Any, empty: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not empty:
            del self.fields["confirmed"]
            return
        self.fields["confirmed"].label = _("Yes, %(empty)s numbers stay empty: they are not reported.") % {
            "empty": format_number(empty)
        }
        self.fields["confirmed"].error_messages["required"] = _("Most of the report is empty. Tick to send it so.")


class ReturnForm(Form):
    """The reason, and the numbers that have to be mended, each with what to check."""

    reason = NotesField(
        label=_("Why is the report returned?"),
        help_text=_("It is shown on the form, on the home page and in the e-mail."),
        max_length=1000,
    )
    cells = forms.TypedMultipleChoiceField(
        label=_("Numbers to mend"),
        help_text=_("Only these open again. Tick none to open the whole report."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cells"].choices = [  # type: ignore[attr-defined]  # it is a choice field
            (pk, _choice(sheet, measure)) for pk, measure in sheet.typed.items()
        ]

    def named(self) -> dict[int, str]:
        return dict.fromkeys(self.cleaned_data["cells"], "")


def _choice(sheet: Sheet, measure: Measure) -> str:
    value = show(measure, sheet.value(measure.pk))
    return f"{measure.name}: {value or '–'}"


class ReopenForm(Form):
    reason = LineField(
        label=_("Why is the report corrected?"),
        help_text=_("It is kept with the old and the new figures."),
        max_length=LONGEST_REASON,
    )


class ChosenForm(Form):
    """Reports ticked in the list, each as key and the version that was on the screen: «12:3»."""

    chosen = forms.MultipleChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = self.data.getlist("chosen") if hasattr(self.data, "getlist") else []
        self.fields["chosen"].choices = [(value, value) for value in values if _pair(value)]  # type: ignore[attr-defined]

    def versions(self) -> dict[int, int]:
        return dict(pair for value in self.cleaned_data["chosen"] if (pair := _pair(value)))


def _pair(text: str) -> tuple[int, int] | None:
    row, _colon, number = text.partition(":")
    key, version = key_of(row), key_of(number)
    return None if key is None or version is None else (key, version)
