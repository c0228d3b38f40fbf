"""The gift of 166 computers (article 000): 177 unions, 11 fit, 145 weak or broken, 21 without; and what came of it."""

from __future__ import annotations

import random
from datetime import date, timedelta

from demo.story.keepers import NEW_ORDER, Keepers, communes, let_receive, province
from equipment.actions.allotments import Share, allot
from equipment.actions.gifts import LineData, create_gift
from equipment.actions.handovers import Paper, hand_over, prepare_handovers
from equipment.actions.items import NewItem, declare_no_computer, record_event, register_items
from equipment.actions.receipts import Received, confirm_receipt
from equipment.choices import Condition, ItemEventKind
from equipment.models import Gift, Handover, Item, ItemKind
from programmes.models import Programme
from sponsors.actions import add_sponsor
from sponsors.models import SponsorKind
from units.models import Unit

CEREMONY = date(2023, 10, 27)
SURVEY = date(2023, 9, 15)
BOUGHT = date(2020, 3, 2)
FIT, WEAK, NONE = 11, 145, 21
ROUNDS = ((date(2023, 11, 10), 60), (date(2023, 11, 24), 60), (date(2023, 12, 8), 46))
_draw = random.Random("Thái Nguyên 2023")  # noqa: S311 - sample data


def survey(people: Keepers) -> list[Unit]:
    """What the province found before the gift; returns the 166 units that need a machine."""
    units = communes(province("19", CEREMONY), CEREMONY)
    if len(units) != FIT + WEAK + NONE:
        raise ValueError(f"Thái Nguyên has {len(units)} commune unions on {CEREMONY}, the article says 177")
    order = _draw.sample(units, len(units))
    desktop = ItemKind.objects.get(code="PC")
    good = [
        new_machine(unit, desktop, ram=8, storage=256, year=2021, received=date(2021, 5, 4)) for unit in order[:FIT]
    ]
    poor = [_old_machine(unit, desktop, index) for index, unit in enumerate(order[FIT : FIT + WEAK])]
    register_items(entries=[*good, *poor], by=people.enterer)
    for unit in order[FIT + WEAK :]:
        declare_no_computer(
            unit=unit, on=SURVEY, by=people.enterer, note="Khảo sát của tỉnh trước đợt tài trợ", sample=True
        )
    return order[FIT:]


def gift_of_vci(people: Keepers, needy: list[Unit], programme: Programme) -> Gift:
    """The pledge of 27/10/2023, its allotment, and the handovers that made it real."""
    home = province("19", NEW_ORDER)
    sponsor = add_sponsor(
        kept_by=home,
        by=people.officer,
        name="Công ty Cổ phần Đầu tư VCI (VCI-GROUP)",
        kind=SponsorKind.COMPANY,
        contact_name="Phạm Thanh Lâm",
        contact_position="Tổng giám đốc",
    )
    gift = create_gift(
        unit=province("19", CEREMONY),
        sponsor=sponsor,
        title="166 bộ máy tính cho Hội LHPN cấp xã tỉnh Thái Nguyên",
        pledged_on=CEREMONY,
        by=people.officer,
        lines=[_machine_of_vci(len(needy))],
        ceremony_on=CEREMONY,
        ceremony_place="Thái Nguyên",
        connecting_body="Sở Thông tin và Truyền thông tỉnh Thái Nguyên",
        wishes="Ưu tiên đơn vị chưa có máy và đơn vị có máy hỏng, cấu hình yếu.",
        programme=programme,
        note="Số lượng, ngày và bên kết nối theo báo chí; hiệu máy, đơn giá và ngày bàn giao từng xã là dữ liệu mẫu.",
    )
    line = gift.lines.get()
    allot(
        line=line,
        shares=[Share(unit) for unit in needy],
        on=CEREMONY,
        by=people.officer,
        reason="Theo khảo sát: 21 đơn vị chưa có máy, 145 đơn vị có máy hỏng hoặc yếu",
    )
    let_receive(people.receiver, needy)
    _deliver(people, gift)
    return gift


