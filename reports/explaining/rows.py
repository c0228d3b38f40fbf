"""The change of an indicator as a page and a file tell it: parts, and under each the units by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import first_day, last_day, month_of
from core.periods import label as month_label
from core.remarks import in_words
from core.text import sort_key
from equipment.queries.happenings import Happening, happenings
from programmes.choices import MeasureSource
from programmes.models import VALUE_SCALE
from programmes.queries.movements import Correction
from programmes.queries.series import SCALE
from reports.explaining.change import Change, Moved, units_named
from reports.explaining.parts import Part
from reports.explaining.rounding import apportioned, decimals_for, rounded
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

FROM = "tu"  # the earlier month in the address; the later one is that of the scope
MOST_REASONS = 300  # units whose register is looked up for one page
MOST_TOLD = 3  # reasons told beside one unit


@dataclass(frozen=True)
class UnitRow:
    """What one unit (or the units below it, `units` of them) adds to a part, and why."""

    unit: Unit
    href: str
    units: int
    numerator: Decimal
    denominator: Decimal
    points: Decimal
    note: str


@dataclass(frozen=True)
class PartRows:
    part: Part
    label: str
    points: Decimal
    rows: tuple[UnitRow, ...]


@dataclass(frozen=True)
class Explanation:
    """A change told with rounded numbers that still add up: `before` and the parts make `after`."""

    change: Change
    decimals: int
    before: Decimal
    now: Decimal
    after: Decimal
    parts: tuple[PartRows, ...]

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def explained(change: Change, user: User | AnonymousUser) -> Explanation:
    """Rounded values, parts and rows; of units below the children only the sums of each child."""
    amounts = [change.points(part) for part in change.parts]
    decimals = decimals_for(amounts, change.indicator.decimals)
    before, after = rounded(change.before, decimals), rounded(change.after, decimals)
    names = _Names(change, user)
    parts = [
        PartRows(part, part.words(of_states=change.of_states), points, tuple(_rows(change, part, points, names)))
        for part, points in zip(change.parts, apportioned(amounts, after - before, decimals), strict=True)
    ]
    return Explanation(change, decimals, before, rounded(change.now, decimals), after, tuple(parts))


def _rows(change: Change, part: Part, points: Decimal, names: _Names) -> Iterable[UnitRow]:
    together: dict[int, Moved] = defaultdict(Moved)
    inside: dict[int, list[int]] = defaultdict(list)
    for unit, one in change.moved[part].items():
        child = names.child(unit)
        together[child].take(one)
        inside[child].append(unit)
    told = [(pk, one) for pk, one in together.items() if one]
    shares = apportioned(
        [change.points_of(one) for _pk, one in told],
        points,
        -points.as_tuple().exponent,  # type: ignore[operator]
    )
    rows = [
        UnitRow(
            unit=names.units[pk],
            href=names.link(pk, part, alone=inside[pk] == [pk]),
            units=len(inside[pk]),
            numerator=Decimal(one.numerator) / SCALE,
            denominator=Decimal(one.denominator) / SCALE,
            points=share,
            note=names.note(part, inside[pk]) if inside[pk] == [pk] else "",
        )
        for (pk, one), share in zip(told, shares, strict=True)
    ]
    return sorted(rows, key=lambda row: (-abs(row.numerator), -abs(row.points), sort_key(row.unit.short_name)))


class _Names:
    """The units of a page: which child of the unit each belongs to, what may be opened, and the reasons."""

    def __init__(self, change: Change, user: User | AnonymousUser) -> None:
        self.change = change
        opened = Exists(Unit.objects.visible_to(user).filter(pk=OuterRef("pk")))
        every = Unit.objects.annotate(seen=opened)
        self.units = {unit.pk: unit for unit in every.filter(pk__in=units_named(change))}
        bases = [self.units[pk].path for pk in change.speakers if pk in self.units]
        self.ends = [(path, len(path) + Unit.steplen) for path in bases]
        known = {unit.path for unit in self.units.values()}
        if missing := {self._child_path(path) for path in known} - known:
            self.units |= {unit.pk: unit for unit in every.filter(path__in=missing)}
        self.by_path: dict[str, int] = {unit.path: unit.pk for unit in self.units.values()}
        self.seen = {pk for pk, unit in self.units.items() if unit.seen}
        self.reasons = self._reasons()

    def _child_path(self, path: str) -> str:
        """The path of the unit directly below the page's unit that holds it; its own where none does."""
        return next((path[:end] for base, end in self.ends if path.startswith(base) and len(path) > len(base)), path)

    def child(self, unit: int) -> int:
        return self.by_path.get(self._child_path(self.units[unit].path), unit)

    def link(self, unit: int, part: Part, *, alone: bool) -> str:
        """Down to the figure of a unit that reports itself, or to the same question at a unit that holds others."""
        if unit not in self.seen:
            return ""
        change, place = self.change, self.units[unit]
        query = f"{change.scope.query}&{urlencode({FROM: _in_address(change.first)})}"
        if not alone:
            return f"{reverse('reports:why', args=[unit, change.indicator.pk])}?{query}"
        month = change.first if part == Part.CORRECTED else change.last
        if place.valid_to is not None:
            month = min(month, month_of(place.valid_to))
        measure = change.indicator.numerator
        if change.indicator.denominator is not None and not self.change.moved[part][unit].numerator:
            measure = change.indicator.denominator
        return f"{reverse('reports:figure', args=[unit, measure.pk, month])}?{change.scope.query}"

    def note(self, part: Part, units: Collection[int]) -> str:
        """Why, in a few words: the correction, who became what, or what the register tells of the machines."""
        (unit,) = units
        if part == Part.CORRECTED:
            return "; ".join(_correction_words(one) for one in self.change.corrections.get(unit, [])[:MOST_TOLD])
        if part == Part.REORGANISED:
            return self._reorganisation_words(unit)
        moved = self.change.moved[part][unit]
        every = [one for pk in sorted(moved.reporters) for one in self.reasons.get(pk, [])]
        reasons = [one for one in every if one.helps == (part == Part.GAINED)] if self.change.of_states else every
        told = [f"{format_date(one.on)}: {one.words}" for one in reasons[:MOST_TOLD]]
        return "; ".join([*told, *([_("reported for the first time")] if moved.first_time else [])])

    def _reorganisation_words(self, unit: int) -> str:
        """«gộp từ Thịnh Đức, Tân Cương»; a unit that only ended or only opened says so."""
        change, place = self.change, self.units[unit]
        origins = [self.units[pk] for pk in change.origins.get(unit, ())]
        if origins:
            return _("came of %(units)s") % {"units": ", ".join(origin.name for origin in origins)}
        if place.valid_to is not None and month_of(place.valid_to) <= change.last:
            return _("ended on %(day)s") % {"day": format_date(place.valid_to)}
        if month_of(place.valid_from) > change.first:
            return _("opened on %(day)s") % {"day": format_date(place.valid_from)}
        return ""

    def _reasons(self) -> dict[int, list[Happening]]:
        """What happened to the machines of the units that moved; not where there are too many to be read."""
        change = self.change
        moved = [one for part in (Part.GAINED, Part.LOST) for one in change.moved[part].values()]
        reporters = {pk for one in moved for pk in one.reporters}
        if change.indicator.numerator.source != MeasureSource.EQUIPMENT or not 0 < len(reporters) <= MOST_REASONS:
            return {}
        return happenings(reporters, first_day(change.first + 1), last_day(change.last))


def _in_address(month: int) -> str:
    return month_label(month).replace("/", "-")


def _correction_words(one: Correction) -> str:
    words = {
        "month": month_label(one.period),
        "then": format_number(Decimal(one.then) / VALUE_SCALE),
        "now": _("taken back") if one.now is None else format_number(Decimal(one.now) / VALUE_SCALE),
        "reason": in_words(one.reason),
    }
    text = _("%(month)s: %(then)s → %(now)s (%(reason)s)") if one.reason else _("%(month)s: %(then)s → %(now)s")
    return text % words
