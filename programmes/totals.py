"""Totals in SQL: adding steps, rebuilding from figures, following the lineage, and proving all of it.

Both databases run the same text; only the month after a unit's last day and the table lock are said in two ways.
Rules of the sums: `programmes.steps`. Whoever writes totals goes from the deepest unit to the root and on by key, so
that writers never wait for each other in a circle; what rewrites many totals locks the table first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

VARIABLES = 30_000  # SQLite takes at most 32,766 in one statement
REBUILD_FROM = 2  # where one reporting unit in so many is concerned, computing everything anew is cheaper

StepRow = tuple[int, int, int, int, int, int, int]  # unit, measure, month, is flag (0, 1), change, n, n_new
Statement = tuple[str, Sequence[Any]]  # text with placeholders, values


@dataclass(frozen=True)
class Difference:
    """A key of the totals where what is stored is not what the figures say; None where a row is missing."""

    unit_id: int
    measure_id: int
    period: int
    stored: tuple[int, int, int] | None
    expected: tuple[int, int, int] | None


# ruff: noqa: S608 - the only parts put into the texts below are lists of placeholders and fragments of this file
_WEIGHT = "CASE WHEN {flag} THEN CASE WHEN c.counts THEN 100 ELSE 0 END ELSE c.weight END"
_COUNTED = "CASE WHEN c.counts THEN 1 ELSE 0 END"
_UPSERT = """
GROUP BY c.depth, c.ancestor_id, s.measure_id, s.period
HAVING SUM(s.change * {weight}) <> 0 OR SUM(s.n * {counted}) <> 0 OR SUM(s.n_new * {counted}) <> 0
ORDER BY c.depth DESC, c.ancestor_id, s.measure_id, s.period
ON CONFLICT (unit_id, measure_id, period) DO UPDATE SET
  change = programmes_total.change + excluded.change,
  n = programmes_total.n + excluded.n,
  n_new = programmes_total.n_new + excluded.n_new
"""
_INSERT = """
INSERT INTO programmes_total (unit_id, measure_id, period, change, n, n_new)
SELECT c.ancestor_id, s.measure_id, s.period, CAST({sign} * SUM(s.change * {weight}) AS BIGINT),
  {sign} * SUM(s.n * {counted}), {sign} * SUM(s.n_new * {counted})
FROM step s JOIN programmes_contribution c ON c.reporter_id = s.unit_id
WHERE {where}
"""
_ADD_GIVEN = """
WITH step (unit_id, measure_id, period, flag, change, n, n_new) AS (VALUES {rows})
"""
# Units that count for the same ancestors in the same way are added up before they are counted there: with thousands of
# units to a few dozens of provinces that halves the work. `representative` is one unit of each such group.
_REPORTS = """
CREATE TEMPORARY TABLE reported AS
WITH alike AS (
  SELECT reporter_id, MIN(reporter_id) OVER (PARTITION BY signature) AS representative FROM (
    SELECT reporter_id, {list} AS signature FROM (
      SELECT c.reporter_id, c.ancestor_id || ':' || c.weight || ':' || {counted} AS place
      FROM programmes_contribution c WHERE {reporters} ORDER BY c.reporter_id, c.ancestor_id
    ) AS places GROUP BY reporter_id
  ) AS signatures
)
SELECT a.representative AS unit_id, s.measure_id, s.kind, s.period,
  CAST(SUM(s.change) AS BIGINT) AS change, SUM(s.n) AS n, SUM(s.n_new) AS n_new
