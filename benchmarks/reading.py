"""The goal of reading: dashboards from totals instead of figures."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from django.db import connection

from benchmarks.country import LAST, Bench
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import seconds, shown
from programmes import totals
from programmes.choices import MeasureKind
from programmes.models import Measure

TREND = 24
MEASURES = 60


@goal(3, "the dashboard's SQL ÷ adding up the same numbers from figures", "≤ 1/500")
def totals_beside_aggregation(bench: Bench) -> Outcome:
    stocks = Measure.objects.filter(code__startswith="M-", kind=MeasureKind.STOCK).order_by("pk")
    chosen = list(stocks.values_list("pk", flat=True)[:MEASURES])
    kept, added = _from_totals(bench, chosen), _from_figures(chosen)
    if kept() != added():
        return Outcome("different", ok=False, note="the two ways give different numbers")
    slow = median(seconds(added) for _ in range(3))
    fast = median(seconds(kept) for _ in range(bench.rounds))
    scaled = "" if bench.size.figures > 19_000_000 else "; grows with the number of figures, meant for national size"
    return at_most(fast / slow, 1 / 500, f"{shown(fast)} ÷ {shown(slow)}, {len(chosen)} stocks{scaled}")


def _from_totals(bench: Bench, measures: list[int]) -> Callable[[], dict[tuple[int, int], int]]:
    where, values = totals.among("measure_id", measures)
    text = f"""
SELECT measure_id, CASE WHEN period < %s THEN %s ELSE period END AS month, CAST(SUM(change) AS BIGINT)
FROM programmes_total WHERE unit_id = %s AND {where} AND period <= %s GROUP BY measure_id, month ORDER BY 1, 2"""
    first = LAST - TREND + 1

    def read() -> dict[tuple[int, int], int]:
        found: dict[tuple[int, int], int] = {}
        with connection.cursor() as cursor:
            cursor.execute(text, [first, first - 1, bench.root.pk, *values, LAST])
            level = dict.fromkeys(measures, 0)
            for measure, month, change in cursor.fetchall():
                level[measure] += change
                if month >= first:
                    found[measure, month] = level[measure] // 10_000
        return found

    return read


def _from_figures(measures: list[int]) -> Callable[[], dict[tuple[int, int], int]]:
    """The last value of each unit counts until its next one; all units are living."""
    where, values = totals.among("measure_id", measures)
    text = f"""
SELECT s.measure_id, g.month, CAST(SUM(s.value) / 100 AS BIGINT) FROM (
  SELECT unit_id, measure_id, period, value,
    LEAD(period) OVER (PARTITION BY unit_id, measure_id ORDER BY period) AS following
  FROM programmes_figure WHERE {where} AND period <= %s
) s JOIN generate_series(%s, %s) g (month) ON g.month >= s.period AND (s.following IS NULL OR g.month < s.following)
GROUP BY s.measure_id, g.month"""

    def read() -> dict[tuple[int, int], int]:
        with connection.cursor() as cursor:
            cursor.execute(text, [*values, LAST, LAST - TREND + 1, LAST])
            return {(row[0], row[1]): row[2] for row in cursor.fetchall()}

    return read
