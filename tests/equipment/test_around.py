"""What others see of this room: duties, the check before a reorganisation, the sponsor's page, the administration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from equipment.actions.receipts import confirm_receipt
from equipment.checks import what_needs_a_decision
from equipment.choices import Condition
from equipment.duties import equipment_duties
from equipment.models import Gift, Item, MinimumSpecification
from equipment.starter import KINDS, load
from tests.equipment.conftest import TODAY, World
from units.models import Unit
from units.reorganisation_checks import PlannedChange, PlannedLink

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def on_this_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


class TestDuties:
    def test_the_receiver_is_asked_to_confirm(self, world: World) -> None:
        handover = world.handed(world.cast.tan_cuong)
        for person in (world.cast.enterer, world.cast.signer):
            (duty,) = equipment_duties(person)
            assert str(duty.title) == "Xác nhận đã nhận: 1 máy của Công ty CP Đầu tư VCI"
            assert duty.url == reverse("equipment:confirm", args=[handover.pk])
            assert duty.due == date(2026, 11, 16)
        for person in (world.cast.dai_phuc_enterer, world.cast.stranger, world.cast.leader, world.cast.nobody):
            assert equipment_duties(person) == []

    def test_the_giver_is_told_after_two_weeks_and_of_what_is_not_allotted(self, world: World) -> None:
        handover = world.handed(world.cast.tan_cuong)
        titles = [str(duty.title) for duty in equipment_duties(world.cast.officer)]
        assert titles == [
            "1 lần bàn giao quá 14 ngày chưa được xác nhận",
            "Còn 4 hiện vật chưa phân bổ: Tặng 5 máy tính cho Hội cơ sở",
        ]
        confirm_receipt(handover=handover, received_on=TODAY, by=world.cast.enterer, today=TODAY)
        assert len(equipment_duties(world.cast.officer)) == 1
        assert equipment_duties(world.cast.foreign_officer) == []


class TestBeforeAReorganisation:
    def plan(self, unit: Unit, *heirs: str) -> PlannedChange:
        links = [
            PlannedLink(unit, None, name, weight=100 if index == 0 else 0, counts=index == 0)
            for index, name in enumerate(heirs)
        ] or [PlannedLink(unit, None, "", weight=0, counts=False)]
        return PlannedChange(date(2026, 12, 1), tuple(links))

    def test_machines_of_a_divided_unit_need_a_look(self, world: World) -> None:
        world.machine(world.cast.tan_cuong)
        world.machine(world.cast.tan_cuong, condition=Condition.LOST)
        found = what_needs_a_decision(self.plan(world.cast.tan_cuong, "Xã A", "Xã B"))
        assert [(str(one.title), one.count) for one in found.decisions] == [
            ("Thiết bị của đơn vị bị chia Xã Tân Cương", 1)
        ]
        assert [(line.before, line.after, line.equal) for line in found.sums] == [(1, 1, True)]

    def test_machines_of_a_unit_that_ends_for_good(self, world: World) -> None:
        world.machine(world.cast.tan_cuong)
        found = what_needs_a_decision(self.plan(world.cast.tan_cuong))
        assert [str(one.title) for one in found.decisions] == ["Thiết bị của Xã Tân Cương"]

    def test_what_is_on_its_way(self, world: World) -> None:
        world.allot(world.cast.tan_cuong)
        found = what_needs_a_decision(self.plan(world.cast.tan_cuong, "Xã A"))
        assert [(str(one.title), one.count) for one in found.decisions] == [
            ("Thiết bị đang chờ giao cho Xã Tân Cương", 1)
        ]

    def test_nothing_there_nothing_said(self, world: World) -> None:
        found = what_needs_a_decision(self.plan(world.cast.tan_cuong, "Xã A", "Xã B"))
        assert (found.decisions, found.sums) == ((), ())


def test_the_sponsors_page_shows_its_gifts(world: World, client_of: ClientOf) -> None:
    world.confirmed(world.cast.tan_cuong)
    page = text(client_of(world.cast.officer).get(reverse("sponsors:detail", args=[world.sponsor.pk])))
    assert world.gift.title in page
    assert "đã nhận 1/5" in page


class TestTheAdministration:
    LISTS = ("gift", "item", "handover", "allotment")

    @pytest.mark.parametrize("name", LISTS)
    def test_lists_end_at_the_own_subtree(self, world: World, client_of: ClientOf, name: str) -> None:
        world.confirmed(world.cast.tan_cuong)
        address = reverse(f"admin:equipment_{name}_changelist")
        own = client_of(world.cast.admin).get(address)
        assert own.status_code == 200
        assert "Tân Cương" in text(own) or world.gift.title in text(own)
        foreign = client_of(world.cast.foreign_officer).get(address)
        assert foreign.status_code == 200
        assert "Tân Cương" not in text(foreign)
        assert world.gift.title not in text(foreign)
        assert client_of(world.cast.enterer).get(address).status_code == 302

    @pytest.mark.parametrize("name", LISTS)
    def test_one_record_with_its_rows(self, world: World, client_of: ClientOf, name: str) -> None:
        handover = world.confirmed(world.cast.tan_cuong)
        keys = {
            "gift": world.gift.pk,
            "item": Item.objects.get().pk,
            "handover": handover.pk,
            "allotment": handover.lines.get().allotment_id,
        }
        for person in (world.cast.admin, world.cast.national):
            answer = client_of(person).get(reverse(f"admin:equipment_{name}_change", args=[keys[name]]))
            assert answer.status_code == 200

    def test_a_correction_goes_through_the_verb(self, world: World, client_of: ClientOf) -> None:
        address = reverse("admin:equipment_gift_change", args=[world.gift.pk])
        client = client_of(world.cast.national)
        sent = {
            "code": world.gift.code,
            "title": "Tặng 5 máy tính để bàn",
            "sponsor": world.sponsor.pk,
            "pledged_on": "01/09/2026",
            "lines-TOTAL_FORMS": "0",
            "lines-INITIAL_FORMS": "0",
        }
        client.post(address, sent)
        assert Gift.objects.get().title == "Tặng 5 máy tính để bàn"
        assert AuditEntry.objects.filter(action="equipment.gift.edit").count() == 1

    def test_the_minimum_is_saved_by_its_verb(self, world: World, client_of: ClientOf) -> None:
        sent = {"valid_from": "01/01/2026", "min_ram_gb": "8", "min_storage_gb": "240", "max_age_years": "8"}
        client_of(world.cast.national).post(reverse("admin:equipment_minimumspecification_add"), sent)
        assert MinimumSpecification.objects.count() == 2
        assert AuditEntry.objects.filter(action="equipment.minimum.save").count() == 1
        assert client_of(world.cast.admin).get(reverse("admin:equipment_itemkind_changelist")).status_code == 403


def test_the_starter_set_is_loaded_once(db: None) -> None:
    assert load() == len(KINDS) + 1
    assert load() == 0
