"""The period of a report: its kind and the month in which it ends, in the words of official letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.periods import label as month_label
from issuing.choices import ReportKind

_ROMAN = ("I", "II", "III", "IV")
_OFFERED = {ReportKind.QUARTER: 6, ReportKind.HALF: 4, ReportKind.NINE: 2, ReportKind.YEAR: 3, ReportKind.MONTH: 12}


@dataclass(frozen=True)
class ReportPeriod:
    """Raises ValueError where no such period ends in `month`."""

    kind: ReportKind
    month: int

    def __post_init__(self) -> None:
        if not _ends(self.kind, self.month):
            raise ValueError(f"no {self.kind.value} ends in {month_label(self.month)}")

    @property
    def first_month(self) -> int:
        return self.month - self.kind.months + 1

    @property
    def in_letter(self) -> str:
        """As it stands in the title of a letter, always in Vietnamese: «quý III năm 2026», «6 tháng đầu năm 2026»."""
        year, place = divmod(self.month, 12)
        if self.kind == ReportKind.MONTH:
            return f"tháng {place + 1} năm {year}"
        if self.kind == ReportKind.QUARTER:
            return f"quý {_ROMAN[place // 3]} năm {year}"
        if self.kind == ReportKind.HALF:
            return f"6 tháng {'đầu' if place < 6 else 'cuối'} năm {year}"
        return f"9 tháng đầu năm {year}" if self.kind == ReportKind.NINE else f"năm {year}"

    @property
    def label(self) -> str:
        """The same with a capital, for lists and headings."""
        return self.in_letter[0].upper() + self.in_letter[1:]

    @property
    def key(self) -> str:
        """As forms send it: «quarter-24320»."""
        return f"{self.kind.value}-{self.month}"

    @classmethod
    def from_key(cls, key: str) -> ReportPeriod:
        """Raises ValueError for what is no period."""
        kind, _dash, month = key.partition("-")
        return cls(ReportKind(kind), int(month))


def _ends(kind: ReportKind, month: int) -> bool:
    place = month % 12 + 1
    if kind == ReportKind.NINE:
        return place == 9
    return place % kind.months == 0


def offered(now: int) -> Iterator[tuple[ReportKind, list[ReportPeriod]]]:
    """The periods that have begun by the month `now`, the newest first, by kind."""
    for kind, count in _OFFERED.items():
        ends = (month for month in range(now + kind.months - 1, 0, -1) if _ends(kind, month))
        yield kind, [ReportPeriod(kind, next(ends)) for _each in range(count)]


def year_before(month: int) -> int:
    """The same month of the year before (cùng kỳ năm trước)."""
    return month - 12
