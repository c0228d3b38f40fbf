"""The third way of reading: by the units of a chosen day, in the address, on every page, honest about its limits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from programmes.choices import Basis, OnDay
from programmes.models import Indicator, Programme
from reports.queries.dashboard import dashboard
from reports.queries.indicator import open_indicator
from reports.queries.scope import Scope, read_scope
from tests.cast import Cast
from tests.reports.test_dashboard import OCTOBER, TODAY, catalogue, record

__all__ = ["catalogue"]

pytestmark = pytest.mark.django_db
BEFORE = date(2025, 6, 30)


def asked(cast: Cast, unit, query: str) -> Scope:
    return read_scope(unit, QueryDict(query), cast.national, TODAY)


def test_the_choice_is_read_from_the_address_and_stays_in_every_link(cast: Cast, catalogue: Programme) -> None:
    scope = asked(cast, cast.old_thai_nguyen, "cach-doc=ngay&ngay=30-06-2025&thang=10-2026")
    assert (scope.basis, scope.month) == (OnDay(BEFORE), OCTOBER)  # a closed unit is read in later months too
    assert scope.query == "thang=10-2026&cach-doc=ngay&ngay=30-06-2025&chuong-trinh=CDS"


@pytest.mark.parametrize("query", ["cach-doc=ngay", "cach-doc=ngay&ngay=", "cach-doc=ngay&ngay=31-02-2025", "ngay=x"])
def test_a_day_that_cannot_be_read_leaves_the_usual_way(cast: Cast, catalogue: Programme, query: str) -> None:
    assert asked(cast, cast.thai_nguyen, query).basis == Basis.TODAY
    assert asked(cast, cast.old_thai_nguyen, query).basis == Basis.THEN


def test_later_figures_count_for_the_unit_of_the_day_that_holds_all_they_came_of(
    cast: Cast, catalogue: Programme
) -> None:
    record({
        (cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 10,  # of two communes of the old district
        (cast.phu_dinh, "MB-ALL"): 900, (cast.phu_dinh, "MB-VNEID"): 810,  # of the new province, which came of the old
        (cast.sam_son, "MB-ALL"): 7, (cast.sam_son, "MB-VNEID"): 7,
    })  # fmt: skip
    scope = asked(cast, cast.old_thai_nguyen, "cach-doc=ngay&ngay=30-06-2025&thang=10-2026")
    reading = next(one for one in dashboard(scope).readings if one.indicator.code == "SOC-01")
    assert (reading.value_text, reading.fraction) == ("82%", "820/1.000")
    opened = open_indicator(scope, Indicator.objects.get(code="SOC-01"))
    assert [(child.unit, (child.numerator, child.denominator)) for child in opened.children] == [
        (cast.old_district, (Decimal(10), Decimal(100)))
    ]


def test_what_cannot_be_divided_back_is_no_number_and_is_named(cast: Cast, catalogue: Programme, client_of) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100})
    query = "cach-doc=ngay&ngay=30-06-2025&thang=10-2026"
    scope = asked(cast, cast.thinh_duc, query)
    reading = next(one for one in dashboard(scope).readings if one.indicator.code == "ORG-03")
    assert reading.now.value is None
    assert scope.undivided == [cast.tan_cuong]
    page = client_of(cast.leader).get(f"/tong-quan/{cast.thinh_duc.pk}/?{query}").content.decode()
    assert "không chia lại được" in page
    assert cast.tan_cuong.name in page


def test_a_unit_that_did_not_live_then_leads_to_those_that_did(cast: Cast, catalogue: Programme, client_of) -> None:
    query = "cach-doc=ngay&ngay=30-06-2025"
    scope = asked(cast, cast.thai_nguyen, query)
    assert (scope.basis, scope.stand_ins) == (Basis.TODAY, [cast.old_thai_nguyen])
    page = client_of(cast.leader).get(f"/tong-quan/{cast.thai_nguyen.pk}/?{query}").content.decode()
    assert f"/tong-quan/{cast.old_thai_nguyen.pk}/?thang=11-2026&amp;cach-doc=ngay&amp;ngay=30-06-2025" in page


def test_each_report_page_opens_by_the_units_of_a_day(cast: Cast, catalogue: Programme, client_of) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100})
    indicator = Indicator.objects.get(code="ORG-03")
    query = "?cach-doc=ngay&ngay=30-06-2025&thang=10-2026"
    client, unit = client_of(cast.leader), cast.old_district.pk
    for path in ("", f"chi-so/{indicator.pk}/", f"so-lieu/{indicator.numerator_id}/{OCTOBER}/"):
        page = client.get(f"/tong-quan/{unit}/{path}{query}").content.decode()
        assert "theo đơn vị ngày 30/06/2025" in page, path
        assert 'value="ngay" checked' in page or "so-lieu" in path
