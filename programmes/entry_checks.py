"""What an entry must be to become a figure, whoever sends it. Forms say it earlier; this is the last door."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import label, month_of
from programmes import totals
from programmes.choices import MeasureKind, MeasureSource
from programmes.models import LARGEST_VALUE, Measure
from units.models import Unit

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


_UNITS = """
WITH wanted (id) AS (VALUES {rows})
SELECT u.id, u.short_name, u.kind, u.valid_from, u.valid_to, EXISTS (
    SELECT 1 FROM units_succession s JOIN units_unit p ON p.id = s.predecessor_id
    WHERE s.successor_id = u.id AND p.valid_to >= u.valid_from
  )
FROM units_unit u WHERE u.id IN (
  SELECT id FROM wanted
  UNION SELECT s.successor_id FROM units_succession s JOIN wanted w ON w.id = s.predecessor_id
)
ORDER BY u.id {lock}
"""
_MEASURES = """
SELECT id, name, kind, source, decimals, minimum, maximum, entered_at FROM programmes_measure WHERE {measures}
"""


def lock_units(unit_ids: Collection[int]) -> dict[int, KnownUnit]:
    """Lock the units and their successors in the order of their keys: two reports of one unit are put in a row.

    The lock does not hinder rows elsewhere from referring to the unit. Raises Unit.DoesNotExist for unknown keys.
    """
    found = _locked(unit_ids)
    if missing := set(unit_ids) - found.keys():
        raise Unit.DoesNotExist(f"There are no units {sorted(missing)}.")
    fresh = {pk for pk, unit in found.items() if unit.valid_to is not None}
    while fresh:  # successors of successors; and links that were made while we waited for the lock
        more = _locked(fresh)
        fresh = {pk for pk in more.keys() - found.keys() if more[pk].valid_to is not None}
        found |= more
    return found


def _locked(unit_ids: Collection[int]) -> dict[int, KnownUnit]:
    lock = "FOR NO KEY UPDATE OF u" if connection.vendor == "postgresql" else ""
    found = {}
    with connection.cursor() as cursor:
        for some in totals.batches(sorted(unit_ids), 1):
            cursor.execute(_UNITS.format(rows=", ".join(["(%s)"] * len(some)), lock=lock), some)
            for pk, name, kind, opened, ended, merged in cursor.fetchall():
                found[pk] = KnownUnit(pk, name, kind, _day(opened), _day(ended) if ended else None, bool(merged))
    return found


def _day(value: date | str) -> date:
    """SQLite hands dates out as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def known_measures(measure_ids: Collection[int]) -> dict[int, KnownMeasure]:
    """Raises Measure.DoesNotExist for unknown keys."""
    measures, values = totals.among("id", sorted(measure_ids))
    with connection.cursor() as cursor:
        cursor.execute(_MEASURES.format(measures=measures), values)
        found = {row[0]: _measure(*row) for row in cursor.fetchall()}
    if missing := set(measure_ids) - found.keys():
        raise Measure.DoesNotExist(f"There are no measures {sorted(missing)}.")
    return found


def _measure(
    pk: int, name: str, kind: str, source: str, decimals: int, least: object, most: object, entered_at: str
) -> KnownMeasure:
    """SQLite hands decimals out as floating numbers of at most two places."""
    maximum = None if most is None else Decimal(str(most))
    return KnownMeasure(pk, name, kind, source, decimals, Decimal(str(least)), maximum, json.loads(entered_at))


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
