"""For whom each unit counts, through mergers, divisions and chains of them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Max

from tests.cast import Cast
from tests.units.trees import centre, close, dump, lineage, link, open_below
from units.choices import Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import Lineage, Succession, Unit
from units.signals import lineage_changed

pytestmark = pytest.mark.django_db
PROVINCE, DISTRICT, COMMUNE, BRANCH = UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.BRANCH
FIRST, SECOND = date(2024, 1, 1), date(2025, 7, 1)
DAY = timedelta(days=1)


def test_a_unit_counts_for_itself_and_its_ancestors() -> None:
    root = centre()
    province = open_below(root, PROVINCE, "A")
    commune = open_below(province, COMMUNE, "X")
    rebuild_lineage()
    assert lineage(commune) == {"Trung ương": (100, True, True), "A": (100, True, True), "X": (100, True, True)}
    assert list(Lineage.objects.filter(unit=commune).order_by("depth").values_list("depth", flat=True)) == [1, 2, 3]


def test_a_merged_unit_counts_also_for_its_successor_and_what_is_above(cast: Cast) -> None:
    assert lineage(cast.thinh_duc) == {
        "Trung ương": (100, True, True),
        "Thái Nguyên": (100, True, True),  # the old province; the old district has the same short name
        "Thịnh Đức": (100, True, True),
        "Thái Nguyên 2025": (100, True, False),
        "Tân Cương 2025": (100, True, False),
    }


def test_a_closed_district_and_a_branch_follow_the_unit_above_them(cast: Cast) -> None:
    branch = open_below(cast.thinh_duc, BRANCH, "Xóm 1")
    close(branch, date(2025, 6, 30))
    rebuild_lineage({branch.pk})
    assert lineage(cast.old_district)["Thái Nguyên 2025"] == (100, True, False)
    followed = {name: part for name, part in lineage(branch).items() if not part[2]}
    assert followed == {"Thái Nguyên 2025": (100, True, False), "Tân Cương 2025": (100, True, False)}


def test_a_divided_unit_counts_where_the_larger_part_went() -> None:
    root = centre()
    a, b = open_below(root, PROVINCE, "A"), open_below(root, PROVINCE, "B")
    old = open_below(a, COMMUNE, "Cũ")
    close(old, FIRST - DAY)
    x = open_below(a, COMMUNE, "X", valid_from=FIRST)
    y = open_below(b, COMMUNE, "Y", valid_from=FIRST)
    link(old, x, Share.MAIN)
    link(old, y, Share.PART)
    rebuild_lineage()
    assert {name: part for name, part in lineage(old).items() if not part[2]} == {"X 2024": (100, True, False)}


def test_real_shares_divide_the_weight_but_the_unit_counts_once() -> None:
    root = centre()
    a, b = open_below(root, PROVINCE, "A"), open_below(root, PROVINCE, "B")
    old = open_below(a, COMMUNE, "Cũ")
    close(old, FIRST - DAY)
    x = open_below(b, COMMUNE, "X", valid_from=FIRST)
    y = open_below(b, COMMUNE, "Y", valid_from=FIRST)
    link(old, x, Share.MAIN, 60)
    link(old, y, Share.PART, 40)
    rebuild_lineage()
    assert {name: part for name, part in lineage(old).items() if not part[2]} == {
        "B": (100, True, False),  # 60 + 40
        "X 2024": (60, True, False),
        "Y 2024": (40, False, False),
    }


def test_shares_multiply_along_a_chain_and_add_up_where_ways_meet() -> None:
    root = centre()
    a, b = open_below(root, PROVINCE, "A"), open_below(root, PROVINCE, "B")
    old = open_below(a, COMMUNE, "Cũ")
    close(old, FIRST - DAY)
    x, y = (open_below(b, COMMUNE, name, valid_from=FIRST, valid_to=SECOND - DAY) for name in ("X", "Y"))
    u, v = (open_below(b, COMMUNE, name, valid_from=SECOND) for name in ("U", "V"))
    link(old, x, Share.MAIN, 60)
    link(old, y, Share.PART, 40)
    link(x, u, Share.MAIN, 50)
    link(x, v, Share.PART, 50)
    link(y, v)
    rebuild_lineage()
    assert {name: part for name, part in lineage(old).items() if not part[2]} == {
        "B": (100, True, False),  # once, though two generations stand below it
        "X 2024": (60, True, False),
        "Y 2024": (40, False, False),
        "U 2025": (30, True, False),
        "V 2025": (70, False, False),  # 60 × 50% + 40
    }


def test_halves_of_percents_still_make_the_whole() -> None:
    root = centre()
    a, b = open_below(root, PROVINCE, "A"), open_below(root, PROVINCE, "B")
    old = open_below(a, COMMUNE, "Cũ")
    close(old, FIRST - DAY)
    parts = [open_below(b, COMMUNE, name, valid_from=FIRST) for name in ("X", "Y", "Z")]
    for part, share, percent in zip(parts, (Share.MAIN, Share.PART, Share.PART), (34, 33, 33), strict=True):
        close(part, SECOND - DAY)
        link(old, part, share, percent)
        for name in ("1", "2"):
            heir = open_below(b, COMMUNE, f"{part.short_name}{name}", valid_from=SECOND)
            link(part, heir, Share.MAIN if name == "1" else Share.PART, 50)
    rebuild_lineage()
    assert lineage(old)["B"] == (100, True, False)
    assert lineage(old)["Y1 2025"] == (17, False, False)  # 16.5, rounded half up


def test_an_ancestor_of_both_trees_keeps_the_own_row() -> None:
    root = centre()
    a = open_below(root, PROVINCE, "A")
    old = open_below(a, COMMUNE, "Cũ")
    close(old, FIRST - DAY)
    link(old, open_below(a, COMMUNE, "Mới", valid_from=FIRST))
    rebuild_lineage()
    assert lineage(old) == {
        "Trung ương": (100, True, True),
        "A": (100, True, True),
        "Cũ": (100, True, True),
        "Mới 2024": (100, True, False),
    }


def test_a_closed_unit_without_successor_counts_only_where_it_stood() -> None:
    root = centre()
    a = open_below(root, PROVINCE, "A")
    old = open_below(a, COMMUNE, "Cũ", valid_to=FIRST)
    rebuild_lineage()
    assert set(lineage(old)) == {"Trung ương", "A", "Cũ"}


def test_rebuilding_a_few_reaches_all_that_depend_on_them(cast: Cast) -> None:
    """A move of the new province changes the lineage of its communes and of everything that went into it."""
    heard: list[set[int]] = []
    lineage_changed.connect(listener := lambda unit_ids, **_: heard.append(unit_ids))
    later = open_below(cast.centre, PROVINCE, "Thái Nguyên", code="19", valid_from=date(2026, 1, 1))
    link(cast.thai_nguyen, later)
    changed = rebuild_lineage({cast.thai_nguyen.pk, later.pk})
    lineage_changed.disconnect(listener)
    assert heard == [changed]
    for unit in (cast.tan_cuong, cast.thinh_duc, cast.old_district, cast.old_thai_nguyen, cast.police):
        assert unit.pk in changed
        assert lineage(unit)["Thái Nguyên 2026"] == (100, True, False)
    assert cast.sam_son.pk not in changed
    assert rebuild_lineage() == set()


def test_rebuilding_what_stands_changes_nothing_and_tells_nobody(cast: Cast) -> None:
    heard: list[set[int]] = []
    lineage_changed.connect(listener := lambda unit_ids, **_: heard.append(unit_ids))
    assert rebuild_lineage() == set()
    assert rebuild_lineage([cast.thinh_duc.pk]) == set()
    lineage_changed.disconnect(listener)
    assert heard == []


@pytest.mark.parametrize("seed", range(12))
def test_random_reorganisations_conserve_what_is_counted(seed: int) -> None:
    """Generations of mergers and divisions: weights stay whole, each unit counts once, rebuilt parts fit the rest."""
    chance = random.Random(seed)
    root = centre()
    provinces = [open_below(root, PROVINCE, f"P{n}") for n in range(3)]
    living = [open_below(chance.choice(provinces), COMMUNE, f"G0-{n}") for n in range(8)]
    for generation in range(1, 4):
        living = _next_generation(chance, provinces, living, generation)
    rebuild_lineage()
    assert Lineage.objects.aggregate(most=Max("weight"))["most"] <= 100
    for unit in Unit.objects.filter(kind=COMMUNE):
        today = list(Lineage.objects.filter(unit=unit, ancestor__in=[one.pk for one in living]))
        assert sum(row.counts for row in today) == 1
        assert abs(sum(row.weight for row in today) - 100) <= len(today)  # each rounded to a whole percent
        above = Lineage.objects.get(unit=unit, ancestor=root)
        assert (above.weight, above.counts, above.own) == (100, True, True)
    whole = dump()
    some = chance.sample(list(Unit.objects.values_list("pk", flat=True)), 5)
    Lineage.objects.filter(unit__in=some).delete()
    rebuild_lineage(some)
    assert dump() == whole


def _next_generation(chance: random.Random, provinces: list[Unit], living: list[Unit], generation: int) -> list[Unit]:
    on = date(2020 + generation, 1, 1)
    fresh = [open_below(chance.choice(provinces), COMMUNE, f"G{generation}-{n}", valid_from=on) for n in range(5)]
    staying = chance.sample(living, 2)
    for unit in living:
        if unit in staying:
            continue
        close(unit, on - DAY)
        heirs = chance.sample(fresh, chance.choice([1, 1, 2, 3]))
        if len(heirs) == 1:
            link(unit, heirs[0])
            continue
        percents = [50, 50] if len(heirs) == 2 else [40, 30, 30]
        real = chance.random() < 0.5
        for place, heir in enumerate(heirs):
            link(unit, heir, Share.PART if place else Share.MAIN, percents[place] if real else None)
    assert Succession.objects.exists()
    return fresh + staying


def test_the_command_mends_what_was_lost(cast: Cast) -> None:
    whole = dump()
    Lineage.objects.filter(unit=cast.thinh_duc, own=False).delete()
    call_command("rebuild_lineage", stdout=(out := StringIO()))
    assert dump() == whole
    assert out.getvalue().strip() == "Phả hệ đơn vị: đã sửa 1 đơn vị."