FROM (
  SELECT f.unit_id, f.measure_id, f.period, m.kind,
    CASE WHEN m.kind = 'flow' THEN f.value ELSE f.value - COALESCE(LAG(f.value) OVER series, 0) END AS change,
    CASE WHEN f.provenance = 'opening' THEN 0 ELSE 1 END AS n,
    CASE WHEN LAG(f.period) OVER series IS NULL THEN 1 ELSE 0 END AS n_new
  FROM programmes_figure f JOIN programmes_measure m ON m.id = f.measure_id
  WHERE m.kind <> 'given' AND {figures}
  WINDOW series AS (PARTITION BY f.unit_id, f.measure_id ORDER BY f.period)
) s JOIN alike a ON a.reporter_id = s.unit_id
GROUP BY a.representative, s.measure_id, s.kind, s.period
"""
_LIST = {"postgresql": "STRING_AGG(place, ',')", "sqlite": "GROUP_CONCAT(place)"}
_ADD_REPORTS = "WITH step AS (SELECT * FROM reported)"
_ADD_CLOSINGS = """
WITH ended AS (
  SELECT DISTINCT c.reporter_id AS unit_id, c.closing FROM programmes_contribution c
  WHERE c.closing IS NOT NULL AND {reporters}
), latest AS (
  SELECT e.unit_id, e.closing, m.id AS measure_id, m.kind, (
    SELECT MAX(f.period) FROM programmes_figure f WHERE f.unit_id = e.unit_id AND f.measure_id = m.id
  ) AS period
  FROM ended e CROSS JOIN programmes_measure m WHERE m.kind <> 'given'
), step AS (
  SELECT l.unit_id, l.measure_id, l.kind, CASE WHEN l.period > l.closing THEN l.period ELSE l.closing END AS period,
    CASE WHEN l.kind = 'flow' THEN 0 ELSE -f.value END AS change, 0 AS n, -1 AS n_new
  FROM latest l JOIN programmes_figure f
    ON f.unit_id = l.unit_id AND f.measure_id = l.measure_id AND f.period = l.period
)
"""
_CLOSING = {  # the month of the day after the last day
    "postgresql": "CAST(EXTRACT(YEAR FROM u.valid_to + 1) * 12 + EXTRACT(MONTH FROM u.valid_to + 1) - 1 AS INTEGER)",
    "sqlite": "CAST(strftime('%%Y', u.valid_to, '+1 day') AS INTEGER) * 12"
    " + CAST(strftime('%%m', u.valid_to, '+1 day') AS INTEGER) - 1",
}
_WANTED = """
SELECT l.unit_id AS reporter_id, l.ancestor_id, l.weight, l.counts, l.depth, {closing} AS closing
FROM units_lineage l JOIN units_unit a ON a.id = l.ancestor_id JOIN units_unit u ON u.id = l.unit_id
WHERE a.numchild > 0 AND {where}
"""
_STANDING = "SELECT reporter_id, ancestor_id, weight, counts, depth, closing FROM programmes_contribution WHERE {where}"


def adding(rows: Sequence[StepRow]) -> list[Statement]:
    """What adds steps of reporting units to the totals of every unit they count for. Values in hundredths."""
    text = _ADD_GIVEN + _statement(_WEIGHT.format(flag="s.flag = 1"), sign=1, where="1 = 1")
    statements: list[Statement] = []
    for some in batches(rows, 7):
        places = ", ".join(["(%s, %s, %s, %s, CAST(%s AS BIGINT), %s, %s)"] * len(some))
        statements.append((text.format(rows=places), [value for row in some for value in row]))
    return statements


def run(statements: Sequence[Statement]) -> None:
    """Run writing statements one after the other; PostgreSQL gets all of them in one message."""
    if connection.vendor == "postgresql" and statements:
        statements = [(";".join(text for text, _ in statements), [value for _, some in statements for value in some])]
    with connection.cursor() as cursor:
        for text, values in statements:
            cursor.execute(text, values)


def batches(rows: Iterable[Any], columns: int) -> Iterator[list[Any]]:
    """Parts that one statement takes. PostgreSQL takes everything at once, which keeps one order of all keys."""
    size = VARIABLES // columns if connection.vendor == "sqlite" else 10**9
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def rebuild(units: Iterable[int] | None = None) -> int:
    """Compute the totals of these units (None: of all) anew from the figures. Returns how many rows they have."""
    chosen = None if units is None else sorted(set(units))
    with transaction.atomic():
        _lock()
        _take_over("ancestor_id", chosen)
        where, values = among("unit_id", chosen)
        _run(f"DELETE FROM programmes_total WHERE {where}", values)
        _add(None if chosen is None else _reporters_of(chosen), chosen, sign=1)
        return int(_rows(f"SELECT COUNT(*) FROM programmes_total WHERE {where}", values)[0][0])


def sync(unit_ids: Iterable[int] | None = None) -> set[int]:
    """Follow what changed in lineage, children or lives of these units (None: of all), exactly.

    What a unit contributed before is taken out of the totals and what it contributes now is added; the figures of
    other units are not read. Returns the reporting units concerned.
    """
    with transaction.atomic():
        _lock()
        changed = _changed(_concerned(None if unit_ids is None else sorted(set(unit_ids))))
        if not changed:
            return set()
        if REBUILD_FROM * len(changed) >= len(_reporters_of(None)):
            rebuild()
            return changed
        for some in batches(sorted(changed), 1):
            _add(some, None, sign=-1)
            _take_over("reporter_id", some)
            _add(some, None, sign=1)
        _run("DELETE FROM programmes_total WHERE change = 0 AND n = 0 AND n_new = 0")
    return changed


def units_with_totals() -> list[int]:
    """The units that keep totals: all that have units below them, from the root downwards."""
    return [row[0] for row in _rows("SELECT id FROM units_unit WHERE numchild > 0 ORDER BY depth, id")]


def verify(units: Iterable[int] | None = None) -> list[Difference]:
    """Every key of the totals of these units (None: of all) that differs from a computation out of figures and lineage.

    One statement, so that reports that arrive meanwhile are seen in figures and totals alike, or in neither.
    """
    chosen = None if units is None else sorted(set(units))
    where, values = among("l.ancestor_id", chosen)
    kept, kept_values = among("t.unit_id", chosen)
    figures = "1 = 1" if chosen is None else "f.unit_id IN (SELECT c.reporter_id FROM c)"
    text = _VERIFY.format(wanted=_wanted(where), kept=kept, figures=figures)
    found = _rows(text, [*values, *kept_values])
    return [Difference(row[0], row[1], row[2], _triple(row[3:6]), _triple(row[6:9])) for row in found]


_VERIFY = """
WITH c AS ({wanted}),
series AS (
  SELECT f.unit_id, f.measure_id, m.kind, f.period, f.value, f.provenance,
    LAG(f.value) OVER w AS before_value, LAG(f.period) OVER w AS before, LEAD(f.period) OVER w AS following
  FROM programmes_figure f JOIN programmes_measure m ON m.id = f.measure_id
  WHERE m.kind <> 'given' AND {figures}
  WINDOW w AS (PARTITION BY f.unit_id, f.measure_id ORDER BY f.period)
), step AS (
  SELECT c.ancestor_id, s.measure_id, s.period,
    CASE WHEN s.kind = 'flow' THEN s.value ELSE s.value - COALESCE(s.before_value, 0) END
      * CASE WHEN s.kind <> 'flag' THEN c.weight WHEN c.counts THEN 100 ELSE 0 END AS change,
    CASE WHEN c.counts AND s.provenance <> 'opening' THEN 1 ELSE 0 END AS n,
    CASE WHEN c.counts AND s.before IS NULL THEN 1 ELSE 0 END AS n_new
  FROM series s JOIN c ON c.reporter_id = s.unit_id
  UNION ALL
  SELECT c.ancestor_id, s.measure_id, CASE WHEN s.period > c.closing THEN s.period ELSE c.closing END,
    CASE WHEN s.kind = 'flow' THEN 0 ELSE -s.value END
      * CASE WHEN s.kind <> 'flag' THEN c.weight WHEN c.counts THEN 100 ELSE 0 END,
    0, CASE WHEN c.counts THEN -1 ELSE 0 END
  FROM series s JOIN c ON c.reporter_id = s.unit_id
  WHERE s.following IS NULL AND c.closing IS NOT NULL
), expected AS (
  SELECT ancestor_id AS unit_id, measure_id, period, SUM(change) AS change, SUM(n) AS n, SUM(n_new) AS n_new
  FROM step GROUP BY ancestor_id, measure_id, period
), stored AS (
  SELECT t.unit_id, t.measure_id, t.period, t.change, t.n, t.n_new
  FROM programmes_total t JOIN units_unit u ON u.id = t.unit_id WHERE u.numchild > 0 AND {kept}
)
SELECT COALESCE(t.unit_id, e.unit_id), COALESCE(t.measure_id, e.measure_id), COALESCE(t.period, e.period),
  t.change, t.n, t.n_new, e.change, e.n, e.n_new
