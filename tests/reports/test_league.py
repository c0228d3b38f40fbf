"""League tables: places of one rule, how they moved, and what has no place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from programmes.choices import Direction
from programmes.models import Indicator, Programme
from reports.league.choices import Move
from reports.league.ranks import as_read, places
from reports.league.rows import LeagueRow, league
from tests.cast import Cast
from tests.reports.test_dashboard import OCTOBER, catalogue, record, scope
from units.models import Unit

__all__ = ["catalogue"]  # the fixture
VALUES = st.dictionaries(
    st.integers(), st.none() | st.integers(-3, 3).map(Decimal) | st.decimals(-9, 9, places=1), max_size=12
)


@given(values=VALUES, less_is_better=st.booleans())
def test_a_place_is_one_more_than_the_number_of_better_ones(
    values: dict[int, Decimal | None], less_is_better: bool
) -> None:
    found = places(values, less_is_better=less_is_better)
    assert found.keys() == {key for key, value in values.items() if value is not None}
    for key, place in found.items():
        mine, others = values[key], [value for value in values.values() if value is not None]
        better = [value for value in others if (value < mine if less_is_better else value > mine)]
        assert place == 1 + len(better)


@given(value=st.decimals(-1000, 1000, places=6), decimals=st.integers(0, 2), less=st.booleans())
def test_turned_upside_down_the_places_are_the_same(value: Decimal, decimals: int, less: bool) -> None:
    values = {1: value, 2: value + 1, 3: None, 4: value}
    turned = {key: None if one is None else -one for key, one in values.items()}
    assert places(values, less_is_better=less) == places(turned, less_is_better=not less)
    assert as_read(value, decimals) == -as_read(-value, decimals)  # type: ignore[operator]  # a number


@pytest.fixture
def told(cast: Cast, catalogue: Programme) -> None:
    """Shares of members with an account: a year ago Đại Phúc led; since October Tân Cương does."""
    tell(OCTOBER - 12, {cast.tan_cuong: 100, cast.dai_phuc: 300})
    tell(OCTOBER - 3, {cast.tan_cuong: 200, cast.dai_phuc: 300, cast.phu_dinh: 500})
    tell(OCTOBER - 1, {cast.tan_cuong: 400, cast.dai_phuc: 500, cast.phu_dinh: 500})
    tell(OCTOBER, {cast.tan_cuong: 600, cast.dai_phuc: 500, cast.police: 10})


def tell(month: int, accounts: dict[Unit, int]) -> None:
    """Of 1000 members each."""
    values = {(unit, "MB-ALL"): 1000 for unit in accounts}
    record(values | {(unit, "MB-VNEID"): value for unit, value in accounts.items()}, month)


def rows(cast: Cast, catalogue: Programme) -> dict[Unit, LeagueRow]:
    indicator = Indicator.objects.select_related("numerator", "denominator").get(code="SOC-01")
    return {row.unit: row for row in league(scope(cast, catalogue, month=OCTOBER), indicator)}


@pytest.mark.django_db
def test_places_are_shared_by_equals_and_kept_within_the_level(cast: Cast, catalogue: Programme, told: None) -> None:
    found = rows(cast, catalogue)
    first, second, equal, police = (found[unit] for unit in (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police))
    assert [row.place for row in (first, second, equal)] == [1, 2, 2]
    assert (first.of, police.place, police.of) == (3, 1, 1)  # an attached unit is not compared with communes
    assert (equal.carried, second.carried) == (True, False)


@pytest.mark.django_db
def test_places_gained_and_lost_over_a_month_a_quarter_and_a_year(cast: Cast, catalogue: Programme, told: None) -> None:
    found = rows(cast, catalogue)
    first, second, third = found[cast.tan_cuong], found[cast.dai_phuc], found[cast.phu_dinh]
    assert (first.month, first.quarter, first.year) == (2, 2, 1)  # from 3, 3 and 2
    assert (second.month, second.quarter, second.year) == (-1, 0, -1)
    assert (third.year, third.before["year"]) == (None, None)  # no value a year ago is no last place
    assert [found[unit].move for unit in (cast.tan_cuong, cast.dai_phuc, cast.police)] == [
        Move.RISEN, Move.FALLEN, Move.NEW,
    ]  # fmt: skip


@pytest.mark.django_db
def test_missing_has_no_place_and_less_may_be_better(cast: Cast, catalogue: Programme) -> None:
    tell(OCTOBER, {cast.tan_cuong: 0, cast.dai_phuc: 500})
    found = rows(cast, catalogue)
    assert (found[cast.tan_cuong].place, found[cast.phu_dinh].place) == (2, None)  # 0 is a value, nothing is none
    assert found[cast.phu_dinh].move == Move.MISSING
    Indicator.objects.filter(code="SOC-01").update(direction=Direction.DOWN)
    assert rows(cast, catalogue)[cast.tan_cuong].place == 1


def page_url(cast: Cast, query: str = "") -> str:
    return f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{Indicator.objects.get(code='SOC-01').pk}/xep-hang/?{query}"


def names(client_of, cast: Cast, query: str = "") -> list[str]:  # type: ignore[no-untyped-def]
    response = client_of(cast.leader).get(page_url(cast, query))
    return [row.record.unit.short_name for row in response.context["table"].rows]


@pytest.mark.django_db
def test_the_page_ranks_the_finished_month_sorts_and_filters(cast: Cast, told: None, client_of) -> None:
    Unit.objects.filter(pk=cast.dai_phuc.pk).update(upland=True)
    tan_cuong, dai_phuc, phu_dinh = (unit.short_name for unit in (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh))
    assert names(client_of, cast, "thang=11-2026")[:3] == [tan_cuong, dai_phuc, phu_dinh]  # November is not over
    assert names(client_of, cast, "thang=09-2026")[-2:] == [tan_cuong, cast.police.short_name]
    assert names(client_of, cast, "priority=upland") == [dai_phuc]
    assert names(client_of, cast, "move=risen") == [tan_cuong]
    assert names(client_of, cast, "kind=attached") == [cast.police.short_name]
    assert names(client_of, cast, "q=phu+dinh") == [phu_dinh]
    assert names(client_of, cast, "sort=-year") == [tan_cuong, dai_phuc, cast.police.short_name, phu_dinh]


@pytest.mark.django_db
def test_numbers_lead_to_their_parts_in_few_queries(cast: Cast, told: None, client_of) -> None:
    client = client_of(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(page_url(cast)).content.decode()
    assert len(queries) <= 20
    numerator = Indicator.objects.get(code="SOC-01").numerator_id
    figure = f"/tong-quan/{cast.tan_cuong.pk}/so-lieu/{numerator}/{OCTOBER}/"
    before = f"{page_url(cast)}thang=09-2026"
    assert figure in html
    assert before in html
    assert client.get(figure).status_code == 200
    assert client_of(cast.stranger).get(page_url(cast)).status_code == 404


@pytest.mark.django_db
def test_the_file_tells_places_and_leaves_missing_ones_empty(cast: Cast, told: None, client_of) -> None:
    response = client_of(cast.leader).get(page_url(cast, "export=csv&sort=-year&kind=commune"))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    best = [cast.tan_cuong.name, "1", "3", "Cấp xã", "60", "600", "1000", "2", "2", "1", "3", "3", "2"]
    assert lines[1].split(",") == best
    assert lines[3].split(",")[-5:] == ["-1", "", "1", "1", ""]  # Phú Đình had no value a year ago
