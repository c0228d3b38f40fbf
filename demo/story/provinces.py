"""The other articles: Thanh Hóa's figures, Hậu Giang's gifts, Hải Dương's teams, and Thái Nguyên's rank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from core.periods import make_month, month_of
from demo.story.keepers import LAST_DAY_OF_OLD, NEW_ORDER, Keepers, communes, province
from demo.story.plans import Programmes
from demo.story.thai_nguyen import new_machine
from equipment.actions.gifts import LineData, create_gift
from equipment.actions.items import register_items
from equipment.models import ItemKind
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from programmes.models import Measure
from sponsors.actions import add_sponsor
from sponsors.models import SponsorKind
from trainings.actions import record_training
from trainings.choices import Topic, TrainingKind
from trainings.rules import TrainingDetails
from units.models import Unit

WOMEN_DAY = date(2024, 3, 8)  # the day of the article on Thanh Hóa


def thanh_hoa(people: Keepers, found: Programmes) -> None:
    """Article 002 of 08/03/2024: 212,013 women trained, 7,192 supported, 1,012 firms, 156 models, 103/305 ideas."""
    unit = province("38", WOMEN_DAY)
    record_training(
        by=people.enterer,
        today=WOMEN_DAY,
        details=TrainingDetails(
            title="Các lớp tập huấn chuyển đổi số của các cấp Hội Thanh Hóa, lũy kế đến 8/3/2024",
            topic=Topic.DIGITAL,
            organiser=unit,
            start=date(2022, 1, 1),
            end=date(2024, 3, 7),
            kind=TrainingKind.CLASS,
            turns=212_013,
            women=212_013,
            programme=found.union,
            place="Thanh Hóa",
            note="212.013 phụ nữ được tập huấn: số lũy kế của bài báo, ghi một lần vì không có số theo tháng.",
        ),
    )
    values = {"ST-WOMEN": 7_192, "ST-FIRMS": 1_012, "CL-MODELS": 156, "ID-HONOURED": 103, "ID-ENTERED": 305}
    article(people, unit, values, make_month(2024, 2), "Báo Thanh Hóa 8/3/2024")


def rank(people: Keepers) -> None:
    """Article 000: Thái Nguyên 8/63 in 2021 and 2022."""
    unit = province("19", LAST_DAY_OF_OLD)
    for year in (2021, 2022):
        article(people, unit, {"PV-RANK": 8, "PV-RANKED": 63}, make_month(year, 12), "Bài báo tháng 10/2023")


def procedures(people: Keepers) -> None:
    """Article 003: 100% of procedures of level 4 online after five months; the number of procedures is a sample."""
    unit = province("19", LAST_DAY_OF_OLD)
    article(people, unit, {"PV-PROC": 1_250, "PV-PROC-ONLINE": 1_250}, make_month(2021, 5), "100%: bài báo năm 2021")


def hau_giang(people: Keepers) -> None:
    """Article 001: symbolic boards for 2 charity homes (100 million) and 20 houses (1 billion), 22/06/2023."""
    day = date(2023, 6, 22)
    unit, home = province("93", day), province("92", NEW_ORDER)
    house = ItemKind.objects.get(code="HOUSE")
    for name, title, quantity, each, body in (
        ("Trung ương Hội LHPN Việt Nam", "2 Mái ấm tình thương", 2, 50_000_000, "Tôn Ngọc Hạnh"),
        ("Tỉnh ủy Hậu Giang", "20 nhà đại đoàn kết", 20, 50_000_000, "Trần Văn Huyến"),
    ):
        sponsor = add_sponsor(kept_by=home, by=people.national, name=name, kind=SponsorKind.STATE, contact_name=body)
        create_gift(
            unit=unit,
            sponsor=sponsor,
            title=f"{title} cho Hội LHPN tỉnh Hậu Giang",
            pledged_on=day,
            by=people.national,
            lines=[LineData(kind=house, quantity=quantity, unit_value=each)],
            ceremony_on=day,
            ceremony_place="Hội thảo chuyển đổi số các tỉnh đồng bằng sông Cửu Long, Hậu Giang",
            note="Bài báo chỉ ghi bảng tượng trưng: chưa có biên bản bàn giao nào.",
        )


def hai_duong(people: Keepers) -> None:
    """Article 004: teams in all communes before 30/04/2022. That each commune has one is generated."""
    month = make_month(2022, 4)
    units = communes(province("30", date(2022, 4, 30)), date(2022, 4, 30))
    values = {"TM-ALL": 1, "TM-COMMUNE": 1}
    entries = _entries([unit.pk for unit in units], values, month)
    record_figures(
        entries=entries,
        provenance=Provenance.IMPORT,
        by=people.enterer,
        reference="Dữ liệu mẫu",
        as_of=date(2022, 4, 30),
    )


def machines(people: Keepers) -> None:
    """Generated: machines of the old communes of three provinces, so that provinces can be compared."""
    day = date(2024, 2, 1)
    kind = ItemKind.objects.get(code="PC")
    for code, every in (("38", 9), ("92", 6), ("93", 7), ("94", 5), ("31", 12), ("30", 8)):
        units = communes(province(code, day), day)
        entries = [
            new_machine(unit, kind, ram=8 if index % every else 2, storage=240, year=2022, received=day)
            for index, unit in enumerate(units)
        ]
        register_items(entries=entries, by=people.enterer)


def article(people: Keepers, unit: Unit, values: dict[str, int], month: int, reference: str) -> None:
    """Figures that stand in an article, entered once for the province itself."""
    record_figures(
        entries=_entries([unit.pk], values, month), provenance=Provenance.IMPORT, by=people.enterer, reference=reference
    )


def _entries(units: Iterable[int], values: dict[str, int], month: int) -> list[Entry]:
    measures = dict(Measure.objects.filter(code__in=values).values_list("code", "pk"))
    return [Entry(unit, measures[code], month, Decimal(value)) for unit in units for code, value in values.items()]


def told_until(today: date) -> int:
    """The last month of the sample's generated figures: the last finished one."""
    return month_of(today) - 1
