"""Goals of many writers at once: speed, no deadlocks, and totals that stay exact to the last digit."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from random import Random
from threading import Thread
from time import monotonic

from django.db import OperationalError, connection

from benchmarks.country import LAST, TODAY, Bench
from benchmarks.peers import Peer
from benchmarks.registry import Outcome, goal
from programmes import totals
from programmes.actions import Entry, record_figures
from programmes.choices import MeasureKind, Provenance
from programmes.models import Measure, Total
from units.models import Unit

PROCESSES, THREADS = 2, 16
SECONDS = 8
MIXED = 5_000


def approvals(province: int, seconds: float, seed: int) -> dict[str, int]:
    """16 writers that approve 30 values each, again and again, for communes of one province and the same month."""
    return _crowd(_approve_until, seed, province, seconds)


def mixed(province: int, transactions: int, seed: int) -> dict[str, int]:
    """16 writers of everything: new values, corrections, late reports, withdrawals, batches of several units."""
    return _crowd(_mix, seed, province, transactions)


def _crowd(work: object, seed: int, *arguments: object) -> dict[str, int]:
    counts: Counter[str] = Counter()
    threads = [Thread(target=work, args=(seed * THREADS + place, counts, *arguments)) for place in range(THREADS)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(counts)


def _choices(province: int) -> tuple[list[int], list[Measure]]:
    path = Unit.objects.get(pk=province).path
    units = list(Unit.objects.filter(path__startswith=path, depth=3).values_list("pk", flat=True))
    return units, list(Measure.objects.filter(code__startswith="M-"))


def _approve_until(seed: int, counts: Counter[str], province: int, seconds: float) -> None:
    random, (units, measures) = Random(seed), _choices(province)
    stocks = [measure for measure in measures if measure.kind != MeasureKind.FLAG][:30]
    end = monotonic() + seconds
    while monotonic() < end:
        unit, number = random.choice(units), random.randint(0, 10**6)
        _write(counts, [Entry(unit, measure.pk, LAST + 3, Decimal(number)) for measure in stocks])
    connection.close()


def _mix(seed: int, counts: Counter[str], province: int, transactions: int) -> None:
    random, (units, measures) = Random(seed), _choices(province)
    for _ in range(transactions):
        entries = {}
        for unit in random.sample(units, random.choice([1, 1, 1, min(5, len(units))])):
            for measure in random.sample(measures, random.randint(1, 10)):
                month = random.choice([LAST + 3, LAST - random.randint(0, 30)])
                value = (
                    Decimal(random.randint(0, 1))
                    if measure.kind == MeasureKind.FLAG
                    else Decimal(random.randint(0, 10**6))
                )
                key = (unit, measure.pk, month)
                entries[key] = Entry(*key, None if random.random() < 0.15 else value)
        _write(counts, list(entries.values()))
    connection.close()


def _write(counts: Counter[str], entries: list[Entry]) -> None:
    try:
        record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)
    except OperationalError as error:
        counts["deadlocks" if "deadlock" in str(error) else "errors"] += 1
    else:
        counts["done"] += 1


def _together(function: str, **arguments: object) -> Counter[str]:
    """The same in several processes at the same time."""
    url = os.environ["DATABASE_URL"]
    peers = [Peer(url) for _ in range(PROCESSES)]
    for seed, peer in enumerate(peers):
        peer.start(f"benchmarks.crowd:{function}", seed=seed, **arguments)
    counts: Counter[str] = Counter()
    for peer in peers:
        counts.update(peer.result())
        peer.close()
    return counts


@goal(6, "32 writers approve 30 values each on one province", "≥ 100/s, 0", changes_figures=True)
def approving_together(bench: Bench) -> Outcome:
    province = bench.provinces[-1].pk
    counts = _together("approvals", province=province, seconds=SECONDS)
    speed, lost = counts["done"] / SECONDS, len(totals.verify([province]))
    note = (
        f"{counts['done']:,} approvals, {counts['deadlocks']} deadlocks, {counts['errors']} errors, {lost} keys differ"
    )
    ok = speed >= 100 and not counts["deadlocks"] and not counts["errors"] and not lost
    return Outcome(f"{speed:,.0f}/s", ok, note)


@goal(17, "5,000 mixed transactions of 32 writers: keys that differ afterwards", "0", changes_figures=True)
def exact_after_everything(bench: Bench) -> Outcome:
    province = bench.provinces[-2].pk
    each = -(-MIXED // (PROCESSES * THREADS))
    counts = _together("mixed", province=province, transactions=each)
    differing = len(totals.verify())
    Total.objects.filter(unit=province, measure=bench.measures[0].pk, period=LAST).update(change=1)
    found = len(totals.verify([province]))
    totals.rebuild([province])
    healed = not totals.verify([province])
    note = f"{counts['done']:,} transactions, {counts['deadlocks']} deadlocks, {counts['errors']} errors"
    planted = f"a planted wrong row was {'' if found == 1 else 'NOT '}found and {'' if healed else 'NOT '}healed"
    ok = not differing and found == 1 and healed and counts["done"] >= MIXED
    return Outcome(f"{differing}", ok, f"{note}; {planted}")
