"""What can be imported: rooms declare their importers, the engine knows only what stands here.

An importer says which columns its form has, which existing record a row means, what is wrong with a row beyond its
cells, and how rows are written and taken back through the actions of its own room. Files, headings, numbers, dates,
units, the preview of old and new values, all-or-nothing and the ledger are the engine's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from imports.columns import Column, Words
from units.choices import Right

if TYPE_CHECKING:
    from imports.desk import Desk

Values = dict[str, Any]
Undo = dict[str, Any]  # what JSON can hold


@dataclass(frozen=True)
class Row:
    """The values of one row by column name; empty cells are left out. Units are primary keys.

    `columns` stand in its sheet; `unread` are those of them whose cell could not be read, which is an error already.
    """

    sheet: str
    number: int
    values: Values
    columns: frozenset[str] = frozenset()
    unread: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Stored:
    """The existing record that a row means: its key and its values by column name."""

    pk: int
    values: Values


@dataclass(frozen=True)
class Aim:
    """What a row aims at: an existing record, or none yet. By column: `problems` forbid the row, `warnings` ask for a
    note at the confirmation, `hints` stand beside the change.
    """

    stored: Stored | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A row to write: the whole record as it shall stand, and as `changes` what differs from the stored one."""

    row: Row
    stored: Stored | None
    values: Values
    changes: Values


class RowError(ValidationError):
    """Raised while writing: which row the room refused, and why."""

    def __init__(self, row: Row, refusal: ValidationError | str) -> None:
        text = refusal if isinstance(refusal, str) else " ".join(refusal.messages)
        words = {"sheet": row.sheet, "row": row.number, "text": text}
        super().__init__(_("Sheet “%(sheet)s”, row %(row)s: %(text)s") % words)


class Importer(ABC):
    """One kind of import. Class attributes are its declaration; all methods get the desk: person, scope, day, units."""

    kind: ClassVar[str]  # last part of its address
    title: ClassVar[Words]
    lead: ClassVar[Words] = ""
    right: ClassVar[Right]
    columns: ClassVar[tuple[Column, ...]]
    list_route: ClassVar[str]  # the list that it fills
    unit_column: ClassVar[str] = "unit"  # whose right is asked; empty where a row names none
    at_once: ClassVar[int] = 200  # rows that are written within the request; more become a job
    own_start: ClassVar[bool] = False  # opened from pages of its room, which give the options; not offered elsewhere
    personal: ClassVar[bool] = False  # names private persons: only who holds `right` sees its files and previews

    def start_url(self, options: Mapping[str, str]) -> str:
        """Where another file of the same kind is sent. With `own_start` the room says where."""
        return reverse("imports:start", args=[self.kind])

    def result_url(self, options: Mapping[str, str]) -> str:
        """Where a person looks at what was imported."""
        return reverse(self.list_route)

    def subject(self, options: Mapping[str, str]) -> str:
        """What the file is about beyond its kind and unit, such as a reporting period; empty for lists."""
        return ""

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        """The columns; forms whose columns depend on the desk (its options, kinds of equipment) make them here."""
        return self.columns

    def look_at_head(self, sheet: str, rows: Sequence[Sequence[Any]], desk: Desk) -> Sequence[tuple[str, str]]:
        """What the rows above the headings say against reading this sheet: cell and words. Nothing by default."""
        return ()

    @abstractmethod
    def key(self, row: Row, desk: Desk) -> Hashable | None:
        """What may stand in the file only once; None for rows that may repeat."""

    @abstractmethod
    def aims(self, rows: Sequence[Row], desk: Desk) -> Sequence[Aim]:
        """For each row the record it means. In a few queries, whatever the number of rows."""

    @abstractmethod
    def label(self, row: Row, desk: Desk) -> str:
        """What the row concerns, for the preview."""

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        """What is wrong with the record as it would stand (`values`), by column. No query."""
        return {}

    @abstractmethod
    def write(self, lines: Sequence[Line], desk: Desk) -> Sequence[Undo]:
        """Write the lines through the actions of the room; returns for each what `undo` needs.

        Runs in one transaction with the confirmation. Raises ValidationError or Denied, best as RowError.
        """

    @abstractmethod
    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        """Take the lines back, the last first. Raises ValidationError where somebody has changed a record since."""

    @abstractmethod
    def existing(self, desk: Desk) -> Iterable[Values]:
        """The records of the scope for a form that is filled with them; units as keys."""

    def blank(self, desk: Desk) -> Iterable[Values]:
        """The rows of an empty form: by default one for each unit where the person holds the right."""
        if self.unit_column:
            for pk in desk.open_units():
                yield {self.unit_column: pk}


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Called from AppConfig.ready. Raises ValueError when another importer already has the kind."""
    if importer.kind in _importers:
        raise ValueError(f"two importers are called {importer.kind!r}")
    _importers[importer.kind] = importer


def importer(kind: str) -> Importer | None:
    return _importers.get(kind)


def importers() -> tuple[Importer, ...]:
    return tuple(_importers.values())
