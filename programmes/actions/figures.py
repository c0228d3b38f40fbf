"""The only writer of figures and totals, and what it writes by itself: the register of units, what is carried over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.periods import month_of
from programmes import carrying
from programmes.choices import MeasureSource, Provenance
from programmes.entry_checks import check, known_measures, lock_units
from programmes.models import Figure, Measure
from programmes.recording import Entry, Key, Recorded, Source
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

UNITS_AT_ONCE = 5_000


def record_figures(
    *,
    entries: Iterable[Entry],
    provenance: Provenance,
    by: User | None,
    reason: str = "",
    reference: str = "",
    as_of: date | None = None,
    today: date | None = None,
) -> Recorded:
    """Write figures and everything that follows from them: totals, history, what successors carry over.

    All or nothing; the same values again write nothing. A correction, or a figure taken back (value None), leaves the
    old value, the reason and the person in the history. No right is checked here: the callers have done so. Call it
    once in a transaction with everything in one list: totals are locked in one order that a second call would break.

    Raises ValidationError with a message for each entry that cannot be (unit closed, a month to come, outside the
    limits of the measure), and ValueError when one figure is named twice.
    """
    wanted = _by_key(entries)
    if not wanted:
        return Recorded()
    with transaction.atomic():
        units = lock_units({key[0] for key in wanted})
        measures = known_measures({key[1] for key in wanted})
        check(wanted.values(), units, measures, month_of(today or timezone.localdate()))
        source = Source(provenance, by, reason, reference, as_of)
        return carrying.write(wanted, source, units, measures)


def _by_key(entries: Iterable[Entry]) -> dict[Key, Entry]:
    found: dict[Key, Entry] = {}
    for entry in entries:
        if entry.key in found:
            raise ValueError(f"figure {entry.key} is named twice in one call")
        found[entry.key] = entry
    return found


@transaction.atomic
def register_units(unit_ids: Iterable[int] | None = None) -> None:
    """Count these units (None: all) as active from the month in which they open, in the measures of the register.

    The end needs no figure: a closed unit leaves every level by itself. Units whose opening was corrected move.
    """
    measures = list(Measure.objects.filter(source=MeasureSource.UNITS, active=True).order_by("pk"))
    chosen = Unit.objects.order_by("pk") if unit_ids is None else Unit.objects.filter(pk__in=list(unit_ids))
    everything = list(chosen.order_by("pk").values_list("pk", "kind", "valid_from"))
    for start in range(0, len(everything), UNITS_AT_ONCE):
        some = everything[start : start + UNITS_AT_ONCE]
        wanted: dict[Key, Decimal] = {
            (pk, measure.pk, month_of(opened)): Decimal(1)
            for pk, kind, opened in some
            for measure in measures
            if kind in measure.entered_at
        }
        standing = Figure.objects.filter(unit__in=[row[0] for row in some], measure__in=measures)
        stored: set[Key] = {(row[0], row[1], row[2]) for row in standing.values_list("unit_id", "measure_id", "period")}
        entries = {key: Entry(key[0], key[1], key[2], wanted.get(key)) for key in wanted.keys() ^ stored}
        if entries:
            units = lock_units({key[0] for key in entries})
            known = known_measures({measure.pk for measure in measures})
            carrying.write(entries, Source(Provenance.REGISTER), units, known)


@transaction.atomic
def carry_over(unit_ids: Iterable[int]) -> None:
    """Give these units the levels of their predecessors in the month in which they open, and take back what no
    predecessor gives any more. Called when units were linked or unlinked."""
    chosen = Unit.objects.filter(pk__in=list(unit_ids)).order_by("valid_from", "pk")
    opened: dict[date, list[int]] = {}
    for pk, day in chosen.values_list("pk", "valid_from"):
        opened.setdefault(day, []).append(pk)
    for day in sorted(opened):  # who opened first may be a predecessor of who opened later
        carrying.refresh(opened[day])


@transaction.atomic
def forget_units(unit_ids: Iterable[int]) -> None:
    """Take these units out of the register again: their reorganisation is being undone and they never were."""
    chosen = Figure.objects.filter(unit__in=list(unit_ids), measure__source=MeasureSource.UNITS)
    keys: list[Key] = list(chosen.values_list("unit_id", "measure_id", "period"))
    if keys:
        units, measures = lock_units({key[0] for key in keys}), known_measures({key[1] for key in keys})
        entries = {key: Entry(key[0], key[1], key[2], None) for key in keys}
        carrying.write(entries, Source(Provenance.REGISTER), units, measures)
