"""Goals of long lists: their pages, and all their rows in one file."""

from __future__ import annotations

import os
import tempfile
from typing import Any
from unittest.mock import patch

import xlsxwriter
from django.db import connection

from benchmarks import memory
from benchmarks.browsing import anew, client_of, get, statements_of
from benchmarks.country import Bench
from benchmarks.pages import MACHINES
from benchmarks.peers import Peer
from benchmarks.portal import ITEMS, NATIONAL
from benchmarks.registry import Outcome, at_most, goal
from benchmarks.timing import Pair, interleaved, seconds, shown
from core import export

PAGES = {
    "first": "",
    "tenth": "?page=10",
    "last": "?page=2000",
    "filtered": "?condition=broken",
    "one province": "?province={province}",
    "searched": "?q=optiplex+3070",
    "sorted": "?sort=-received_on",
}
EXCEL_ROUNDS = 3


@goal(9, f"list page of {ITEMS:,} machines ÷ its own SQL", "≤ 3")
def list_beside_sql(bench: Bench) -> Outcome:
    """The worst of the pages."""
    client, found = client_of(NATIONAL), {}
    for name, query in PAGES.items():
        address = MACHINES + query.format(province=bench.province.pk)
        statements = statements_of(client, address)
        found[name] = interleaved(
            lambda address=address: get(client, anew(address)),
            lambda statements=statements: _run(statements),
            bench.rounds,
        )
    worst = max(pair.ratio for pair in found.values())
    note = ", ".join(f"{name} {shown(pair.first)} ÷ {shown(pair.second)}" for name, pair in found.items())
    return at_most(worst, 3, note)


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


@goal(10, f"Excel of {ITEMS:,} machines ÷ bare xlsxwriter of the same cells", "≤ 1.3, 30 MB")
def excel_beside_bare(bench: Bench) -> Outcome:
    peer = Peer(os.environ["DATABASE_URL"])
    grown = peer.call("benchmarks.lists:memory_of_excel")
    peer.close()
    client, address = client_of(NATIONAL), f"{MACHINES}?export=xlsx"
    cells = _cells(client, address)
    pairs = [
        Pair(seconds(lambda: get(client, anew(address))), seconds(lambda: _write(cells))) for _ in range(EXCEL_ROUNDS)
    ]
    both = sorted(pairs, key=lambda pair: pair.ratio)[EXCEL_ROUNDS // 2]
    note = f"{both.words}; {len(cells):,} rows × {len(cells[0])}, {grown} MiB above idle"
    outcome = at_most(both.ratio, 1.3, note)
    return Outcome(f"{outcome.measured}, {grown} MB", outcome.ok and grown <= 30, note)


def memory_of_excel() -> int:
    """MiB by which a fresh process grows at most, once it has shown a page, while it writes the file."""
    client = client_of(NATIONAL)
    get(client, anew(MACHINES))
    idle = memory.resident()
    memory.restart()
    for _part in client.get(f"{MACHINES}?export=xlsx").streaming_content:
        pass
    return memory.peak() - idle


def _cells(client: Any, address: str) -> list[list[Any]]:
    """What the file is made of, as the portal hands it to its writer."""
    found: list[list[Any]] = []

    def take(target: object, sheets: Any) -> None:
        for sheet in sheets:
            found.append(list(sheet.header))
            found.extend(list(row) for row in sheet.rows)

    with patch.object(export, "write_xlsx", take):
        get(client, anew(address))
    return found


def _write(cells: list[list[Any]]) -> None:
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy", "strings_to_urls": False}
    with tempfile.TemporaryFile() as file, xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet()
        for line, row in enumerate(cells):
            for place, value in enumerate(row):
                page.write(line, place, value)
