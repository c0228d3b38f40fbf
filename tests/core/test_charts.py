"""Geometry of the charts, and what their templates write."""

from __future__ import annotations

import itertools
import re
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation

from core import charts
from core.charts import base

D = Decimal
CAPTION = charts.Caption(
    key="c1",
    title="Tỷ lệ cơ sở Hội có máy tính",
    description="Tăng từ 30% lên 76%.",
    unit="%",
    source="Nguồn: 310/318 xã",
    as_of="số liệu đến 31/10/2026",
)
MONTHS = [f"{month}/{year}" for year in (2025, 2026) for month in range(1, 13)]
SQUARE = "M10,20 30,20 30,60 10,60z"
PROJECTION = charts.Projection(51.98965, -0.08561, -5310.0116, -0.02597, -51.59812, 1244.2076)


def draw(chart: object) -> str:
    """The page text of a chart in Vietnamese, whose decimal comma must not reach the coordinates."""
    with translation.override("vi"):
        return Template("{% load portal_charts %}{% chart drawing %}").render(Context({"drawing": chart}))


def svgs(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(text) for text in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path)]


# --- bullet ----------------------------------------------------------------------------------------------------


def test_bullet_puts_the_target_at_four_fifths_and_the_value_in_proportion():
    drawn = charts.bullet(D("50"), target=D(100), path=D(80), status="behind")
    assert (drawn.target, drawn.path, drawn.bar, drawn.cut) == (192.0, 153.6, (0.0, 96.0), False)


def test_bullet_without_value_has_no_bar_and_zero_has_one_of_no_length():
    assert charts.bullet(None, target=D(100)).bar is None
    assert charts.bullet(D(0), target=D(100)).bar == (0.0, 0.0)
    assert "c-missing" in draw(charts.bullet(None, target=D(100)))
    assert "c-missing" not in draw(charts.bullet(D(0), target=D(100)))
    assert "c-bar" not in draw(charts.bullet(None, target=D(100)))


def test_bullet_of_590_percent_is_cut_at_the_edge_and_says_so():
    drawn = charts.bullet(D(590), target=D(100), label="590%")
    assert (drawn.bar, drawn.cut) == ((0.0, 240.0), True)
    html = draw(drawn)
    assert "c-cut" in html
    assert "<desc>590%</desc>" in html


def test_bullet_without_any_goal_shows_a_large_value_whole():
    drawn = charts.bullet(D(590))
    assert (drawn.bar, drawn.cut, drawn.target, drawn.path) == ((0.0, 240.0), False, None, None)


@pytest.mark.parametrize("target", [D(0), None])
def test_bullet_with_no_or_a_zero_target_does_not_divide_by_it(target: D | None):
    assert charts.bullet(D(7), target=target).bar == (0.0, 16.8)


def test_bullet_draws_the_band_around_the_path_under_the_bar():
    drawn = charts.bullet(D(50), target=D(100), path=D(80), band=(D(68), D(92)))
    assert drawn.band == (130.6, 46.0)
    assert draw(drawn).index("c-band") < draw(drawn).index("c-bar")


def test_bullet_of_a_falling_target_has_room_for_where_it_started():
    drawn = charts.bullet(D(190), target=D(100), path=D(150), baseline=D(200))
    assert (drawn.cut, drawn.target, drawn.path) == (False, 96.0, 144.0)
    assert drawn.bar == (0.0, 182.4)


def test_bullet_below_zero_goes_to_the_left_of_zero():
    drawn = charts.bullet(D(-5), target=D(-10), path=D(-8))
    assert (drawn.zero, drawn.bar, drawn.target) == (240.0, (144.0, 96.0), 48.0)
    assert "c-zero" in draw(drawn)
    short = charts.bullet(D(-5), target=D(100))
    assert (short.bar, short.cut, short.zero) == ((0.0, 9.2), False, 9.2)


# --- sparkline -------------------------------------------------------------------------------------------------


def test_sparkline_breaks_where_there_is_no_data_and_never_falls_to_zero():
    drawn = charts.sparkline([D(10), D(20), None, D(30), D(40)])
    assert drawn.path.count("M") == 2
    assert len(points(drawn.path)) == 4
    assert max(y for _x, y in points(drawn.path)) == 96  # the lowest value lies at the bottom, nothing below it


def test_sparkline_draws_a_lone_month_as_a_dot():
    drawn = charts.sparkline([None, D(5), None, D(5), D(6)])
    assert drawn.path.startswith("M126,96h0M")


