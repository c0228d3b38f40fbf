"""Reading the story of the cast: both bases, coverage, windows, ratios, children, one figure opened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.actions import Entry, record_figures, register_units
from programmes.choices import Basis, Provenance
from programmes.models import Indicator, Measure
from programmes.queries import children_values, figure_story, indicator_series, series
from tests.cast import Cast
from units.models import Unit

TODAY = date(2026, 11, 21)
DECEMBER_2024, JUNE_2025, JULY_2025 = 24299, 24305, 24306
JANUARY_2026, MARCH_2026 = 24312, 24314


def make(code: str, kind: str = "stock", **values: object) -> Measure:
    return Measure.objects.create(code=code, name=f"Số {code}", kind=kind, unit_of_measure="x", **values)


def indicator(numerator: Measure, denominator: Measure | None = None, **values: object) -> Indicator:
    facts = {"code": numerator.code[:20], "name": "x", "unit_label": "%" if denominator else "x"}
    return Indicator.objects.create(numerator=numerator, denominator=denominator, **{**facts, **values})


def record(*rows: tuple[Unit, Measure, int, object], **more: object) -> None:
    entries = [Entry(unit.pk, measure.pk, period, Decimal(str(value))) for unit, measure, period, value in rows]
    record_figures(entries=entries, **{"provenance": Provenance.SUBMISSION, "by": None, "today": TODAY, **more})


def values(unit: Unit, measure: Measure, first: int, last: int, basis: Basis) -> list[object]:
    return [point.value for point in series(unit, [measure], first, last, basis=basis)[measure.pk]]


@pytest.fixture
def members(cast: Cast) -> Measure:
    """40 + 60 members in the two old communes that became Tân Cương, 30 in the one that became Đại Phúc."""
    measure = make("MEMBERS")
    record(
        (cast.thinh_duc, measure, DECEMBER_2024, 40),
        (cast.old_tan_cuong, measure, DECEMBER_2024, 60),
        (cast.old_dai_phuc, measure, DECEMBER_2024 + 1, 30),
        (cast.tan_cuong, measure, JANUARY_2026, 110),
    )
    return measure


def test_a_province_before_its_life(cast: Cast, members: Measure) -> None:
    """As it was then Thái Nguyên goes on from the old province; by today's units its communes' past is its own."""
    for basis in Basis:
        assert values(cast.thai_nguyen, members, DECEMBER_2024 - 1, DECEMBER_2024 + 1, basis) == [None, 100, 130]
        assert values(cast.thai_nguyen, members, JUNE_2025, JULY_2025, basis) == [130, 130]


def test_a_commune_before_its_life(cast: Cast, members: Measure) -> None:
    """Tân Cương continues the commune of that name; by today's units the one that joined it counts too."""
    assert values(cast.tan_cuong, members, JUNE_2025, JULY_2025, Basis.THEN) == [60, 100]
    assert values(cast.tan_cuong, members, JUNE_2025, JULY_2025, Basis.TODAY) == [100, 100]
    assert values(cast.dai_phuc, members, JUNE_2025, JULY_2025, Basis.THEN) == [None, 30]
    assert values(cast.dai_phuc, members, JUNE_2025, JULY_2025, Basis.TODAY) == [30, 30]


def test_coverage_tells_reported_from_carried_over(cast: Cast, members: Measure) -> None:
    (july, january, february) = (
        series(cast.thai_nguyen, [members], month, month, basis=Basis.TODAY)[members.pk][0]
        for month in (JULY_2025, JANUARY_2026, JANUARY_2026 + 1)
    )
    assert (july.value, july.reported, july.with_value, july.carried_over) == (130, 0, 2, 2)
    assert (january.value, january.reported, january.with_value, january.carried_over) == (140, 1, 2, 1)
    assert (february.value, february.reported, february.with_value) == (140, 0, 2)


def test_absence_is_not_zero(cast: Cast) -> None:
    measure, zero = make("NOTHING"), make("ZERO", "flow")
    record((cast.tan_cuong, zero, MARCH_2026, 0))
    for unit in (cast.centre, cast.thai_nguyen, cast.tan_cuong):
        assert values(unit, measure, MARCH_2026, MARCH_2026, Basis.TODAY) == [None]
        assert values(unit, zero, MARCH_2026 - 1, MARCH_2026 + 1, Basis.TODAY) == [None, 0, None]


def test_ranks_are_read_where_they_were_given(cast: Cast) -> None:
    rank = make("RANK", "given", entered_at=["province"])
    record((cast.old_thai_nguyen, rank, DECEMBER_2024, 8), (cast.thai_nguyen, rank, MARCH_2026, 5))
    assert values(cast.thai_nguyen, rank, JUNE_2025, MARCH_2026, Basis.THEN) == [8, *[None] * 8, 5]
    assert values(cast.centre, rank, MARCH_2026, MARCH_2026, Basis.THEN) == [None]


