"""Migrating and filling the databases of a run."""

from __future__ import annotations

from django.core.management import call_command

from benchmarks.country import Size, build
from benchmarks.peers import Peer
from benchmarks.portal import ITEMS, furnish

ITEMS_OF_A_PROVINCE = 3_000
_small: dict[str, Peer] = {}


def prepare(size: Size, small_url: str) -> None:
    """The country in this process's database, one province in the other, where a process of its own serves it."""
    migrate_and_build(size.provinces, size.communes, size.measures, size.months, ITEMS)
    small = Size.province()
    _small["peer"] = Peer(small_url)
    _small["peer"].call(
        "benchmarks.databases:migrate_and_build",
        provinces=small.provinces,
        communes=small.communes,
        measures=small.measures,
        months=small.months,
        items=ITEMS_OF_A_PROVINCE,
    )


def migrate_and_build(provinces: int, communes: int, measures: int, months: int, items: int) -> None:
    call_command("migrate", verbosity=0)
    build(Size(provinces, communes, measures, months))
    furnish(items)


def province_peer() -> Peer:
    """The process that works on the database of one province."""
    return _small["peer"]


def close() -> None:
    """End the process of the small database."""
    for peer in _small.values():
        peer.close()
    _small.clear()
