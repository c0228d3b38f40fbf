"""What successors start with: the levels of their predecessors, until they report themselves.

An opening is a figure of origin `opening` in the month in which predecessors end and the unit takes over. It is the
weighted sum of what they had last, and of what the unit itself had before if it lived already (yes/no measures: yes
if one of those counted has yes). It follows every later correction there, through any number of successions. An own
report in that month takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from core.periods import month_of
from programmes import totals
from programmes.choices import MeasureKind, MeasureSource, Provenance
from programmes.entry_checks import KnownMeasure, KnownUnit, known_measures, lock_units
from programmes.models import VALUE_SCALE, Figure, Measure
from programmes.recording import Entry, Key, Pending, Recorded, Source, read_around, write_round
from units.choices import Share
from units.models import Succession

OPENING = Source(Provenance.OPENING)
UNITS_AT_ONCE = 200


@dataclass(frozen=True)
class Origin:
    """A predecessor with the hundredths that pass to the unit, and whether it is counted as one there."""

    predecessor: int
    weight: int
    counts: bool


Origins = dict[int, dict[int, list[Origin]]]  # unit → month → who ended


@dataclass
class Heirs:
    """Who takes over from whom and when: unit → month → origins, and predecessor → (unit, month)."""

    origins: Origins = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    takers: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))


def write(
    wanted: dict[Key, Entry], source: Source, units: dict[int, KnownUnit], measures: dict[int, KnownMeasure]
) -> Recorded:
    """Write entries of locked units, what successors carry over because of them, and all totals at the end."""
    pending = Pending()
    first = write_round(wanted, source, units, measures, pending)
    _follow(first.effective.values(), units, measures, pending)
    pending.finish(measures)
    return first.recorded


def refresh(unit_ids: Collection[int]) -> None:
    """Compute the openings of these units anew; what no predecessor gives any more is taken back."""
    carried = Measure.objects.filter(source=MeasureSource.FORM, kind__in=[MeasureKind.STOCK, MeasureKind.FLAG])
    measures = known_measures(set(carried.values_list("pk", flat=True)))
    if not Figure.objects.filter(measure__in=measures).exists():
        return
    ordered = sorted(unit_ids)
    for start in range(0, len(ordered), UNITS_AT_ONCE):
        _refresh(ordered[start : start + UNITS_AT_ONCE], measures)


def _refresh(unit_ids: list[int], measures: dict[int, KnownMeasure]) -> None:
    units = lock_units(unit_ids)
    origins = heirs_of(successors=unit_ids).origins
    opened = Figure.objects.filter(unit__in=unit_ids, measure__in=measures, provenance=Provenance.OPENING)
    entries = {key: Entry(*key, None) for key in opened.values_list("unit_id", "measure_id", "period")}
    levels = last_levels(_predecessors(origins), measures)
    had = defaultdict(set)
    for unit, measure in levels:
        had[unit].add(measure)
    keys = {
        (unit, measure, month)
        for unit, months in origins.items()
        for month, some in months.items()
        for origin in some
        for measure in had[origin.predecessor]
    }
    entries |= _openings(keys, origins, levels, measures)
    pending = Pending()
    effective = write_round(entries, OPENING, units, measures, pending).effective
    _follow(effective.values(), units, measures, pending)
    pending.finish(measures)


def _follow(
    written: Iterable[Entry], units: dict[int, KnownUnit], measures: dict[int, KnownMeasure], pending: Pending
) -> None:
    """Bring the openings in line with what was written, then with these openings, until nothing follows."""
    while keys := _touched(written, units, measures):
        pending.flush()
        origins = heirs_of(successors={unit for unit, _, _ in keys}).origins
        levels = last_levels(_predecessors(origins), {measure for _, measure, _ in keys})
        openings = {key: Entry(*key, None) for key in keys} | _openings(keys, origins, levels, measures)
        written = write_round(openings, OPENING, units, measures, pending).effective.values()


def _touched(written: Iterable[Entry], units: dict[int, KnownUnit], measures: dict[int, KnownMeasure]) -> set[Key]:
    """Openings that may follow from these entries.

    They are those of the successors, those of the unit itself in later months (it took others in), and the one that
    comes back where its own report is withdrawn.
    """
    carried = [entry for entry in written if measures[entry.measure_id].carried_over]
    ended = {entry.unit_id for entry in carried if units[entry.unit_id].closing is not None}
    takers = heirs_of(predecessors=ended).takers if ended else {}
    keys = {(unit, entry.measure_id, month) for entry in carried for unit, month in takers.get(entry.unit_id, ())}
    taking = {entry.unit_id for entry in carried if units[entry.unit_id].took_in or entry.value is None}
    origins = heirs_of(successors=taking).origins if taking else {}
    for entry in carried:
        for month in origins.get(entry.unit_id, ()):
            if month > entry.period or (month == entry.period and entry.value is None):
                keys.add((entry.unit_id, entry.measure_id, month))
    return keys


def _openings(
    keys: Collection[Key], origins: Origins, levels: dict[tuple[int, int], int], measures: dict[int, KnownMeasure]
) -> dict[Key, Entry]:
    """The openings of these units, measures and months, where a predecessor that passes something has a figure."""
    found = {}
    for key, known in _known(keys, origins, levels).items():
        value = opening_value(known, is_flag=measures[key[1]].kind == MeasureKind.FLAG)
        if value is not None:
            found[key] = Entry(*key, Decimal(value) / VALUE_SCALE)
    return found


def _predecessors(origins: Origins) -> set[int]:
    return {origin.predecessor for months in origins.values() for some in months.values() for origin in some}


def _known(
    keys: Iterable[Key], origins: Origins, levels: dict[tuple[int, int], int]
) -> dict[Key, list[tuple[Origin, int]]]:
    """What each opening is made of: what predecessors had last and, beside them, what the unit itself had before."""
    found = {}
    for unit, measure, month in keys:
        some = origins.get(unit, {}).get(month, [])
        known = [(o, levels[o.predecessor, measure]) for o in some if (o.predecessor, measure) in levels]
        if any(origin.weight or origin.counts for origin, _ in known):
            found[unit, measure, month] = known
    for key, around in read_around(list(found)).items():
        if around.before_value is not None:
            found[key].append((Origin(key[0], 100, counts=True), around.before_value))
    return found


def opening_value(known: list[tuple[Origin, int]], *, is_flag: bool) -> int | None:
    """Hundredths that a unit starts with, from what its predecessors had last; None when nothing passes.

    Half a hundredth is rounded away from zero: only shares of numbers with decimals can leave one.
    """
    if is_flag:
        counted = [value for origin, value in known if origin.counts]
        return max(counted) if counted else None
    passing = [(origin.weight, value) for origin, value in known if origin.weight]
    if not passing:
        return None
    exact = sum(weight * value for weight, value in passing)
    rounded = (abs(exact) + 50) // 100
    return rounded if exact >= 0 else -rounded


def heirs_of(
    *,
    predecessors: Collection[int] = (),
    successors: Collection[int] = (),
    since: date | None = None,
    every: bool = False,
) -> Heirs:
    """Links to units that take over from ended ones, with the month in which they do; `since`: from that day on.

    Of the successors, or else of the predecessors; of `every` unit, where naming them would take longer.
    """
    links = Succession.objects.filter(predecessor__valid_to__isnull=False)
    if since is not None:
        links = links.filter(Q(predecessor__valid_to__gte=since) | Q(successor__valid_from__gte=since))
    if not every:
        links = links.filter(successor__in=successors) if successors else links.filter(predecessor__in=predecessors)
    heirs = Heirs()
    weights: dict[tuple[str, int | None], int] = {}
    columns = ("predecessor", "predecessor__valid_to", "successor", "successor__valid_from", "share", "percent")
    for predecessor, ended, unit, opened, share, percent in links.order_by("pk").values_list(*columns):
        month = max(month_of(ended + timedelta(days=1)), month_of(opened))
        if (share, percent) not in weights:
            weights[share, percent] = Succession(share=share, percent=percent).weight
        heirs.origins[unit][month].append(Origin(predecessor, weights[share, percent], share != Share.PART))
        heirs.takers[predecessor].add((unit, month))
    return heirs


_LAST = """
SELECT * FROM (
  SELECT u.id AS unit_id, m.id AS measure_id, (
    SELECT f.value FROM programmes_figure f
    WHERE f.unit_id = u.id AND f.measure_id = m.id ORDER BY f.period DESC LIMIT 1
  ) AS value
  FROM units_unit u CROSS JOIN programmes_measure m WHERE {units} AND {measures}
) l WHERE value IS NOT NULL
"""


def last_levels(unit_ids: Collection[int], measure_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """What each of the units reported last, in hundredths."""
    units, unit_values = totals.among("u.id", sorted(unit_ids))
    measures, measure_values = totals.among("m.id", sorted(measure_ids))
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(units=units, measures=measures), [*unit_values, *measure_values])
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}
