"""Goals of everything at once: rebuilding all totals."""

from __future__ import annotations

import tempfile

from django.db import connection

from benchmarks.country import Bench
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import seconds, shown
from programmes import totals


@goal(7, "rebuild of all totals ÷ COPY of the same figures into a table with its key", "≤ 1.0", changes_figures=True)
def rebuild_beside_copy(bench: Bench) -> Outcome:
    copied = copy_figures()
    rebuilt = seconds(totals.rebuild)
    return at_most(rebuilt / copied, 1.0, f"{shown(rebuilt)} ÷ {shown(copied)}")


def copy_figures() -> float:
    """Seconds to load all figures from a file into an empty table that has the primary key and nothing else."""
    with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute("CREATE TABLE bench_copy (LIKE programmes_figure INCLUDING DEFAULTS)")
        cursor.execute("ALTER TABLE bench_copy ADD PRIMARY KEY (unit_id, measure_id, period)")
        cursor.cursor.copy_expert("COPY programmes_figure TO STDOUT (FORMAT binary)", file)
        file.seek(0)
        taken = seconds(lambda: cursor.cursor.copy_expert("COPY bench_copy FROM STDIN (FORMAT binary)", file))
        cursor.execute("DROP TABLE bench_copy")
    return taken
