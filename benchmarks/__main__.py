"""Builds the databases, measures the goals and prints them with what was found."""

from __future__ import annotations

import argparse
import resource
import sys
from time import perf_counter

from benchmarks import database

MODULES = ("benchmarks.reading", "benchmarks.writing", "benchmarks.crowd", "benchmarks.whole")


def main() -> None:
    options = _options()
    name = f"dtportal_bench_{round(options.scale * 1000)}"
    if options.fresh:
        database.drop(name)
        database.drop(f"{name}_province")
    start = perf_counter()
    database.use(database.create(name))
    from importlib import import_module  # after Django, for they use models

    from benchmarks.country import Bench, Size
    from benchmarks.databases import prepare

    size = Size.national(options.scale)
    prepare(size, database.create(f"{name}_province"))
    print(f"{size.figures:,} figures of {size.communes:,} communes are ready after {perf_counter() - start:,.0f} s\n")
    for module in MODULES:
        import_module(module)
    failed = _run(Bench(size, options.rounds), set(options.goals))
    if options.drop:
        database.drop(name)
        database.drop(f"{name}_province")
    sys.exit(1 if failed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the country, 0.05 for a quick look")
    parser.add_argument("--rounds", type=int, default=15, help="measured rounds of each comparison")
    parser.add_argument("--goals", type=int, nargs="*", default=[], help="only these goals")
    parser.add_argument("--fresh", action="store_true", help="build the databases anew")
    parser.add_argument("--drop", action="store_true", help="remove the databases afterwards")
    return parser.parse_args()


def _run(bench: object, chosen: set[int]) -> bool:
    from benchmarks.registry import registry

    failed = False
    print(f"{'':3} {'goal':74} {'limit':>12} {'measured':>12}")
    for goal in registry.in_order(chosen):
        outcome = goal.measure(bench)  # type: ignore[arg-type]
        failed = failed or not outcome.ok
        verdict = "ok" if outcome.ok else "MISSED"
        print(f"{goal.number:3} {goal.title:74} {goal.limit:>12} {outcome.measured:>12} {verdict}")
        if outcome.note:
            print(f"{'':4}{outcome.note}")
        sys.stdout.flush()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nPeak memory: {own} MiB in this process, {others} MiB in the largest of the others.")
    return failed


if __name__ == "__main__":
    main()