def test_sparkline_without_data_draws_nothing():
    drawn = charts.sparkline([None] * 24, breaks=[8])
    assert (drawn.path, drawn.last) == ("", "")
    assert "c-line" not in draw(drawn)


def test_sparkline_last_point_is_the_last_known_value():
    assert charts.sparkline([D(1), D(3), None]).last == "M240,16h0"


def test_sparkline_of_equal_values_runs_in_the_middle():
    assert {y for _x, y in points(charts.sparkline([D(7)] * 4).path)} == {56}


def test_sparkline_marks_a_reorganisation_between_two_months():
    values = [D(i) for i in range(24)]
    breaks = charts.sparkline(values, breaks=[8, 0, 99]).breaks
    ((mark, _top),) = points(breaks)
    xs = [x for x, _y in points(charts.sparkline(values).path)]
    assert xs[7] < mark < xs[8]


# --- line ------------------------------------------------------------------------------------------------------


def line_of(*values: D | None, **kwargs: object) -> charts.LineChart:
    return charts.line([charts.Series("Tỷ lệ", tuple(values))], MONTHS[: len(values)], caption=CAPTION, **kwargs)  # type: ignore[arg-type]


def test_line_keeps_gaps_in_both_drawings_and_in_the_table():
    chart = line_of(D(10), None, D(30), D(40))
    assert [view.paths[0][1].count("M") for view in chart.views] == [2, 2]
    assert [row[1] for row in chart.table.rows] == ["10", "–", "30", "40"]


def test_line_scale_holds_every_value_and_zero():
    chart = line_of(D(12), D(590))
    for view in chart.views:
        assert [label.text for label in view.y_labels] == ["0", "200", "400", "600"]
        assert all(view.top <= y <= view.bottom for _x, y in points(view.paths[0][1]))


def test_line_may_start_above_zero_when_asked():
    assert line_of(D(90), D(95), from_zero=False).views[0].y_labels[0].text == "90"


def test_line_of_nothing_is_empty_but_lists_its_months():
    chart = line_of(None, None)
    assert chart.is_empty
    assert len(chart.table.rows) == 2
    assert "<svg" not in draw(chart).partition("</figcaption>")[2].partition("<details")[0]


def test_line_of_zeros_is_not_empty():
    chart = line_of(D(0), D(0))
    assert not chart.is_empty
    assert {y for _x, y in points(chart.views[0].paths[0][1])} == {chart.views[0].bottom}


def test_line_refuses_a_series_of_another_length():
    with pytest.raises(ValueError, match="one value"):
        charts.line([charts.Series("a", (D(1),))], MONTHS, caption=CAPTION)


def test_line_shows_the_last_month_and_only_as_many_labels_as_fit():
    chart = line_of(*[D(i) for i in range(24)])
    wide, narrow = ([label.text for label in view.x_labels] for view in chart.views)
    assert wide[-1] == narrow[-1] == MONTHS[23]
    assert len(narrow) < len(wide) < 24
    for view in chart.views:
        gaps = [after.x - before.x for before, after in itertools.pairwise(view.x_labels)]
        assert min(gaps) > 7 * 6.7


def test_line_end_labels_do_not_overlap():
    series = [
        charts.Series(name, (D(1), value), kind)
        for name, value, kind in [("a", D(0), "value"), ("b", D(0), "other"), ("c", D(1), "target")]
    ]
    chart = charts.line(series, MONTHS[:2], caption=CAPTION)
    for view in chart.views:
        heights = sorted(end.y for end in view.ends)
        assert heights[-1] <= view.bottom + 4
        assert all(after - before > 12.9 for before, after in itertools.pairwise(heights))


def test_line_mark_names_the_reorganisation_and_stays_inside():
    chart = line_of(*[D(i) for i in range(24)], marks=[charts.Mark(20, "Sắp xếp 7/2025"), charts.Mark(0, "trước")])
    for view in chart.views:
        (mark,) = view.marks
        assert view.left < mark.x < view.right
        assert mark.anchor == "end"


# --- bars ------------------------------------------------------------------------------------------------------


def test_bars_rank_equal_values_alike_and_leave_missing_ones_without_rank():
    items = [charts.Bar(name, value) for name, value in zip("abcde", [D(9), D(7), D(7), D(1), None], strict=True)]
    assert [row.rank for row in charts.bars(items, caption=CAPTION).rows] == [1, 2, 2, 4, None]