def _machine_of_vci(quantity: int) -> LineData:
    return LineData(
        kind=ItemKind.objects.get(code="PC"),
        quantity=quantity,
        model="FPT Elead S88",
        specification="Core i3, RAM 8 GB, SSD 256 GB, màn hình 21,5 inch",
        ram_gb=8,
        storage_gb=256,
        year=2023,
        unit_value=12_060_000,
    )


def _deliver(people: Keepers, gift: Gift) -> None:
    waiting = list(gift.lines.get().allotments.order_by("pk"))
    serial = 0
    for day, count in ROUNDS:
        batch, waiting = waiting[:count], waiting[count:]
        paper = Paper(
            on=day,
            place="Hội LHPN tỉnh Thái Nguyên",
            giver_name="Phạm Thị Thu Thủy",
            giver_position="Chủ tịch Hội LHPN tỉnh",
            legal_basis="Thư tài trợ ngày 27/10/2023 của VCI-GROUP",
        )
        handovers = prepare_handovers(
            gift=gift, allotments=batch, paper=paper, by=people.officer, today=day, sample=True
        )
        for handover in handovers:
            serial += 1
            _receive(people, handover, f"VCI23-{serial:04d}", day)


def _receive(people: Keepers, handover: Handover, serial: str, day: date) -> None:
    hand_over(handover=handover, by=people.officer, on=day, today=day)
    received = day + timedelta(days=_draw.randint(0, 9))
    lines = [Received(line.pk, line.quantity, (serial,)) for line in handover.lines.all()]
    confirm_receipt(
        handover=handover,
        received_on=received,
        by=people.receiver,
        lines=lines,
        receiver_name="Đại diện Hội LHPN " + handover.receiver.name.lower(),
        today=received,
    )


def bac_kan(people: Keepers) -> None:
    """Generated: the machines of Bắc Kạn's 108 unions before the merger; some units never declared anything."""
    day = date(2024, 5, 20)
    units = communes(province("06", day), day)
    desktop = ItemKind.objects.get(code="PC")
    poor = _successors_short_of_machines(units)
    entries = []
    for index, unit in enumerate(units):
        if unit.pk not in poor:
            entries.append(new_machine(unit, desktop, ram=8, storage=240, year=2022, received=day))
        elif index % 3:
            entries.append(_old_machine(unit, desktop, index))
    register_items(entries=entries, by=people.enterer)


def _successors_short_of_machines(units: list[Unit]) -> set[int]:
    """All old units of every seventh new commune: these new communes start without a fit machine."""
    by_heir: dict[int, list[int]] = {}
    for unit in units:
        heir = unit.successions.exclude(share="part").values_list("successor_id", flat=True).first()
        by_heir.setdefault(heir, []).append(unit.pk)
    chosen = [olds for index, (_heir, olds) in enumerate(sorted(by_heir.items())) if index % 7 == 3]
    return {pk for olds in chosen for pk in olds}


def later_life(people: Keepers) -> None:
    """Generated: in 2026 two communes lost their last fit machine, one of them repaired it."""
    for name, broken, repaired in (
        ("Tân Cương", date(2026, 8, 12), None),
        ("Phú Đình", date(2026, 3, 3), date(2026, 4, 20)),
    ):
        for item in Item.objects.filter(unit__short_name=name, unit__valid_to__isnull=True, condition=Condition.GOOD):
            record_event(item=item, kind=ItemEventKind.BROKEN, on=broken, by=people.enterer, note="hỏng bo mạch chủ")
            if repaired:
                record_event(
                    item=item, kind=ItemEventKind.REPAIRED, on=repaired, by=people.enterer, note="đã thay bo mạch"
                )


def wear(people: Keepers) -> None:
    """Generated: machines of some communes of every sample province break in the course of 2026."""
    for code, every in (("19", 23), ("38", 11), ("92", 6), ("31", 9)):
        for index, unit in enumerate(communes(province(code, NEW_ORDER), NEW_ORDER)):
            if index % every == 2 and unit.short_name != "Tân Cương":
                day = date(2026, 1, 15) + timedelta(days=index * 37 % 280)
                for item in Item.objects.filter(unit=unit, condition=Condition.GOOD):
                    record_event(item=item, kind=ItemEventKind.BROKEN, on=day, by=people.enterer, note="hỏng ổ cứng")


