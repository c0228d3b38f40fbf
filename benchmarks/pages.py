"""Goals of pages: what they cost above their SQL, for whom, and whether the number of queries grows."""

from __future__ import annotations

from statistics import median
from unittest.mock import patch
from urllib.parse import quote

from benchmarks.browsing import anew, client_of, dashboard, get, keep_bare, queries_of
from benchmarks.country import Bench, Size
from benchmarks.databases import province_peer
from benchmarks.portal import CLERK, NATIONAL, OFFICER, unit_of
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import Pair, interleaved, seconds, shown
from core.lists import ListPage
from units.models import Unit

MACHINES = "/thiet-bi/may/"


def leaders_page() -> float:
    """Seconds for the whole page of 60 indicators × 24 months at the root."""
    client, root = client_of(NATIONAL), Unit.objects.get(depth=1)
    return seconds(lambda: get(client, anew(dashboard(root, 60))))


@goal(1, "leader's dashboard of the nation ÷ the same page in a database of one province", "≤ 1.2")
def nation_beside_province(bench: Bench) -> Outcome:
    peer, pairs = province_peer(), []
    for _ in range(bench.rounds + 3):
        pairs.append((leaders_page(), peer.call("benchmarks.pages:leaders_page")))
    both = Pair(*(median(times[3:]) for times in zip(*pairs, strict=True)))
    return at_most(both.ratio, 1.2, f"{both.words}; {bench.size.figures:,} ÷ {Size.province().figures:,} figures")


@goal(2, "dashboard of 100 indicators ÷ (its SQL + a constant page of the same bytes)", "≤ 1.6")
def page_beside_bare(bench: Bench) -> Outcome:
    client, address = client_of(NATIONAL), dashboard(bench.root, 100)
    bare = keep_bare("dashboard", client, address)
    both = interleaved(lambda: get(client, anew(address)), lambda: get(client, bare), bench.rounds)
    return at_most(both.ratio, 1.6, both.words)


@goal(12, "queries per page, the same with 1 and with 100 rows", "≤ 20")
def queries_of_pages(bench: Bench) -> Outcome:
    national, clerk = client_of(NATIONAL), client_of(CLERK)
    pages = {
        "dashboard": (national, dashboard(bench.root, 1), dashboard(bench.root, 100)),
        "a commune's dashboard": (clerk, dashboard(unit_of(CLERK), 1), dashboard(unit_of(CLERK), 100)),
        "machines": (national, f"{MACHINES}?q=SN0000007", MACHINES),
        "units": (national, "/don-vi/?q=00042", "/don-vi/"),
        "units without a computer": (national, "/thiet-bi/con-thieu/?q=00042", "/thiet-bi/con-thieu/"),
    }
    with patch.object(ListPage, "per_page", 100):
        found = {name: [queries_of(client, one) for one in (few, many)] for name, (client, few, many) in pages.items()}
    ok = all(few == many <= 20 for few, many in found.values())
    note = ", ".join(f"{name} {few}/{many}" for name, (few, many) in found.items())
    return Outcome(str(max(many for _few, many in found.values())), ok, f"with 1/100 rows: {note}")


@goal(13, "page for a clerk or a provincial officer ÷ the same page for a national administrator", "≤ 1.3")
def pages_by_person(bench: Bench) -> Outcome:
    """The slowest of four ratios: the dashboard of the person's own unit, and the list of machines."""
    national, found = client_of(NATIONAL), {}
    for name in (CLERK, OFFICER):
        own, unit = client_of(name), unit_of(name)
        narrowed = f"province={unit.pk}" if name == OFFICER else f"q={quote(unit.name)}"
        for what, page in (("dashboard", dashboard(unit, 60)), ("machines", f"{MACHINES}?{narrowed}")):
            found[f"{name} {what}"] = interleaved(
                lambda own=own, page=page: get(own, anew(page)),
                lambda page=page: get(national, anew(page)),
                bench.rounds,
            )
    worst = max(pair.ratio for pair in found.values())
    note = ", ".join(f"{name} {shown(pair.first)} ÷ {shown(pair.second)}" for name, pair in found.items())
    return at_most(worst, 1.3, note)