def test_bars_without_target_share_the_largest_value_as_scale():
    rows = charts.bars([charts.Bar("a", D(590)), charts.Bar("b", D(295)), charts.Bar("c", None)], caption=CAPTION).rows
    assert [(row.bar, row.cut) for row in rows] == [((0.0, 100.0), False), ((0.0, 50.0), False), (None, False)]


def test_bars_with_target_cut_what_is_far_beyond_it():
    (row,) = charts.bars([charts.Bar("a", D(590), target=D(100))], caption=CAPTION).rows
    assert (row.bar, row.cut, row.target) == ((0.0, 100.0), True, 80.0)


def test_bars_below_zero_go_to_the_left_of_zero():
    rows = charts.bars([charts.Bar("a", D(30)), charts.Bar("b", D(-10))], caption=CAPTION).rows
    assert [(row.zero, row.bar) for row in rows] == [(25.0, (25.0, 75.0)), (25.0, (0.0, 25.0))]


def test_bars_name_every_unit_in_full_and_escape_it():
    name = "phường Văn Miếu - Quốc Tử Giám <b>"
    html = draw(charts.bars([charts.Bar(name, None, href="/don-vi/1/")], caption=CAPTION))
    assert "phường Văn Miếu - Quốc Tử Giám &lt;b&gt;</a>" in html
    assert ">–<" in html


def test_no_bars_at_all_is_a_table_without_rows():
    assert charts.bars([], caption=CAPTION).rows == ()


@pytest.mark.parametrize(
    ("count", "shown", "parts"), [(18, 12, [18]), (19, 12, [12, 7]), (92, 12, [12, 80]), (92, None, [92])]
)
def test_a_long_list_of_bars_is_folded_and_keeps_every_row(count: int, shown: int | None, parts: list[int]) -> None:
    chart = charts.bars([charts.Bar(f"xã {n}", D(n)) for n in range(count)], caption=CAPTION, shown=shown)
    assert [len(part) for part in chart.parts] == parts
    html = draw(chart)
    assert [f"xã {n}<" in html for n in range(count)] == [True] * count
    assert html.count("<details") == len(parts) - 1


# --- maps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "level"),
    [(None, 0), (D(0), 1), (D("24.99"), 1), (D(25), 2), (D(99), 4), (D(100), 5), (D(590), 5)],
)
def test_class_of_counts_a_limit_to_the_class_above(value: D | None, level: int):
    assert charts.class_of(value, (D(25), D(50), D(75), D(100))) == level


def test_equal_breaks_fill_classes_evenly_and_never_repeat():
    breaks = charts.equal_breaks([D(i) for i in range(100)] + [None])
    assert breaks == (D(20), D(40), D(60), D(80))
    assert charts.equal_breaks([D(5)] * 9) == ()
    assert charts.equal_breaks([None]) == ()
    uneven = charts.equal_breaks([D(0), D(0), D(0), D(0), D(10)])
    assert uneven == (D(10),)


def test_class_labels_have_one_word_per_class():
    with translation.override("vi"):
        assert charts.class_labels((D(25), D(50))) == ["dưới 25", "25 đến dưới 50", "từ 50 trở lên"]
        assert len(charts.class_labels(())) == 1


def test_projection_puts_ha_noi_into_its_outline():
    x, y = PROJECTION.point(105.85, 21.03)
    assert 164 < x < 202
    assert 112 < y < 158


def test_region_map_counts_classes_and_keeps_no_data_apart():
    areas = [charts.Area(SQUARE, level, f"Tỉnh {level}", "x") for level in (5, 5, 2, 0)]
    chart = charts.region_map(areas, view_box=[0, 0, 812, 873], classes=list("abcde"), caption=CAPTION)
    assert [entry.count for entry in chart.legend] == [0, 1, 0, 0, 2, 1]
    assert chart.view_box == "0 0 812 873"
    html = draw(chart)
    assert html.count('fill="url(#c1-void)"') == 2  # the region and its line in the legend
    assert "Hoàng Sa" in html
    assert "Trường Sa" in html
    assert "Stephen Truong, CC BY 4.0" in html


def test_region_map_without_gaps_has_no_legend_line_for_them():
    chart = charts.region_map([charts.Area(SQUARE, 1, "a")], view_box=[0, 0, 9, 9], classes=["a"], caption=CAPTION)
    assert [entry.key for entry in chart.legend] == ["1"]