FROM stored t FULL JOIN expected e
  ON e.unit_id = t.unit_id AND e.measure_id = t.measure_id AND e.period = t.period
WHERE COALESCE(t.change, 0) <> COALESCE(e.change, 0) OR COALESCE(t.n, 0) <> COALESCE(e.n, 0)
  OR COALESCE(t.n_new, 0) <> COALESCE(e.n_new, 0)
ORDER BY 1, 2, 3
"""


def _add(reporters: list[int] | None, ancestors: list[int] | None, *, sign: int) -> None:
    """Add (or, with sign −1, take out) what these reporters' figures contribute to these ancestors."""
    weight = _WEIGHT.format(flag="s.kind = 'flag'")
    where, above = among("c.ancestor_id", ancestors)
    into = _statement(weight, sign=sign, where=where)
    figures, below = among("f.unit_id", reporters)
    ended, _ = among("c.reporter_id", reporters)
    pooled = f"{ended} AND {where}"
    reports = _REPORTS.format(list=_LIST[connection.vendor], counted=_COUNTED, reporters=pooled, figures=figures)
    _run(reports, [*below, *above, *below])
    _run(_ADD_REPORTS + into, above)
    _run("DROP TABLE reported")
    _run(_ADD_CLOSINGS.format(reporters=ended) + into, [*below, *above])


