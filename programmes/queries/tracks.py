"""What is read of totals and figures before it is put together: month by month, what was added in each.

A unit with units below it is read from its totals. A unit without, and given measures (ranks, scores), are read from
figures, through the same steps that make totals; so everything after this file knows one kind of row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from programmes import totals
from programmes.choices import MeasureKind, Provenance
from programmes.models import WEIGHT_SCALE, Measure
from programmes.queries.reporters import FOREVER, Life, Lineages, Reporter
from programmes.registered import U_COMMUNE
from programmes.steps import steps

Figures = dict[tuple[int, int], list[tuple[int, int, str]]]  # unit, measure → month, hundredths, origin


@dataclass(frozen=True)
class Facts:
    """What reading needs to know of a measure."""

    pk: int
    code: str
    kind: str
    entered_at: tuple[str, ...]

    @property
    def is_level(self) -> bool:
        """Ranks and scores hold until the next, as levels do."""
        return self.kind != MeasureKind.FLOW

    @property
    def is_added(self) -> bool:
        return self.kind != MeasureKind.GIVEN


# Month → what was added in it: change in ten-thousandths, reporting units, units more with a value.
Track = dict[int, tuple[int, int, int]]
Tracks = dict[tuple[int, int], Track]  # unit, measure
NOTHING = (0, 0, 0)


def add(track: Track, month: int, change: int, n: int, n_new: int) -> None:
    before = track.get(month, NOTHING)
    track[month] = (before[0] + change, before[1] + n, before[2] + n_new)


def facts_of(measure_ids: Collection[int], *, with_units: bool = False) -> dict[int, Facts]:
    """The measures by key; `with_units` adds the number of active units of commune level."""
    wanted = Q(pk__in=measure_ids) | Q(code=U_COMMUNE) if with_units else Q(pk__in=measure_ids)
    rows = Measure.objects.filter(wanted).order_by("pk").values_list("pk", "code", "kind", "entered_at")
    return {pk: Facts(pk, code, kind, tuple(entered_at)) for pk, code, kind, entered_at in rows}


def facts_from(measures: Iterable[Measure]) -> dict[int, Facts]:
    """The same of measures that are there already."""
    return {one.pk: Facts(one.pk, one.code, one.kind, tuple(one.entered_at)) for one in measures}


def read_tracks(
    lives: Iterable[Life], lineages: Lineages, measures: Collection[Facts], first: int, last: int
) -> Tracks:
    """Rows of these units and measures up to `last`; everything before `first` is summed into the month before it."""
    found: Tracks = defaultdict(dict)
    every = {life.unit_id: life for life in lives}
    added = [facts for facts in measures if facts.is_added]
    given = [facts for facts in measures if not facts.is_added]
    upper = sorted(pk for pk, life in every.items() if life.has_children and pk not in lineages.placed)
    if upper and added:
        _read_totals(found, upper, [facts.pk for facts in added], first, last)
    through = {**lineages.reporters, **lineages.corrections}
    if through and added:
        _read_figures(found, through, added, first, last)
    if lineages.placed and added:
        _read_placed(found, lineages.placed, [facts.pk for facts in added], first, last)
    if given:
        alone = {pk: [Reporter(pk, WEIGHT_SCALE, 1, life.closing)] for pk, life in every.items()}
        _read_figures(found, alone, given, first, last)
    return found


_TOTALS = """
SELECT unit_id, measure_id, CASE WHEN period < %s THEN %s ELSE period END AS month,
  CAST(SUM(change) AS BIGINT), SUM(n), SUM(n_new)
