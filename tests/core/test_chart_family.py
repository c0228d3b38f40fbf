"""Every kind of chart with no, one, 300 values; below zero, far above 100%, without data, with the longest names."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import cycle, islice

import pytest
from django.template import Context, Template

from core import charts
from core.charts.base import Number
from core.charts.picture import picture, style

D = Decimal
LONGEST = "phường Văn Miếu - Quốc Tử Giám"
MONTHS = [f"{1 + month % 12:02}/{2000 + month // 12}" for month in range(300)]
SQUARE = "M0,0L100,0L100,200L0,200z"
VALUES: dict[str, list[Number]] = {
    "nothing": [],
    "one": [D("92.1")],
    "many": [D(number) for number in range(300)],
    "below zero": [D(-30), D("12.5"), D(-1)],
    "far above 100": [D(590), D(100), D("1000000000")],
    "no data": [None, None, None],
    "gaps": [D(1), None, D(0), None],
}


def caption() -> charts.Caption:
    return charts.Caption(
        "k", f"Tỷ lệ của {LONGEST} & <con>", "Tỷ lệ", "%", "Nguồn: số liệu đã duyệt", "đến 31/10/2026"
    )


def names(values: Sequence[Number]) -> list[str]:
    return [f"{LONGEST} {number}" for number in range(len(values))]


def spans(values: Sequence[Number]) -> list[charts.Span]:
    low = tuple(None if value is None else value - 1 for value in values)
    return [charts.Span("Khoảng dự báo", low, tuple(values))]


def line(values: list[Number]) -> charts.LineChart:
    series = [charts.Series("Tỷ lệ", tuple(values)), charts.Series("Lộ trình", tuple(values), "target")]
    marks = [charts.Mark(1, "sắp xếp")]
    return charts.line(series, MONTHS[: len(values)], caption=caption(), spans=spans(values), marks=marks)


def bars(values: list[Number]) -> charts.BarChart:
    items = [
        charts.Bar(name, value, "1", D(100), "behind", "/a/", "10/18", band=(D(60), D(80)))
        for name, value in zip(names(values), values, strict=True)
    ]
    return charts.bars(items, caption=caption())


def regions(values: list[Number]) -> charts.RegionMap:
    breaks = charts.equal_breaks(values)
    areas = [
        charts.Area(SQUARE, charts.class_of(value, breaks), name, "x", "/a/", "/static/a.svg#p1")
        for name, value in zip(names(values), values, strict=True)
    ]
    return charts.region_map(areas, view_box=(0, 0, 812, 873), classes=charts.class_labels(breaks), caption=caption())


def dots(values: list[Number]) -> charts.DotMap:
    statuses = cycle(["reached", "on_track", "at_risk", "behind", "unknown"])
    items = [
        charts.Dot(10, 20, name, "x", status, value, "/a/")
        for name, value, status in zip(names(values), values, islice(statuses, len(values)), strict=True)
    ]
    return charts.dot_map(SQUARE, items, caption=caption())


def multiples(values: list[Number]) -> charts.Multiples:
    items = [
        charts.Multiple(name, (value, None, value), "1", "behind", "/a/")
        for name, value in zip(names(values), values, strict=True)
    ]
    return charts.multiples(items, MONTHS[:3], caption=caption(), target=D(95))


def waterfall(values: list[Number]) -> charts.Waterfall:
    steps = [
        charts.Stage(name, value or D(0), "+1", "gained") for name, value in zip(names(values), values, strict=True)
    ]
    whole = sum((step.amount for step in steps), D(0))
    stages = [charts.Stage("Trước", D(0), "0"), *steps, charts.Stage("Sau", whole, str(whole))]
    return charts.waterfall(stages, caption=caption(), columns=("Phần", "Giá trị"))


KINDS: dict[str, Callable[[list[Number]], object]] = {
    "line": line, "bars": bars, "regions": regions, "dots": dots, "multiples": multiples, "waterfall": waterfall,
}  # fmt: skip
FILES = {kind: make for kind, make in KINDS.items() if kind != "waterfall"}


def draw(chart: object) -> str:
    return Template("{% load portal_charts %}{% chart x %}").render(Context({"x": chart}))


def numbers_in(drawing: str) -> list[float]:
    """Every coordinate of the drawings."""
    attributes = re.findall(r' (?:x|y|cx|cy|width|height|x1|x2|d|r)="([^"]*)"', drawing)
    return [float(one) for text in attributes for one in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_it_is_drawn_whole_with_its_words_and_its_table(
    make: Callable[[list[Number]], object], values: list[Number]
) -> None:
    html = draw(make(values))
    for words in ("Tỷ lệ của", "&amp; &lt;con&gt;", "Nguồn: số liệu đã duyệt", "đến 31/10/2026", "<table"):
        assert words in html
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        ET.fromstring(svg)
    assert all(abs(number) < 20_000 for number in numbers_in(html))  # «nan» and «inf» would not be read at all
    assert "nan" not in html.lower().replace("name", "")


@pytest.mark.parametrize("kind", ["bars", "regions", "dots", "multiples"])
def test_the_longest_name_is_never_cut(kind: str) -> None:
    html = draw(KINDS[kind](VALUES["many"]))
    assert all(f"{LONGEST} {number}" in html for number in range(300))


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
def test_a_file_stands_alone(make: Callable[[list[Number]], charts.LineChart], values: list[Number]) -> None:
    text = picture(make(values), place="Tỉnh Thái Nguyên", about="Tỷ lệ hội viên")
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    told = " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for words in ("Tỉnh Thái Nguyên", "Tỷ lệ hội viên", "đến 31/10/2026", "Nguồn: số liệu đã duyệt"):
        assert words in told
    assert "var(" not in text
    assert "<script" not in text
    assert "href" not in text  # nothing in it leads to the portal, or needs it
    assert "/static/" not in text


def test_colours_of_files_are_those_of_the_page() -> None:
    rules = style()
    assert ".c-behind { fill: #ae1f1a; }" in rules
    assert ".c-level-5 { fill: #571134; }" in rules


def test_multiples_share_one_scale_and_show_gaps() -> None:
    items = [
        charts.Multiple("a", (D(0), D(50))),
        charts.Multiple("b", (None, D(100))),
        charts.Multiple("c", (None, None)),
    ]
    chart = charts.multiples(items, ["01/2026", "02/2026"], caption=caption(), target=D(100))
    first, second, third = chart.cells
    assert (chart.low, chart.high) == ("0", "100")
    assert first.last is not None
    assert second.last is not None
    assert (first.last[1], second.last[1]) == (28.0, chart.target)
    assert (third.path, third.last) == ("", None)
    assert chart.table.rows[2] == ("c", "–")
    with pytest.raises(ValueError, match="one value"):
        charts.multiples(items, ["01/2026"], caption=caption())


def test_the_range_of_a_forecast_is_drawn_where_both_ends_are_known() -> None:
    ahead = charts.Span("Dự báo", (None, D(1), D(1)), (None, D(1), D(3)))
    chart = charts.line([charts.Series("a", (D(0), D(1), None))], MONTHS[:3], caption=caption(), spans=[ahead])
    assert chart.table.rows[2] == ("03/2000", "–", "1 – 3")
    assert all(view.areas[0].endswith("z") for view in chart.views)
    with pytest.raises(ValueError, match="one value"):
        charts.line([], MONTHS[:2], caption=caption(), spans=[ahead])


def test_a_stack_fills_its_width_and_leaves_out_what_is_nothing() -> None:
    drawn = charts.stack([("reached", 3), ("at_risk", 0), ("empty", 1)], key="k", label="3/4")
    assert [(part.kind, part.x, part.width) for part in drawn.parts] == [
        ("reached", 0.0, 450.0),
        ("empty", 450.0, 150.0),
    ]
    assert charts.stack([("reached", 0)], key="k", label="0/0").parts == ()
    assert "<title>3/4</title>" in draw(drawn)