def _statement(weight: str, *, sign: int, where: str) -> str:
    return (_INSERT + _UPSERT).format(weight=weight, counted=_COUNTED, sign=sign, where=where)


def _reporters_of(ancestors: list[int] | None) -> list[int]:
    """Whose figures stand in the totals of these units (None: of any)."""
    where, values = among("ancestor_id", ancestors)
    return [row[0] for row in _rows(f"SELECT DISTINCT reporter_id FROM programmes_contribution WHERE {where}", values)]


def _concerned(unit_ids: list[int] | None) -> list[int] | None:
    """The units, and all that report to a unit which has children for the first time: it keeps totals from now on."""
    if unit_ids is None:
        return None
    found = set(unit_ids)
    for some in batches(unit_ids, 1):
        where, values = among("l.unit_id", some)
        text = f"""
SELECT DISTINCT d.unit_id FROM units_lineage d WHERE d.ancestor_id IN (
  SELECT l.ancestor_id FROM units_lineage l JOIN units_unit a ON a.id = l.ancestor_id
  WHERE a.numchild > 0 AND {where}
    AND NOT EXISTS (SELECT 1 FROM programmes_contribution c WHERE c.ancestor_id = l.ancestor_id)
)"""
        found.update(row[0] for row in _rows(text, values))
    return sorted(found)


def _changed(unit_ids: list[int] | None) -> set[int]:
    """Those whose contributions are not what lineage, children and lives say."""
    changed: set[int] = set()
    for some in [None] if unit_ids is None else list(batches(unit_ids, 4)):
        where, values = among("l.unit_id", some)
        wanted = _wanted(where)
        kept, kept_values = among("reporter_id", some)
        standing = _STANDING.format(where=kept)
        text = f"""
SELECT reporter_id FROM ({wanted} EXCEPT {standing}) AS fresh
UNION SELECT reporter_id FROM ({standing} EXCEPT {wanted}) AS gone"""
        changed.update(row[0] for row in _rows(text, [*values, *kept_values, *kept_values, *values]))
    return changed


def _take_over(column: str, unit_ids: list[int] | None) -> None:
    """Write the contributions of these reporters, or to these ancestors, anew."""
    lineage_column = {"reporter_id": "l.unit_id", "ancestor_id": "l.ancestor_id"}[column]
    for some in [None] if unit_ids is None else list(batches(unit_ids, 1)):
        where, values = among(column, some)
        _run(f"DELETE FROM programmes_contribution WHERE {where}", values)
        where, values = among(lineage_column, some)
        columns = "reporter_id, ancestor_id, weight, counts, depth, closing"
        _run(f"INSERT INTO programmes_contribution ({columns}) {_wanted(where)}", values)


def _wanted(where: str) -> str:
    return _WANTED.format(closing=_CLOSING[connection.vendor], where=where)


def among(column: str, keys: Sequence[int] | None) -> tuple[str, list[int]]:
    """A condition on the keys and its values; None lets everything through."""
    if keys is None:
        return "1 = 1", []
    if not keys:
        return "1 = 0", []
    return f"{column} IN ({', '.join(['%s'] * len(keys))})", list(keys)


def _lock() -> None:
    """Others that write totals wait until the transaction ends; readers do not."""
    if connection.vendor == "postgresql":
        _run("SET LOCAL work_mem = '256MB'")  # sorting all figures in small portions takes half as long again
        _run("LOCK TABLE programmes_total, programmes_contribution IN SHARE ROW EXCLUSIVE MODE")


def _triple(values: Sequence[int | None]) -> tuple[int, int, int] | None:
    return None if values[0] is None else (int(values[0]), int(values[1] or 0), int(values[2] or 0))


def _run(text: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _rows(text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
