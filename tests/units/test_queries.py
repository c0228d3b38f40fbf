"""What pages ask: paths, relatives, search, the tree, roles; with what must not show."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LAST_DAY, REFORM, Cast, grant
from tests.units.trees import close, link, open_below
from units import actions, queries
from units.choices import Role, Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
BEFORE = date(2023, 10, 31)


def found(text: str, user: object) -> list[tuple[str, bool, list[str]]]:
    hits = queries.find_units(text, user, TODAY)
    return [(hit.unit.name, hit.active, [one.name for one in hit.successors]) for hit in hits]


class TestPaths:
    def test_names_up_to_the_province(self, cast: Cast) -> None:
        assert queries.unit_path(cast.thinh_duc) == (cast.old_thai_nguyen, cast.old_district)
        assert queries.unit_path(cast.thai_nguyen) == ()
        assert queries.unit_path(cast.centre) == ()

    def test_for_lists_in_one_query(self, cast: Cast) -> None:
        with CaptureQueriesContext(connection) as captured:
            names = queries.path_names([cast.thinh_duc, cast.tan_cuong, cast.thai_nguyen])
        assert len(captured) == 1
        assert names == {
            cast.thinh_duc.pk: "Thành phố Thái Nguyên, Tỉnh Thái Nguyên",
            cast.tan_cuong.pk: "Tỉnh Thái Nguyên",
            cast.thai_nguyen.pk: "",
        }

    def test_children_are_those_of_the_day_in_vietnamese_order(self, cast: Cast) -> None:
        names = list(queries.children(cast.thai_nguyen, TODAY).values_list("short_name", flat=True))
        assert names == ["Đại Phúc", "Hội Phụ nữ Công an tỉnh", "Phú Đình", "Tân Cương"]
        assert list(queries.children(cast.thai_nguyen, LAST_DAY)) == []
        assert list(queries.children(cast.old_thai_nguyen, LAST_DAY)) == [cast.old_district]


class TestRelatives:
    def test_both_ways_with_share_and_basis(self, cast: Cast) -> None:
        part = open_below(cast.old_district, UnitKind.COMMUNE, "An", valid_to=LAST_DAY)
        link(part, cast.tan_cuong, Share.PART, 30)
        link(part, cast.dai_phuc, Share.MAIN, 70)
        came_from = queries.predecessors(cast.tan_cuong)
        assert [(one.unit.short_name, one.share, one.percent) for one in came_from] == [
            ("Tân Cương", "whole", None),
            ("Thịnh Đức", "whole", None),
            ("An", "part", 30),
        ]
        assert (came_from[0].on, came_from[0].legal_basis) == (REFORM, "Nghị quyết 202/2025/QH15")
        assert [(one.unit, one.share) for one in queries.successors(part)] == [
            (cast.dai_phuc, "main"),
            (cast.tan_cuong, "part"),
        ]


class TestSearch:
    def test_old_names_lead_to_today(self, cast: Cast) -> None:
        assert found("thinh duc", cast.officer) == [("Xã Thịnh Đức", False, ["Xã Tân Cương"])]
        assert found("Xã THỊNH ĐỨC", cast.enterer) == [("Xã Thịnh Đức", False, ["Xã Tân Cương"])]

    def test_open_units_first_and_exact_names_before_others(self, cast: Cast) -> None:
        for name in ("Tân", "Tân Cương Đông"):
            unit = open_below(cast.thai_nguyen, UnitKind.COMMUNE, name, valid_from=REFORM)
            rebuild_lineage({unit.pk})
        assert [name for name, _, _ in found("tân", cast.officer)] == [
            "Xã Tân",
            "Xã Tân Cương",
            "Xã Tân Cương Đông",
            "Xã Tân Cương",
        ]
        assert [(name, active) for name, active, _ in found("tan cuong", cast.officer)] == [
            ("Xã Tân Cương", True),
            ("Xã Tân Cương", False),
            ("Xã Tân Cương Đông", True),
        ]

    def test_former_names_codes_and_the_union_in_front(self, cast: Cast) -> None:
        actions.rename_unit(
            unit=cast.phu_dinh, name="Xã ATK", short_name="ATK", on=date(2026, 1, 1), by=cast.national, legal_basis="NQ"
        )
        assert found("phú đình", cast.officer) == [("Xã ATK", True, [])]
        assert found(cast.phu_dinh.code, cast.officer)[0][0] == "Xã ATK"
        assert found("Hội LHPN xã ATK", cast.officer) == [("Xã ATK", True, [])]
        assert found("hội liên hiệp phụ nữ việt nam", cast.national)[0][0] == "Hội Liên hiệp Phụ nữ Việt Nam"

    def test_nothing_beyond_what_the_person_may_see(self, cast: Cast) -> None:
        assert found("sam son", cast.officer) == []
        assert found("thinh duc", cast.stranger) == []
        assert found("thai nguyen", cast.enterer) == []
        assert found("thai", cast.nobody) == []
        assert found("  ", cast.national) == []
        assert found("%", cast.national) == []

    def test_three_queries_over_three_generations(self, cast: Cast) -> None:
        later = open_below(cast.thai_nguyen, UnitKind.COMMUNE, "Mới", valid_from=date(2026, 1, 1))
        close(cast.tan_cuong, date(2025, 12, 31))
        link(cast.tan_cuong, later)
        rebuild_lineage({cast.tan_cuong.pk, later.pk})
        with CaptureQueriesContext(connection) as captured:
            assert found("thinh duc", cast.officer) == [("Xã Thịnh Đức", False, ["Xã Mới"])]
        assert len(captured) <= 3
        assert ("Thành phố Thái Nguyên", False, ["Tỉnh Thái Nguyên"]) in found("thai nguyen", cast.officer)

    def test_a_divided_unit_names_the_larger_successor_first(self, cast: Cast) -> None:
        part = open_below(cast.old_district, UnitKind.COMMUNE, "Chia", valid_to=LAST_DAY)
        link(part, cast.tan_cuong, Share.PART)
        link(part, cast.dai_phuc, Share.MAIN)
        rebuild_lineage({part.pk})
        assert found("chia", cast.officer) == [("Xã Chia", False, ["Xã Đại Phúc", "Xã Tân Cương"])]


class TestTree:
    def test_level_by_level(self, cast: Cast) -> None:
        roots = queries.tree_roots(cast.national, TODAY)
        assert [(node.unit, node.opens, node.communes) for node in roots] == [(cast.centre, True, 5)]
        below = queries.tree_children(cast.centre, cast.national, TODAY)
        assert [(node.unit, node.opens, node.communes) for node in below] == [
            (cast.thai_nguyen, True, 4),
            (cast.thanh_hoa, True, 1),
        ]
        leaves = queries.tree_children(cast.thai_nguyen, cast.officer, TODAY)
        assert (leaves[0].unit, leaves[0].opens, leaves[0].communes) == (cast.dai_phuc, False, 0)

    def test_each_person_begins_where_the_own_units_begin(self, cast: Cast) -> None:
        def names(user: object, on: date) -> list[Unit]:
            return [node.unit for node in queries.tree_roots(user, on)]

        assert names(cast.officer, TODAY) == [cast.thai_nguyen]
        assert names(cast.officer, BEFORE) == [cast.old_thai_nguyen]
        assert names(cast.enterer, TODAY) == [cast.tan_cuong]
        assert names(cast.enterer, BEFORE) == [cast.old_tan_cuong, cast.thinh_duc]
        assert names(cast.nobody, TODAY) == []
        grant(cast.stranger, Role.VIEWER, cast.tan_cuong)
        assert names(cast.stranger, TODAY) == [cast.sam_son, cast.tan_cuong]

    def test_nothing_opens_for_strangers(self, cast: Cast) -> None:
        assert queries.tree_children(cast.thai_nguyen, cast.stranger, TODAY) == []

    def test_the_number_of_queries_does_not_grow(self, cast: Cast) -> None:
        with CaptureQueriesContext(connection) as one:
            queries.tree_children(cast.thanh_hoa, cast.national, TODAY)
        with CaptureQueriesContext(connection) as four:
            queries.tree_children(cast.thai_nguyen, cast.national, TODAY)
        assert len(one) == len(four) == 2

    def test_counts_by_level(self, cast: Cast) -> None:
        assert queries.counts_by_level(TODAY) == {"centre": 1, "province": 2, "commune": 4, "attached": 1}
        assert queries.counts_by_level(BEFORE, below=cast.old_thai_nguyen) == {
            "province": 1,
            "district": 1,
            "commune": 3,
        }


def test_roles_at_a_unit_are_its_own_and_those_from_above(cast: Cast) -> None:
    held = [(one.grant.user.username, one.here) for one in queries.roles_at(cast.tan_cuong, TODAY)]
    assert held == [
        ("enterer", True),
        ("signer", True),
        ("admin", False),
        ("officer", False),
        ("officer2", False),
        ("leader", False),
        ("national", False),
    ]
    grant(cast.nobody, Role.VIEWER, cast.tan_cuong, date(2027, 1, 1))
    assert "nobody" not in {one.grant.user.username for one in queries.roles_at(cast.tan_cuong, TODAY)}
