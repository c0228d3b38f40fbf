"""Gifts and allotments: what bad input gets, who may, and never more than there is."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import AuditEntry
from core.verdicts import Denied
from equipment.actions.allotments import Share, allot, cancel_allotment, left_of
from equipment.actions.gifts import (
    LineData,
    cancel_payment,
    close_gift,
    create_gift,
    edit_gift,
    record_payment,
    withdraw_gift,
)
from equipment.choices import AllotmentState, Condition, GiftForm, GiftState
from equipment.models import Allotment, Gift
from equipment.queries.gaps import propose_allotment
from equipment.queries.gifts import Stages, balance, open_lines, with_stages
from sponsors.models import Sponsor
from tests.equipment.conftest import PLEDGED, TODAY, World


def pledge(world: World, **changes: Any) -> Gift:
    values: dict[str, Any] = {
        "unit": world.cast.thai_nguyen,
        "sponsor": world.sponsor,
        "title": "Mái ấm",
        "pledged_on": PLEDGED,
        "lines": [LineData(kind=world.pc, quantity=2)],
        "by": world.cast.officer,
        "today": TODAY,
    }
    return create_gift(**{**values, **changes})


class TestPledge:
    def test_codes_run_within_the_year(self, world: World) -> None:
        assert [world.gift.code, pledge(world).code] == ["TT-2026-0001", "TT-2026-0002"]
        assert pledge(world, pledged_on=date(2025, 8, 1)).code == "TT-2025-0001"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"pledged_on": date(2026, 11, 22)}, "pledged_on"),
            ({"pledged_on": date(2025, 6, 30)}, "unit"),
            ({"code": "TT-2026-0001"}, "code"),
            ({"form": GiftForm.MONEY, "lines": []}, "amount"),
        ],
    )
    def test_bad_input_stands_at_its_field(self, world: World, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            pledge(world, **changes)
        assert list(refusal.value.message_dict) == [field]
        assert Gift.objects.count() == 1

    @pytest.mark.parametrize(
        ("quantity", "year", "field"), [(0, None, "quantity"), (-3, None, "quantity"), (1, 2027, "year")]
    )
    def test_a_bad_line_is_named_by_its_place(self, world: World, quantity: int, year: int | None, field: str) -> None:
        lines = [LineData(kind=world.pc, quantity=1), LineData(kind=world.pc, quantity=quantity, year=year)]
        with pytest.raises(ValidationError) as refusal:
            pledge(world, lines=lines)
        assert list(refusal.value.message_dict) == [f"lines-1-{field}"]

    def test_a_gift_in_kind_needs_a_line(self, world: World) -> None:
        with pytest.raises(ValidationError):
            pledge(world, lines=[])

    def test_a_sponsor_of_another_province_is_not_there(self, world: World) -> None:
        foreign = Sponsor.objects.create(name="Công ty Thanh Hóa", kept_by=world.cast.thanh_hoa)
        with pytest.raises(ValidationError) as refusal:
            pledge(world, sponsor=foreign)
        assert list(refusal.value.message_dict) == ["sponsor"]

    @pytest.mark.parametrize("person", ["enterer", "leader", "admin", "foreign_officer", "nobody"])
    def test_only_who_may_give_there(self, world: World, person: str) -> None:
        with pytest.raises(Denied):
            pledge(world, by=getattr(world.cast, person))

    def test_the_trail_is_written_with_the_pledge(self, world: World) -> None:
        entry = AuditEntry.objects.get(action="equipment.gift.create")
        assert (entry.actor, entry.unit_id, entry.object_id) == (
            world.cast.officer,
            world.cast.thai_nguyen.pk,
            str(world.gift.pk),
        )


class TestEdit:
    def test_a_line_never_falls_below_what_is_allotted(self, world: World) -> None:
        world.allot(world.cast.tan_cuong, world.cast.dai_phuc)
        line = LineData(kind=world.pc, quantity=1, line_id=world.line.pk)
        with pytest.raises(ValidationError) as refusal:
            edit_gift(gift=world.gift, changes={}, lines=[line], by=world.cast.officer, today=TODAY)
        assert list(refusal.value.message_dict) == ["lines-0-quantity"]

    def test_an_allotted_line_cannot_be_taken_away(self, world: World) -> None:
        world.allot(world.cast.tan_cuong)
        lines = [
            LineData(kind=world.pc, quantity=5, line_id=world.line.pk, remove=True),
            LineData(kind=world.pc, quantity=1),
        ]
        with pytest.raises(ValidationError):
            edit_gift(gift=world.gift, changes={}, lines=lines, by=world.cast.officer, today=TODAY)

    def test_only_what_changed_is_saved_and_told(self, world: World) -> None:
        edit_gift(
            gift=world.gift,
            changes={"title": "Tặng máy", "note": world.gift.note},
            by=world.cast.officer,
            today=TODAY,
        )
        entry = AuditEntry.objects.get(action="equipment.gift.edit")
        assert (entry.before, entry.after) == (
            {"title": "Tặng 5 máy tính cho Hội cơ sở"},
            {"title": "Tặng máy", "lines": []},
        )

    def test_an_edit_of_nothing_leaves_no_trace(self, world: World) -> None:
        edit_gift(gift=world.gift, changes={"title": world.gift.title}, by=world.cast.officer, today=TODAY)
        assert not AuditEntry.objects.filter(action="equipment.gift.edit").exists()


class TestEnd:
    def test_a_withdrawal_needs_a_reason_and_frees_open_allotments(self, world: World) -> None:
        world.confirmed(world.cast.tan_cuong)
        world.allot(world.cast.dai_phuc)
        with pytest.raises(ValidationError):
            withdraw_gift(gift=world.gift, reason="", by=world.cast.officer, on=TODAY)
        gift = withdraw_gift(gift=world.gift, reason="Công ty giải thể", by=world.cast.officer, on=TODAY)
        assert gift.state == GiftState.WITHDRAWN
        assert balance(gift).total == Stages(pledged=5, allotted=1, handed=1, received=1)

    def test_not_while_minutes_are_open(self, world: World) -> None:
        world.prepare(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            withdraw_gift(gift=world.gift, reason="Thôi", by=world.cast.officer)
        with pytest.raises(ValidationError):
            close_gift(gift=world.gift, by=world.cast.officer)

    def test_an_ended_gift_no_longer_changes(self, world: World) -> None:
        close_gift(gift=world.gift, by=world.cast.officer, on=TODAY)
        for verb in (
            lambda: world.allot(world.cast.tan_cuong),
            lambda: edit_gift(gift=world.gift, changes={"title": "Khác"}, by=world.cast.officer, today=TODAY),
            lambda: withdraw_gift(gift=world.gift, reason="x", by=world.cast.officer),
        ):
            with pytest.raises(ValidationError):
                verb()
        assert open_lines(world.cast.officer) == []


class TestMoney:
    def test_payments_stay_within_the_pledge(self, world: World) -> None:
        gift = pledge(world, form=GiftForm.MONEY, lines=[], amount=100_000_000)
        record_payment(gift=gift, on=TODAY, amount=60_000_000, by=world.cast.officer, today=TODAY)
        with pytest.raises(ValidationError) as refusal:
            record_payment(gift=gift, on=TODAY, amount=40_000_001, by=world.cast.officer, today=TODAY)
        assert list(refusal.value.message_dict) == ["amount"]
        assert (balance(gift).paid, balance(gift).open_money) == (60_000_000, 40_000_000)

    @pytest.mark.parametrize(
        ("on", "amount", "field"),
        [(date(2026, 11, 22), 1, "on"), (date(2026, 8, 1), 1, "on"), (TODAY, 0, "amount"), (TODAY, -5, "amount")],
    )
    def test_bad_payments(self, world: World, on: date, amount: int, field: str) -> None:
        gift = pledge(world, form=GiftForm.MONEY, lines=[], amount=100)
        with pytest.raises(ValidationError) as refusal:
            record_payment(gift=gift, on=on, amount=amount, by=world.cast.officer, today=TODAY)
        assert list(refusal.value.message_dict) == [field]

    def test_a_cancelled_payment_stays_visible_and_counts_no_more(self, world: World) -> None:
        gift = pledge(world, form=GiftForm.MONEY, lines=[], amount=100)
        payment = record_payment(gift=gift, on=TODAY, amount=100, by=world.cast.officer, today=TODAY)
        cancel_payment(payment=payment, reason="Ghi nhầm", by=world.cast.officer)
        told = balance(gift)
        assert (told.paid, [one.cancelled_for for one in told.payments]) == (0, ["Ghi nhầm"])

    def test_money_is_not_recorded_on_a_gift_in_kind(self, world: World) -> None:
        with pytest.raises(ValidationError):
            record_payment(gift=world.gift, on=TODAY, amount=1, by=world.cast.officer, today=TODAY)


class TestAllot:
    def test_never_more_than_the_line_has_left(self, world: World) -> None:
        with pytest.raises(ValidationError) as refusal:
            world.allot(world.cast.tan_cuong, world.cast.dai_phuc, quantity=3)
        assert list(refusal.value.message_dict) == ["shares"]
        assert Allotment.objects.count() == 0

    def test_not_twice_to_the_same_unit(self, world: World) -> None:
        world.allot(world.cast.tan_cuong)
        with pytest.raises(ValidationError) as refusal:
            world.allot(world.cast.tan_cuong)
        assert list(refusal.value.message_dict) == [f"unit_{world.cast.tan_cuong.pk}"]
        with pytest.raises(ValidationError):
            world.allot(world.cast.dai_phuc, world.cast.dai_phuc)
        assert left_of(world.line) == 4

    def test_again_after_a_cancelled_one(self, world: World) -> None:
        (allotment,) = world.allot(world.cast.tan_cuong)
        cancel_allotment(allotment=allotment, reason="Nhầm xã", by=world.cast.officer)
        world.allot(world.cast.tan_cuong)
        assert left_of(world.line) == 4

    @pytest.mark.parametrize(
        ("unit", "words"),
        [("thinh_duc", "30/06/2025"), ("sam_son", "Sầm Sơn"), ("centre", "Việt Nam")],
    )
    def test_closed_and_foreign_units_are_refused_by_name(self, world: World, unit: str, words: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            world.allot(getattr(world.cast, unit))
        assert words in str(refusal.value.messages)
        assert Allotment.objects.count() == 0

    @pytest.mark.parametrize("quantity", [0, -1])
    def test_a_quantity_below_one(self, world: World, quantity: int) -> None:
        with pytest.raises(ValidationError):
            world.allot(world.cast.tan_cuong, quantity=quantity)

    @pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 8, 31)])
    def test_a_day_in_the_future_or_before_the_pledge(self, world: World, on: date) -> None:
        with pytest.raises(ValidationError) as refusal:
            allot(line=world.line, shares=[Share(world.cast.tan_cuong)], on=on, by=world.cast.officer, today=TODAY)
        assert list(refusal.value.message_dict) == ["on"]

    @pytest.mark.parametrize("person", ["enterer", "leader", "foreign_officer", "nobody"])
    def test_only_the_giver(self, world: World, person: str) -> None:
        with pytest.raises(Denied):
            allot(
                line=world.line,
                shares=[Share(world.cast.tan_cuong)],
                on=PLEDGED,
                by=getattr(world.cast, person),
                today=TODAY,
            )

    def test_a_gift_to_the_closed_province_goes_to_units_of_its_successor(self, world: World) -> None:
        gift = pledge(world, unit=world.cast.old_thai_nguyen, pledged_on=date(2025, 3, 1))
        allot(
            line=gift.lines.get(), shares=[Share(world.cast.phu_dinh)], on=PLEDGED, by=world.cast.officer, today=TODAY
        )
        assert Allotment.objects.get().unit == world.cast.phu_dinh

    def test_what_is_in_minutes_cannot_be_cancelled(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            cancel_allotment(allotment=handover.lines.get().allotment, reason="x", by=world.cast.officer)
        assert Allotment.objects.get().state == AllotmentState.PREPARED


def test_the_stages_of_the_list_equal_those_of_the_gift(world: World) -> None:
    world.confirmed(world.cast.tan_cuong)
    world.handed(world.cast.dai_phuc)
    world.prepare(world.cast.phu_dinh)
    row = with_stages(Gift.objects.filter(pk=world.gift.pk)).get()
    total = balance(world.gift).total
    assert (row.pledged, row.allotted, row.handed, row.received, row.left) == (5, 3, 2, 1, 2)
    assert (total.pledged, total.allotted, total.handed, total.received, total.left) == (5, 3, 2, 1, 2)


class TestProposal:
    def test_none_before_weak_and_nothing_for_who_has_one_coming(self, world: World) -> None:
        cast = world.cast
        world.machine(cast.tan_cuong, ram_gb=2)
        world.machine(cast.dai_phuc, condition=Condition.LOST)
        world.machine(cast.phu_dinh)
        proposal = propose_allotment(world.line, left=5, on=TODAY)
        assert [unit.short_name for unit in proposal.units] == ["Đại Phúc", "Tân Cương"]
        assert (proposal.rest, proposal.gap, proposal.weak_model) == (3, 2, "")
        world.allot(cast.dai_phuc)
        assert [unit.short_name for unit in propose_allotment(world.line, left=4, on=TODAY).units] == ["Tân Cương"]

    def test_hard_places_first_among_equals_and_never_more_than_left(self, world: World) -> None:
        cast = world.cast
        for unit in (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh):
            world.machine(unit, ram_gb=2)
        cast.phu_dinh.remote = True
        cast.phu_dinh.save()
        assert [unit.short_name for unit in propose_allotment(world.line, left=2, on=TODAY).units] == [
            "Phú Đình",
            "Đại Phúc",
        ]

    def test_units_nobody_knows_about_are_not_given_to(self, world: World) -> None:
        assert propose_allotment(world.line, left=5, on=TODAY).units == ()

    def test_a_line_below_the_minimum_says_so(self, world: World) -> None:
        world.line.ram_gb = 2
        assert "RAM 2 GB < 4 GB" in propose_allotment(world.line, left=5, on=TODAY).weak_model


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_allot_the_last_machine_twice(on_postgres: None, world: World) -> None:
    world.allot(world.cast.phu_dinh, quantity=4)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def try_it(unit: Any) -> None:
        together.wait(10)
        try:
            allot(line=world.line, shares=[Share(unit)], on=PLEDGED, by=world.cast.officer, today=TODAY)
            outcomes.append("allotted")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=[unit]) for unit in (world.cast.tan_cuong, world.cast.dai_phuc)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["allotted", "refused"]
    assert left_of(world.line) == 0
