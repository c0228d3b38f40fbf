"""Numbers of a snapshot as they stand in a letter, and typed text as its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.numbers import format_number, format_percent
from core.periods import label, month_of
from issuing.models import SnapshotRow
from programmes.choices import Direction

NOTHING = "–"  # an empty cell, never 0
LETTERS = "abcdđeghiklmnopqrstuvxy"  # points of a section in Vietnamese order
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_QUOTED = re.compile(r"\[\[\s*([^\[\]]{1,60}?)\s*\]\]")
_NUMBERED = re.compile(r"[0-9]{1,2}\. ")
_PARTS = {"": "value", "cung-ky": "before", "chi-tieu": "target", "trong-ky": "in_period"}


@dataclass(frozen=True)
class Paragraph:
    """`heading`: a numbered line «1. …», which the layout shows in bold."""

    text: str
    heading: bool


def amount(row: SnapshotRow, value: Decimal | None) -> str:
    """A number of the row's indicator: «92,1%», «212.013»; a dash for none. The unit stands in a column of its own."""
    if value is None:
        return NOTHING
    if row.is_ratio and row.unit_label == "%":
        return format_percent(value, row.decimals)
    return format_number(value, row.decimals)


def spoken(row: SnapshotRow, value: Decimal | None) -> str:
    """The same with its unit, for a sentence: «92,1%», «212.013 lượt người»; «chưa có số liệu» for none."""
    if value is None:
        return "chưa có số liệu"
    text = amount(row, value)
    return text if text.endswith("%") else f"{text} {row.unit_label}".strip()


def fraction(row: SnapshotRow) -> str:
    """«310/318» beside a percentage."""
    if not row.is_ratio or row.numerator is None or row.denominator is None:
        return ""
    return f"{format_number(row.numerator)}/{format_number(row.denominator)}"


def difference(row: SnapshotRow) -> str:
    """Against the same period last year: percentages in points, numbers as they are and in percent."""
    if row.value is None or row.before is None:
        return NOTHING
    gap = row.value - row.before
    text = _signed(gap, row.decimals)
    if row.is_ratio:
        return f"{text} điểm" if row.unit_label == "%" else text
    if not row.before:
        return text
    return f"{text} ({_signed(gap * 100 / abs(row.before), 1)}%)"


def of_plan(row: SnapshotRow) -> str:
    """«Đạt % kế hoạch»: value ÷ target; a dash where less is better, for the share would mislead."""
    if row.value is None or not row.target or row.indicator.direction == Direction.DOWN:
        return NOTHING
    return format_percent(row.value * 100 / row.target, 1)


def plan(row: SnapshotRow) -> str:
    """The target and the month by which it is to be reached."""
    if row.target is None or row.target_due is None:
        return NOTHING
    return f"{amount(row, row.target)} ({label(month_of(row.target_due))})"


def trust(row: SnapshotRow) -> str:
    """How many units the number speaks of: «92/95 đơn vị», and how many of them count with an earlier value."""
    if not row.expected:
        return NOTHING
    text = f"{format_number(row.reported + row.carried)}/{format_number(row.expected)}"
    return f"{text} ({format_number(row.carried)} lấy số kỳ trước)" if row.carried else text


def quoted_codes(text: str) -> list[str]:
    """What stands in double brackets, as typed."""
    return _QUOTED.findall(text)


def unknown_codes(text: str, codes: Iterable[str]) -> list[str]:
    """Those that are no indicator of the report, so that the person mends them before a letter shows them."""
    known = {code.casefold() for code in codes}
    return [one for one in quoted_codes(text) if not _known(one, known)]


def with_figures(text: str, rows: Mapping[str, SnapshotRow]) -> str:
    """Puts the numbers of the snapshot in place of «[[HV-01]]», «[[HV-01 cung-ky]]», «[[HV-01 chi-tieu]]»."""
    by_code = {code.casefold(): row for code, row in rows.items()}

    def value(match: re.Match[str]) -> str:
        code, _space, part = match.group(1).casefold().partition(" ")
        row = by_code.get(code)
        return spoken(row, getattr(row, _PARTS[part.strip()])) if row and part.strip() in _PARTS else match.group(0)

    return _QUOTED.sub(value, text)


def paragraphs(text: str) -> list[Paragraph]:
    """Each typed line is a paragraph; «1. …» begins a numbered heading."""
    return [Paragraph(line, bool(_NUMBERED.match(line))) for line in text.splitlines() if line.strip()]


def listed(text: str) -> list[str]:
    """The lines of a list without the signs that people put around them."""
    return [line.strip(" -–;.\t") for line in text.splitlines() if line.strip(" -–;.\t")]


def code_help(codes: Iterable[str]) -> str:
    """What a person may type to quote a number, with an example of this very report."""
    first = next(iter(codes), "HV-01")
    return _(
        "One paragraph a line. [[%(code)s]] is replaced by the number of the snapshot; with “cung-ky”, “chi-tieu” or "
        "“trong-ky” behind the code by that of last year, of the plan, of the period."
    ) % {"code": first}


def _known(quoted: str, known: set[str]) -> bool:
    code, _space, part = quoted.casefold().partition(" ")
    return code in known and part.strip() in _PARTS


def _signed(value: Decimal, decimals: int) -> str:
    """Rounded, with its sign and without zeros at the end."""
    text = format_number(round(abs(value), decimals))
    return "0" if text == "0" else f"{'+' if value > 0 else '-'}{text}"
