"""The official lists in `units/data`, read as lives of units and links between them. No database here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from units.choices import ReorganisationKind, Share, UnitKind
from units.models import RECORDS_BEGIN

DATA = Path(__file__).resolve().parent / "data"
REFORM = date(2025, 7, 1)
THAI_NGUYEN_2024 = date(2024, 12, 1)
PROVINCES_BASIS = "Nghị quyết 202/2025/QH15"
DISTRICTS_END_BASIS = "Luật Tổ chức chính quyền địa phương 72/2025/QH15"
THAI_NGUYEN_BASIS = "Nghị quyết 1240/NQ-UBTVQH15 ngày 24/10/2024"
ASSUMED = "Đơn vị kế tiếp được giả định là đơn vị liền kề trong cùng huyện."  # data, as the pages show it

Key = tuple[str, str, date]  # kind, code, first day: what one life of a unit is known by
Row = dict[str, str]
CENTRE: Key = (UnitKind.CENTRE, "TW", RECORDS_BEGIN)
OLD_THAI_NGUYEN: Key = (UnitKind.PROVINCE, "19", RECORDS_BEGIN)


@dataclass(frozen=True)
class OfficialUnit:
    """One life of a unit in the lists."""

    key: Key
    parent: Key | None
    name: str
    short_name: str
    designation: str = ""
    valid_to: date | None = None
    legal_basis: str = ""
    closing_basis: str = ""
    lat: float | None = None
    lon: float | None = None
    area_km2: Decimal | None = None


@dataclass(frozen=True)
class OfficialEvent:
    """A reorganisation that the lists know: when, why, and the unit in which it took place."""

    kind: str
    on: date
    scope: Key
    title: str
    legal_basis: str


@dataclass(frozen=True)
class OfficialLink:
    predecessor: Key
    successor: Key
    share: str
    event: OfficialEvent
    note: str = ""


def official_units() -> list[OfficialUnit]:
    """Every life, parents before children: the centre, the tree until 30/06/2025, the tree since."""
    old, new, thai_nguyen = _rows("vn_units_2024.csv"), _rows("vn_units_2025.csv"), _rows("vn_succession_2024_19.csv")
    bases = _opening_bases(new)
    closing = {_old_key(row, thai_nguyen): bases[row["new_code"]] for row in _communes_closed_by(bases)}
    centre = OfficialUnit(CENTRE, None, "Hội Liên hiệp Phụ nữ Việt Nam", "Trung ương")
    return [
        centre,
        *(_old_unit(row, thai_nguyen, closing) for row in old),
        *(_earlier_life(row) for row in thai_nguyen),
        *(_new_unit(row, bases) for row in new),
    ]


def official_links() -> list[OfficialLink]:
    """Every arrow between two lives, each under the reorganisation of its province."""
    new = {row["code"]: row for row in _rows("vn_units_2025.csv") if row["level"] == UnitKind.COMMUNE}
    provinces = {row["code"]: row for row in _rows("vn_units_2025.csv") if row["level"] == UnitKind.PROVINCE}
    thai_nguyen = _rows("vn_succession_2024_19.csv")
    events = {code: _reform(row) for code, row in provinces.items()}
    links = []
    for row in _rows("vn_succession_2025.csv"):
        code = row["new_code"]
        province = code if row["new_level"] == UnitKind.PROVINCE else new[code]["parent_code"]
        successor = (row["new_level"], code, REFORM)
        links.append(OfficialLink(_old_key(row, thai_nguyen), successor, row["share"], events[province]))
    return [*_links_of_2024(thai_nguyen), *links]


def _links_of_2024(rows: list[Row]) -> Iterator[OfficialLink]:
    event = OfficialEvent(
        kind=ReorganisationKind.MERGE,
        on=THAI_NGUYEN_2024,
        scope=OLD_THAI_NGUYEN,
        title="Sắp xếp đơn vị hành chính cấp xã giai đoạn 2023 - 2025: Tỉnh Thái Nguyên",
        legal_basis=THAI_NGUYEN_BASIS,
    )
    for row in rows:
        old = (UnitKind.COMMUNE, row["old_code"], RECORDS_BEGIN)
        new = (UnitKind.COMMUNE, row["new_code"], THAI_NGUYEN_2024)
        yield OfficialLink(old, new, row["share"], event, ASSUMED if "assumed" in row["note"] else "")


def _reform(province: Row) -> OfficialEvent:
    return OfficialEvent(
        kind=ReorganisationKind.REFORM,
        on=REFORM,
        scope=(UnitKind.PROVINCE, province["code"], REFORM),
        title=f"Sắp xếp đơn vị hành chính từ 01/07/2025: {province['name']}",
        legal_basis=PROVINCES_BASIS,
    )


def _rows(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _opening_bases(new: Iterable[Row]) -> dict[str, str]:
    """The resolution that opened each commune of 2025.

    A later one (of the XVI National Assembly, 2026) changed the unit but cannot have opened it: there the resolution
    of the province's other communes is taken.
    """
    communes = [row for row in new if row["level"] == UnitKind.COMMUNE]
    usual: dict[str, Counter[str]] = {}
    for row in communes:
        usual.setdefault(row["parent_code"], Counter())[row["legal_basis"]] += 1
    bases = {}
    for row in communes:
        later = row["legal_basis"].endswith("UBTVQH16")
        number = usual[row["parent_code"]].most_common(1)[0][0] if later else row["legal_basis"]
        bases[row["code"]] = f"Nghị quyết {number}"
    return bases


def _communes_closed_by(bases: dict[str, str]) -> list[Row]:
    """The links that say which resolution ended an old commune: the one of its only or larger successor."""
    return [
        row
        for row in _rows("vn_succession_2025.csv")
        if row["old_level"] == UnitKind.COMMUNE and row["share"] != Share.PART and row["new_code"] in bases
    ]


def _old_key(row: Row, thai_nguyen: list[Row]) -> Key:
    """The last life under an old code: the five units of 2024 opened then, the others with the records."""
    level, code = row["old_level"], row["old_code"]
    return level, code, _opened(level, code, thai_nguyen)


def _opened(level: str, code: str, thai_nguyen: list[Row]) -> date:
    merged = level == UnitKind.COMMUNE and any(row["new_code"] == code for row in thai_nguyen)
    return THAI_NGUYEN_2024 if merged else RECORDS_BEGIN


def _old_unit(row: Row, thai_nguyen: list[Row], closing: dict[Key, str]) -> OfficialUnit:
    level, code = row["level"], row["code"]
    opened = _opened(level, code, thai_nguyen)
    key = (level, code, opened)
    parents = {UnitKind.DISTRICT: UnitKind.PROVINCE, UnitKind.COMMUNE: UnitKind.DISTRICT}
    ends = {UnitKind.PROVINCE: PROVINCES_BASIS, UnitKind.DISTRICT: DISTRICTS_END_BASIS}
    return OfficialUnit(
        key=key,
        parent=CENTRE if level == UnitKind.PROVINCE else (parents[UnitKind(level)], row["parent_code"], RECORDS_BEGIN),
        name=row["name"],
        short_name=row["short_name"],
        designation=row["kind"],
        valid_to=REFORM - timedelta(days=1),
        legal_basis=THAI_NGUYEN_BASIS if opened == THAI_NGUYEN_2024 else "",
        closing_basis=closing[key] if level == UnitKind.COMMUNE else ends[UnitKind(level)],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
    )


def _earlier_life(row: Row) -> OfficialUnit:
    return OfficialUnit(
        key=(UnitKind.COMMUNE, row["old_code"], RECORDS_BEGIN),
        parent=(UnitKind.DISTRICT, row["district_code"], RECORDS_BEGIN),
        name=row["old_name"],
        short_name=row["old_short_name"],
        designation=row["old_kind"],
        valid_to=THAI_NGUYEN_2024 - timedelta(days=1),
        closing_basis=THAI_NGUYEN_BASIS,
    )


def _new_unit(row: Row, bases: dict[str, str]) -> OfficialUnit:
    is_province = row["level"] == UnitKind.PROVINCE
    return OfficialUnit(
        key=(row["level"], row["code"], REFORM),
        parent=CENTRE if is_province else (UnitKind.PROVINCE, row["parent_code"], REFORM),
        name=row["name"],
        short_name=row["short_name"],
        designation=row["kind"],
        legal_basis=PROVINCES_BASIS if is_province else bases[row["code"]],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        area_km2=round(Decimal(row["area_km2"]), 2) if row["area_km2"] else None,
    )
