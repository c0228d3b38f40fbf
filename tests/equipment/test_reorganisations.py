"""Things move with their units, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.periods import make_month
from equipment.actions.items import NewItem, declare_no_computer, record_event, register_item
from equipment.actions.receipts import confirm_receipt
from equipment.actions.reorganisations import pass_on
from equipment.choices import ComputerState, Condition
from equipment.choices import ItemEventKind as Kind
from equipment.models import Allotment, Declaration, Handover, Item, ItemEvent, Passing, UnitEquipment
from equipment.queries.records import records_behind
from programmes.models import Figure
from tests.cast import grant, person
from tests.equipment.conftest import TODAY, World
from units.actions.reorganise import apply_reorganisation, propose_reorganisation
from units.actions.undo import undo_reorganisation
from units.choices import ReorganisationKind, Role, Share, UnitKind
from units.models import Reorganisation, Unit
from units.plans import Link, NewUnit

Figures = Callable[[Unit], dict[str, dict[int, int]]]
MERGED_ON = date(2026, 10, 1)
SEPTEMBER, OCTOBER = make_month(2026, 9), make_month(2026, 10)


def merge(world: World, *old: Unit) -> tuple[Reorganisation, Unit]:
    """The communes become one new commune on MERGED_ON."""
    province = Unit.objects.get(pk=world.cast.thai_nguyen.pk)
    new = NewUnit(parent=province, kind=UnitKind.COMMUNE, name="Xã Mới", short_name="Mới", code="99999")
    plan = propose_reorganisation(
        kind=ReorganisationKind.MERGE,
        on=MERGED_ON,
        legal_basis="Nghị quyết 1/NQ-HĐND",
        links=[Link(unit, new) for unit in old],
        by=world.cast.national,
        title="Nhập xã",
    )
    reform = apply_reorganisation(reorganisation=plan, by=world.cast.national, today=TODAY)
    return reform, Unit.objects.get(code="99999")


def undo(world: World, reform: Reorganisation) -> None:
    undo_reorganisation(reorganisation=reform, by=world.cast.national, reason="Nhầm")


def picture() -> dict[str, object]:
    """Everything that must be as before once a reorganisation is undone."""
    return {
        "items": list(Item.objects.order_by("pk").values_list("pk", "unit_id", "condition")),
        "events": list(ItemEvent.objects.order_by("pk").values_list("pk", "unit_id", "kind")),
        "allotments": list(Allotment.objects.order_by("pk").values_list("pk", "unit_id", "state", "passed_on")),
        "handovers": list(Handover.objects.order_by("pk").values_list("pk", "receiver_id", "state")),
        "declarations": list(Declaration.objects.order_by("pk").values_list("unit_id", "on")),
        "figures": set(
            Figure.objects.filter(measure__code__startswith="EQ-").values_list("unit", "measure", "period", "value")
        ),
        "states": set(UnitEquipment.objects.exclude(state="unknown").values_list("unit_id", "state", "computers")),
    }


def test_machines_promises_and_minutes_go_to_the_successor_and_back(world: World, figures: Figures) -> None:
    cast = world.cast
    item = world.machine(cast.tan_cuong)
    record_event(item=item, kind=Kind.BROKEN, on=date(2026, 3, 1), by=cast.enterer, today=TODAY)
    world.machine(cast.dai_phuc, ram_gb=2)
    world.allot(cast.dai_phuc)
    handover = world.handed(cast.tan_cuong)
    before = picture()
    reform, new = merge(world, cast.tan_cuong, cast.dai_phuc)
    assert set(Item.objects.values_list("unit", flat=True)) == {new.pk}
    assert UnitEquipment.objects.get(unit=new).state == ComputerState.WEAK
    assert figures(new)["EQ-WEAK"] == {OCTOBER: 1}
    assert figures(cast.tan_cuong)["EQ-WEAK"] == {make_month(2025, 9): 0, make_month(2026, 3): 1}
    assert set(Allotment.objects.values_list("unit", flat=True)) == {new.pk}
    assert Handover.objects.get(pk=handover.pk).receiver == new
    undo(world, reform)
    assert picture() == before
    assert Passing.objects.count() == 0


def test_two_predecessors_with_an_allotment_of_the_same_line(world: World) -> None:
    cast = world.cast
    world.allot(cast.tan_cuong, cast.dai_phuc)
    _reform, new = merge(world, cast.tan_cuong, cast.dai_phuc)
    assert Allotment.objects.filter(unit=new, passed_on=True).count() == 2


def test_confirmed_minutes_stay_with_the_unit_that_signed(world: World, figures: Figures) -> None:
    cast = world.cast
    handover = world.confirmed(cast.tan_cuong)
    _reform, new = merge(world, cast.tan_cuong, cast.phu_dinh)
    handover.refresh_from_db()
    assert handover.receiver == cast.tan_cuong
    assert "EQ-GIVEN" not in figures(new)
    (record,) = records_behind([new.pk], "EQ-FIT", make_month(2026, 11), today=TODAY)
    assert [minutes.number for minutes in record.minutes] == [handover.number]


def test_the_successors_people_confirm_what_was_handed_to_the_predecessor(world: World) -> None:

    cast = world.cast
    handover = world.handed(cast.tan_cuong)
    _reform, new = merge(world, cast.tan_cuong, cast.phu_dinh)
    newcomer = person("newcomer", "Lý Thị Mới")
    grant(newcomer, Role.ENTERER, new)
    confirm_receipt(handover=handover, received_on=TODAY, by=newcomer, today=TODAY)
    assert Item.objects.get().unit == new


class TestKnownToHaveNone:
    def test_passes_on_when_every_predecessor_is_known(self, world: World) -> None:
        cast = world.cast
        declare_no_computer(unit=cast.tan_cuong, on=date(2026, 2, 1), by=cast.enterer, today=TODAY)
        world.machine(cast.dai_phuc, condition=Condition.LOST)
        _reform, new = merge(world, cast.tan_cuong, cast.dai_phuc)
        assert UnitEquipment.objects.get(unit=new).state == ComputerState.NONE

    def test_does_not_when_one_is_unknown(self, world: World) -> None:
        cast = world.cast
        declare_no_computer(unit=cast.tan_cuong, on=date(2026, 2, 1), by=cast.enterer, today=TODAY)
        _reform, new = merge(world, cast.tan_cuong, cast.dai_phuc)
        assert not UnitEquipment.objects.filter(unit=new).exclude(state=ComputerState.UNKNOWN).exists()


def test_of_a_divided_unit_the_larger_part_gets_the_machines(world: World) -> None:
    item = world.machine(world.cast.tan_cuong)
    province = Unit.objects.get(pk=world.cast.thai_nguyen.pk)
    larger, smaller = (
        NewUnit(parent=province, kind=UnitKind.COMMUNE, name=f"Xã {name}", short_name=name, code=code)
        for name, code in (("Lớn", "99991"), ("Nhỏ", "99992"))
    )
    plan = propose_reorganisation(
        kind=ReorganisationKind.SPLIT,
        on=MERGED_ON,
        legal_basis="Nghị quyết 2/NQ-HĐND",
        links=[Link(world.cast.tan_cuong, larger, Share.MAIN), Link(world.cast.tan_cuong, smaller, Share.PART)],
        by=world.cast.national,
    )
    apply_reorganisation(reorganisation=plan, by=world.cast.national, today=TODAY)
    item.refresh_from_db()
    assert item.unit.code == "99991"


def test_what_was_recorded_after_the_day_moves_along_when_entered_late(world: World) -> None:
    cast = world.cast
    item = world.machine(cast.tan_cuong)
    record_event(item=item, kind=Kind.BROKEN, on=date(2026, 11, 5), by=cast.enterer, today=TODAY)
    before = picture()
    reform, new = merge(world, cast.tan_cuong, cast.phu_dinh)
    assert item.events.get(kind=Kind.BROKEN).unit == new
    undo(world, reform)
    assert picture() == before


@pytest.mark.parametrize("machines", [1, 3])
def test_the_flag_of_the_old_commune_follows_into_the_new_one(world: World, figures: Figures, machines: int) -> None:
    """The merger of 01/07/2025, with the machines that the old communes had before."""

    cast = world.cast
    old = [cast.thinh_duc, cast.old_tan_cuong, cast.old_dai_phuc][:machines]
    for unit in old:
        entry = NewItem(unit=unit, kind=world.pc, received_on=date(2023, 10, 27), year=2022, ram_gb=8, storage_gb=256)
        register_item(entry=entry, by=cast.officer, today=TODAY)
    assert pass_on(reorganisation=Reorganisation.objects.get(), by=None, today=TODAY)
    assert figures(cast.tan_cuong)["EQ-FIT"] == {make_month(2025, 7): 1}
    assert figures(cast.thinh_duc)["EQ-FIT"] == {make_month(2023, 10): 1}
    assert pass_on(reorganisation=Reorganisation.objects.get(), by=None, today=TODAY) == set()
