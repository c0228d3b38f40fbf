"""Who speaks in the sample: the public accounts, and helpers of the story whose grants end when it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from demo.accounts import person
from units.choices import Role, UnitKind
from units.models import RECORDS_BEGIN, Grant, Unit

LAST_DAY_OF_OLD = date(2025, 6, 30)
NEW_ORDER = date(2025, 7, 1)


@dataclass(frozen=True)
class Keepers:
    """`enterer` and `acceptor` work everywhere while the story is told; `receiver` stands for units that confirm."""

    national: User
    officer: User
    enterer: User
    acceptor: User
    receiver: User


def keepers() -> Keepers:
    """The people of the story. The helpers get their grants here and lose them in `dismiss`."""
    centre = Unit.objects.get(kind=UnitKind.CENTRE)
    found = Keepers(
        national=User.objects.get(username="trunguong"),
        officer=User.objects.get(username="canbo"),
        enterer=person("mau-nhap", "Người nạp dữ liệu mẫu"),
        acceptor=person("mau-duyet", "Người duyệt dữ liệu mẫu"),
        receiver=person("mau-nhan", "Đại diện các đơn vị nhận (dữ liệu mẫu)"),
    )
    for user, role in ((found.enterer, Role.ENTERER), (found.acceptor, Role.OFFICER)):
        Grant.objects.get_or_create(user=user, role=role, unit=centre, valid_from=RECORDS_BEGIN)
    return found


def let_receive(receiver: User, units: list[Unit]) -> None:
    """The receiver's people: one sample person for many units."""
    have = set(Grant.objects.filter(user=receiver).values_list("unit_id", flat=True))
    Grant.objects.bulk_create(
        Grant(user=receiver, role=Role.ENTERER, unit=unit, valid_from=unit.valid_from)
        for unit in units
        if unit.pk not in have
    )


def dismiss(people: Keepers) -> None:
    """The story is told: its helpers keep their names in the trail and lose account and grants."""
    helpers = [people.enterer, people.acceptor, people.receiver]
    Grant.objects.filter(user__in=helpers).update(valid_to=LAST_DAY_OF_OLD, valid_from=RECORDS_BEGIN)
    for helper in helpers:
        helper.is_active = False
        helper.set_unusable_password()
        helper.save()


def province(code: str, on: date) -> Unit:
    return Unit.objects.active(on).get(kind=UnitKind.PROVINCE, code=code)  # type: ignore[no-any-return]


def communes(of: Unit, on: date) -> list[Unit]:
    """The commune unions of a province on a day, in the order of their codes."""
    return list(Unit.objects.active(on).below(of).filter(kind=UnitKind.COMMUNE).order_by("code"))
