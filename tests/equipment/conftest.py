"""The world of the equipment tests: the cast, the measures, the kinds, a sponsor, and a gift of five computers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.periods import make_month
from equipment import starter
from equipment.actions.allotments import Share, allot
from equipment.actions.gifts import LineData, create_gift
from equipment.actions.handovers import Paper, hand_over, prepare_handovers
from equipment.actions.items import NewItem, register_item
from equipment.actions.receipts import confirm_receipt
from equipment.models import Allotment, Gift, GiftLine, Handover, Item, ItemKind
from programmes import starter as catalogue
from programmes.models import Figure
from sponsors.models import Sponsor
from tests.cast import Cast
from units.models import Unit

TODAY = date(2026, 11, 21)
PLEDGED = date(2026, 9, 1)
PAPER = Paper(
    on=date(2026, 11, 2), place="Trụ sở Hội LHPN tỉnh", giver_name="Lê Thị Chuyên", giver_position="Chuyên viên"
)


@dataclass
class World:
    """What the tests of this room start with, and short ways through the story."""

    cast: Cast
    sponsor: Sponsor
    pc: ItemKind
    kit: ItemKind
    gift: Gift
    line: GiftLine

    def allot(self, *units: Unit, quantity: int = 1) -> list[Allotment]:
        shares = [Share(unit, quantity) for unit in units]
        return allot(line=self.line, shares=shares, on=PLEDGED, by=self.cast.officer, today=TODAY)

    def prepare(self, *units: Unit, quantity: int = 1) -> list[Handover]:
        return prepare_handovers(
            gift=self.gift,
            allotments=self.allot(*units, quantity=quantity),
            paper=PAPER,
            by=self.cast.officer,
            today=TODAY,
        )

    def handed(self, unit: Unit, quantity: int = 1) -> Handover:
        (handover,) = self.prepare(unit, quantity=quantity)
        return hand_over(handover=handover, by=self.cast.officer, today=TODAY)

    def confirmed(self, unit: Unit, **details: Any) -> Handover:
        handover = self.handed(unit, details.pop("quantity", 1))
        return confirm_receipt(
            handover=handover, received_on=date(2026, 11, 20), by=self.cast.enterer, today=TODAY, **details
        )

    def machine(self, unit: Unit, **details: Any) -> Item:
        """A machine that was there before, good unless said otherwise."""
        values = {"received_on": date(2025, 9, 10), "year": 2022, "ram_gb": 8, "storage_gb": 256, **details}
        return register_item(entry=NewItem(unit=unit, kind=self.pc, **values), by=self.cast.officer, today=TODAY)


@pytest.fixture
def world(cast: Cast) -> World:
    catalogue.load_registered()
    starter.load()
    sponsor = Sponsor.objects.create(name="Công ty CP Đầu tư VCI", kept_by=cast.thai_nguyen)
    pc, kit = ItemKind.objects.get(code="PC"), ItemKind.objects.get(code="TEST-KIT")
    details = {"model": "Dell Vostro", "ram_gb": 8, "storage_gb": 256, "year": 2026, "unit_value": 12_000_000}
    gift = create_gift(
        unit=cast.thai_nguyen,
        sponsor=sponsor,
        title="Tặng 5 máy tính cho Hội cơ sở",
        pledged_on=PLEDGED,
        lines=[LineData(kind=pc, quantity=5, **details)],
        by=cast.officer,
        today=TODAY,
    )
    return World(cast, sponsor, pc, kit, gift, gift.lines.get())


@pytest.fixture
def figures() -> Callable[[Unit], dict[str, dict[int, int]]]:
    """The stored figures of this room at a unit: code → month → value."""

    def read(unit: Unit) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        rows = Figure.objects.filter(unit=unit, measure__code__startswith="EQ-")
        for code, period, value in rows.values_list("measure__code", "period", "value"):
            found.setdefault(code, {})[period] = int(Decimal(value))
        return found

    return read


NOVEMBER = make_month(2026, 11)
