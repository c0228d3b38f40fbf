"""The goal of the reorganisation of 2025: every old commune with its history passes to the units of today.

In a database of its own, for it can be applied once only: the official units until 30/06/2025 with their figures,
then everything that the loading of the new ones brings about.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import database
from benchmarks.country import Bench, Size, build_catalogue, load_figures
from benchmarks.peers import Peer
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import seconds, shown
from programmes import totals
from programmes.choices import Basis, MeasureKind
from programmes.models import Figure, Measure
from programmes.queries import series
from programmes.starter import load_registered
from units import loading, official
from units.choices import UnitKind
from units.models import Succession, Unit

LAST_DAY = date(2025, 6, 30)
LAST_OLD = 2025 * 12 + 5
MEASURES, MONTHS = 60, 60


@goal(11, "the reorganisation of 2025 over all old figures ÷ COPY of these figures", "≤ 3, exact", changes_figures=True)
def reform_beside_copy(bench: Bench) -> Outcome:
    measures = max(4, round(MEASURES * min(1.0, bench.size.communes / 3321)))
    name = f"{database.name_in_use()}_reform"
    database.drop(name)
    peer = Peer(database.create(name))
    figures = peer.call("benchmarks.reform:prepare", measures=measures)
    copied = peer.call("benchmarks.whole:copy_figures")
    found = peer.call("benchmarks.reform:apply")
    wrong = peer.call("benchmarks.reform:wrong_sums")
    peer.close()
    database.drop(name)
    outcome = at_most(found["seconds"] / copied, 3)
    note = (
        f"{shown(found['seconds'])} ÷ {shown(copied)}; {figures:,} figures, {found['links']:,} links; "
        f"{wrong['keys']} keys and {wrong['sums']} of {wrong['compared']} sums in the two ways of reading differ"
    )
    return Outcome(outcome.measured, outcome.ok and not wrong["keys"] and not wrong["sums"], note)


def prepare(measures: int) -> int:
    """The old units, open still, with 60 months of figures for each commune. Returns how many figures."""
    call_command("migrate", verbosity=0)
    units = [unit for unit in official.official_units() if unit.key[2] < official.REFORM]
    links = [link for link in official.official_links() if link.event.on < official.REFORM]
    lists = patch.multiple(loading, official_units=lambda: units, official_links=lambda: links)
    with transaction.atomic(), lists:
        loading.load_units()
        Unit.objects.filter(valid_to=LAST_DAY).update(valid_to=None)
        load_registered()
        build_catalogue(Size(0, 0, measures, MONTHS))
    with connection.cursor() as cursor:
        load_figures(cursor, LAST_OLD - MONTHS + 1, LAST_OLD, "kind = 'commune' AND valid_to IS NULL")
        cursor.execute("VACUUM ANALYZE")
    totals.rebuild()
    return Figure.objects.count()


def apply() -> dict[str, Any]:
    """Close the old units, open and link the new ones; totals and what successors start with follow by themselves."""
    before = Succession.objects.count()

    def reorganise() -> None:
        with transaction.atomic():
            Unit.objects.exclude(kind=UnitKind.CENTRE).filter(valid_to=None).update(valid_to=LAST_DAY)
            loading.load_units()

    taken = seconds(reorganise)
    return {"seconds": taken, "links": Succession.objects.count() - before}


def wrong_sums() -> dict[str, int]:
    """Keys that a computation from figures and links contradicts; and sums of the country that differ.

    The last month of the old order as it was and by today's units, at the root and summed over the provinces of each
    order, must be the sum of what was reported; a stock must stand unchanged a month later.
    """
    measures = list(Measure.objects.filter(code__startswith="M-").order_by("pk"))
    root, new, old = Unit.objects.get(depth=1), *(_provinces(closed) for closed in (False, True))
    expected = _reported(measures)
    found = [
        _values([root], measures, LAST_OLD, Basis.TODAY),
        _values([root], measures, LAST_OLD, Basis.THEN),
        _values(new, measures, LAST_OLD, Basis.TODAY),
        _values(old, measures, LAST_OLD, Basis.THEN),
    ]
    stocks = [measure for measure in measures if measure.kind == MeasureKind.STOCK]
    later = _values([root], stocks, LAST_OLD + 1, Basis.TODAY)
    wrong = sum(values[pk] != expected[pk] for values in found for pk in expected)
    wrong += sum(later[pk] != expected[pk] for pk in later)
    compared = len(found) * len(expected) + len(later)
    return {"keys": len(totals.verify()), "sums": wrong, "compared": compared}


def _provinces(closed: bool) -> list[Unit]:
    return list(Unit.objects.filter(kind=UnitKind.PROVINCE, valid_to__isnull=not closed))


def _values(units: list[Unit], measures: list[Measure], month: int, basis: Basis) -> dict[int, int]:
    sums = {measure.pk: 0 for measure in measures}
    for unit in units:
        for pk, points in series(unit, measures, month, month, basis=basis).items():
            sums[pk] += int((points[0].value or 0) * 100)
    return sums


def _reported(measures: list[Measure]) -> dict[int, int]:
    """What the communes reported for the last month, in hundredths; every one has reported every month."""
    text = "SELECT measure_id, CAST(SUM(value) AS BIGINT) FROM programmes_figure WHERE period = %s GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(text, [LAST_OLD])
        found = dict(cursor.fetchall())
    return {measure.pk: found[measure.pk] for measure in measures}