FROM programmes_total WHERE {units} AND {measures} AND period <= %s
GROUP BY unit_id, measure_id, month
"""


def _read_totals(found: Tracks, unit_ids: list[int], measure_ids: list[int], first: int, last: int) -> None:
    units, unit_values = totals.among("unit_id", unit_ids)
    measures, measure_values = totals.among("measure_id", measure_ids)
    with connection.cursor() as cursor:
        values = [first, first - 1, *unit_values, *measure_values, last]
        cursor.execute(_TOTALS.format(units=units, measures=measures), values)
        for unit, measure, month, change, n, n_new in cursor.fetchall():
            found[unit, measure][month] = (change, n, n_new)


def _read_figures(
    found: Tracks, through: Mapping[int, list[Reporter]], measures: Collection[Facts], first: int, last: int
) -> None:
    reporters = sorted({one.unit_id for some in through.values() for one in some})
    figures = read_figures(reporters, [one.pk for one in measures], first)
    for asked, some in through.items():
        for reporter in some:
            for measure in measures:
                points = figures.get((reporter.unit_id, measure.pk))
                if points:
                    _add_points(found[asked, measure.pk], points, reporter, measure, (first, last))


_FIGURES = """
SELECT unit_id, measure_id, period, value, provenance FROM programmes_figure
WHERE {units} AND {measures} AND period >= %s
UNION ALL
SELECT f.unit_id, f.measure_id, f.period, f.value, f.provenance
FROM (
  SELECT u.id AS unit_id, m.id AS measure_id, (
    SELECT MAX(p.period) FROM programmes_figure p
    WHERE p.unit_id = u.id AND p.measure_id = m.id AND p.period < %s
  ) AS period
  FROM units_unit u CROSS JOIN programmes_measure m WHERE {all_units} AND {all_measures}
) l JOIN programmes_figure f ON f.unit_id = l.unit_id AND f.measure_id = l.measure_id AND f.period = l.period
"""


def read_figures(unit_ids: list[int], measure_ids: list[int], first: int) -> Figures:
    """Figures from `first` on and, of each series, the last one before: earlier ones add nothing to a reading.

    None is left out at the other end, for the last figure of a closed unit says when it ends.
    """
    units, unit_values = totals.among("unit_id", unit_ids)
    measures, measure_values = totals.among("measure_id", measure_ids)
    every = {"all_units": units.replace("unit_id", "u.id"), "all_measures": measures.replace("measure_id", "m.id")}
    both = [*unit_values, *measure_values]
    found: Figures = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(units=units, measures=measures, **every), [*both, first, first, *both])
        for unit, measure, period, value, provenance in cursor.fetchall():
            found[unit, measure].append((period, value, provenance))
    return found


# The steps of `programmes.steps`, said in SQL as `programmes.totals` says them, for thousands of reporters at once.
# A unit that ended before `first` and reported nothing since gave and took the same: it is not read at all.
_PLACED = """
WITH place (unit_id, asked, weight, counts, closing) AS (VALUES {places}),
reporter AS (SELECT unit_id, MAX(closing) AS closing FROM place GROUP BY unit_id),
latest AS MATERIALIZED (
  SELECT r.unit_id, m.id AS measure_id, (
    SELECT MAX(p.period) FROM programmes_figure p
    WHERE p.unit_id = r.unit_id AND p.measure_id = m.id AND p.period < %s
  ) AS period
  FROM reporter r CROSS JOIN programmes_measure m
  WHERE {all_measures} AND (r.closing >= %s OR EXISTS (
    SELECT 1 FROM programmes_figure p WHERE p.unit_id = r.unit_id AND p.measure_id = m.id AND p.period >= %s
  ))
), figure AS (
  SELECT unit_id, measure_id, period, value, provenance FROM programmes_figure
  WHERE unit_id IN (SELECT unit_id FROM reporter) AND {measures} AND period >= %s
  UNION ALL
  SELECT f.unit_id, f.measure_id, f.period, f.value, f.provenance
  FROM latest l JOIN programmes_figure f
    ON f.unit_id = l.unit_id AND f.measure_id = l.measure_id AND f.period = l.period
), series AS (
  SELECT f.unit_id, f.measure_id, m.kind, f.period, f.value, f.provenance,
    LAG(f.value) OVER w AS before_value, LAG(f.period) OVER w AS before, LEAD(f.period) OVER w AS following
  FROM figure f JOIN programmes_measure m ON m.id = f.measure_id
  WINDOW w AS (PARTITION BY f.unit_id, f.measure_id ORDER BY f.period)
), step AS (
  SELECT p.asked, s.measure_id, s.period,
    CASE WHEN s.kind = 'flow' THEN s.value ELSE s.value - COALESCE(s.before_value, 0) END
      * CASE WHEN s.kind = 'flag' THEN p.counts * {whole} ELSE p.weight END AS change,
    CASE WHEN s.provenance = 'opening' THEN 0 ELSE p.counts END AS n,
    CASE WHEN s.before IS NULL THEN p.counts ELSE 0 END AS n_new
  FROM series s JOIN place p ON p.unit_id = s.unit_id
  UNION ALL
  SELECT p.asked, s.measure_id, CASE WHEN s.period > p.closing THEN s.period ELSE p.closing END,
    CASE WHEN s.kind = 'flow' THEN 0 ELSE -s.value END
      * CASE WHEN s.kind = 'flag' THEN p.counts * {whole} ELSE p.weight END,
    0, -p.counts
  FROM series s JOIN place p ON p.unit_id = s.unit_id
  WHERE s.following IS NULL AND p.closing < {forever}
)
SELECT asked, measure_id, CASE WHEN period < %s THEN %s ELSE period END AS month,
  CAST(SUM(change) AS BIGINT), SUM(n), SUM(n_new)
FROM step WHERE period <= %s GROUP BY asked, measure_id, month
"""


def _read_placed(
    found: Tracks, through: Mapping[int, list[Reporter]], measure_ids: list[int], first: int, last: int
) -> None:
    """Sums over many reporters, in the database. A reporter's rows stay in one statement; sums of statements add up."""
    rows = sorted(
        (one.unit_id, asked, one.weight, one.counts, FOREVER if one.closing is None else one.closing)
        for asked, some in through.items()
        for one in some
    )
    measures, measure_values = totals.among("measure_id", measure_ids)
    every = measures.replace("measure_id", "m.id")
    for some in totals.batches(rows, 6):
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
        text = _PLACED.format(places=places, measures=measures, all_measures=every, whole=WEIGHT_SCALE, forever=FOREVER)
        values = [first, *measure_values, first, first, *measure_values, first, first, first - 1, last]
        with connection.cursor() as cursor:
            cursor.execute(text, [*(value for row in some for value in row), *values])
            for asked, measure, month, change, n, n_new in cursor.fetchall():
                add(found[asked, measure], month, change, n, n_new)


def _add_points(
    track: Track, points: list[tuple[int, int, str]], reporter: Reporter, measure: Facts, window: tuple[int, int]
) -> None:
    first, last = window
    weight = WEIGHT_SCALE * reporter.counts if measure.kind == MeasureKind.FLAG else reporter.weight
    pairs = sorted((month, value) for month, value, _ in points)
    for month, step in steps(pairs, level=measure.is_level, closing=reporter.closing).items():
        if month <= last:
            add(track, max(month, first - 1), step.change * weight, 0, step.n_new * reporter.counts)
    for month, _, provenance in points:
        if provenance != Provenance.OPENING and first <= month <= last:
            add(track, month, 0, reporter.counts, 0)
