"""The end of the drill-down: records are linked only where the person may open them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.periods import make_month
from equipment.actions.items import transfer_item
from programmes.models import Measure
from reports.queries.records import RecordGroup, records_of
from tests.equipment.conftest import NOVEMBER, TODAY, World, world
from units.models import Unit

__all__ = ["world"]  # the fixture

pytestmark = pytest.mark.django_db


def links(groups: list[RecordGroup]) -> dict[str, str]:
    return {cell.text: cell.href for group in groups for row in group.rows for cell in row}


def opened(world: World, user: User, unit: Unit, month: int = NOVEMBER) -> dict[str, str]:
    return links(records_of(unit, Measure.objects.get(code="EQ-FIT"), month, user, today=TODAY))


def test_a_commune_reads_the_name_of_the_provinces_gift_without_a_dead_link(
    world: World, client_of: Callable[[User], Client]
) -> None:
    handover, cast = world.confirmed(world.cast.tan_cuong), world.cast
    paper, gift = (reverse(f"equipment:{name}", args=[pk]) for name, pk in
                   (("handover", handover.pk), ("gift", world.gift.pk)))  # fmt: skip
    for user, address in ((cast.enterer, ""), (cast.signer, ""), (cast.officer, gift), (cast.leader, gift)):
        found = opened(world, user, cast.tan_cuong)
        assert (found[world.gift.title], found[handover.number]) == (address, paper)
        assert client_of(user).get(paper).status_code == 200
        assert client_of(user).get(gift).status_code == (200 if address else 404)


def test_a_machine_that_went_elsewhere_is_named_and_not_linked(
    world: World, client_of: Callable[[User], Client]
) -> None:
    cast = world.cast
    item = world.machine(cast.tan_cuong, serial="SN-1")
    transfer_item(item=item, to=cast.dai_phuc, on=date(2026, 11, 2), by=cast.officer, today=TODAY)
    october = make_month(2026, 10)
    address = reverse("equipment:item", args=[item.pk])
    for user, expected in ((cast.enterer, ""), (cast.officer, address)):
        found = opened(world, user, cast.tan_cuong, october)
        assert [href for text, href in found.items() if "SN-1" in text] == [expected]
        assert client_of(user).get(address).status_code == (200 if expected else 404)


def test_a_machine_is_judged_in_words_of_one_machine(world: World) -> None:
    cast = world.cast
    world.machine(cast.tan_cuong, serial="SN-2", ram_gb=2)
    (group,) = records_of(cast.tan_cuong, Measure.objects.get(code="EQ-WEAK"), NOVEMBER, cast.leader, today=TODAY)
    assert [cell.text for cell in group.rows[0]][2].startswith("yếu, RAM 2 GB")
