"""Machines: registered, corrected, their events, transfers, declarations; and what a new minimum does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.periods import make_month
from core.verdicts import Denied
from equipment.actions.catalogue import save_kind, save_minimum
from equipment.actions.items import (
    NewItem,
    cancel_event,
    declare_no_computer,
    edit_item,
    record_event,
    register_item,
    transfer_item,
)
from equipment.actions.registers import refresh_all, refresh_units
from equipment.choices import ComputerState, Condition
from equipment.choices import ItemEventKind as Kind
from equipment.models import Declaration, Item, ItemEvent, ItemKind, MinimumSpecification, UnitEquipment
from equipment.queries.registers import verdicts
from equipment.tasks import judge_nightly
from jobs.actions import ask, execute
from jobs.models import Job
from programmes.models import Figure, FigureChange
from tests.equipment.conftest import NOVEMBER, TODAY, World
from units.models import Unit

Figures = Callable[[Unit], dict[str, dict[int, int]]]


def state_of(unit: Unit) -> str:
    return UnitEquipment.objects.get(unit=unit).state


class TestRegister:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"received_on": date(2026, 11, 22)}, "received_on"),
            ({"received_on": date(2025, 6, 30)}, "received_on"),
            ({"year": 1980}, "year"),
            ({"year": 2027}, "year"),
            ({"condition": Condition.BROKEN, "condition_on": date(2025, 1, 1)}, "condition_on"),
            ({"condition": Condition.BROKEN, "condition_on": date(2026, 12, 1)}, "condition_on"),
        ],
    )
    def test_bad_input_stands_at_its_field(self, world: World, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            world.machine(world.cast.tan_cuong, **changes)
        assert list(refusal.value.message_dict) == [field]
        assert Item.objects.count() == 0

    def test_a_serial_twice_whatever_its_case(self, world: World) -> None:
        world.machine(world.cast.tan_cuong, serial="abc 1")
        with pytest.raises(ValidationError) as refusal:
            world.machine(world.cast.dai_phuc, serial=" ABC 1 ")
        assert list(refusal.value.message_dict) == ["serial"]

    def test_many_machines_may_have_no_serial(self, world: World) -> None:
        world.machine(world.cast.tan_cuong)
        world.machine(world.cast.tan_cuong, serial="  ")
        assert Item.objects.filter(serial=None).count() == 2

    @pytest.mark.parametrize("person", ["stranger", "dai_phuc_enterer", "leader", "signer", "nobody"])
    def test_only_who_enters_for_the_unit(self, world: World, person: str) -> None:
        entry = NewItem(unit=world.cast.tan_cuong, kind=world.pc, received_on=date(2025, 9, 1))
        with pytest.raises(Denied):
            register_item(entry=entry, by=getattr(world.cast, person), today=TODAY)

    def test_things_that_are_only_counted_are_not_registered(self, world: World) -> None:
        entry = NewItem(unit=world.cast.tan_cuong, kind=world.kit, received_on=date(2025, 9, 1))
        with pytest.raises(ValidationError):
            register_item(entry=entry, by=world.cast.enterer, today=TODAY)

    def test_a_machine_registered_broken_is_broken_since_its_day(self, world: World, figures: Figures) -> None:
        world.machine(world.cast.tan_cuong, condition=Condition.BROKEN, condition_on=date(2026, 5, 12))
        assert figures(world.cast.tan_cuong)["EQ-FIT"] == {make_month(2025, 9): 1, make_month(2026, 5): 0}
        verdict = verdicts([world.cast.tan_cuong.pk], TODAY)[world.cast.tan_cuong.pk]
        assert (verdict.machines[0].reason, verdict.reason) == ("từ ngày 12/05/2026", "1 máy: hỏng từ 12/05/2026")

    def test_a_province_gets_a_state_but_no_commune_flag(self, world: World, figures: Figures) -> None:
        world.machine(world.cast.thai_nguyen)
        assert state_of(world.cast.thai_nguyen) == ComputerState.FIT
        assert figures(world.cast.thai_nguyen) == {}


class TestEvents:
    def test_the_figures_follow_month_by_month(self, world: World, figures: Figures) -> None:
        item = world.machine(world.cast.tan_cuong)
        record_event(item=item, kind=Kind.BROKEN, on=date(2026, 3, 5), by=world.cast.enterer, today=TODAY)
        record_event(item=item, kind=Kind.REPAIRED, on=date(2026, 6, 7), by=world.cast.enterer, today=TODAY)
        assert figures(world.cast.tan_cuong)["EQ-FIT"] == {
            make_month(2025, 9): 1,
            make_month(2026, 3): 0,
            make_month(2026, 6): 1,
        }
        item.refresh_from_db()
        assert item.condition == Condition.GOOD

    @pytest.mark.parametrize(
        ("kind", "on", "field"),
        [
            (Kind.BROKEN, date(2026, 11, 22), "on"),
            (Kind.BROKEN, date(2025, 9, 9), "on"),
            (Kind.REPAIRED, date(2026, 1, 1), "kind"),
            (Kind.UNSHARED, date(2026, 1, 1), "kind"),
            (Kind.UPGRADED, date(2026, 1, 1), "ram_gb"),
        ],
    )
    def test_what_cannot_be(self, world: World, kind: Kind, on: date, field: str) -> None:
        item = world.machine(world.cast.tan_cuong)
        with pytest.raises(ValidationError) as refusal:
            record_event(item=item, kind=kind, on=on, by=world.cast.enterer, today=TODAY)
        assert list(refusal.value.message_dict) == [field]
        assert ItemEvent.objects.count() == 1

    def test_a_late_entry_must_fit_between_its_neighbours(self, world: World) -> None:
        item = world.machine(world.cast.tan_cuong)
        record_event(item=item, kind=Kind.DISPOSED, on=date(2026, 3, 5), by=world.cast.enterer, today=TODAY)
        record_event(item=item, kind=Kind.BROKEN, on=date(2026, 2, 1), by=world.cast.enterer, today=TODAY)
        with pytest.raises(ValidationError):
            record_event(item=item, kind=Kind.DISPOSED, on=date(2026, 2, 2), by=world.cast.enterer, today=TODAY)

    def test_a_cancelled_event_no_longer_counts(self, world: World, figures: Figures) -> None:
        item = world.machine(world.cast.tan_cuong)
        event = record_event(item=item, kind=Kind.LOST, on=date(2026, 3, 5), by=world.cast.enterer, today=TODAY)
        assert state_of(world.cast.tan_cuong) == ComputerState.NONE
        cancel_event(event=event, reason="Ghi nhầm máy", by=world.cast.enterer, today=TODAY)
        assert state_of(world.cast.tan_cuong) == ComputerState.FIT
        assert figures(world.cast.tan_cuong)["EQ-NONE"] == {make_month(2025, 9): 0}
        taken_back = FigureChange.objects.get(measure__code="EQ-NONE")
        assert (taken_back.period, taken_back.new) == (make_month(2026, 3), None)
        assert (taken_back.reason, taken_back.by) == ("Ghi nhầm máy", world.cast.enterer)

    def test_the_receipt_cannot_be_cancelled(self, world: World) -> None:
        item = world.machine(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            cancel_event(event=item.events.get(), reason="x", by=world.cast.enterer, today=TODAY)

    def test_an_upgrade_changes_the_future_and_a_correction_the_past(self, world: World, figures: Figures) -> None:
        unit = world.cast.tan_cuong
        item = world.machine(unit, ram_gb=2)
        record_event(item=item, kind=Kind.UPGRADED, on=date(2026, 4, 1), ram_gb=8, by=world.cast.enterer, today=TODAY)
        assert figures(unit)["EQ-FIT"] == {make_month(2025, 9): 0, make_month(2026, 4): 1}
        other = world.machine(world.cast.dai_phuc, ram_gb=2)
        edit_item(item=other, changes={"ram_gb": 8}, by=world.cast.dai_phuc_enterer, today=TODAY)
        assert figures(world.cast.dai_phuc)["EQ-FIT"] == {make_month(2025, 9): 1}

    def test_a_person_of_another_unit_records_nothing(self, world: World) -> None:
        item = world.machine(world.cast.tan_cuong)
        with pytest.raises(Denied):
            record_event(item=item, kind=Kind.LOST, on=TODAY, by=world.cast.dai_phuc_enterer, today=TODAY)


class TestTransfer:
    def test_both_units_are_judged_anew(self, world: World, figures: Figures) -> None:
        item = world.machine(world.cast.tan_cuong)
        transfer_item(item=item, to=world.cast.dai_phuc, on=date(2026, 11, 3), by=world.cast.officer, today=TODAY)
        assert [state_of(world.cast.tan_cuong), state_of(world.cast.dai_phuc)] == ["none", "fit"]
        assert figures(world.cast.tan_cuong)["EQ-NONE"] == {make_month(2025, 9): 0, NOVEMBER: 1}
        assert figures(world.cast.dai_phuc)["EQ-FIT"] == {NOVEMBER: 1}

    @pytest.mark.parametrize(
        ("to", "on", "field"),
        [
            ("sam_son", TODAY, "to"),
            ("thinh_duc", TODAY, "to"),
            ("tan_cuong", TODAY, "to"),
            ("dai_phuc", date(2026, 11, 22), "on"),
            ("dai_phuc", date(2025, 9, 1), "on"),
        ],
    )
    def test_where_and_when_it_cannot_go(self, world: World, to: str, on: date, field: str) -> None:
        item = world.machine(world.cast.tan_cuong)
        with pytest.raises(ValidationError) as refusal:
            transfer_item(item=item, to=getattr(world.cast, to), on=on, by=world.cast.officer, today=TODAY)
        assert list(refusal.value.message_dict) == [field]

    def test_the_past_of_the_former_unit_is_not_for_the_new_one(self, world: World) -> None:
        item = world.machine(world.cast.tan_cuong)
        transfer_item(item=item, to=world.cast.dai_phuc, on=date(2026, 11, 3), by=world.cast.officer, today=TODAY)
        with pytest.raises(Denied):
            record_event(item=item, kind=Kind.BROKEN, on=date(2026, 5, 1), by=world.cast.dai_phuc_enterer, today=TODAY)
        record_event(item=item, kind=Kind.BROKEN, on=date(2026, 11, 4), by=world.cast.dai_phuc_enterer, today=TODAY)


class TestDeclaration:
    def test_none_instead_of_not_declared(self, world: World, figures: Figures) -> None:
        declare_no_computer(unit=world.cast.tan_cuong, on=date(2026, 2, 3), by=world.cast.enterer, today=TODAY)
        declare_no_computer(unit=world.cast.tan_cuong, on=date(2026, 2, 3), by=world.cast.enterer, today=TODAY)
        assert Declaration.objects.count() == 1
        assert figures(world.cast.tan_cuong)["EQ-NONE"] == {make_month(2026, 2): 1}
        assert UnitEquipment.objects.get(unit=world.cast.tan_cuong).since == make_month(2026, 2)

    def test_not_while_there_is_one(self, world: World) -> None:
        world.machine(world.cast.tan_cuong, condition=Condition.BROKEN)
        with pytest.raises(ValidationError):
            declare_no_computer(unit=world.cast.tan_cuong, on=TODAY, by=world.cast.enterer, today=TODAY)

    @pytest.mark.parametrize("on", [date(2026, 11, 22), date(2025, 6, 30)])
    def test_bad_days(self, world: World, on: date) -> None:
        with pytest.raises(ValidationError):
            declare_no_computer(unit=world.cast.tan_cuong, on=on, by=world.cast.enterer, today=TODAY)


class TestMinimum:
    def test_a_stricter_minimum_judges_all_from_its_day(self, world: World, figures: Figures) -> None:
        world.machine(world.cast.tan_cuong)
        values = {"min_ram_gb": 16, "min_storage_gb": 120, "max_age_years": 10}
        save_minimum(valid_from=date(2026, 7, 1), values=values, by=world.cast.national)
        assert Job.objects.get().kind == "equipment.refresh_all"
        refresh_all(today=TODAY)
        assert figures(world.cast.tan_cuong)["EQ-FIT"] == {make_month(2025, 9): 1, make_month(2026, 7): 0}

    @pytest.mark.parametrize("person", ["officer", "admin", "enterer", "leader"])
    def test_only_who_keeps_the_catalogue(self, world: World, person: str) -> None:
        with pytest.raises(Denied):
            save_minimum(valid_from=TODAY, values={"min_ram_gb": 8}, by=getattr(world.cast, person))
        with pytest.raises(Denied):
            save_kind(values={"code": "X"}, by=getattr(world.cast, person))

    def test_two_minimums_of_one_day(self, world: World) -> None:
        with pytest.raises(ValidationError):
            save_minimum(valid_from=date(2020, 1, 1), values={"min_ram_gb": 8}, by=world.cast.national)
        assert MinimumSpecification.objects.count() == 1

    def test_a_computer_stays_a_computer_once_there_are_some(self, world: World) -> None:
        with pytest.raises(ValidationError):
            save_kind(kind=world.pc, values={"is_computer": False}, by=world.cast.national)
        kind = save_kind(
            values={"code": "SERVER", "name": "Máy chủ", "counted_in": "bộ", "is_computer": False},
            by=world.cast.national,
        )
        assert ItemKind.objects.get(code="SERVER") == kind


def test_refreshing_what_is_right_writes_nothing(world: World) -> None:
    world.confirmed(world.cast.tan_cuong)
    before = list(Figure.objects.values_list("unit_id", "measure_id", "period", "value", "recorded_at"))
    assert refresh_all(today=TODAY) == 0
    assert refresh_units(unit_ids=[world.cast.tan_cuong.pk], today=TODAY) == 0
    assert list(Figure.objects.values_list("unit_id", "measure_id", "period", "value", "recorded_at")) == before


def test_the_passing_of_time_alone_can_make_a_machine_too_old(world: World, figures: Figures) -> None:
    world.machine(world.cast.tan_cuong, year=2016)
    assert figures(world.cast.tan_cuong)["EQ-FIT"] == {make_month(2025, 9): 1}
    refresh_all(today=date(2027, 1, 2))
    assert figures(world.cast.tan_cuong)["EQ-FIT"] == {make_month(2025, 9): 1, make_month(2027, 1): 0}


def test_the_nightly_task_judges_everything_anew(world: World) -> None:
    world.machine(world.cast.tan_cuong)
    MinimumSpecification.objects.update(min_ram_gb=16)
    assert judge_nightly() == 2  # fit falls, weak rises
    assert state_of(world.cast.tan_cuong) == ComputerState.WEAK
    assert judge_nightly() == 0


def test_the_job_of_a_new_minimum_tells_what_it_did(world: World) -> None:
    world.machine(world.cast.tan_cuong)
    MinimumSpecification.objects.update(min_ram_gb=16)
    job = ask(kind="equipment.refresh_all", arguments={}, by=world.cast.national)
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, job.done) == ("done", "2 số liệu thay đổi.", 1)
