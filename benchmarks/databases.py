"""Migrating and filling the databases of a run."""

from __future__ import annotations

from django.core.management import call_command

from benchmarks.country import Size, build
from benchmarks.peers import Peer

_small: dict[str, Peer] = {}


def prepare(size: Size, small_url: str) -> None:
    """The country in this process's database, one province in the other, where a process of its own serves it."""
    migrate_and_build(size.provinces, size.communes, size.measures, size.months)
    small = Size.province()
    _small["peer"] = Peer(small_url)
    _small["peer"].call(
        "benchmarks.databases:migrate_and_build",
        provinces=small.provinces,
        communes=small.communes,
        measures=small.measures,
        months=small.months,
    )


def migrate_and_build(provinces: int, communes: int, measures: int, months: int) -> None:
    call_command("migrate", verbosity=0)
    build(Size(provinces, communes, measures, months))


def province_peer() -> Peer:
    """The process that works on the database of one province."""
    return _small["peer"]
