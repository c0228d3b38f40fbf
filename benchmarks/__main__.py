"""Builds the databases, measures the goals and prints them with what was found.

The server and the beginning of the databases' names come from BENCH_DATABASE_URL (postgres://…/dtportal_bench); the
databases stay for the next run unless --drop is given.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter

from benchmarks import database, memory

MODULES = (
    "reading",
    "pages",
    "lists",
    "importing",
    "issuing",
    "serving",
    "entry",
    "writing",
    "deciding",
    "crowd",
    "whole",
    "reform",
)


def main() -> None:
    options = _options()
    names = database.names(options.scale)
    with tempfile.TemporaryDirectory(prefix="dtportal-bench-") as directory:
        os.environ["VAR_DIR"] = directory
        try:
            failed = _measure(options, names)
        finally:
            if options.drop:
                for name in names:
                    database.drop(name)
    sys.exit(1 if failed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the country, 0.05 for a quick look")
    parser.add_argument("--rounds", type=int, default=15, help="measured rounds of each comparison")
    parser.add_argument("--goals", type=int, nargs="*", default=[], help="only these goals")
    parser.add_argument("--fresh", action="store_true", help="build the databases anew")
    parser.add_argument("--drop", action="store_true", help="remove the databases afterwards")
    return parser.parse_args()


def _measure(options: argparse.Namespace, names: list[str]) -> bool:
    if options.fresh:
        for name in names:
            database.drop(name)
    start = perf_counter()
    database.use(database.create(names[0]))
    from importlib import import_module  # after Django, for they use models

    from django.core.management import call_command

    from benchmarks import databases
    from benchmarks.country import Bench, Size

    call_command("collectstatic", interactive=False, verbosity=0)
    size = Size.national(options.scale)
    databases.prepare(size, database.create(names[1]))
    print(f"{size.figures:,} figures of {size.communes:,} communes are ready after {perf_counter() - start:,.0f} s")
    for module in MODULES:
        import_module(f"benchmarks.{module}")
    try:
        return _run(Bench(size, options.rounds), set(options.goals))
    finally:
        databases.close()


def _run(bench: object, chosen: set[int]) -> bool:
    from benchmarks.registry import registry

    print(f"{datetime.now():%d/%m/%Y %H:%M}, {_machine()}\n\n{'':3} {'goal':80} {'limit':>13} {'measured':>13}")
    missed = False
    for goal in registry.in_order(chosen):
        memory.begin()
        start = perf_counter()
        outcome = goal.measure(bench)  # type: ignore[arg-type]
        missed = missed or not outcome.ok
        verdict = "ok" if outcome.ok else "MISSED"
        print(f"{goal.number:3} {goal.title:80} {goal.limit:>13} {outcome.measured:>13} {verdict}")
        load = os.getloadavg()[0]
        print(f"    {outcome.note}\n    peak memory {memory.words()}; {perf_counter() - start:,.0f} s, load {load:.1f}")
        sys.stdout.flush()
    return missed


def _machine() -> str:
    model = next(line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {size:.0f} GiB, Python {sys.version.split()[0]}"


if __name__ == "__main__":
    main()
