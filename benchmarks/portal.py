"""What pages show beside figures: programmes with targets, people, and a register of machines."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from accounts.models import User
from benchmarks.country import OPENED
from equipment.models import Item, ItemKind
from programmes.models import Indicator, Pillar, Programme, ProgrammeIndicator, Target
from units.choices import Role
from units.models import Grant, Unit

ITEMS = 100_000
PROGRAMMES = (1, 60, 100)  # how many indicators each has
PILLARS = 4
NATIONAL, OFFICER, CLERK = "bench-national", "bench-officer", "bench-clerk"
PEOPLE = {NATIONAL: (Role.NATIONAL, 1), OFFICER: (Role.OFFICER, 2), CLERK: (Role.ENTERER, 3)}  # and depth of the unit
START, DUE = date(2024, 1, 1), date(2027, 12, 31)


def furnish(items: int) -> None:
    """Add what is missing; a second call adds nothing."""
    if User.objects.filter(username=NATIONAL).exists():
        return
    with transaction.atomic():
        _people()
        _programmes()
        _machines(items)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def programme_code(indicators: int) -> str:
    return f"BENCH-{indicators}"


def unit_of(name: str) -> Unit:
    """The unit where one of the people is at home."""
    return Unit.objects.get(grants__user__username=name)


def _people() -> None:
    for name, (role, depth) in PEOPLE.items():
        user = User.objects.create(username=name, full_name=f"Nguyễn Thị {name}", email=f"{name}@example.test")
        unit = Unit.objects.filter(depth=depth).order_by("pk")[0]
        Grant.objects.create(user=user, role=role, unit=unit, valid_from=OPENED)


def _programmes() -> None:
    root = Unit.objects.get(depth=1)
    for count in PROGRAMMES:
        code = programme_code(count)
        programme = Programme.objects.create(
            code=code, name=f"Chương trình {code}", short_name=code, owner=root, start=START
        )
        pillars = [Pillar.objects.create(programme=programme, name=f"Trụ cột {n}", order=n) for n in range(PILLARS)]
        indicators = sorted(Indicator.objects.filter(code__startswith="I-"), key=lambda one: (not one.is_ratio, one.pk))
        indicators = indicators[:count]
        ProgrammeIndicator.objects.bulk_create(
            ProgrammeIndicator(programme=programme, indicator=one, pillar=pillars[n * PILLARS // count], order=n)
            for n, one in enumerate(indicators)
        )
        Target.objects.bulk_create(
            Target(
                indicator=one, unit=root, programme=programme, due=DUE, value=100, baseline=10, baseline_on=START
            )
            for one in indicators
        )  # fmt: skip


def _machines(items: int) -> None:
    kind = ItemKind.objects.create(code="BENCH-PC", name="Máy tính để bàn", counted_in="bộ", is_computer=True)
    communes = list(Unit.objects.filter(depth=3).order_by("pk").values_list("pk", flat=True))
    rows = []
    for number in range(items):
        item = Item(
            kind=kind,
            unit_id=communes[number % len(communes)],
            model=f"OptiPlex {3000 + number % 40 * 10}",
            serial=f"SN{number:07}",
            year=2016 + number % 10,
            ram_gb=4 << number % 3,
            storage_gb=240,
            condition=("good", "good", "good", "weak", "broken")[number % 5],
            received_on=date(2022 + number % 4, 1 + number % 12, 1 + number % 28),
        )
        item.fill_keys()
        rows.append(item)
    Item.objects.bulk_create(rows, batch_size=5000)
