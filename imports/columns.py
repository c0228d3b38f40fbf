"""What a column of a form is: its words, what it takes, and how its values read. Declared by the rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date
from core.numbers import format_number
from core.text import fold
from units.choices import UnitKind

Words = str | Promise
LARGEST = 10**15 - 1  # Excel keeps 15 digits
UNIT_HEADINGS = ("Đơn vị", "Tên đơn vị", "Xã/phường", "Xã, phường", "Tên xã", "Tên xã/phường", "Hội LHPN xã/phường")
UNIT_CODE_HEADINGS = ("Mã đơn vị", "Mã ĐV", "Mã xã", "Mã đơn vị hành chính")
UNIT_HEADING, UNIT_CODE_HEADING = gettext_lazy("Unit"), gettext_lazy("Unit code")
ALL_BUT_BRANCHES = frozenset(UnitKind.values) - {UnitKind.BRANCH.value}


class Takes(Enum):
    """What a cell of the column may hold."""

    LINE = "line"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    YEAR = "year"
    CHOICE = "choice"
    YES_NO = "yes_no"
    UNIT = "unit"
    UNIT_CODE = "unit_code"
    OPEN = "open"  # what it holds depends on the row: its room reads it, with `cells.read_cell` of a column of its own


@dataclass(frozen=True)
class Column:
    """One column. `name` is the key of its value in a row, `aliases` are other usual headings.

    An empty cell of an existing record leaves the stored value alone. `watch_fall`: a fall to a tenth or less asks
    for a note. `code_of` names the UNIT column whose code a UNIT_CODE column holds. A `shown` column only helps who
    reads the form and is never read; a `standing` one must be there, though its cells may be empty.
    """

    name: str
    heading: Words
    takes: Takes = Takes.LINE
    required: bool = False
    help: Words = ""
    aliases: tuple[str, ...] = ()
    choices: Mapping[Any, Words] = field(default_factory=dict)
    decimals: int = 2
    minimum: int | None = 0
    maximum: int = LARGEST
    max_length: int = 250
    watch_fall: bool = False
    kinds: frozenset[str] = ALL_BUT_BRANCHES
    code_of: str = ""
    as_of: tuple[str, ...] = ()  # for UNIT: the first of these dates is the day on which it must be open; else `on`
    on: date | None = None  # for UNIT: that day where it is the same for all rows; none: today
    shown: bool = False
    standing: bool = False
    width: int = 18

    def keys(self) -> set[str]:
        """The folded headings under which the column is recognised."""
        return {heading_key(str(text)) for text in (self.heading, *self.aliases)}

    def in_words(self, value: Any) -> str:
        """A value as a person reads it; units are named by the desk."""
        if value in (None, ""):
            return ""
        if self.takes is Takes.CHOICE:
            return str(self.choices.get(value, value))
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if self.takes is Takes.YEAR:
            return str(value)
        if isinstance(value, int | Decimal):
            return format_number(value)
        return format_date(value) if isinstance(value, date) else str(value)


def heading_key(text: str) -> str:
    """Headings match without tones, case, extra spaces, stars, colons and what stands in brackets."""
    return fold(fold(text).partition("(")[0].strip(" *:."))


def unit_columns(
    heading: Words = UNIT_HEADING,
    *,
    name: str = "unit",
    code_heading: Words = UNIT_CODE_HEADING,
    required: bool = True,
    as_of: tuple[str, ...] = (),
    aliases: tuple[str, ...] = UNIT_HEADINGS,
    code_aliases: tuple[str, ...] = UNIT_CODE_HEADINGS,
) -> tuple[Column, Column]:
    """The unit of a row: by code (a hidden column of the form) or by name, as communes write it."""
    code = Column(f"{name}_code", code_heading, Takes.UNIT_CODE, code_of=name, aliases=code_aliases, width=10)
    title = Column(name, heading, Takes.UNIT, required=required, as_of=as_of, aliases=aliases, width=34)
    return code, title
