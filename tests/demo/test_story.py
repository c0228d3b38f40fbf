"""The sample tells the articles' own figures, and every one of them is the sum of records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.periods import make_month
from demo import accounts
from demo.loading import _articles, _gift, _plans, _reference, _reorganisation
from equipment.choices import ComputerState, HandoverState
from equipment.models import Gift, Handover, UnitEquipment
from programmes.choices import Basis
from programmes.models import Indicator, Programme
from programmes.queries import indicator_series
from programmes.totals import verify
from units.models import Unit


def test_no_sample_outside_the_demo(settings) -> None:
    settings.DEMO = False
    for command in ("demo", "load_demo"):
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command(command)


def value(unit: Unit, code: str, month: int, basis: Basis = Basis.TODAY) -> tuple[Decimal | None, ...]:
    """(value, numerator, denominator) of an indicator at a unit in a month."""
    indicator = Indicator.objects.select_related("numerator", "denominator").get(code=code)
    since = make_month(2020, 1)
    point = indicator_series(unit, [indicator], month, month, basis=basis, since=since)[indicator.pk][0]
    return point.value, point.numerator, point.denominator


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_of_the_articles() -> None:
    """One test, for the country is loaded once: Thái Nguyên's machines, Thanh Hóa's women, gifts, rank, plan."""
    for stage in (_reference, accounts.load, _plans, _gift, _articles, _reorganisation):
        stage()
    old = Unit.objects.get(kind="province", code="19", valid_to=date(2025, 6, 30))
    new = Unit.objects.get(kind="province", code="19", valid_to=None)
    _machines(old, new)
    _thanh_hoa()
    assert value(old, "PRV-02", make_month(2022, 12), Basis.THEN) == (8, 8, 63)
    assert Programme.objects.get(code="NQ01-TN").tasks.count() == 37
    _gifts()
    assert User.objects.filter(is_superuser=True).count() == 0
    assert verify() == []


def _machines(old: Unit, new: Unit) -> None:
    """11 of 177 before the gift, all after it, 172 unions from 01/2025, 92 from 07/2025."""
    assert value(old, "INF-02", make_month(2023, 10))[1:] == (11, 177)
    assert value(old, "INF-03", make_month(2023, 10))[0] == 21
    assert value(old, "INF-02", make_month(2023, 12)) == (100, 177, 177)
    assert value(old, "INF-02", make_month(2025, 1))[1:] == (172, 172)
    assert value(new, "INF-02", make_month(2023, 10), Basis.THEN)[1:] == (11, 177)
    assert value(new, "INF-02", make_month(2023, 10), Basis.TODAY)[2] == 177 + 108  # with Bắc Kạn's unions
    assert value(new, "INF-02", make_month(2025, 7))[2] == 92
    assert value(new, "INF-04", make_month(2026, 11))[0] == 166
    lacking = UnitEquipment.objects.filter(unit__in=Unit.objects.below(new)).exclude(state=ComputerState.FIT)
    fit = value(new, "INF-02", make_month(2026, 11))
    assert fit[1] == 92 - lacking.filter(unit__valid_to=None).count()
    assert lacking.filter(unit__short_name="Tân Cương", unit__valid_to=None).exists()


def _thanh_hoa() -> None:
    unit = Unit.objects.get(kind="province", code="38", valid_to=None)
    found = {code: value(unit, code, make_month(2024, 12))[0] for code in ("TRN-02", "ECO-01", "ECO-02", "ECO-15")}
    assert found == {"TRN-02": 212_013, "ECO-01": 7_192, "ECO-02": 1_012, "ECO-15": 156}
    assert value(unit, "ECO-14", make_month(2024, 12))[1:] == (103, 305)


def _gifts() -> None:
    """Pledges that were never handed over stay pledges; those delivered have confirmed minutes."""
    vci = Gift.objects.get(title__startswith="166 bộ")
    assert vci.handovers.filter(state=HandoverState.RECEIVED).count() == 166
    assert sum(line.quantity * line.unit_value for line in vci.lines.all()) > 2_000_000_000
    assert Gift.objects.get(title__startswith="5.000 bộ kít").handovers.get().state == HandoverState.RECEIVED
    boards = Gift.objects.filter(unit__short_name="Hậu Giang")
    amounts = sorted(sum(line.quantity * line.unit_value for line in gift.lines.all()) for gift in boards)
    assert amounts == [100_000_000, 1_000_000_000]
    assert not Handover.objects.filter(gift__in=boards).exists()
    assert Handover.objects.filter(state=HandoverState.HANDED).count() == 1  # waits for Tân Cương
