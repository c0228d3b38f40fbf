"""What a person may see: always beside data that could leak."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import LAST_DAY, REFORM, Cast, grant
from tests.units.trees import centre, close, link, open_below
from units.choices import Right, Role, Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import Contact, Grant, Reorganisation, Unit
from units.permissions import may, may_anywhere, units_with

pytestmark = pytest.mark.django_db


def seen(user: object) -> set[int]:
    return set(Unit.objects.visible_to(user).values_list("pk", flat=True))


def keys(*units: Unit) -> set[int]:
    return {unit.pk for unit in units}


def test_officer_of_the_new_province_sees_its_units_of_then_and_now(cast: Cast) -> None:
    assert seen(cast.officer) == keys(
        cast.thai_nguyen,
        cast.tan_cuong,
        cast.dai_phuc,
        cast.phu_dinh,
        cast.police,
        cast.old_thai_nguyen,
        cast.old_district,
        cast.thinh_duc,
        cast.old_tan_cuong,
        cast.old_dai_phuc,
    )


def test_enterer_sees_the_commune_its_branches_and_its_predecessors_only(cast: Cast) -> None:
    branch = open_below(cast.tan_cuong, UnitKind.BRANCH, "Xóm Soi Vàng")
    foreign = open_below(cast.dai_phuc, UnitKind.BRANCH, "Xóm khác")
    old_branch = open_below(cast.thinh_duc, UnitKind.BRANCH, "Xóm cũ", valid_to=LAST_DAY)
    rebuild_lineage({branch.pk, foreign.pk, old_branch.pk})
    assert seen(cast.enterer) == keys(cast.tan_cuong, branch, cast.thinh_duc, cast.old_tan_cuong, old_branch)


def test_the_centre_sees_everything_and_strangers_nothing(cast: Cast) -> None:
    assert seen(cast.national) == set(Unit.objects.values_list("pk", flat=True))
    assert seen(cast.nobody) == set()
    assert seen(AnonymousUser()) == set()
    assert seen(cast.stranger) == keys(cast.sam_son)


def test_a_grant_on_an_old_unit_covers_nothing_new(cast: Cast) -> None:
    grant(cast.nobody, Role.OFFICER, cast.old_thai_nguyen)
    assert seen(cast.nobody) == keys(
        cast.old_thai_nguyen, cast.old_district, cast.thinh_duc, cast.old_tan_cuong, cast.old_dai_phuc
    )
    assert not may(cast.nobody, Right.ENTER, cast.tan_cuong)
    assert not may(cast.nobody, Right.ENTER, cast.thai_nguyen)


def test_grants_hold_on_their_days_only(cast: Cast) -> None:
    today = timezone.localdate()
    Grant.objects.create(
        user=cast.nobody, role=Role.VIEWER, unit=cast.sam_son, valid_from=REFORM, valid_to=today - timedelta(days=1)
    )
    Grant.objects.create(user=cast.nobody, role=Role.VIEWER, unit=cast.tan_cuong, valid_from=today + timedelta(days=1))
    assert seen(cast.nobody) == set()
    before = Unit.objects.visible_to(cast.nobody, on=today - timedelta(days=1))
    assert set(before.values_list("pk", flat=True)) == keys(cast.sam_son)
    assert not may_anywhere(cast.nobody, Right.VIEW)


def test_a_smaller_part_shows_nothing_of_the_old_unit(cast: Cast) -> None:
    old = open_below(cast.old_district, UnitKind.COMMUNE, "Chia", valid_to=LAST_DAY)
    link(old, cast.dai_phuc, Share.MAIN)
    link(old, cast.tan_cuong, Share.PART)
    rebuild_lineage({old.pk})
    assert old.pk not in seen(cast.enterer)
    assert old.pk in seen(cast.dai_phuc_enterer)


def test_a_path_is_a_prefix_only_in_whole_steps() -> None:
    """Steps are counted to the base of 36 in four characters: no unit's path begins with a sibling's."""
    root = centre()
    provinces = [open_below(root, UnitKind.PROVINCE, f"P{n:02d}") for n in range(40)]
    deep = open_below(open_below(provinces[0], UnitKind.COMMUNE, "X"), UnitKind.BRANCH, "Y")
    rebuild_lineage()
    paths = {unit.path for unit in provinces}
    assert {"00010001", "00010010", "00010011"} <= paths  # the first, and texts that begin alike
    first = Unit.objects.get(pk=provinces[0].pk)
    below = set(Unit.objects.below(first).values_list("pk", flat=True))
    assert below == keys(first, deep, Unit.objects.get(path=deep.path[:-4]))
    last = Unit.objects.get(path="00010011")
    assert set(Unit.objects.below(last).values_list("pk", flat=True)) == keys(last)


def test_the_subtree_ends_at_its_last_possible_child() -> None:
    root = centre()
    first, second = (open_below(root, UnitKind.PROVINCE, name) for name in ("A", "B"))
    inside = open_below(first, UnitKind.COMMUNE, "Cuối")
    Unit.objects.filter(pk=inside.pk).update(path=f"{first.path}ZZZY")
    found = set(Unit.objects.below(first).values_list("pk", flat=True))
    assert found == keys(first, inside)
    assert second.pk not in found


def test_rights_follow_the_same_line_as_sight(cast: Cast) -> None:
    assert may(cast.officer, Right.ACCEPT, cast.tan_cuong)
    assert may(cast.officer, Right.VIEW, cast.old_district)
    assert not may(cast.officer, Right.ACCEPT, cast.sam_son)
    assert not may(cast.leader, Right.ENTER, cast.tan_cuong)
    assert not may(cast.enterer, Right.ENTER, cast.dai_phuc)
    assert not may(cast.enterer, Right.VIEW, cast.thai_nguyen)
    assert "Đại Phúc" in may(cast.enterer, Right.ENTER, cast.dai_phuc).reason
    held = set(units_with(cast.enterer, Right.ENTER).values_list("pk", flat=True))
    assert held == keys(cast.tan_cuong, cast.thinh_duc, cast.old_tan_cuong)
    assert not units_with(cast.leader, Right.ENTER).exists()


def test_grants_and_reorganisations_are_seen_by_unit(cast: Cast) -> None:
    own = Grant.objects.visible_to(cast.enterer)
    assert {g.user for g in own} == {cast.enterer, cast.signer}
    assert {g.user for g in Grant.objects.visible_to(cast.nobody)} == set()
    Contact.objects.create(unit=cast.sam_son, full_name="Lê Thị Xa", position="Chủ tịch")
    foreign = Reorganisation.objects.create(
        kind="reform", on=date(2025, 7, 1), legal_basis="x", title="Thanh Hóa", scope=cast.thanh_hoa
    )
    seen_by_officer = Reorganisation.objects.visible_to(cast.officer)
    assert foreign not in seen_by_officer
    assert seen_by_officer.count() == 1  # the reform that touched the own units
    assert foreign in Reorganisation.objects.visible_to(cast.foreign_officer)


def test_one_query_whatever_the_number_of_units(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        list(Unit.objects.visible_to(cast.national))
    assert len(captured) == 1
    close(cast.police, LAST_DAY + timedelta(days=30))
    with CaptureQueriesContext(connection) as captured:
        list(Unit.objects.visible_to(cast.officer).active(date(2026, 1, 1)).matching("Tân Cương").in_order())
    assert len(captured) == 1
