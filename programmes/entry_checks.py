"""What an entry must be to become a figure, whoever sends it. Forms say it earlier; this is the last door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import label, month_of
from programmes.choices import MeasureKind, MeasureSource
from programmes.models import LARGEST_VALUE, Measure
from units.models import Succession, Unit

if TYPE_CHECKING:
    from programmes.recording import Entry


@dataclass(frozen=True)
class KnownUnit:
    """A reporting unit, locked for this transaction."""

    pk: int
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    took_in: bool  # other units were merged into it during its life

    @property
    def opening(self) -> int:
        """The month in which its life begins."""
        return month_of(self.valid_from)

    @property
    def closing(self) -> int | None:
        """The month from which it counts no more: that of the day after its last."""
        return None if self.valid_to is None else month_of(self.valid_to + timedelta(days=1))


@dataclass(frozen=True)
class KnownMeasure:
    pk: int
    name: str
    kind: str
    source: str
    decimals: int
    minimum: Decimal
    maximum: Decimal | None
    entered_at: list[str]

    @property
    def is_level(self) -> bool:
        return self.kind in {MeasureKind.STOCK, MeasureKind.FLAG}

    @property
    def carried_over(self) -> bool:
        """Whether successors start with it. What is computed from records is computed for successors too."""
        return self.is_level and self.source == MeasureSource.FORM


def lock_units(unit_ids: Collection[int]) -> dict[int, KnownUnit]:
    """Lock the units and their successors in the order of their keys: two reports of one unit are put in a row.

    The lock does not hinder rows elsewhere from referring to the unit. Raises Unit.DoesNotExist for unknown keys.
    """
    found = _locked(Q(pk__in=unit_ids) | Q(pk__in=_after(unit_ids).values("successor")))
    if missing := set(unit_ids) - found.keys():
        raise Unit.DoesNotExist(f"There are no units {sorted(missing)}.")
    fresh = {pk for pk, unit in found.items() if unit.valid_to is not None}
    while fresh:  # successors of successors; and links that were made while we waited for the lock
        fresh = set(_after(fresh).values_list("successor", flat=True)) - found.keys()
        found |= _locked(Q(pk__in=fresh)) if fresh else {}
    return found


def _after(unit_ids: Collection[int]) -> QuerySet[Succession]:
    return Succession.objects.filter(predecessor__in=unit_ids)


def _locked(which: Q) -> dict[int, KnownUnit]:
    merged = Succession.objects.filter(successor=OuterRef("pk"), predecessor__valid_to__gte=OuterRef("valid_from"))
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(which).order_by("pk")
    columns = rows.values_list("pk", "short_name", "kind", "valid_from", "valid_to", Exists(merged))
    return {row[0]: KnownUnit(*row) for row in columns}


def known_measures(measure_ids: Collection[int]) -> dict[int, KnownMeasure]:
    """Raises Measure.DoesNotExist for unknown keys."""
    columns = ("pk", "name", "kind", "source", "decimals", "minimum", "maximum", "entered_at")
    found = {row[0]: KnownMeasure(*row) for row in Measure.objects.filter(pk__in=measure_ids).values_list(*columns)}
    if missing := set(measure_ids) - found.keys():
        raise Measure.DoesNotExist(f"There are no measures {sorted(missing)}.")
    return found


def check(entries: Iterable[Entry], units: dict[int, KnownUnit], measures: dict[int, KnownMeasure], now: int) -> None:
    """Raises ValidationError with one message for each entry that cannot be; `now` is the running month."""
    problems = [
        f"{unit.name}, {measure.name}: {problem}"
        for entry in entries
        if entry.value is not None
        for unit, measure in [(units[entry.unit_id], measures[entry.measure_id])]
        for problem in _problems(entry, Decimal(entry.value), unit, measure, now)
    ]
    if problems:
        raise ValidationError(problems)


def _problems(entry: Entry, value: Decimal, unit: KnownUnit, measure: KnownMeasure, now: int) -> Iterator[str]:
    if entry.period > now:
        yield _("%(month)s is still to come.") % {"month": label(entry.period)}
    if entry.period < unit.opening:
        yield _("the unit exists only since %(day)s.") % {"day": format_date(unit.valid_from)}
    if unit.valid_to is not None and unit.closing is not None and entry.period >= unit.closing:
        yield _("the unit was closed on %(day)s.") % {"day": format_date(unit.valid_to)}
    if measure.source == MeasureSource.FORM and unit.kind not in measure.entered_at:
        yield _("this measure is not entered at units of this level.")
    yield from _value_problems(value, measure)


def _value_problems(value: Decimal, measure: KnownMeasure) -> Iterator[str]:
    if not value.is_finite() or abs(value) >= LARGEST_VALUE:
        yield _("the number is too large.")
        return
    if measure.kind == MeasureKind.FLAG and value not in {0, 1}:
        yield _("only 0 (no) or 1 (yes) is possible.")
    if value < measure.minimum:
        yield _("the number must be at least %(least)s.") % {"least": format_number(measure.minimum.normalize())}
    if measure.maximum is not None and value > measure.maximum:
        yield _("the number must be at most %(most)s.") % {"most": format_number(measure.maximum.normalize())}
    if value != round(value, measure.decimals):
        yield _("at most %(places)s decimals are possible.") % {"places": measure.decimals}
