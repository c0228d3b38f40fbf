"""When the target is reached, on the page of an indicator: in words, from finished months with figures of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.periods import make_month
from equipment.queries.pace import UsualTime, usual_time
from programmes.choices import Basis
from programmes.models import Indicator, Programme, ProgrammeIndicator, Target
from reports.forecast import Outlook, Pace, outlook
from reports.queries.outlook import Gifts, Prospect, gifts_for, prospect_of
from reports.queries.scope import Scope
from reports.sentences import gift_sentences, prospect_sentences
from tests.cast import Cast
from tests.equipment.conftest import World, world
from tests.reports.test_dashboard import NOW, catalogue, reading, record, scope

__all__ = ["catalogue", "world"]  # the fixtures
pytestmark = pytest.mark.django_db
DUE = date(2027, 12, 31)


@pytest.fixture
def target(cast: Cast, catalogue: Programme) -> Target:
    """80% of members with an account, at the end of 2027."""
    return Target.objects.create(
        indicator=Indicator.objects.get(code="SOC-01"), unit=cast.thai_nguyen, programme=catalogue,
        due=DUE, value=80, baseline=0, baseline_on=date(2026, 1, 1),
    )  # fmt: skip


def prospect(cast: Cast, catalogue: Programme) -> Any:
    return prospect_of(reading(cast, catalogue, "SOC-01"), scope(cast, catalogue), cast.leader)


def tell(cast: Cast, *accounts: int, members: int = 1000) -> None:
    """One commune reports month by month, the last one in October."""
    for place, value in enumerate(accounts):
        month = NOW - len(accounts) + place
        record({(cast.tan_cuong, "MB-ALL"): members, (cast.tan_cuong, "MB-VNEID"): value}, month)


def test_the_date_and_the_pace_that_is_needed(cast: Cast, catalogue: Programme, target: Target) -> None:
    tell(cast, 100, 120, 140, 160, 180)
    found = prospect(cast, catalogue)
    assert (found.outlook.missing, found.outlook.pace.value) == (620, 20)
    assert found.outlook.reached == make_month(2026, 10) + 31
    assert prospect_sentences(found) == [
        "Còn thiếu 620 người.",
        "Theo tốc độ 20 người/tháng: tháng 5/2029.",
        "Để kịp 12/2027 cần 44 người/tháng.",
    ]


def test_where_both_parts_add_up_over_time_the_share_is_foretold(cast: Cast, catalogue: Programme) -> None:
    """50, 60, … 90 of 100 files each month: 50%, 55%, … 70% since the beginning, five points a month."""
    indicator = Indicator.objects.get(code="GOV-01")
    assert indicator.denominator is not None
    ProgrammeIndicator.objects.create(programme=catalogue, indicator=indicator)
    Target.objects.create(
        indicator=indicator, unit=cast.thai_nguyen, programme=catalogue, due=DUE, value=90, baseline=0,
        baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    for place, handled in enumerate((50, 60, 70, 80, 90)):
        values = {indicator.numerator.code: handled, indicator.denominator.code: 100}
        record({(cast.tan_cuong, code): value for code, value in values.items()}, NOW - 5 + place)
    found = prospect_of(reading(cast, catalogue, "GOV-01"), scope(cast, catalogue), cast.leader)
    assert found is not None
    assert prospect_sentences(found) == [
        "Còn thiếu 20 điểm %.",
        "Theo tốc độ 5 điểm %/tháng: tháng 2/2027.",
        "Để kịp 12/2027 cần 1,4 điểm %/tháng.",
    ]


def test_the_sentence_of_the_plan_word_for_word() -> None:
    """156 computers are missing, 6 come each month, it is November 2026, the deadline 12/2027, 90 are promised."""
    now = make_month(2026, 11)
    points = [(now - 5 + place, 6.0 * place) for place in range(6)]
    found = outlook(points, goal=30 + 156, deadline=make_month(2027, 12), now=now)
    gifts = Gifts(promised=90, left=66, usual=None, all_here=None, reached=None)
    told = prospect_sentences(Prospect(found, make_month(2027, 12), "máy", gifts))
    assert " ".join(told) == (
        "Còn thiếu 156 máy. Theo tốc độ 6 máy/tháng: tháng 1/2029. Để kịp 12/2027 cần 12 máy/tháng. "
        "Nếu nhận đủ 90 máy đã hứa: còn 66 máy."
    )


def test_a_range_stands_beside_the_date() -> None:
    now = make_month(2026, 10)
    found = Outlook(100, Pace(5, 4, 8, 12), now + 20, now + 13, None, None)
    assert "tháng 6/2028 (sớm nhất 11/2027)." in " ".join(prospect_sentences(Prospect(found, now, "người")))
    found = Outlook(100, Pace(5, 4, 8, 12), now + 20, now + 13, now + 25, None)
    told = " ".join(prospect_sentences(Prospect(found, now, "người")))
    assert "tháng 6/2028 (trong khoảng 11/2027 đến 11/2028)." in told


def test_three_months_are_not_enough(cast: Cast, catalogue: Programme, target: Target) -> None:
    tell(cast, 100, 120, 140)
    assert "Chưa đủ dữ liệu" in " ".join(prospect_sentences(prospect(cast, catalogue)))


def test_months_that_only_carry_over_are_no_news(cast: Cast, catalogue: Programme, target: Target) -> None:
    for month, value in ((NOW - 9, 100), (NOW - 7, 120), (NOW - 3, 160), (NOW - 1, 180)):
        record({(cast.tan_cuong, "MB-ALL"): 1000, (cast.tan_cuong, "MB-VNEID"): value}, month)
    assert prospect(cast, catalogue).outlook.pace.points == 4


def test_the_running_month_says_nothing_yet(cast: Cast, catalogue: Programme, target: Target) -> None:
    tell(cast, 100, 120, 140, 160)
    record({(cast.tan_cuong, "MB-VNEID"): 700}, NOW)
    assert prospect(cast, catalogue).outlook.pace.value == 20


def test_a_target_that_is_reached_says_so(cast: Cast, catalogue: Programme, target: Target) -> None:
    tell(cast, 700, 750, 790, 800)
    assert prospect_sentences(prospect(cast, catalogue)) == ["Đã đạt chỉ tiêu."]


def test_nothing_is_foretold_without_a_target(cast: Cast, catalogue: Programme) -> None:
    tell(cast, 100, 120, 140, 160)
    assert prospect(cast, catalogue) is None


def test_open_gifts_bring_their_machines_in_the_usual_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 days from the promise of 01/09 to the receipt of 20/11: the machines still to come are due this month."""
    cast = world.cast
    world.confirmed(cast.tan_cuong)
    world.allot(cast.dai_phuc)
    november = Scope(unit=cast.thai_nguyen, programme=None, month=NOW, basis=Basis.TODAY, today=date(2026, 11, 21))
    lacking = Outlook(3, Pace(1, 1, 1, 6), NOW + 2, NOW + 2, NOW + 2, 1)
    assert usual_time(cast.officer, november.as_of) is None  # one delivery is no habit
    found = gifts_for(lacking, NOW - 1, november, cast.officer)
    assert found is not None
    assert (found.promised, found.left, found.reached) == (3, 0, None)
    assert "Chưa thể nói" in " ".join(gift_sentences(Prospect(lacking, NOW + 9, "máy", found)))
    monkeypatch.setattr("equipment.queries.pace.LEAST", 1)
    found = gifts_for(lacking, NOW - 1, november, cast.officer)
    assert found is not None
    assert found.usual == UsualTime(80, 1)
    assert (found.all_here, found.reached) == (NOW, NOW)
    more = gifts_for(Outlook(10, Pace(1, 1, 1, 6), None, None, None, 1), NOW - 1, november, cast.officer)
    assert more is not None
    assert (more.left, more.reached) == (7, NOW + 6)  # the other seven at one a month
    told = " ".join(gift_sentences(Prospect(lacking, NOW + 9, "máy", more)))
    assert "80 ngày từ khi hứa đến khi nhận" in told
    assert "đạt chỉ tiêu vào tháng 5/2027" in told


def test_the_page_says_it(cast: Cast, catalogue: Programme, target: Target, client_of: Any) -> None:
    tell(cast, 100, 120, 140, 160, 180)
    url = f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{target.indicator_id}/"
    html = client_of(cast.leader).get(url).content.decode()
    assert "Khi nào đạt chỉ tiêu?" in html
    assert "Còn thiếu 620 người." in html
