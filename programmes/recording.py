"""Writing checked entries: what stands around each, what the totals gain, the figures themselves, their history.

A round reads the neighbours of every entry with one statement and writes the figures with one; the totals of all
rounds follow at the end with one, in the one order that all writers keep.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from programmes import totals
from programmes.choices import MeasureKind, Provenance
from programmes.entry_checks import KnownMeasure, KnownUnit
from programmes.models import VALUE_SCALE
from programmes.steps import difference, steps

if TYPE_CHECKING:
    from accounts.models import User

Key = tuple[int, int, int]  # unit, measure, month


@dataclass(frozen=True)
class Entry:
    """One value of one unit for one month; None takes the figure back."""

    unit_id: int
    measure_id: int
    period: int
    value: Decimal | int | None
    note: str = ""

    @property
    def key(self) -> Key:
        return self.unit_id, self.measure_id, self.period

    @property
    def hundredths(self) -> int | None:
        return None if self.value is None else int(self.value * VALUE_SCALE)


@dataclass(frozen=True)
class Recorded:
    """What a call did, in figures: new, corrected, taken back, and left alone because nothing differed."""

    new: int = 0
    corrected: int = 0
    taken_back: int = 0
    unchanged: int = 0

    @property
    def effects(self) -> int:
        return self.new + self.corrected + self.taken_back


@dataclass(frozen=True)
class Round:
    """The entries of a round that changed something, and the counts."""

    effective: dict[Key, Entry]
    recorded: Recorded


@dataclass(frozen=True)
class Source:
    """What is said of all figures of one call."""

    provenance: Provenance
    by: User | None = None
    reason: str = ""
    reference: str = ""
    as_of: date | None = None

    @property
    def is_opening(self) -> bool:
        return self.provenance == Provenance.OPENING


@dataclass(frozen=True)
class Around:
    """What stands in a series around a month: the figure itself, the one before, the month of the one after."""

    value: int | None
    provenance: str | None
    before: int | None
    before_value: int | None
    after: int | None

    @property
    def own(self) -> bool:
        """Whether the unit itself reported; what is carried over gives way to its own report."""
        return self.value is not None and self.provenance != Provenance.OPENING


@dataclass
class Pending:
    """What a call still has to write: statements in their order, and what the totals gain at the end.

    The gain is kept by reporting unit, measure and month: change in hundredths, n, n_new.
    """

    gains: dict[Key, tuple[int, int, int]] = field(default_factory=dict)
    statements: list[totals.Statement] = field(default_factory=list)

    def gain(self, key: Key, change: int = 0, n: int = 0, n_new: int = 0) -> None:
        before = self.gains.get(key, (0, 0, 0))
        self.gains[key] = (before[0] + change, before[1] + n, before[2] + n_new)

    def flush(self) -> None:
        """Write what waits, for something is to be read that depends on it."""
        totals.run(self.statements)
        self.statements.clear()

    def finish(self, measures: dict[int, KnownMeasure]) -> None:
        """Write everything, the totals last and in the one order that all writers keep."""
        flags = {pk: int(measure.kind == MeasureKind.FLAG) for pk, measure in measures.items()}
        rows = [(*key, flags[key[1]], *row) for key, row in sorted(self.gains.items()) if any(row)]
        self.statements += totals.adding(rows)
        self.flush()


def write_round(
    wanted: dict[Key, Entry],
    source: Source,
    units: dict[int, KnownUnit],
    measures: dict[int, KnownMeasure],
    pending: Pending,
) -> Round:
    """Write the entries that change something, and note what the totals gain by them."""
    around = read_around(list(wanted))
    effective = {key: entry for key, entry in wanted.items() if _matters(entry, around[key], source)}
    if effective:
        for (unit, measure), entries in _by_series(effective.values()).items():
            if measures[measure].kind != MeasureKind.GIVEN:
                _add_series(entries, around, units[unit], measures[measure], source, pending)
        pending.statements += _figures(effective.values(), source)
        pending.statements += _history(effective, around, source)
    replaced = sum(1 for key, entry in effective.items() if around[key].own and entry.value is not None)
    removed = sum(1 for entry in effective.values() if entry.value is None)
    new = len(effective) - replaced - removed
    return Round(effective, Recorded(new, replaced, removed, len(wanted) - len(effective)))


def _matters(entry: Entry, now: Around, source: Source) -> bool:
    """Whether the entry changes anything. An opening never touches an own report; only an opening removes one."""
    if source.is_opening:
        return not now.own and entry.hundredths != now.value
    if entry.value is None:
        return now.own
    return not now.own or entry.hundredths != now.value


def _by_series(entries: Iterable[Entry]) -> dict[tuple[int, int], list[Entry]]:
    found: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.unit_id, entry.measure_id].append(entry)
    return found


def _add_series(
    entries: list[Entry],
    around: dict[Key, Around],
    unit: KnownUnit,
    measure: KnownMeasure,
    source: Source,
    pending: Pending,
) -> None:
    """The steps of the series with the entries minus its steps without them.

    Only the neighbourhood is known. That is enough: what is not known is the same on both sides and cancels out. For
    the same reason a later figure stands with the value 0 unless another entry knows it.
    """
    before: dict[int, int] = {}
    for entry in entries:
        now = around[entry.key]
        if now.after is not None:
            before.setdefault(now.after, 0)
    for entry in entries:
        now = around[entry.key]
        if now.before is not None and now.before_value is not None:
            before[now.before] = now.before_value
        if now.value is not None:
            before[entry.period] = now.value
    after = dict(before)
    for entry in entries:
        if entry.hundredths is None:
            after.pop(entry.period, None)
        else:
            after[entry.period] = entry.hundredths
        n = int(entry.value is not None and not source.is_opening) - int(around[entry.key].own)
        pending.gain(entry.key, n=n)
    sides = (steps(sorted(side.items()), level=measure.is_level, closing=unit.closing) for side in (after, before))
    for month, step in difference(*sides).items():
        pending.gain((unit.pk, measure.pk, month), change=step.change, n_new=step.n_new)


_AROUND = """
WITH entry (unit_id, measure_id, period) AS (VALUES {rows}), around AS MATERIALIZED (
  SELECT e.unit_id, e.measure_id, e.period, (
      SELECT MAX(p.period) FROM programmes_figure p
      WHERE p.unit_id = e.unit_id AND p.measure_id = e.measure_id AND p.period < e.period
    ) AS month_before, (
      SELECT MIN(p.period) FROM programmes_figure p
      WHERE p.unit_id = e.unit_id AND p.measure_id = e.measure_id AND p.period > e.period
    ) AS month_after
  FROM entry e
)
SELECT a.unit_id, a.measure_id, a.period, f.value, f.provenance, a.month_before, (
    SELECT p.value FROM programmes_figure p
    WHERE p.unit_id = a.unit_id AND p.measure_id = a.measure_id AND p.period = a.month_before
  ), a.month_after
