"""The story: pledge → allot → hand over → confirm → the percentage moves → open it down to the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from core.periods import make_month
from core.verdicts import Denied
from equipment.actions.gifts import LineData, edit_gift
from equipment.actions.handovers import cancel_handover, edit_handover, hand_over, prepare_handovers
from equipment.actions.receipts import Received, attach_scan, confirm_receipt, refuse_receipt
from equipment.choices import AllotmentState, ComputerState, Condition, HandoverState
from equipment.models import Allotment, Handover, Item, UnitEquipment
from equipment.queries.gaps import count_states, gap_list, gap_notes, reporting_units
from equipment.queries.gifts import Stages, balance, sponsor_balance
from equipment.queries.records import records_behind
from programmes.models import Total
from programmes.registered import measure
from tests.equipment.conftest import NOVEMBER, PAPER, TODAY, World
from units.models import Unit

Figures = Callable[[Unit], dict[str, dict[int, int]]]


def total(unit: Unit, code: str, month: int) -> int:
    """The running sum of a measure under a unit, in whole units."""
    rows = Total.objects.filter(unit=unit, measure=measure(code), period__lte=month)
    return sum(rows.values_list("change", flat=True)) // 10_000


def stages(world: World) -> Stages:
    return balance(world.gift).total


def test_a_pledge_is_not_a_delivery(world: World, figures: Figures) -> None:
    assert stages(world) == Stages(pledged=5)
    world.allot(world.cast.tan_cuong)
    assert stages(world) == Stages(pledged=5, allotted=1)
    assert (stages(world).left, Item.objects.count(), figures(world.cast.tan_cuong)) == (4, 0, {})


def test_only_the_confirmed_handover_moves_figures_totals_and_state(world: World, figures: Figures) -> None:
    unit, cast = world.cast.tan_cuong, world.cast
    world.machine(unit, ram_gb=2, received_on=date(2025, 9, 10))
    assert total(cast.thai_nguyen, "EQ-FIT", NOVEMBER) == 0
    handover = world.handed(unit)
    assert stages(world) == Stages(pledged=5, allotted=1, handed=1)
    assert "EQ-GIVEN" not in figures(unit)
    confirm_receipt(
        handover=handover,
        received_on=date(2026, 11, 20),
        by=cast.enterer,
        lines=[Received(handover.lines.get().pk, 1, ("sn-001",))],
        today=TODAY,
    )
    assert stages(world) == Stages(pledged=5, allotted=1, handed=1, received=1)
    item = Item.objects.get(serial="SN-001")
    assert (item.unit, item.model, item.condition, item.value) == (unit, "Dell Vostro", Condition.GOOD, 12_000_000)
    assert item.handover_line == handover.lines.get()
    assert figures(unit) == {
        "EQ-WORKING": {make_month(2025, 9): 1},
        "EQ-FIT": {make_month(2025, 9): 0, NOVEMBER: 1},
        "EQ-SHARED": {make_month(2025, 9): 0},
        "EQ-WEAK": {make_month(2025, 9): 1, NOVEMBER: 0},
        "EQ-NONE": {make_month(2025, 9): 0},
        "EQ-GIVEN": {NOVEMBER: 1},
        "EQ-VALUE": {NOVEMBER: 12_000_000},
    }
    assert total(cast.thai_nguyen, "EQ-FIT", NOVEMBER) == 1
    assert total(cast.centre, "EQ-WEAK", NOVEMBER) == 0
    assert total(cast.centre, "EQ-VALUE", NOVEMBER) == 12_000_000
    assert UnitEquipment.objects.get(unit=unit).state == ComputerState.FIT


def test_the_gap_list_moves_in_the_same_second(world: World) -> None:
    cast = world.cast
    world.machine(cast.tan_cuong, condition=Condition.BROKEN)
    assert cast.tan_cuong in gap_list(cast.officer, TODAY)
    world.confirmed(cast.tan_cuong)
    assert cast.tan_cuong not in gap_list(cast.officer, TODAY)
    counted = count_states(reporting_units(cast.officer, TODAY))
    assert (counted.units, counted.fit, counted.lacking, counted.unknown) == (4, 1, 0, 3)


def test_the_percentage_opens_down_to_the_machine_and_its_minutes(world: World) -> None:
    cast = world.cast
    scan = SimpleUploadedFile("bb 12.pdf", b"%PDF-1.4 signed")
    handover = world.confirmed(cast.tan_cuong, scan=scan)
    (record,) = records_behind([cast.tan_cuong.pk], "EQ-FIT", NOVEMBER, today=TODAY)
    assert (record.unit_name, record.state, len(record.machines)) == ("Xã Tân Cương", ComputerState.FIT, 1)
    (minutes,) = record.minutes
    assert (minutes.number, minutes.confirmed_by, minutes.has_scan) == (handover.number, "Hoàng Thị Nhập", True)
    assert minutes.sponsor == "Công ty CP Đầu tư VCI"
    assert records_behind([cast.tan_cuong.pk], "EQ-FIT", make_month(2026, 10), today=TODAY)[0].machines == ()
    (given,) = records_behind([cast.tan_cuong.pk], "EQ-GIVEN", NOVEMBER, today=TODAY)
    assert (given.minutes[0].quantity, given.minutes[0].value) == (1, 12_000_000)


class TestWhoMayConfirm:
    @pytest.mark.parametrize(
        "person", ["officer", "officer2", "national", "admin", "leader", "dai_phuc_enterer", "stranger"]
    )
    def test_nobody_but_the_receiver(self, world: World, person: str) -> None:
        handover = world.handed(world.cast.tan_cuong)
        with pytest.raises(Denied) as refusal:
            confirm_receipt(handover=handover, received_on=TODAY, by=getattr(world.cast, person), today=TODAY)
        assert "Xã Tân Cương" in refusal.value.reason
        assert Item.objects.count() == 0

    @pytest.mark.parametrize("person", ["enterer", "signer"])
    def test_the_receivers_own_people(self, world: World, person: str) -> None:
        handover = world.handed(world.cast.tan_cuong)
        confirm_receipt(handover=handover, received_on=TODAY, by=getattr(world.cast, person), today=TODAY)
        assert Item.objects.get().unit == world.cast.tan_cuong

    def test_a_province_that_keeps_one_itself_needs_a_second_person(self, world: World) -> None:
        handover = world.handed(world.cast.thai_nguyen)
        with pytest.raises(Denied):
            confirm_receipt(handover=handover, received_on=TODAY, by=world.cast.officer, today=TODAY)
        confirm_receipt(handover=handover, received_on=TODAY, by=world.cast.officer2, today=TODAY)
        assert Item.objects.get().unit == world.cast.thai_nguyen


def test_confirming_twice_has_one_effect(world: World, figures: Figures) -> None:
    handover = world.confirmed(world.cast.tan_cuong)
    confirm_receipt(handover=handover, received_on=TODAY, by=world.cast.signer, today=TODAY)
    assert Item.objects.count() == 1
    assert figures(world.cast.tan_cuong)["EQ-GIVEN"] == {NOVEMBER: 1}
    assert AuditEntry.objects.filter(action="equipment.receipt.confirm").count() == 1


class TestWhatTheReceiverMayNotEnter:
    @pytest.mark.parametrize(
        ("quantity", "serials", "field"),
        [(-1, (), "quantity"), (3, (), "quantity"), (1, ("A", "B"), "serials"), (2, ("A", " a "), "serials")],
    )
    def test_quantities_and_serials(self, world: World, quantity: int, serials: tuple, field: str) -> None:
        handover = world.handed(world.cast.tan_cuong, quantity=2)
        line = handover.lines.get()
        with pytest.raises(ValidationError) as refusal:
            confirm_receipt(
                handover=handover,
                received_on=TODAY,
                by=world.cast.enterer,
                lines=[Received(line.pk, quantity, serials)],
                today=TODAY,
            )
        assert list(refusal.value.message_dict) == [f"{field}_{line.pk}"]
        assert Item.objects.count() == 0

    def test_a_serial_that_another_machine_has(self, world: World) -> None:
        world.machine(world.cast.dai_phuc, serial="SN-7")
        line = (handover := world.handed(world.cast.tan_cuong)).lines.get()
        with pytest.raises(ValidationError, match="SN-7"):
            confirm_receipt(
                handover=handover,
                received_on=TODAY,
                by=world.cast.enterer,
                lines=[Received(line.pk, 1, ("sn-7",))],
                today=TODAY,
            )

    @pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 1)])
    def test_a_day_in_the_future_or_before_the_handover(self, world: World, day: date) -> None:
        handover = world.handed(world.cast.tan_cuong)
        with pytest.raises(ValidationError) as refusal:
            confirm_receipt(handover=handover, received_on=day, by=world.cast.enterer, today=TODAY)
        assert list(refusal.value.message_dict) == ["received_on"]

    @pytest.mark.parametrize("content", [b"", b"MZ\x90 program", b"<html>", b"PK\x03\x04 zip", b"GIF89a"])
    def test_a_scan_that_is_no_picture_and_no_pdf(self, world: World, content: bytes) -> None:
        scan = SimpleUploadedFile("bien-ban.pdf", content, content_type="application/pdf")
        with pytest.raises(ValidationError) as refusal:
            world.confirmed(world.cast.tan_cuong, scan=scan)
        assert list(refusal.value.message_dict) == ["scan"]
        assert Handover.objects.get().state == HandoverState.HANDED

    def test_a_scan_of_more_than_ten_megabytes(self, world: World) -> None:
        scan = SimpleUploadedFile("to.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024))
        with pytest.raises(ValidationError, match="10 MB"):
            world.confirmed(world.cast.tan_cuong, scan=scan)

    def test_nothing_at_all(self, world: World) -> None:
        handover = world.handed(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            confirm_receipt(
                handover=handover,
                received_on=TODAY,
                by=world.cast.enterer,
                lines=[Received(handover.lines.get().pk, 0)],
                today=TODAY,
            )


def test_the_scan_keeps_its_name_but_lies_under_a_random_one(world: World) -> None:
    scan = SimpleUploadedFile("../../Biên bản <1>.JPEG", b"\xff\xd8\xff\xe0 jpeg")
    handover = world.confirmed(world.cast.tan_cuong, scan=scan)
    assert (handover.scan_name, handover.scan_type) == ("Biên bản <1>.jpg", "image/jpeg")
    assert "Bi" not in handover.scan.name
    with handover.scan.open() as stored:
        assert stored.read() == b"\xff\xd8\xff\xe0 jpeg"


def test_a_short_delivery_leaves_the_rest_allotted(world: World, figures: Figures) -> None:
    handover = world.handed(world.cast.tan_cuong, quantity=3)
    line = handover.lines.get()
    confirm_receipt(
        handover=handover, received_on=TODAY, by=world.cast.enterer, lines=[Received(line.pk, 2, ("A1",))], today=TODAY
    )
    assert Item.objects.filter(serial="A1").count() == 1
    assert Item.objects.count() == 2
    assert figures(world.cast.tan_cuong)["EQ-GIVEN"] == {NOVEMBER: 2}
    rest = Allotment.objects.get(state=AllotmentState.OPEN)
    assert (rest.quantity, rest.unit, stages(world)) == (1, world.cast.tan_cuong, Stages(5, 3, 2, 2))
    (again,) = prepare_handovers(gift=world.gift, allotments=[rest], paper=PAPER, by=world.cast.officer, today=TODAY)
    assert again.sequence == handover.sequence + 1


def test_a_refusal_opens_the_allotment_and_keeps_the_reason(world: World) -> None:
    handover = world.handed(world.cast.tan_cuong)
    with pytest.raises(ValidationError):
        refuse_receipt(handover=handover, reason="  ", by=world.cast.enterer)
    with pytest.raises(Denied):
        refuse_receipt(handover=handover, reason="Máy vỡ", by=world.cast.officer)
    refused = refuse_receipt(handover=handover, reason="Máy vỡ màn hình", by=world.cast.enterer)
    assert (refused.state, refused.refusal) == (HandoverState.REFUSED, "Máy vỡ màn hình")
    allotment = Allotment.objects.get()
    assert allotment.state == AllotmentState.OPEN
    prepare_handovers(gift=world.gift, allotments=[allotment], paper=PAPER, by=world.cast.officer, today=TODAY)
    assert stages(world) == Stages(pledged=5, allotted=1)


class TestMinutes:
    def test_many_receivers_get_one_series_of_numbers(self, world: World) -> None:
        cast = world.cast
        made = world.prepare(cast.tan_cuong, cast.dai_phuc, cast.phu_dinh)
        assert [(paper.receiver.short_name, paper.number) for paper in made] == [
            ("Đại Phúc", "01/BB-BTV"),
            ("Phú Đình", "02/BB-BTV"),
            ("Tân Cương", "03/BB-BTV"),
        ]
        assert set(Allotment.objects.values_list("state", flat=True)) == {AllotmentState.PREPARED}

    def test_a_used_number_is_refused_at_its_field(self, world: World) -> None:
        world.prepare(world.cast.tan_cuong)
        allotments = world.allot(world.cast.dai_phuc)
        with pytest.raises(ValidationError) as refusal:
            prepare_handovers(
                gift=world.gift, allotments=allotments, paper=PAPER, first_number=1, by=world.cast.officer, today=TODAY
            )
        assert list(refusal.value.message_dict) == ["first_number"]

    def test_an_allotment_stands_in_one_set_of_minutes(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            prepare_handovers(
                gift=world.gift,
                allotments=[handover.lines.get().allotment],
                paper=PAPER,
                by=world.cast.officer,
                today=TODAY,
            )

    def test_cancelled_minutes_free_the_allotment_and_keep_their_number(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        cancel_handover(handover=handover, reason="In nhầm", by=world.cast.officer)
        allotment = Allotment.objects.get()
        (again,) = prepare_handovers(
            gift=world.gift, allotments=[allotment], paper=PAPER, by=world.cast.officer, today=TODAY
        )
        assert again.sequence == 2

    def test_serials_typed_by_the_giver_become_the_items(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        line = handover.lines.get()
        edit_handover(handover=handover, changes={"place": "Xã"}, serials={line.pk: ["x-1"]}, by=world.cast.officer)
        hand_over(handover=handover, by=world.cast.officer, today=TODAY)
        confirm_receipt(handover=handover, received_on=TODAY, by=world.cast.enterer, today=TODAY)
        assert Item.objects.get().serial == "X-1"

    def test_handing_over_in_the_future_is_refused(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            hand_over(handover=handover, by=world.cast.officer, on=date(2026, 11, 22), today=TODAY)

    def test_a_commune_cannot_prepare_or_hand_over(self, world: World) -> None:
        (handover,) = world.prepare(world.cast.tan_cuong)
        with pytest.raises(Denied):
            hand_over(handover=handover, by=world.cast.enterer, today=TODAY)

    def test_confirmed_minutes_cannot_be_cancelled(self, world: World) -> None:
        handover = world.confirmed(world.cast.tan_cuong)
        with pytest.raises(ValidationError):
            cancel_handover(handover=handover, reason="Nhầm", by=world.cast.officer)

    def test_a_scan_may_come_later_from_either_party_only(self, world: World) -> None:
        handover = world.confirmed(world.cast.tan_cuong)
        for person in (world.cast.officer, world.cast.signer):
            attach_scan(handover=handover, scan=SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n.."), by=person)
        with pytest.raises(Denied):
            attach_scan(
                handover=handover, scan=SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n.."), by=world.cast.stranger
            )


def test_test_kits_are_counted_and_not_registered(world: World, figures: Figures) -> None:
    edit_gift(
        gift=world.gift,
        changes={},
        lines=[LineData(kind=world.kit, quantity=5000, unit_value=50_000)],
        by=world.cast.officer,
        today=TODAY,
    )
    world.line = world.gift.lines.get(kind=world.kit)
    world.confirmed(world.cast.tan_cuong, quantity=5000)
    assert Item.objects.count() == 0
    assert figures(world.cast.tan_cuong) == {"EQ-VALUE": {NOVEMBER: 250_000_000}}


def test_the_sponsors_balance_counts_deliveries_apart(world: World) -> None:
    world.confirmed(world.cast.tan_cuong)
    found = sponsor_balance(world.sponsor, user=world.cast.officer)
    assert (found.gifts, found.things, found.items, found.items_in_use) == (1, Stages(5, 1, 1, 1), 1, 1)
    assert sponsor_balance(world.sponsor, user=world.cast.stranger).gifts == 0


def test_the_list_says_what_is_coming(world: World) -> None:
    world.allot(world.cast.tan_cuong)
    note = gap_notes([world.cast.tan_cuong.pk], world.cast.officer, TODAY)[world.cast.tan_cuong.pk]
    (coming,) = note.coming
    assert (coming.quantity, coming.gift_title, coming.state) == (1, world.gift.title, AllotmentState.OPEN)
