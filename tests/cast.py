"""The named cast of the tests: a centre, two provinces, communes, one of them closed and merged; and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import User
from units.choices import Designation, ReorganisationKind, ReorganisationState, Role, Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import RECORDS_BEGIN, Grant, Reorganisation, Succession, Unit

REFORM = date(2025, 7, 1)
LAST_DAY = date(2025, 6, 30)
PASSWORD = "mat-khau-thu-nghiem-2026"
HASH = make_password(PASSWORD, hasher="pbkdf2_sha256", salt="caststaticsalt")


@dataclass(frozen=True)
class Cast:
    """Every unit and person by name, so that tests read like the story."""

    centre: Unit
    old_thai_nguyen: Unit
    old_district: Unit
    thinh_duc: Unit  # closed 30/06/2025, merged whole into Tân Cương
    old_tan_cuong: Unit  # closed 30/06/2025, merged whole into Tân Cương
    old_dai_phuc: Unit  # closed 30/06/2025, went to Đại Phúc
    thai_nguyen: Unit
    thanh_hoa: Unit
    tan_cuong: Unit
    dai_phuc: Unit
    phu_dinh: Unit
    police: Unit  # attached unit, a peer of the communes
    sam_son: Unit  # a commune of the other province
    national: User
    admin: User
    officer: User
    officer2: User
    leader: User
    enterer: User
    signer: User
    dai_phuc_enterer: User
    foreign_officer: User
    stranger: User
    nobody: User


def person(username: str, full_name: str) -> User:
    user = User(username=username, full_name=full_name, email=f"{username}@example.test", password=HASH)
    user.save()
    return user


def grant(user: User, role: Role, unit: Unit, valid_from: date = RECORDS_BEGIN) -> Grant:
    return Grant.objects.create(user=user, role=role, unit=unit, valid_from=valid_from)


def _unit(parent: Unit, kind: UnitKind, designation: Designation, code: str, short: str, **dates: date) -> Unit:
    name = short if designation == Designation.NONE else f"{designation_word(designation)} {short}"
    fresh = Unit.objects.get(pk=parent.pk)
    facts = {"kind": kind, "designation": designation, "code": code, "name": name, "short_name": short, **dates}
    return Unit.objects.add_child(fresh, facts)  # type: ignore[no-any-return]


def designation_word(designation: Designation) -> str:
    words = {"tinh": "Tỉnh", "thanh_pho": "Thành phố", "huyen": "Huyện", "xa": "Xã", "phuong": "Phường"}
    return words[designation.value]


def build_units() -> dict[str, Unit]:
    centre = Unit.objects.add_root(
        {"kind": UnitKind.CENTRE, "code": "TW", "name": "Hội Liên hiệp Phụ nữ Việt Nam", "short_name": "Trung ương"}
    )
    ended = {"valid_from": RECORDS_BEGIN, "valid_to": LAST_DAY}
    province, district, commune = UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE
    tinh, xa, phuong = Designation.TINH, Designation.XA, Designation.PHUONG
    old_tn = _unit(centre, province, tinh, "19", "Thái Nguyên", **ended)
    old_th = _unit(centre, province, tinh, "38", "Thanh Hóa", **ended)
    old_district = _unit(old_tn, district, Designation.THANH_PHO, "164", "Thái Nguyên", **ended)
    thinh_duc = _unit(old_district, commune, xa, "05497", "Thịnh Đức", **ended)
    old_tan_cuong = _unit(old_district, commune, xa, "05500", "Tân Cương", **ended)
    old_dai_phuc = _unit(old_district, commune, xa, "05503", "Hùng Sơn", **ended)
    thai_nguyen = _unit(centre, province, tinh, "19", "Thái Nguyên", valid_from=REFORM)
    thanh_hoa = _unit(centre, province, tinh, "38", "Thanh Hóa", valid_from=REFORM)
    tan_cuong = _unit(thai_nguyen, commune, xa, "05500", "Tân Cương", valid_from=REFORM)
    dai_phuc = _unit(thai_nguyen, commune, xa, "05503", "Đại Phúc", valid_from=REFORM)
    phu_dinh = _unit(thai_nguyen, commune, xa, "05521", "Phú Đình", valid_from=REFORM)
    police = _unit(
        thai_nguyen, UnitKind.ATTACHED, Designation.NONE, "19-CA", "Hội Phụ nữ Công an tỉnh", valid_from=REFORM
    )
    sam_son = _unit(thanh_hoa, commune, phuong, "14851", "Sầm Sơn", valid_from=REFORM)
    reform = Reorganisation.objects.create(
        kind=ReorganisationKind.REFORM,
        on=REFORM,
        legal_basis="Nghị quyết 202/2025/QH15",
        state=ReorganisationState.APPLIED,
        title="Sắp xếp đơn vị hành chính từ 01/07/2025",
    )
    for old, new in (
        (old_tn, thai_nguyen),
        (old_th, thanh_hoa),
        (thinh_duc, tan_cuong),
        (old_tan_cuong, tan_cuong),
        (old_dai_phuc, dai_phuc),
    ):
        Succession.objects.create(reorganisation=reform, predecessor=old, successor=new, share=Share.WHOLE)
    rebuild_lineage()
    named = {
        "centre": centre,
        "old_thai_nguyen": old_tn,
        "old_district": old_district,
        "thinh_duc": thinh_duc,
        "old_tan_cuong": old_tan_cuong,
        "old_dai_phuc": old_dai_phuc,
        "thai_nguyen": thai_nguyen,
        "thanh_hoa": thanh_hoa,
        "tan_cuong": tan_cuong,
        "dai_phuc": dai_phuc,
        "phu_dinh": phu_dinh,
        "police": police,
        "sam_son": sam_son,
    }
    return {name: Unit.objects.get(pk=unit.pk) for name, unit in named.items()}  # fresh paths and child counts


def build_people(units: dict[str, Unit]) -> dict[str, User]:
    roles = {
        "national": ("Nguyễn Thị Quốc", Role.NATIONAL, "centre"),
        "admin": ("Trần Thị Quản", Role.ADMINISTRATOR, "thai_nguyen"),
        "officer": ("Lê Thị Chuyên", Role.OFFICER, "thai_nguyen"),
        "officer2": ("Phạm Thị Duyệt", Role.OFFICER, "thai_nguyen"),
        "leader": ("Phạm Thị Thu Thủy", Role.VIEWER, "thai_nguyen"),
        "enterer": ("Hoàng Thị Nhập", Role.ENTERER, "tan_cuong"),
        "signer": ("Vũ Thị Chủ", Role.SIGNER, "tan_cuong"),
        "dai_phuc_enterer": ("Đỗ Thị Phúc", Role.ENTERER, "dai_phuc"),
        "foreign_officer": ("Bùi Thị Thanh", Role.OFFICER, "thanh_hoa"),
        "stranger": ("Ngô Thị Lạ", Role.ENTERER, "sam_son"),
    }
    people = {"nobody": person("nobody", "Đinh Thị Không")}
    for name, (full_name, role, unit) in roles.items():
        people[name] = person(name, full_name)
        grant(people[name], role, units[unit])
    return people


def build() -> Cast:
    units = build_units()
    return Cast(**units, **build_people(units))  # type: ignore[arg-type]  # names are the same by construction
