"""Charts of one row: bullet graph and sparkline of an indicator, ranked bars of many units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from core.charts.base import NO_VALUE, Caption, Number, at, known, path_of

Range = tuple[Decimal, Decimal]  # the lower value first
_ROOM = Decimal("1.25")  # a scale ends a quarter beyond its target; what is longer is drawn cut off


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values lie on a line of some width. Zero is always on it; `zero` is None where it is the left edge."""

    low: Decimal
    high: Decimal
    width: int

    @classmethod
    def over(cls, values: Iterable[Number], width: int, *, goals: Iterable[Number] = ()) -> Scale:
        """With goals a quarter beyond the highest of them, else as far as the values go; always down to the lowest."""
        marks, there = [*known(goals), Decimal(0)], [*known(values), Decimal(0)]
        low, high = min([*there, min(marks) * _ROOM]), max(there)
        if any(marks):
            return cls(low, max(marks) * _ROOM, width)
        return cls(low, high, width) if low or high else cls(low, Decimal(100), width)

    @property
    def zero(self) -> float | None:
        return self.at(Decimal(0)) if self.low < 0 else None

    def at(self, value: Decimal) -> float:
        """The place of the value; of one beyond an end that end."""
        share = (value - self.low) / (self.high - self.low)
        return at(float(min(max(share, Decimal(0)), Decimal(1))) * self.width)

    def place(self, value: Number) -> float | None:
        return None if value is None else self.at(value)

    def span(self, value: Number, origin: Decimal = Decimal(0)) -> tuple[float, float] | None:
        """Left end and length of a bar from the origin to the value."""
        if value is None:
            return None
        one, other = sorted((self.at(origin), self.at(value)))
        return one, at(other - one)

    def cuts(self, value: Number) -> bool:
        """Whether a bar of the value is longer than the line."""
        return value is not None and value > self.high


@dataclass(frozen=True, slots=True)
class Bullet:
    """Stephen Few's bullet graph. `bar` (left end, length) is None without a value; `cut`: it is longer than drawn."""

    template: ClassVar[str] = "components/charts/bullet.html"
    width: ClassVar[int] = 240
    height: ClassVar[int] = 20
    label: str
    status: str
    bar: tuple[float, float] | None
    cut: bool
    target: float | None
    path: float | None
    band: tuple[float, float] | None
    zero: float | None


