"""When each unit below reaches its target: one list, sorted, filtered and exported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import make_month
from programmes.models import Indicator, Programme, Target
from reports.ahead.choices import Arrival
from reports.ahead.rows import AheadRow, ahead_of_children
from tests.cast import Cast
from tests.reports.test_dashboard import NOW, catalogue, record, scope
from units.models import Unit

__all__ = ["catalogue"]  # the fixture
pytestmark = pytest.mark.django_db
DUE = date(2027, 12, 31)


@pytest.fixture
def target(cast: Cast, catalogue: Programme) -> Target:
    """80% of members with an account at the end of 2027, for the province; one commune has a lower one of its own."""
    indicator = Indicator.objects.get(code="SOC-01")
    common = {"indicator": indicator, "programme": catalogue, "due": DUE, "baseline": 0}
    Target.objects.create(unit=cast.phu_dinh, value=30, baseline_on=date(2026, 1, 1), **common)
    return Target.objects.create(unit=cast.thai_nguyen, value=80, baseline_on=date(2026, 1, 1), **common)


def tell(unit: Unit, *accounts: int) -> None:
    """Month by month up to October, of 1000 members."""
    for place, value in enumerate(accounts):
        record({(unit, "MB-ALL"): 1000, (unit, "MB-VNEID"): value}, NOW - len(accounts) + place)


@pytest.fixture
def told(cast: Cast, target: Target) -> None:
    tell(cast.tan_cuong, 500, 530, 560, 590, 620)  # 30 a month: 6 months more
    tell(cast.dai_phuc, 100, 110, 120, 130, 140)  # 10 a month: 66 months more
    tell(cast.phu_dinh, 300, 300, 300, 300, 300)  # its own target is met
    tell(cast.police, 50, 50)


def rows(cast: Cast, catalogue: Programme) -> dict[Unit, AheadRow]:
    found = ahead_of_children(scope(cast, catalogue), Indicator.objects.get(code="SOC-01"))
    return {row.unit: row for row in found}


def test_each_unit_goes_its_own_pace_to_its_own_target(cast: Cast, catalogue: Programme, told: None) -> None:
    found = rows(cast, catalogue)
    quick, slow = found[cast.tan_cuong], found[cast.dai_phuc]
    assert (quick.missing, quick.pace, quick.reached, quick.arrival) == (180, 30, make_month(2027, 4), Arrival.IN_TIME)
    assert (slow.missing, slow.pace, slow.reached, slow.arrival) == (660, 10, make_month(2032, 4), Arrival.LATE)
    assert slow.needed == Decimal("47.1")  # 660 in 14 months
    met = found[cast.phu_dinh]
    assert (met.target, met.missing, met.reached, met.arrival) == (30, 0, None, Arrival.MET)
    assert found[cast.police].arrival == Arrival.UNKNOWN


def test_a_number_is_not_measured_by_the_target_of_the_unit_above(cast: Cast, catalogue: Programme) -> None:
    indicator = Indicator.objects.get(code="ORG-03")
    Target.objects.create(
        unit=cast.thai_nguyen, indicator=indicator, programme=catalogue, due=DUE, value=5000, baseline=0,
        baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    tell(cast.tan_cuong, 1, 2, 3, 4)
    assert {row.arrival for row in ahead_of_children(scope(cast, catalogue), indicator)} == {Arrival.NONE}


def page(client_of, cast: Cast, query: str = "") -> str:  # type: ignore[no-untyped-def]
    url = f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{Indicator.objects.get(code='SOC-01').pk}/khi-nao/?{query}"
    html: str = client_of(cast.leader).get(url).content.decode()
    return html[html.index("<tbody>") : html.index("</tbody>")] if "<tbody>" in html else html


def order(html: str, *units: Unit) -> list[str]:
    return sorted((unit.name for unit in units if f">{unit.name}<" in html), key=lambda name: html.index(f">{name}<"))


def test_the_most_pressing_come_first_and_what_is_missing_is_last_in_both_directions(
    cast: Cast, told: None, client_of
) -> None:
    every = (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police)
    quick, slow, met, unknown = (unit.name for unit in every)
    assert order(page(client_of, cast), *every) == [slow, quick, met, unknown]
    assert order(page(client_of, cast, "sort=reached"), *every)[:2] == [quick, slow]
    assert order(page(client_of, cast, "sort=-reached"), *every)[:2] == [slow, quick]
    assert order(page(client_of, cast, "sort=-pace"), *every) == [quick, slow, met, unknown]
    assert order(page(client_of, cast, "sort=value"), *every)[0] == unknown


def test_filters_by_name_and_verdict(cast: Cast, told: None, client_of) -> None:
    every = (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police)
    assert order(page(client_of, cast, "q=tan+cuong"), *every) == [cast.tan_cuong.name]
    assert order(page(client_of, cast, "arrival=late"), *every) == [cast.dai_phuc.name]
    assert order(page(client_of, cast, "arrival=late&q=tan+cuong"), *every) == []


def test_the_file_holds_the_rows_of_the_list(cast: Cast, told: None, client_of) -> None:
    url = f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{Indicator.objects.get(code='SOC-01').pk}/khi-nao/"
    response = client_of(cast.leader).get(f"{url}?export=csv&arrival=in_time")
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{cast.tan_cuong.name},62,80,")


def test_it_asks_no_more_for_many_units_than_for_one(cast: Cast, told: None, client_of) -> None:
    client = client_of(cast.leader)
    url = f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{Indicator.objects.get(code='SOC-01').pk}/khi-nao/"
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= 20
    assert client_of(cast.stranger).get(url).status_code == 404
