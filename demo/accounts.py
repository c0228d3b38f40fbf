"""The demo's public accounts, one per role. They exist only where DEMO=1 loaded them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import User
from units.choices import Role, UnitKind
from units.models import Grant, Unit

PASSWORD = "chuyen-doi-so-2026"  # noqa: S105 - public by purpose, demo only
REFORM = date(2025, 7, 1)


@dataclass(frozen=True)
class Account:
    username: str
    full_name: str
    position: str
    role: Role
    unit: tuple[UnitKind, str, str]  # kind, code or short name, province code ("" for the centre)
    duty: str


_TN = "19"
ACCOUNTS = (
    Account("lanhdao", "Phạm Thị Hồng Minh", "Chủ tịch Hội LHPN tỉnh", Role.VIEWER, (UnitKind.PROVINCE, "19", _TN),
            "lãnh đạo tỉnh Thái Nguyên: xem tổng quan"),
    Account("canbo", "Lê Thị Thu Hà", "Chuyên viên Ban Công tác phụ nữ", Role.OFFICER, (UnitKind.PROVINCE, "19", _TN),
            "cán bộ tỉnh: duyệt số liệu, tài trợ, bàn giao"),
    Account("canbo2", "Nguyễn Thị Lan Anh", "Phó Trưởng Ban Công tác phụ nữ", Role.OFFICER,
            (UnitKind.PROVINCE, "19", _TN), "cán bộ tỉnh thứ hai: duyệt phần người kia nhập"),
    Account("nhaplieu", "Hoàng Thị Mai", "Phó Chủ tịch Hội LHPN xã", Role.ENTERER, (UnitKind.COMMUNE, "Tân Cương", _TN),
            "xã Tân Cương: nhập số liệu, xác nhận nhận máy"),
    Account("chutich", "Vũ Thị Thanh", "Chủ tịch Hội LHPN xã", Role.SIGNER, (UnitKind.COMMUNE, "Tân Cương", _TN),
            "chủ tịch Hội LHPN xã Tân Cương: ký, xác nhận"),
    Account("quantri", "Trần Thị Quỳnh", "Quản trị hệ thống cấp tỉnh", Role.ADMINISTRATOR,
            (UnitKind.PROVINCE, "19", _TN), "quản trị tỉnh: đơn vị, tài khoản, nhà tài trợ"),
    Account("trunguong", "Đặng Thị Hải Yến", "Quản trị Trung ương Hội", Role.NATIONAL, (UnitKind.CENTRE, "TW", ""),
            "quản trị Trung ương: danh mục, sắp xếp đơn vị, toàn quốc"),
)  # fmt: skip


def today_unit(kind: str, code_or_name: str, province: str) -> Unit:
    """The unit of today with this code, or with this short name in the province."""
    units = Unit.objects.filter(kind=kind, valid_to__isnull=True)
    if kind in {UnitKind.CENTRE, UnitKind.PROVINCE}:
        return units.get(code=code_or_name)  # type: ignore[no-any-return]
    parent = Unit.objects.get(kind=UnitKind.PROVINCE, code=province, valid_to__isnull=True)
    return units.below(parent).get(short_name=code_or_name)  # type: ignore[no-any-return]


def person(username: str, full_name: str, position: str = "") -> User:
    """A demo account by its name; made once."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    user = User(username=username, full_name=full_name, position=position, email=f"{username}@example.vn")
    user.password = make_password(PASSWORD)
    user.save()
    return user


def load() -> None:
    """Open the public accounts and give each its role."""
    for account in ACCOUNTS:
        user = person(account.username, account.full_name, account.position)
        unit = today_unit(*account.unit)
        since = Unit.objects.get(pk=unit.pk).valid_from if unit.kind != UnitKind.CENTRE else REFORM
        Grant.objects.get_or_create(user=user, role=account.role, unit=unit, valid_from=since)