def bullet(
    value: Number,
    *,
    target: Number = None,
    path: Number = None,
    band: Range | None = None,
    baseline: Number = None,
    status: str = "none",
    label: str = "",
) -> Bullet:
    """The value as a bar, the target as a tick, `path` (where the plan wants it today) as a pointer.

    `band` holds the two values between which the plan counts as kept. `label` says the same in words for those who do
    not see it. Values above 100% or far above the target are legal: the bar is cut. The `baseline` is no mark, but has
    room, so that a value on its way down from there is drawn whole.
    """
    scale = Scale.over([value, Decimal(100)], Bullet.width, goals=(target, path, baseline))
    return Bullet(
        label=label,
        status=status,
        bar=scale.span(value),
        cut=scale.cuts(value),
        target=scale.place(target),
        path=scale.place(path),
        band=scale.span(band[1], band[0]) if band else None,
        zero=scale.zero,
    )


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A trend without axes, as paths: the line (broken without data), its last known point, reorganisations."""

    template: ClassVar[str] = "components/charts/sparkline.html"
    width: ClassVar[int] = 480  # four units to a pixel, so that whole numbers are fine enough
    height: ClassVar[int] = 112
    label: str
    path: str
    last: str
    breaks: str


def sparkline(values: Sequence[Number], *, breaks: Sequence[int] = (), label: str = "") -> Sparkline:
    """The trend of some months, scaled to its own lowest and highest value.

    `breaks` are indices of the first month after a reorganisation: a thin line stands before each.
    """
    floats = [None if value is None else float(value) for value in values]  # a drawing needs no decimal exactness
    there = [value for value in floats if value is not None]
    low, high = (min(there), max(there)) if there else (0.0, 0.0)
    scale = (Sparkline.height - 32) / (high - low) if high > low else 0.0
    bottom = Sparkline.height - 16 if scale else Sparkline.height // 2
    step = (Sparkline.width - 24) / max(len(values) - 1, 1)
    points: list[tuple[int, int] | None] = [
        None if value is None else (int(12 + index * step), int(bottom - (value - low) * scale))
        for index, value in enumerate(floats)
    ]
    last = next((point for point in reversed(points) if point is not None), None)
    marks = [f"M{int(12 + (index - 0.5) * step)},0v{Sparkline.height}" for index in breaks if 0 < index < len(values)]
    return Sparkline(
        label=label,
        path=path_of(points),
        last=f"M{last[0]},{last[1]}h0" if last else "",
        breaks="".join(marks),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """What goes into a ranked bar: `text` is the value in words, `note` e.g. "310/318", `band` as in a bullet graph."""

    label: str
    value: Number
    text: str = ""
    target: Number = None
    status: str = "none"
    href: str = ""
    note: str = ""
    band: Range | None = None


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar as drawn (left end, length), in hundredths of the width. Equal values share a rank; no value, no rank."""

    label: str
    text: str
    href: str
    note: str
    status: str
    rank: int | None
    bar: tuple[float, float] | None
    cut: bool
    target: float | None
    band: tuple[float, float] | None
    zero: float | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Ranked bars. The rows are themselves the table: names and values are text, the bar only repeats them.

    `folded` rows of a long list wait behind a summary that says how many they are.
    """

    template: ClassVar[str] = "components/charts/bars.html"
    caption: Caption
    columns: tuple[str, str]
    rows: tuple[BarRow, ...]
    folded: tuple[BarRow, ...] = ()

    @property
    def parts(self) -> tuple[tuple[BarRow, ...], ...]:
        """The rows that stand open, then those behind the summary, if there are any."""
        return (self.rows, self.folded) if self.folded else (self.rows,)


def bars(
    items: Sequence[Bar],
    *,
    caption: Caption,
    columns: tuple[str, str] | None = None,
    ranked: bool = True,
    shown: int | None = None,
) -> BarChart:
    """Bars in the given order on one scale; the scale ends a quarter beyond the highest target, if there is one.

    A list of more than half as many again as `shown` is folded after that many: a phone shows twelve to a screen.
    """
    scale = Scale.over((item.value for item in items), 100, goals=[item.target for item in items])
    ranks = _ranks([item.value for item in items]) if ranked else [None] * len(items)
    rows = [_bar_row(item, rank, scale) for item, rank in zip(items, ranks, strict=True)]
    cut = shown if shown is not None and len(rows) > shown * 3 / 2 else len(rows)
    return BarChart(
        caption=caption, columns=columns or (_("Unit"), _("Value")), rows=tuple(rows[:cut]), folded=tuple(rows[cut:])
    )


def _bar_row(item: Bar, rank: int | None, scale: Scale) -> BarRow:
    return BarRow(
        label=item.label,
        text=item.text or NO_VALUE,
        href=item.href,
        note=item.note,
        status=item.status,
        rank=rank,
        bar=scale.span(item.value),
        cut=scale.cuts(item.value),
        target=scale.place(item.target),
        band=scale.span(item.band[1], item.band[0]) if item.band else None,
        zero=scale.zero,
    )


def _ranks(values: Sequence[Number]) -> list[int | None]:
    """Places in the given order: equal neighbours share one, and the next place counts them all."""
    places: list[int | None] = []
    place, count, before = 0, 0, None
    for value in values:
        if value is None:
            places.append(None)
            continue
        count += 1
        if value != before:
            place, before = count, value
        places.append(place)
    return places
