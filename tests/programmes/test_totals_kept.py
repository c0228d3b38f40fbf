"""Totals when units change through the actions of the units room, and the commands that prove and heal them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from programmes import totals
from programmes.actions import Entry, record_figures, register_units
from programmes.choices import Basis, Provenance
from programmes.models import Contribution, Figure, Measure, Total
from programmes.queries import series
from programmes.starter import load_registered
from programmes.tasks import verify_nightly
from programmes.verifying import part_of
from tests.cast import Cast
from units.actions import (
    Link,
    NewUnit,
    add_unit,
    apply_reorganisation,
    close_unit,
    preview_reorganisation,
    propose_reorganisation,
    undo_reorganisation,
)
from units.choices import ReorganisationKind, UnitKind
from units.models import Reorganisation, Unit

TODAY = date(2026, 11, 21)
ON = date(2026, 6, 1)
MAY_2026, JUNE_2026 = 24316, 24317


@pytest.fixture
def members(cast: Cast) -> Measure:
    measure = Measure.objects.create(code="MEMBERS", name="Hội viên", kind="stock", unit_of_measure="người")
    load_registered()
    register_units()
    report(measure, {cast.tan_cuong: 100, cast.dai_phuc: 30, cast.sam_son: 7})
    return measure


def report(measure: Measure, values: dict[Unit, int], period: int = MAY_2026) -> None:
    entries = [Entry(unit.pk, measure.pk, period, Decimal(value)) for unit, value in values.items()]
    record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)


def now(unit: Unit, measure: Measure, period: int = JUNE_2026, basis: Basis = Basis.TODAY) -> object:
    fresh = Unit.objects.get(pk=unit.pk)
    return series(fresh, [measure], period, period, basis=basis)[measure.pk][0].value


def merge(cast: Cast, *old: Unit, into: Unit | None = None) -> Reorganisation:
    new = into or NewUnit(
        parent=cast.thai_nguyen, kind=UnitKind.COMMUNE, name="Xã Hợp Nhất", short_name="Hợp Nhất", designation="xa"
    )
    return propose_reorganisation(
        kind=ReorganisationKind.MERGE,
        on=ON,
        legal_basis="Nghị quyết 1",
        links=[Link(unit, new) for unit in old],
        by=cast.national,
    )


def test_a_merger_carries_levels_over_and_can_be_undone(cast: Cast, members: Measure) -> None:
    row = merge(cast, cast.tan_cuong, cast.dai_phuc)
    preview = preview_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
    assert [(line.title, line.before, line.after) for line in preview.sums[1:]] == [("Hội viên", 130, 130)]
    before = list(Total.objects.exclude(change=0, n=0, n_new=0).order_by("pk").values())
    apply_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
    merged = Unit.objects.get(short_name="Hợp Nhất")
    assert now(merged, members) == 130
    assert (now(cast.thai_nguyen, members), now(cast.centre, members)) == (130, 137)
    assert totals.verify() == []
    undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")
    assert not Unit.objects.filter(pk=merged.pk).exists()
    assert list(Total.objects.exclude(change=0, n=0, n_new=0).order_by("pk").values()) == before
    assert totals.verify() == []


def test_a_unit_that_takes_another_in_gets_its_members(cast: Cast, members: Measure) -> None:
    row = merge(cast, cast.dai_phuc, into=cast.tan_cuong)
    apply_reorganisation(reorganisation=row, by=cast.national, today=TODAY)
    assert now(cast.tan_cuong, members) == 130
    report(members, {cast.tan_cuong: 110})
    assert now(cast.tan_cuong, members) == 140
    assert now(cast.thai_nguyen, members) == 140
    undo_reorganisation(reorganisation=row, by=cast.national, reason="nhầm")
    assert now(cast.tan_cuong, members) == 110
    assert now(cast.thai_nguyen, members) == 140
    assert totals.verify() == []


def test_late_figures_are_named_before_a_merger(cast: Cast, members: Measure) -> None:
    report(members, {cast.dai_phuc: 31}, JUNE_2026)
    preview = preview_reorganisation(reorganisation=merge(cast, cast.dai_phuc, cast.tan_cuong), by=cast.national)
    assert [decision.count for decision in preview.decisions if "06/2026" in str(decision.title)] == [1]


def test_a_closed_unit_leaves_every_level(cast: Cast, members: Measure) -> None:
    close_unit(unit=cast.dai_phuc, on=date(2026, 5, 31), by=cast.national, legal_basis="Nghị quyết 2")
    assert now(cast.thai_nguyen, members) == 100
    assert now(cast.thai_nguyen, members, MAY_2026) == 130
    assert totals.verify() == []


def test_the_first_branch_makes_its_commune_keep_totals(cast: Cast, members: Measure) -> None:
    assert not Total.objects.filter(unit=cast.tan_cuong).exists()
    add_unit(parent=cast.tan_cuong, kind=UnitKind.BRANCH, name="Chi hội 1", on=ON, by=cast.admin)
    assert now(cast.tan_cuong, members) == 100
    assert totals.verify() == []


def test_a_new_commune_is_counted_at_once(cast: Cast, members: Measure) -> None:
    add_unit(
        parent=Unit.objects.get(pk=cast.thai_nguyen.pk), kind=UnitKind.ATTACHED, name="Hội Phụ nữ Quân sự", on=ON,
        by=cast.admin,
    )  # fmt: skip
    units = Measure.objects.get(code="U-COMMUNE")
    assert [now(cast.thai_nguyen, units, month) for month in (MAY_2026, JUNE_2026)] == [4, 5]


@pytest.fixture
def planted(cast: Cast, members: Measure) -> Cast:
    """A wrong row, a missing row and a row too many."""
    Total.objects.filter(unit=cast.thai_nguyen, measure=members, period=MAY_2026).update(change=1)
    Total.objects.filter(unit=cast.centre, measure=members, period=MAY_2026).delete()
    Total.objects.create(unit=cast.thanh_hoa, measure=members, period=24000, change=5, n=1, n_new=1)
    return cast


def test_planted_wrong_rows_are_found_and_healed(planted: Cast, members: Measure) -> None:
    found = totals.verify()
    assert [(one.unit_id, one.period, one.stored, one.expected) for one in found] == [
        (planted.centre.pk, MAY_2026, None, (1_370_000, 3, 3)),
        (planted.thai_nguyen.pk, MAY_2026, (1, 2, 2), (1_300_000, 2, 2)),
        (planted.thanh_hoa.pk, 24000, (5, 1, 1), None),
    ]
    with pytest.raises(CommandError, match="3 keys differ"):
        call_command("verify_totals")
    with pytest.raises(CommandError, match=r"They were computed anew\.\n  .*month 05/2026"):
        call_command("verify_totals", "--heal")
    out = StringIO()
    call_command("verify_totals", stdout=out)
    assert out.getvalue() == "Totals and figures agree.\n"


def test_one_unit_can_be_proved_and_rebuilt_alone(planted: Cast, members: Measure) -> None:
    with pytest.raises(CommandError, match="1 keys differ"):
        call_command("verify_totals", "--unit", "38")
    call_command("rebuild_totals", "--unit", "38", stdout=StringIO())
    call_command("verify_totals", "--unit", "38", stdout=StringIO())
    assert len(totals.verify()) == 2
    with pytest.raises(CommandError, match="No unit has the code XX"):
        call_command("rebuild_totals", "--unit", "XX")


def test_stale_contributions_are_found_and_healed(cast: Cast, members: Measure) -> None:
    """A unit that was closed behind the back of the signals."""
    Unit.objects.filter(pk=cast.dai_phuc.pk).update(valid_to=date(2026, 5, 31))
    assert {one.unit_id for one in totals.verify()} == {cast.centre.pk, cast.thai_nguyen.pk}
    totals.sync()
    assert totals.verify() == []
    Contribution.objects.filter(reporter=cast.dai_phuc, ancestor=cast.thai_nguyen).delete()
    report(members, {cast.dai_phuc: 50})
    assert {one.unit_id for one in totals.verify()} == {cast.thai_nguyen.pk}
    totals.rebuild([cast.thai_nguyen.pk])
    assert totals.verify() == []


def test_each_unit_has_its_night(planted: Cast) -> None:
    week = [part_of(date(2026, 11, 16 + day)) for day in range(7)]
    assert set(week[6]) == set(totals.units_with_totals())
    assert sorted(pk for some in week[:6] for pk in some) == sorted(set(week[6]) - {planted.centre.pk})


def test_the_nightly_proof_heals(planted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programmes.tasks.timezone.localdate", lambda: date(2026, 11, 22))
    assert verify_nightly() == 3
    assert verify_nightly() == 0
    assert Figure.objects.exists()
