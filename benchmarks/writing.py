"""Goals of writing: one approval, a correction, an import, beside bare upserts of the same figures.

The bare side writes given measures, which have no totals, into the same table: same keys, same foreign keys, nothing
left inexact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benchmarks.country import LAST, TODAY, Bench
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import interleaved
from programmes.actions import Entry, record_figures
from programmes.choices import MeasureKind, Provenance
from programmes.models import Figure, Measure

VALUES = 30
FIELDS = ["value", "provenance", "as_of", "reference", "note", "recorded_at", "recorded_by_id"]


def approve(unit_ids: Iterable[int], measures: list[Measure], month: int, number: int) -> None:
    """Record a value for each unit and measure; `number` makes it differ from what stands there."""
    entries = [
        Entry(unit, measure.pk, month, Decimal(_value(measure, unit, number)))
        for unit in unit_ids
        for measure in measures
    ]
    done = record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)
    if done.effects != len(entries):
        raise RuntimeError(f"expected {len(entries)} effects, found {done}")


def upsert(unit_ids: Iterable[int], measures: list[Measure], month: int, number: int) -> None:
    """The same figures through the ORM, without anything that follows from them."""
    now = timezone.now()
    rows = [
        Figure(
            unit_id=unit, measure_id=measure.pk, period=month, value=Decimal(number % 40), provenance="submission",
            recorded_at=now,
        )
        for unit in unit_ids
        for measure in measures
    ]  # fmt: skip
    with transaction.atomic():
        Figure.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["unit", "measure", "period"], update_fields=FIELDS
        )


def _value(measure: Measure, unit: int, number: int) -> int:
    if measure.kind == MeasureKind.FLAG:
        return number % 2
    return 5_000 + (unit + number) % 997 + 1_000 * (number % 5)


def some_of(measures: list[Measure]) -> list[Measure]:
    """30 measures of all kinds but flags, which could not differ every time."""
    return [measure for measure in measures if measure.kind != MeasureKind.FLAG][:VALUES]


def _turns(bench: Bench) -> Callable[[], tuple[int, int]]:
    """Each call another commune that has not been used, and a number."""
    everyone = [pk for some in bench.communes.values() for pk in some]
    bench.random.shuffle(everyone)
    turns: Iterator[tuple[int, int]] = zip(everyone, range(1, len(everyone) + 1), strict=True)
    return lambda: next(turns)


@goal(4, "record_figures of 30 values ÷ bare upsert of the same figures", "≤ 2.3", changes_figures=True)
def recording_beside_upsert(bench: Bench) -> Outcome:
    turn, measures, bare = _turns(bench), some_of(bench.measures), bench.bare_measures[:VALUES]

    def record() -> None:
        unit, number = turn()
        approve([unit], measures, LAST + 1, number)

    def write() -> None:
        unit, number = turn()
        upsert([unit], bare, LAST + 1, number)

    both = interleaved(record, write, min(40, bench.rounds * 3))
    return at_most(both.ratio, 2.3, both.words)


@goal(5, "a correction two years back ÷ the entry of a new month", "≤ 1.6", changes_figures=True)
def correcting_beside_entering(bench: Bench) -> Outcome:
    turn, measures = _turns(bench), some_of(bench.measures)

    def correct() -> None:
        unit, number = turn()
        approve([unit], measures, LAST - TWO_YEARS, number)

    def enter() -> None:
        unit, number = turn()
        approve([unit], measures, LAST + 1, number + 1)

    both = interleaved(correct, enter, min(40, bench.rounds * 3))
    return at_most(both.ratio, 1.6, both.words)


TWO_YEARS = 24


@goal(8, "import of 10,000 figures with totals ÷ bare upsert of them", "≤ 4", changes_figures=True)
def importing_beside_upsert(bench: Bench) -> Outcome:
    """One province: a hundred communes (or what there is) × a hundred measures, a month that is new."""
    provinces = iter([province.pk for province in bench.provinces] * 2)

    def record() -> None:
        units = bench.communes[next(provinces)]
        approve(units, bench.measures, LAST + 2, 3)

    def write() -> None:
        units = bench.communes[next(provinces)]
        upsert(units, bench.bare_measures, LAST + 2, 3)

    both = interleaved(record, write, min(7, bench.rounds), warm=1)
    count = len(bench.communes[bench.province.pk]) * len(bench.measures)
    return at_most(both.ratio, 4, f"{both.words}; {count:,} figures")