def open_gift(people: Keepers, programme: Programme) -> None:
    """Generated: a gift that could close the gap; one machine is on its way to Tân Cương and waits for its receipt."""
    home = province("19", NEW_ORDER)
    sponsor = add_sponsor(
        kept_by=home, by=people.officer, name="Công ty TNHH Công nghệ Sông Cầu (đơn vị mẫu)", kind=SponsorKind.COMPANY
    )
    gift = create_gift(
        unit=home,
        sponsor=sponsor,
        title="20 bộ máy tính để bàn năm 2026 cho cơ sở Hội còn thiếu",
        pledged_on=date(2026, 9, 15),
        by=people.officer,
        ceremony_on=date(2026, 10, 20),
        ceremony_place="Phường Phan Đình Phùng, tỉnh Thái Nguyên",
        wishes="Ưu tiên xã vùng cao, xã chưa có máy.",
        lines=[
            LineData(
                kind=ItemKind.objects.get(code="PC"),
                quantity=20,
                model="CMS X-Media",
                ram_gb=8,
                storage_gb=256,
                year=2026,
                unit_value=11_500_000,
            )
        ],
        programme=programme,
        sample=True,
    )
    tan_cuong = Unit.objects.below(home).get(short_name="Tân Cương", valid_to__isnull=True)
    day = date(2026, 11, 16)
    given = allot(line=gift.lines.get(), shares=[Share(tan_cuong)], on=day, by=people.officer, reason="Máy cũ đã hỏng")
    paper = Paper(on=day, place="Hội LHPN tỉnh Thái Nguyên", giver_name="Lê Thị Thu Hà", giver_position="Chuyên viên")
    for handover in prepare_handovers(
        gift=gift, allotments=given, paper=paper, by=people.officer, today=day, sample=True
    ):
        hand_over(handover=handover, by=people.officer, on=day, today=day)


def kits_of_2021(people: Keepers) -> None:
    """Article 003: 5,000 test kits for the province, delivered on the day of the meeting."""
    day = date(2021, 6, 1)
    unit = province("19", day)
    sponsor = add_sponsor(
        kept_by=province("19", NEW_ORDER),
        by=people.officer,
        name="Công ty Cổ phần Tiến bộ Quốc tế",
        kind=SponsorKind.COMPANY,
    )
    gift = create_gift(
        unit=unit,
        sponsor=sponsor,
        title="5.000 bộ kít xét nghiệm SARS-CoV-2",
        pledged_on=day,
        by=people.officer,
        lines=[LineData(kind=ItemKind.objects.get(code="TEST-KIT"), quantity=5000)],
        ceremony_on=day,
        ceremony_place="Tỉnh ủy Thái Nguyên",
        note="Bài báo không ghi ngày: lấy 01/06/2021 làm dữ liệu mẫu.",
    )
    let_receive(people.receiver, [unit])
    given = allot(line=gift.lines.get(), shares=[Share(unit, 5000)], on=day, by=people.officer)
    paper = Paper(on=day, place="Thái Nguyên", giver_name="Công ty Cổ phần Tiến bộ Quốc tế")
    for handover in prepare_handovers(
        gift=gift, allotments=given, paper=paper, by=people.officer, today=day, sample=True
    ):
        hand_over(handover=handover, by=people.officer, on=day, today=day)
        confirm_receipt(handover=handover, received_on=day, by=people.receiver, today=day)


def new_machine(unit: Unit, kind: ItemKind, *, ram: int, storage: int, year: int, received: date) -> NewItem:
    return NewItem(
        unit=unit,
        kind=kind,
        received_on=received,
        model="Máy tính để bàn",
        ram_gb=ram,
        storage_gb=storage,
        year=year,
        place="Văn phòng Hội",
        sample=True,
    )


def _old_machine(unit: Unit, kind: ItemKind, index: int) -> NewItem:
    broken = index % 2 == 0
    return NewItem(
        unit=unit,
        kind=kind,
        received_on=BOUGHT,
        model="Máy tính để bàn cũ",
        ram_gb=2,
        storage_gb=250,
        year=2011 + index % 4,
        place="Văn phòng Hội",
        sample=True,
        condition=Condition.BROKEN if broken else Condition.WEAK,
        condition_on=SURVEY,
        note="khảo sát trước đợt tài trợ",
    )
