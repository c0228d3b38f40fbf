"""The leader's screen: who has reported, what needs a decision, what changed; the same as slides; pictures as files."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.periods import first_day, make_month
from programmes.choices import Basis, Status
from programmes.models import Indicator, Measure, Target
from programmes.queries import IndicatorPoint, standing
from reports import phrases, slides
from reports.queries.dashboard import Reading
from reports.queries.moves import Move, contributions, moves_of
from reports.queries.pace import ahead_of, progress_of
from reports.queries.scope import Scope
from reports.queries.screen import Screen, screen_of
from reports.queries.trust import Trust
from submissions.choices import Standing
from submissions.models import Submission
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User
    from tests.browser.world import Portal
    from tests.cast import Cast

OCTOBER, NOVEMBER = make_month(2026, 10), make_month(2026, 11)
ClientOf = Callable[["User"], Client]


@pytest.fixture
def portal(cast: Cast) -> Portal:
    from tests.browser import world  # needs the database settings, which are ready only inside a fixture

    return world.build(cast)


def scope_of(portal: Portal, unit: Unit | None = None) -> Scope:
    month = portal.month + 1
    place = unit or portal.cast.thai_nguyen
    return Scope(place, portal.programme, month, Basis.TODAY, portal.today, (portal.programme,))


def screen(portal: Portal, unit: Unit | None = None, user: User | None = None) -> Screen:
    return screen_of(scope_of(portal, unit), user or portal.cast.leader)


def arrive(report: Submission, moment: datetime) -> None:
    Submission.objects.filter(pk=report.pk).update(arrived_at=moment)


# --- completeness ----------------------------------------------------------------------------------------------


def test_it_says_how_many_units_reported_how_many_in_time_and_leads_to_the_others(
    portal: Portal, client_of: ClientOf
) -> None:
    cast = portal.cast
    early = portal.accepted(cast.tan_cuong, {"MB-ALL": 900}, by=cast.enterer)
    late = portal.sent(cast.dai_phuc, {"MB-ALL": 800}, by=cast.dai_phuc_enterer)
    due = min(one.due_on for one in portal.period.dues.all())
    arrive(early, datetime(due.year, due.month, due.day, 1, tzinfo=UTC))
    arrive(late, datetime(due.year, due.month, due.day, 1, tzinfo=UTC) + timedelta(days=10))
    (own,) = screen(portal, cast.tan_cuong).reported  # has none below: its own report
    assert own.own == Standing.IN_TIME
    (missing,) = screen(portal, cast.phu_dinh).reported
    assert missing.own == Standing.MISSING
    commune = client_of(cast.enterer).get(reverse("reports:dashboard", args=[cast.tan_cuong.pk])).content.decode()
    assert own.own_url in commune
    assert "Gửi đúng hạn" in commune
    (reported,) = screen(portal).reported
    tally = reported.tally
    assert (tally.expected, tally.in_time, tally.late, tally.unsent) == (4, 1, 1, 2)
    client = client_of(cast.leader)
    page = client.get(reverse("reports:dashboard", args=[cast.thai_nguyen.pk])).content.decode()
    assert "2/4 đơn vị đã báo cáo" in page
    for address in (reported.sums_url, reported.lagging_url):
        assert address.replace("&", "&amp;") in page
        assert client.get(address, follow=True).status_code == 200
    form = portal.period.form
    form.kinds = ["province"]
    form.save()
    assert screen(portal, cast.tan_cuong).reported == ()  # a form of other kinds of unit is no business of a commune


# --- decisions -------------------------------------------------------------------------------------------------


def test_what_waits_is_named_worst_first_and_each_line_opens(portal: Portal, client_of: ClientOf) -> None:
    cast = portal.cast
    portal.without_fit_computer()
    portal.handed(cast.tan_cuong, portal.gift(quantity=5))
    found = phrases.decisions(screen(portal))
    assert [one.status for one in found] == ["behind", "bad", "warn", "warn", "plain"]
    indicator, reports, things, receipts, targets = found
    assert indicator.title == portal.indicator("INF-02").name
    assert "kém lộ trình" in indicator.detail
    assert reports.title.startswith("4 đơn vị chưa gửi")
    assert things.title.startswith("4 hiện vật")  # five pledged, one allotted
    assert receipts.title.startswith("1 lần bàn giao")
    client = client_of(cast.leader)
    assert [client.get(one.href, follow=True).status_code for one in found] == [200] * 5
    page = client.get(reverse("reports:dashboard", args=[cast.thai_nguyen.pk])).content.decode()
    assert all(one.title in page for one in found)
    assert targets.href == reverse("programmes:detail", args=[portal.programme.pk])
    for unit in (cast.thanh_hoa, cast.thai_nguyen):  # a foreign officer's screen counts nothing of this
        other = screen(portal, unit, user=cast.foreign_officer).waiting
        assert (other.things, other.handovers) == (0, 0)
    check_queries(client, [cast.thai_nguyen, cast.tan_cuong])
    check_slides(client, portal)


def check_queries(client: Client, units: list[Unit]) -> None:
    for unit in units:
        address = reverse("reports:dashboard", args=[unit.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        assert len(found) <= 20, "\n".join(query["sql"][:150] for query in found)


def check_slides(client: Client, portal: Portal) -> None:
    """From the first to the last by their links; every indicator stands on one of them."""
    address, query = reverse("reports:dashboard", args=[portal.cast.thai_nguyen.pk]), "?trinh-chieu=1"
    shown: list[str] = []
    for number in range(1, 20):
        page = client.get(address + query).content.decode()
        shown += re.findall(r'class="indicator-name"><a[^>]*>([^<]+)<', page)
        assert f">{number}/" in page
        following = re.search(r'data-slide="following" href="([^"]+)"', page)
        if following is None:
            break
        query = following[1].replace("&amp;", "&")
    assert sorted(shown) == sorted(portal.indicator(code).name for code in ("INF-02", "GOV-03", "TRN-02"))


# --- changes ---------------------------------------------------------------------------------------------------


def point(period: int, numerator: Decimal, denominator: Decimal | None) -> IndicatorPoint:
    value = numerator if denominator is None else numerator * 100 / denominator if denominator else None
    return IndicatorPoint(period, value, numerator, denominator, 1, 1, 1)


def reading_of(before: IndicatorPoint, after: IndicatorPoint, **facts: Any) -> Reading:
    measure = Measure(code="M", kind=facts.pop("kind", "stock"))
    values = {"numerator": measure, "direction": "up", "unit_label": "%", "decimals": 1, "code": "X", "pk": 1}
    if before.denominator is not None:
        values["denominator"] = Measure(code="D", kind="stock", pk=7)
    indicator = Indicator(**{**values, **facts})
    place = standing(indicator, after.value, None, first_day(after.period))
    return Reading(indicator, after, (before, after), None, place, Trust(1, 1, 0, 0, computed=False))


parts = st.lists(
    st.tuples(*(st.decimals(0, 1000, places=0), st.decimals(1, 1000, places=0)) * 2), min_size=1, max_size=8
)


@given(parts)
def test_what_the_units_add_is_the_whole_change_of_a_percentage(rows: list[tuple[Decimal, ...]]) -> None:
    units = [Unit(pk=number, short_name=str(number)) for number in range(1, len(rows) + 1)]
    points = {
        (unit.pk, 1): [point(OCTOBER, row[0], row[1]), point(NOVEMBER, row[2], row[3])]
        for unit, row in zip(units, rows, strict=True)
    }
    sums = [sum((row[place] for row in rows), Decimal(0)) for place in range(4)]
    before, after = point(OCTOBER, sums[0], sums[1]), point(NOVEMBER, sums[2], sums[3])
    move = Move(reading_of(before, after), before, after, better=True)
    added = sum((part.added for part in contributions(move, units, points)), Decimal(0))
    assert abs(added - move.difference / 100 * sums[3]) < Decimal("1e-15")


def test_a_bigger_share_that_falls_for_less_is_better_has_become_better() -> None:
    scope = SimpleNamespace(month=NOVEMBER, is_running=False)
    before, after = point(OCTOBER, Decimal(30), Decimal(100)), point(NOVEMBER, Decimal(20), Decimal(100))
    falling = reading_of(before, after, direction="down")
    found = moves_of([falling], scope)  # type: ignore[arg-type]
    assert [move.difference for move in found.up] == [Decimal(-10)]
    assert found.down == ()


def test_a_sum_of_the_year_that_starts_anew_in_january_is_no_news() -> None:
    january = make_month(2026, 1)
    scope = SimpleNamespace(month=january, is_running=False)
    before, after = point(january - 1, Decimal(900), None), point(january, Decimal(20), None)
    assert moves_of([reading_of(before, after, kind="flow", window="year")], scope).down == ()  # type: ignore[arg-type]
    assert len(moves_of([reading_of(before, after, kind="flow", window="programme")], scope).down) == 1  # type: ignore[arg-type]


def test_a_month_in_which_fewer_units_reported_is_no_fall_and_a_number_without_direction_no_matter() -> None:
    scope = SimpleNamespace(month=NOVEMBER, is_running=False)
    before, after = point(OCTOBER, Decimal(90), None)._replace(reported=9), point(NOVEMBER, Decimal(20), None)
    assert moves_of([reading_of(before, after, kind="flow", window="month")], scope).down == ()  # type: ignore[arg-type]
    assert len(moves_of([reading_of(before, after)], scope).down) == 1  # type: ignore[arg-type]  # a level is carried over
    neither = moves_of([reading_of(before, after, direction="none")], scope)  # type: ignore[arg-type]
    assert (neither.up, neither.down) == ((), ())


def test_the_units_that_made_a_number_move_are_named(portal: Portal, client_of: ClientOf) -> None:
    cast = portal.cast
    portal.training(cast.tan_cuong, by=cast.enterer, turns=10, month=portal.month - 1)
    portal.training(cast.tan_cuong, by=cast.enterer, turns=60)
    portal.training(cast.dai_phuc, by=cast.dai_phuc_enterer, turns=15)
    found = screen(portal).moves
    (move,) = found.up
    assert (move.reading.indicator.code, int(move.difference), len(found.down)) == ("TRN-02", 75, 0)
    assert [(part.unit, int(part.added)) for part in move.parts] == [(cast.tan_cuong, 60), (cast.dai_phuc, 15)]
    told = phrases.change(move, screen(portal))
    assert told.difference.startswith("+75 ")
    assert told.units == ((cast.tan_cuong.name, "+60"), (cast.dai_phuc.name, "+15"))
    why = client_of(cast.leader).get(told.href)
    assert why.status_code == 200
    assert "+75" in why.content.decode()


# --- pace ------------------------------------------------------------------------------------------------------


def paced(values: list[int], *, goal: int, baseline: int = 0, way: str = "up") -> tuple[Reading, Scope]:
    """Values of the last months up to October 2026, a target for the end of 2026."""
    last = OCTOBER
    points = tuple(point(last - len(values) + 1 + place, Decimal(value), None) for place, value in enumerate(values))
    indicator = Indicator(pk=1, code="X", numerator=Measure(code="M", kind="stock"), direction=way, decimals=0)
    target = Target(
        baseline=Decimal(baseline), value=Decimal(goal), baseline_on=date(2025, 12, 31), due=date(2026, 12, 31)
    )
    today = date(2026, 11, 22)
    place = standing(indicator, points[-1].value, target, today)
    scope = Scope(Unit(pk=1), None, last, Basis.TODAY, today)
    return Reading(indicator, points[-1], points, target, place, Trust(1, 1, 0, 0, computed=False)), scope


@pytest.mark.parametrize(("values", "goal", "way", "baseline"), [([10, 20, 30, 40, 50], 100, "up", 0),
                                                                 ([90, 80, 70, 60, 50], 0, "down", 100)])  # fmt: skip
def test_short_of_the_path_is_said_in_the_unit_whichever_way_is_good(
    values: list[int], goal: int, way: str, baseline: int
) -> None:
    reading, scope = paced(values, goal=goal, way=way, baseline=baseline)
    progress = progress_of(reading, scope)
    assert progress is not None
    assert reading.standing.status == Status.BEHIND
    assert (round(progress.lead), progress.kept) == (-39, False)  # 326 of 365 days: 89 were due
    assert phrases.lead_words(reading, progress) == "kém lộ trình 39"
    assert phrases.arrival_words(reading, progress) == "theo tốc độ này đạt vào 3/2027, trễ hạn"


def test_what_lies_ahead_stops_at_the_target_and_at_the_deadline() -> None:
    reading, scope = paced([10, 30, 50, 70, 90], goal=100)
    ahead = ahead_of(reading, scope)
    assert ahead is not None
    assert (ahead.months[0], ahead.months[-1]) == (OCTOBER, NOVEMBER + 1)
    assert [int(one) for one in ahead.middle] == [90, 100, 100]
    assert all(low <= middle <= high for low, middle, high in zip(ahead.lows, ahead.middle, ahead.highs, strict=True))


def test_nothing_is_foretold_from_three_months_or_once_the_target_is_reached() -> None:
    assert ahead_of(*paced([10, 20, 30], goal=100)) is None
    reading, scope = paced([100, 100, 100, 100], goal=100)
    assert progress_of(reading, scope) is None
    assert ahead_of(reading, scope) is None


# --- the page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "number"),
    [("1", 1), ("3", 3), ("4", 3), ("999", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("9" * 99, 1)],
)
def test_the_number_of_a_slide_is_never_beyond_them(asked: str, number: int) -> None:
    context = {"decisions": [1], "changes": [], "pillars": [("Hạ tầng", [1, 2])], "map": None}
    assert slides.slide(context, asked)["number"] == number


def test_long_lists_are_spread_evenly_over_slides() -> None:
    context = {"decisions": [], "changes": [], "pillars": [("Hạ tầng", list(range(6)))], "map": None}
    found = slides.slides_of(context)
    assert [(one.title, one.rows) for one in found[1:]] == [("Hạ tầng (1/2)", (0, 1, 2)), ("Hạ tầng (2/2)", (3, 4, 5))]


# --- pictures --------------------------------------------------------------------------------------------------


def test_each_picture_is_a_file_that_names_unit_indicator_and_day(portal: Portal, client_of: ClientOf) -> None:
    cast = portal.cast
    portal.without_fit_computer()
    portal.confirmed(cast.tan_cuong, by=cast.enterer)
    client, indicator = client_of(cast.leader), portal.indicator("INF-02")
    page = client.get(reverse("reports:indicator", args=[cast.thai_nguyen.pk, indicator.pk])).content.decode()
    below = client.get(reverse("reports:multiples", args=[cast.thai_nguyen.pk, indicator.pk])).content.decode()
    files = re.findall(r'class="chart-file no-print"><a href="([^"]+)"', page + below)
    assert {one.split("/")[-1].split(".")[0] for one in files} >= {"xu-huong", "xep-hang", "tung-don-vi"}
    for one in files:
        answer = client.get(one.replace("&amp;", "&"))
        assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        text = "".join(ET.fromstring(answer.content).itertext())
        for words in ("Tỉnh Thái Nguyên", indicator.name[:20], f"{portal.today:%d/%m/%Y}"):
            assert words in text
    check_multiples(below, cast)
    check_absent_pictures(portal, client_of)


def check_multiples(page: str, cast: Cast) -> None:
    """Every unit below, the worst first."""
    names = re.findall(r'class="multiple".*?stretched-link"[^>]*>([^<]+)<', page, re.DOTALL)
    assert sorted(names) == sorted(unit.name for unit in (cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police))
    assert names[-1] == cast.tan_cuong.name  # the only one that has reached it


def check_absent_pictures(portal: Portal, client_of: ClientOf) -> None:
    """None of another kind, of units below where there are none, or of a unit that the person may not see."""
    cast, indicator = portal.cast, portal.indicator("INF-02")
    leader, stranger = client_of(cast.leader), client_of(cast.stranger)

    def status(who: Client, unit: Unit, *kind: str) -> int:
        route = "reports:picture" if kind else "reports:multiples"
        return int(who.get(reverse(route, args=[unit.pk, indicator.pk, *kind])).status_code)

    assert status(leader, cast.thai_nguyen, "khac") == 404
    assert status(leader, cast.tan_cuong, "xu-huong") == 200
    assert status(leader, cast.tan_cuong, "xep-hang") == 404
    assert status(stranger, cast.thai_nguyen, "xu-huong") == 404
    assert status(stranger, cast.thai_nguyen) == 404
