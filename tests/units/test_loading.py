"""The whole country, loaded once for this file and only read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.text import fold
from tests.cast import grant, person
from units import queries
from units.choices import ReorganisationKind, ReorganisationState, Role, Share, UnitKind
from units.lineage import rebuild_lineage
from units.loading import load_units
from units.models import Lineage, Reorganisation, Succession, Unit

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

LAST_DAY, REFORM = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 11, 21)
COUNTED = {"counts": True, "weight": 100}


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All units in one transaction around the tests of the file, rolled back after the last one."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_units()
        connection.check_constraints()  # once here: PostgreSQL would check all deferred keys after every test
        yield
        transaction.set_rollback(True)


def province(code: str, *, closed: bool = False) -> Unit:
    return Unit.objects.get(kind=UnitKind.PROVINCE, code=code, valid_to__isnull=not closed)


def communes(unit: Unit, on: date) -> int:
    return queries.counts_by_level(on, below=unit)[UnitKind.COMMUNE]


@pytest.mark.usefixtures("country")
class TestCountry:
    def test_levels_before_and_after_the_reform(self) -> None:
        assert queries.counts_by_level(LAST_DAY) == {"centre": 1, "province": 63, "district": 696, "commune": 10035}
        assert queries.counts_by_level(REFORM) == {"centre": 1, "province": 34, "commune": 3321}

    def test_thai_nguyen_had_177_then_172_then_92(self) -> None:
        old, new = province("19", closed=True), province("19")
        assert communes(old, date(2023, 10, 31)) == 177
        assert communes(old, date(2024, 11, 30)) == 177
        assert communes(old, date(2024, 12, 1)) == 172
        assert communes(old, date(2025, 1, 1)) == 172
        assert communes(old, LAST_DAY) == 172
        assert communes(new, REFORM) == 92

    @pytest.mark.parametrize(("code", "number"), [("38", 166), ("92", 103), ("31", 114), ("01", 126), ("79", 168)])
    def test_communes_of_new_provinces(self, code: str, number: int) -> None:
        assert communes(province(code), REFORM) == number

    def test_links(self) -> None:
        reform = Succession.objects.filter(reorganisation__kind=ReorganisationKind.REFORM)
        assert reform.count() == 10665
        assert Succession.objects.count() == 10665 + 10
        assert Counter(reform.filter(predecessor__kind="province").values_list("share", flat=True)) == {"whole": 63}
        assert reform.filter(predecessor__kind="district").count() == 5

    def test_one_reorganisation_for_each_new_province_and_one_of_2024(self) -> None:
        assert Reorganisation.objects.filter(kind=ReorganisationKind.REFORM, on=REFORM).count() == 34
        assert list(Reorganisation.objects.exclude(kind=ReorganisationKind.REFORM).values_list("on", "state")) == [
            (date(2024, 12, 1), ReorganisationState.APPLIED)
        ]

    def test_assumed_successors_say_so(self) -> None:
        noted = Succession.objects.exclude(note="").values_list("predecessor__name", flat=True)
        assert sorted(noted) == ["Xã Na Mao", "Xã Tân Lợi"]

    def test_every_unit_states_why_it_opened_or_closed(self) -> None:
        assert not Unit.objects.filter(valid_from=REFORM, legal_basis="").exists()
        assert not Unit.objects.filter(valid_to__isnull=False, closing_basis="").exists()
        assert not Unit.objects.filter(legal_basis__contains="UBTVQH16").exists()
        assert (
            Unit.objects.get(kind="commune", code="05503", valid_to=None).legal_basis == "Nghị quyết 1683/NQ-UBTVQH15"
        )

    def test_the_tree_has_no_faults(self) -> None:
        """What treebeard's find_problems asks node by node: parents, depths, numbers of children."""
        rows = list(Unit.objects.values_list("path", "depth", "numchild"))
        children = Counter(path[: -Unit.steplen] for path, _, _ in rows)
        assert {path[: -Unit.steplen] for path, _, _ in rows} - {path for path, _, _ in rows} == {""}
        assert [path for path, depth, _ in rows if depth * Unit.steplen != len(path)] == []
        assert [path for path, _, numchild in rows if numchild != children[path]] == []

    def test_every_old_commune_counts_in_one_province_of_today(self) -> None:
        rows = Lineage.objects.filter(
            unit__kind="commune", ancestor__kind="province", ancestor__valid_to=None, **COUNTED
        )
        old = rows.filter(unit__valid_to__isnull=False).values_list("unit", flat=True)
        assert Counter(Counter(old).values()) == {1: 10045}

    def test_every_old_commune_reaches_a_commune_of_today(self) -> None:
        rows = Lineage.objects.filter(unit__valid_to__isnull=False, ancestor__kind="commune", ancestor__valid_to=None)
        counted = rows.filter(unit__kind="commune", **COUNTED).values_list("unit", flat=True)
        assert Counter(Counter(counted).values()) == {1: 10045}

    def test_the_nation_counts_each_unit_exactly_once(self) -> None:
        centre = Unit.objects.get(kind="centre")
        rows = Lineage.objects.filter(ancestor=centre, own=True, **COUNTED)
        assert rows.count() == Unit.objects.count()

    def test_closed_districts_count_in_the_province_of_today(self) -> None:
        rows = Lineage.objects.filter(unit__kind="district", ancestor__kind="province", ancestor__valid_to=None)
        assert Counter(rows.values_list("unit", flat=True)).most_common(1)[0][1] == 1
        assert rows.count() == 696

    def test_part_shares_count_nothing(self) -> None:
        link = Succession.objects.filter(share=Share.PART).first()
        assert not Lineage.objects.filter(unit=link.predecessor_id, ancestor=link.successor_id).exists()

    def test_chain_of_two_reorganisations(self) -> None:
        """Xã Bảo Cường was merged into Thị trấn Chợ Chu in 2024 and with it into Xã Định Hóa in 2025."""
        unit = Unit.objects.get(name="Xã Bảo Cường", code="05569")
        followed = Lineage.objects.filter(unit=unit, own=False).values_list("ancestor__name", "weight")
        assert set(followed) == {("Thị trấn Chợ Chu", 100), ("Xã Định Hóa", 100), ("Tỉnh Thái Nguyên", 100)}
        assert queries.current_successors([unit], TODAY)[unit.pk] == (
            Unit.objects.get(name="Xã Định Hóa", valid_to=None, code="05569"),
        )

    def test_second_run_changes_nothing_and_says_so(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            out = StringIO()
            call_command("load_units", stdout=out)
        assert out.getvalue().strip() == "Các đơn vị đã đầy đủ, không có gì cần nạp."
        written = [q["sql"] for q in captured if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == []

    def test_incremental_lineage_equals_the_whole(self) -> None:
        assert rebuild_lineage() == set()
        assert rebuild_lineage([province("19").pk]) == set()

    def test_names_fit_their_search_keys(self) -> None:
        unit = Unit.objects.get(kind="commune", code="05503", valid_to=None)
        assert (unit.name, unit.union_name, unit.search) == (
            "Xã Tân Cương",
            "Hội LHPN xã Tân Cương",
            fold("Xã Tân Cương 05503"),
        )

    def test_officer_sees_the_old_provinces_of_the_new_one_and_nothing_else(self) -> None:
        officer = person("thu", "Thu")
        grant(officer, Role.OFFICER, province("19"), REFORM)
        seen = Unit.objects.visible_to(officer)
        old = seen.filter(kind="province", valid_to__isnull=False).values_list("name", flat=True)
        assert sorted(old) == ["Tỉnh Bắc Kạn", "Tỉnh Thái Nguyên"]
        assert seen.filter(kind="district").count() == 9 + 8
        assert seen.filter(kind="commune", valid_to=LAST_DAY).count() == 172 + 108
        assert seen.filter(kind="commune", valid_to=None).count() == 92
        assert seen.count() == 3 + 17 + 172 + 108 + 92 + 10

    def test_search_finds_old_names_with_what_they_are_today_in_three_queries(self) -> None:
        leader = person("lan", "Lan")
        grant(leader, Role.NATIONAL, Unit.objects.get(kind="centre"))
        with CaptureQueriesContext(connection) as captured:
            hits = queries.find_units("thinh duc", leader, TODAY)
        assert len(captured) <= 3
        assert [(hit.unit.name, hit.active, [one.name for one in hit.successors]) for hit in hits][:1] == [
            ("Xã Thịnh Đức", False, ["Xã Tân Cương"])
        ]
        assert queries.find_units("Hội LHPN xã Tân Cương", leader, TODAY)[0].active