FROM around a
LEFT JOIN programmes_figure f ON f.unit_id = a.unit_id AND f.measure_id = a.measure_id AND f.period = a.period
"""
_UPSERT = """
WITH entry (unit_id, measure_id, period, value, note) AS (VALUES {rows})
INSERT INTO programmes_figure
  (unit_id, measure_id, period, value, note, provenance, as_of, reference, recorded_at, recorded_by_id)
SELECT e.unit_id, e.measure_id, e.period, e.value, e.note, %s, %s, %s, %s, %s FROM entry e WHERE 1 = 1
ON CONFLICT (unit_id, measure_id, period) DO UPDATE SET
  value = excluded.value, note = excluded.note, provenance = excluded.provenance, as_of = excluded.as_of,
  reference = excluded.reference, recorded_at = excluded.recorded_at, recorded_by_id = excluded.recorded_by_id
"""
_HISTORY = """
WITH change (unit_id, measure_id, period, old, new) AS (VALUES {rows})
INSERT INTO programmes_figurechange (unit_id, measure_id, period, old, new, reason, reference, at, by_id)
SELECT c.unit_id, c.measure_id, c.period, c.old, c.new, %s, %s, %s, %s FROM change c
"""
_DELETE = "DELETE FROM programmes_figure WHERE (unit_id, measure_id, period) IN (VALUES {rows})"


def read_around(keys: Sequence[Key]) -> dict[Key, Around]:
    """What stands around each of these months now."""
    found: dict[Key, Around] = {}
    with connection.cursor() as cursor:
        for some in totals.batches(keys, 3):
            cursor.execute(_AROUND.format(rows=_places(3, len(some))), _flat(some))
            found.update({(row[0], row[1], row[2]): Around(*row[3:]) for row in cursor.fetchall()})
    return found


def _figures(entries: Collection[Entry], source: Source) -> Iterator[totals.Statement]:
    written = [(*entry.key, entry.hundredths, entry.note) for entry in entries if entry.value is not None]
    removed = [entry.key for entry in entries if entry.value is None]
    as_of = connection.ops.adapt_datefield_value(source.as_of)
    common = [source.provenance.value, as_of, source.reference, _now(), source.by.pk if source.by else None]
    for some in totals.batches(written, 6):
        yield _UPSERT.format(rows=_places(5, len(some))), [*_flat(some), *common]
    for some in totals.batches(removed, 3):
        yield _DELETE.format(rows=_places(3, len(some))), _flat(some)


def _history(effective: dict[Key, Entry], around: dict[Key, Around], source: Source) -> Iterator[totals.Statement]:
    """Own reports that were changed or taken back; what is carried over is computed and has no history."""
    changes = [(*key, around[key].value, entry.hundredths) for key, entry in effective.items() if around[key].own]
    common = [source.reason, source.reference, _now(), source.by.pk if source.by else None]
    for some in totals.batches(changes, 6):
        yield (
            _HISTORY.format(rows=", ".join(["(%s, %s, %s, %s, CAST(%s AS BIGINT))"] * len(some))),
            [
                *_flat(some),
                *common,
            ],
        )


def _now() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _places(columns: int, rows: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * rows)


def _flat(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [value for row in rows for value in row]