def test_windows_of_a_flow(cast: Cast) -> None:
    trained = make("TRAINED", "flow")
    months = [JANUARY_2026 - 2, JANUARY_2026, MARCH_2026]
    record(*[(cast.tan_cuong, trained, month, 10) for month in months], (cast.dai_phuc, trained, MARCH_2026, 1))
    found = {}
    for window in ("month", "year", "programme"):
        one = indicator(trained, code=window, window=window)
        points = indicator_series(
            cast.thai_nguyen, [one], MARCH_2026 - 1, MARCH_2026 + 10, basis=Basis.TODAY, since=JANUARY_2026 - 3
        )[one.pk]
        found[window] = [point.value for point in (*points[:3], points[-1])]
    assert found == {
        "month": [None, 11, None, None],
        "year": [10, 21, 21, None],
        "programme": [20, 31, 31, 31],
    }


def test_a_percentage_is_a_ratio_of_sums(cast: Cast) -> None:
    """11 fit computers of 177 units: here 1 of 5, then 2 of 5; never the mean of the communes' percentages."""
    units = make("U-COMMUNE", "flag", source="units", entered_at=["commune", "attached"])
    fit = make("EQ-FIT", "flag", source="equipment")
    register_units()
    record((cast.tan_cuong, fit, JULY_2025, 1), (cast.dai_phuc, fit, JULY_2025, 0), provenance=Provenance.REGISTER)
    record((cast.sam_son, fit, JANUARY_2026, 1), provenance=Provenance.REGISTER)
    share = indicator(fit, units)
    points = indicator_series(cast.centre, [share], JULY_2025 - 1, JANUARY_2026, basis=Basis.TODAY)[share.pk]
    july, january = points[1], points[-1]
    assert points[0].value is None
    assert (july.value, july.numerator, july.denominator) == (20, 1, 5)
    assert (july.reported, july.with_value, july.expected) == (2, 2, 5)
    assert (january.value, january.numerator, january.reported, january.with_value) == (40, 2, 1, 3)


def test_measures_of_provinces_expect_provinces(cast: Cast) -> None:
    rank = indicator(make("RANK", "given", entered_at=["province"]))
    tasks = indicator(make("TASKS", "stock", entered_at=["province"]))
    found = indicator_series(cast.centre, [rank, tasks], JUNE_2025, JULY_2025, basis=Basis.THEN)
    assert [point.expected for point in found[tasks.pk]] == [2, 2]


def test_children_by_today_and_then(cast: Cast, members: Measure) -> None:
    one = indicator(members)
    today = children_values(cast.thai_nguyen, one, DECEMBER_2024, basis=Basis.TODAY)
    then = children_values(cast.thai_nguyen, one, DECEMBER_2024, basis=Basis.THEN)
    now = children_values(cast.thai_nguyen, one, JANUARY_2026, basis=Basis.TODAY)
    assert [(row.unit_id, row.value, row.reported, row.carried_over) for row in today] == [
        (cast.dai_phuc.pk, None, False, False),
        (cast.police.pk, None, False, False),
        (cast.phu_dinh.pk, None, False, False),
        (cast.tan_cuong.pk, 100, True, False),
    ]
    assert [(row.unit_id, row.value, row.reporters) for row in then] == [(cast.old_district.pk, 100, 2)]
    assert [(row.unit_id, row.value, row.reported, row.carried_over) for row in now] == [
        (cast.dai_phuc.pk, 30, False, True),
        (cast.police.pk, None, False, False),
        (cast.phu_dinh.pk, None, False, False),
        (cast.tan_cuong.pk, 110, True, False),
    ]


def test_a_figure_opened(cast: Cast, members: Measure) -> None:
    record((cast.tan_cuong, members, JANUARY_2026, 111), by=cast.officer, reason="thiếu một", reference="7/BC")
    now = figure_story(cast.tan_cuong, members, MARCH_2026)
    assert now.report is not None
    assert (now.point.value, now.report.value, now.report.period) == (111, 111, JANUARY_2026)
    assert (now.report.recorded_by, now.report.reference) == (cast.officer.full_name, "7/BC")
    assert [(change.old, change.new, change.reason, change.by) for change in now.changes] == [
        (110, 111, "thiếu một", cast.officer.full_name)
    ]
    assert [(report.period, report.carried_over) for report in now.earlier] == [(JULY_2025, True)]
    opening = figure_story(cast.tan_cuong, members, JULY_2025)
    assert [(source.unit, source.value, source.percent) for source in opening.sources] == [
        (cast.thinh_duc, 40, 100),
        (cast.old_tan_cuong, 60, 100),
    ]


def test_queries_do_not_grow_with_measures_or_children(cast: Cast, members: Measure) -> None:
    make("U-COMMUNE", "flag", source="units", entered_at=["commune", "attached"])
    register_units()
    several = [members, *(make(f"M{number}", "flow") for number in range(20))]
    chosen = [indicator(measure) for measure in several]
    counts = []
    for some in (chosen[:1], chosen):
        for basis in Basis:
            for unit in (cast.centre, cast.thai_nguyen, cast.tan_cuong):
                with CaptureQueriesContext(connection) as seen:
                    indicator_series(unit, some, JUNE_2025, MARCH_2026, basis=basis)
                counts.append(len(seen))
    assert counts[:6] == counts[6:]
    assert max(counts) <= 4
    with CaptureQueriesContext(connection) as seen:
        children_values(cast.thai_nguyen, chosen[0], MARCH_2026, basis=Basis.TODAY)
    assert len(seen) <= 4
