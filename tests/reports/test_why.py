"""Why a number changed: newly reached, lost, reorganised, corrected, by named units, down to the machine."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.periods import make_month
from programmes.actions import Entry, record_figures
from programmes.choices import Basis, Provenance
from programmes.models import FigureChange, Indicator, Measure, Programme
from programmes.registered import measure
from reports.explaining.change import Change, change_of
from reports.explaining.parts import Part
from reports.explaining.rounding import apportioned, decimals_for, rounded
from reports.explaining.rows import explained
from reports.queries.scope import Scope
from tests.cast import Cast
from tests.equipment.conftest import World, world
from tests.reports.test_dashboard import TODAY, catalogue, record, scope
from units.models import Unit

__all__ = ["catalogue", "world"]  # the fixtures
pytestmark = pytest.mark.django_db
MAY, SEPTEMBER, OCTOBER = make_month(2025, 5), make_month(2026, 9), make_month(2026, 10)


def alone(code: str, window: str = "month") -> Indicator:
    return Indicator.objects.create(
        code=f"T-{code}", name=f"Số {code}", numerator=measure(code), window=window, unit_label="người", decimals=0
    )


def change(cast: Cast, indicator: Indicator, first: int, last: int = OCTOBER, **kwargs: object) -> Change:
    found = change_of(scope(cast, None, month=last, **kwargs), indicator, first)  # type: ignore[arg-type]
    assert found is not None
    assert found.unexplained == 0
    return found


def told(found: Change) -> dict[str, dict[str, int]]:
    """Part → unit → what it adds to the numerator."""
    names = dict(Unit.objects.values_list("pk", "name"))
    return {
        part.value: {names[pk]: one.numerator // 10_000 for pk, one in found.moved[part].items()}
        for part in found.parts
    }


@pytest.mark.parametrize("basis", Basis.values)
def test_states_are_reached_lost_and_merged_by_name(cast: Cast, catalogue: Programme, basis: str) -> None:
    """Two communes that have it become one that has it: no commune lost anything, and the count falls by one."""
    record({(cast.thinh_duc, "SW-MEMBERS"): 1, (cast.old_tan_cuong, "SW-MEMBERS"): 1,
            (cast.old_dai_phuc, "SW-MEMBERS"): 0}, MAY)  # fmt: skip
    record({(cast.dai_phuc, "SW-MEMBERS"): 1, (cast.phu_dinh, "SW-MEMBERS"): 1}, SEPTEMBER)
    record({(cast.tan_cuong, "SW-MEMBERS"): 0}, OCTOBER)
    found = change(cast, alone("SW-MEMBERS"), MAY, basis=Basis(basis))
    assert (found.before, found.after) == (2, 2)
    assert told(found) == {
        "reorganised": {"Xã Tân Cương": -1},
        "gained": {"Xã Đại Phúc": 1, "Xã Phú Đình": 1},
        "lost": {"Xã Tân Cương": -1},
    }


@pytest.mark.parametrize("basis", Basis.values)
def test_what_is_handed_over_whole_is_no_change(cast: Cast, catalogue: Programme, basis: str) -> None:
    """30 and 20 members become one commune that soon reports 55: five more, and nothing by the merger."""
    record({(cast.thinh_duc, "MB-ALL"): 30, (cast.old_tan_cuong, "MB-ALL"): 20}, MAY)
    record({(cast.tan_cuong, "MB-ALL"): 55}, OCTOBER)
    found = change(cast, alone("MB-ALL"), MAY, basis=Basis(basis))
    assert told(found) == {"gained": {"Xã Tân Cương": 5}}


def test_an_own_report_in_the_month_of_the_merger_is_told_apart_from_what_came_over(
    cast: Cast, catalogue: Programme
) -> None:
    record({(cast.thinh_duc, "MB-ALL"): 30, (cast.old_tan_cuong, "MB-ALL"): 20}, MAY)
    record({(cast.tan_cuong, "MB-ALL"): 44}, make_month(2025, 7))
    assert told(change(cast, alone("MB-ALL"), MAY)) == {"lost": {"Xã Tân Cương": -6}}


def test_corrections_are_told_from_what_was_known_when_the_month_was_over(cast: Cast, catalogue: Programme) -> None:
    record({(cast.dai_phuc, "MB-ALL"): 100, (cast.tan_cuong, "MB-ALL"): 40}, SEPTEMBER)
    record({(cast.dai_phuc, "MB-ALL"): 95}, SEPTEMBER)
    record({(cast.dai_phuc, "MB-ALL"): 90}, SEPTEMBER)
    record({(cast.dai_phuc, "MB-ALL"): 97}, OCTOBER)
    found = change(cast, alone("MB-ALL"), SEPTEMBER)
    assert (found.before, found.now, found.after) == (140, 130, 137)
    assert told(found) == {"corrected": {"Xã Đại Phúc": -10}, "gained": {"Xã Đại Phúc": 7}}
    FigureChange.objects.update(at=datetime(2026, 9, 30, 16, tzinfo=UTC))  # 23:00 in Việt Nam
    assert told(change(cast, Indicator.objects.get(code="T-MB-ALL"), SEPTEMBER)) == {"gained": {"Xã Đại Phúc": 7}}


def test_a_figure_taken_back_and_a_late_report(cast: Cast, catalogue: Programme) -> None:
    record({(cast.dai_phuc, "MB-ALL"): 100, (cast.tan_cuong, "MB-ALL"): 40}, SEPTEMBER)
    entry = Entry(cast.dai_phuc.pk, measure("MB-ALL").pk, SEPTEMBER, None)
    record_figures(entries=[entry], provenance=Provenance.SUBMISSION, by=None, reason="nhầm đơn vị", today=TODAY)
    record({(cast.phu_dinh, "MB-ALL"): 8}, SEPTEMBER)  # late, and first: no correction
    found = change(cast, alone("MB-ALL"), SEPTEMBER)
    assert (found.before, found.now) == (148, 48)
    assert told(found) == {"corrected": {"Xã Đại Phúc": -100}}
    (part,) = explained(found, cast.leader).parts
    assert part.rows[0].note == "09/2026: 100 → rút lại (nhầm đơn vị)"


def test_the_denominator_lowers_a_percentage_by_name(cast: Cast, catalogue: Programme) -> None:
    """50 of 100 become 50 of 125: the commune with 25 new members takes ten points away."""
    record({(cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 50}, SEPTEMBER)
    record({(cast.dai_phuc, "MB-ALL"): 25, (cast.dai_phuc, "MB-VNEID"): 0}, OCTOBER)
    found = change(cast, Indicator.objects.get(code="SOC-01"), SEPTEMBER)
    assert (found.before, found.after, found.points(Part.LOST)) == (50, 40, -10)
    assert set(found.moved[Part.LOST]) == {cast.dai_phuc.pk}
    assert found.really() == (0, -10)


def test_a_month_without_a_value_and_a_rank_have_nothing_to_tell(cast: Cast, catalogue: Programme) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100}, OCTOBER)
    assert change_of(scope(cast, catalogue, month=OCTOBER), alone("MB-ALL"), SEPTEMBER) is None
    rank = Measure.objects.filter(kind="given").first()
    assert rank is not None
    assert change_of(scope(cast, catalogue, month=OCTOBER), alone(rank.code), SEPTEMBER) is None


def test_the_reason_of_a_machine_is_the_event_in_the_register(world: World) -> None:
    cast = world.cast
    world.machine(cast.dai_phuc)
    world.confirmed(cast.tan_cuong)
    fit = Indicator.objects.create(code="FIT", name="Có máy", numerator=measure("EQ-FIT"), unit_label="cơ sở")
    november = Scope(unit=cast.thai_nguyen, programme=None, month=OCTOBER + 1, basis=Basis.TODAY, today=TODAY)
    found = change_of(november, fit, SEPTEMBER)
    assert found is not None
    (part,) = explained(found, cast.leader).parts
    (row,) = part.rows
    assert (row.unit, part.part, row.numerator) == (cast.tan_cuong, Part.GAINED, 1)
    assert row.note.startswith("20/11/2026: Đã nhận: Dell Vostro")


@given(st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=12), st.integers(1, 997), st.integers(0, 2))
def test_rounded_parts_add_up_to_the_rounded_whole(over: list[int], under: int, decimals: int) -> None:
    parts = [Fraction(one, under) for one in over]
    whole = rounded(sum(parts, Fraction(0)), decimals)
    shown = apportioned(parts, whole, decimals)
    assert sum(shown) == whole
    unit = Fraction(1, 10**decimals)
    assert all(abs(Fraction(one) - part) <= unit for one, part in zip(shown, parts, strict=True))
    wanted = decimals_for(parts, decimals)
    assert decimals <= wanted <= 2


def why_url(unit: Unit, code: str, query: str = "") -> str:
    return f"/tong-quan/{unit.pk}/chi-so/{Indicator.objects.get(code=code).pk}/vi-sao/?{query}"


def test_the_page_and_its_files_tell_the_same(cast: Cast, catalogue: Programme, client_of) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100, (cast.dai_phuc, "MB-ALL"): 30}, SEPTEMBER)
    record({(cast.tan_cuong, "MB-ALL"): 1120, (cast.dai_phuc, "MB-ALL"): 25}, OCTOBER)
    client = client_of(cast.leader)
    url = why_url(cast.thai_nguyen, "ORG-03", "tu=09-2026&thang=10-2026")
    with CaptureQueriesContext(connection) as queries:
        html = client.get(url).content.decode()
    assert len(queries) <= 20
    assert "Từ 130 người đến 1.145 người (+1.015 người): tăng +1.020 (1 đơn vị); giảm −5 (1 đơn vị)." in html
    figure = f"/tong-quan/{cast.tan_cuong.pk}/so-lieu/{measure('MB-ALL').pk}/{OCTOBER}/"
    assert figure in html
    assert client.get(figure).status_code == 200
    lines = b"".join(client.get(f"{url}&export=csv").streaming_content).decode().splitlines()
    assert "Tăng,Xã Tân Cương,1,1020,1020," in lines
    file = client.get(f"{url}&export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).active
    assert [row[4].value for row in sheet.iter_rows(min_row=10)] == [1020, -5]


def test_an_unreadable_or_later_month_is_the_month_before(cast: Cast, catalogue: Programme, client_of) -> None:
    client = client_of(cast.leader)
    for text in ("", "abc", "13-2026", "12-2030"):
        html = client.get(why_url(cast.thai_nguyen, "ORG-03", f"tu={text}&thang=10-2026")).content.decode()
        assert "từ 09/2026 đến 10/2026" in html


def test_without_months_the_last_finished_one_is_compared(cast: Cast, catalogue: Programme, client_of) -> None:
    html = client_of(cast.leader).get(why_url(cast.thai_nguyen, "ORG-03", "thang=11-2026")).content.decode()
    assert "từ 09/2026 đến 10/2026" in html
    html = client_of(cast.leader).get(why_url(cast.thai_nguyen, "ORG-03", "tu=10-2026&thang=11-2026")).content.decode()
    assert "từ 10/2026 đến 11/2026" in html


def test_who_does_not_see_the_unit_does_not_find_the_page(cast: Cast, catalogue: Programme, client_of) -> None:
    assert client_of(cast.stranger).get(why_url(cast.thai_nguyen, "ORG-03")).status_code == 404


def test_the_nation_is_told_by_provinces_and_leads_down(cast: Cast, catalogue: Programme) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100, (cast.dai_phuc, "MB-ALL"): 30, (cast.sam_son, "MB-ALL"): 7}, SEPTEMBER)
    record({(cast.tan_cuong, "MB-ALL"): 120, (cast.dai_phuc, "MB-ALL"): 35}, OCTOBER)
    found = change_of(scope(cast, catalogue, unit=cast.centre, month=OCTOBER), alone("MB-ALL"), SEPTEMBER)
    assert found is not None
    ((row,),) = [part.rows for part in explained(found, cast.national).parts]
    assert (row.unit, row.units, row.numerator) == (cast.thai_nguyen, 2, Decimal(25))
    assert f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/" in row.href
    assert "tu=09-2026" in row.href