def test_dot_map_fits_the_outline_and_places_dots_in_it():
    dots = [charts.Dot(10, 20, "a", status="reached"), charts.Dot(30, 60, "b", status="behind")]
    chart = charts.dot_map(SQUARE, dots, caption=CAPTION, width=428)
    assert (chart.width, chart.height) == (228.0, 428.0)
    assert [dot.transform.partition(" scale")[0] for dot in chart.dots] == [
        "translate(14.0 14.0)",
        "translate(214.0 414.0)",
    ]
    assert [(entry.key, entry.count) for entry in chart.legend] == [("reached", 1), ("behind", 1)]


def test_dot_map_draws_small_dots_over_large_ones():
    sizes = [D(10), D(1000), None]
    chart = charts.dot_map(SQUARE, [charts.Dot(1, 1, str(s), size=s) for s in sizes], caption=CAPTION)
    assert chart.dots[0].label == "1000"
    assert all(dot.scale >= 0.42 for dot in chart.dots)


def test_dot_map_of_an_unknown_status_counts_it_as_unknown():
    chart = charts.dot_map(SQUARE, [charts.Dot(1, 1, "a", status="none")], caption=CAPTION)
    assert chart.dots[0].status == "unknown"


def test_a_path_without_points_has_no_bounds():
    with pytest.raises(ValueError, match="no bounds"):
        charts.bounds_of("z")


# --- all -------------------------------------------------------------------------------------------------------

ALL = [
    charts.bullet(D("92.137"), target=D(100), path=D("95.5"), band=(D(80), D("95.5")), status="on_track", label="x"),
    charts.sparkline([D("1.5"), None, D("2.25")], breaks=[1], label="x"),
    charts.line(
        [
            charts.Series("Tỷ lệ", (D("1234.5"), None, D("2000.25"))),
            charts.Series("Đích", (D(1), D(2), D(3)), "target"),
        ],
        MONTHS[:3],
        caption=CAPTION,
        marks=[charts.Mark(2, "Sắp xếp")],
    ),
    charts.bars([charts.Bar("xã A", D("55.55"), "55,6%", D(100), "behind", "/a/", "10/18")], caption=CAPTION),
    charts.region_map(
        [charts.Area("M1.5,2.5 3,4z", 3, "Tỉnh A", "55,6%", "/a/"), charts.Area(SQUARE, 0, "Tỉnh B")],
        view_box=[0, 0, 812.5, 873],
        classes=list("abcde"),
        caption=CAPTION,
    ),
    charts.dot_map(SQUARE, [charts.Dot(12.345, 23.456, "xã A", "x", "at_risk", D(12), "/a/")], caption=CAPTION),
]


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: type(chart).__name__)
def test_drawings_are_well_formed_without_decimal_commas_and_without_inline_style(chart: object):
    html = draw(chart)
    for svg in svgs(html):
        for element in svg.iter():
            assert "style" not in element.attrib
            assert not any(name.startswith("on") for name in element.attrib)
            for name in {"x", "y", "width", "height", "cx", "cy", "r"} & set(element.attrib):
                assert re.fullmatch(r"-?\d*\.?\d+", element.attrib[name]), (name, element.attrib[name])


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: type(chart).__name__)
def test_drawings_that_carry_meaning_have_a_role_and_a_title(chart: object):
    for svg in svgs(draw(chart)):
        if svg.get("aria-hidden") == "true":
            continue
        assert svg.get("role") in {"img", "group"}
        assert svg[0].tag == "title"
        assert svg[0].text


@pytest.mark.parametrize("chart", ALL[2:], ids=lambda chart: type(chart).__name__)
def test_figures_state_unit_source_and_date_and_have_a_table(chart: object):
    html = draw(chart)
    for words in (CAPTION.title, CAPTION.source, CAPTION.as_of, "<table"):
        assert words in html


def test_charts_are_frozen_and_nothing_is_drawn_for_nothing():
    with pytest.raises(FrozenInstanceError):
        ALL[0].label = "y"  # type: ignore[misc,union-attr]
    assert draw(None) == ""
    assert draw(replace(ALL[0], label="")).count("<desc>") == 0  # type: ignore[type-var]


def test_ticks_are_round_and_hold_both_ends():
    assert base.ticks(D(0), D(100)) == [D(0), D(25), D(50), D(75), D(100)]
    assert base.ticks(D(0), D(0)) == [D(0), D("0.25")]
    assert base.ticks(D("-3"), D(7))[0] <= D(-3)
    assert base.ticks(D(0), D(3321))[-1] >= D(3321)
