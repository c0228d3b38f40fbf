"""The map of the country names its outlines in a file, and the file holds those of the data."""

from __future__ import annotations

import pytest

from core.charts import Area, Caption, region_map
from core.templatetags.portal_charts import chart
from tools import outlines

CAPTION = Caption(key="map", title="Bản đồ", description="", unit="", source="", as_of="")


@pytest.mark.parametrize("year", outlines.YEARS)
def test_the_files_hold_the_outlines_of_the_data(year: int) -> None:
    assert outlines.target(year).read_text(encoding="utf-8") == outlines.drawn(year), "run tools/outlines.py"


def test_a_page_carries_only_the_outlines_without_a_value() -> None:
    areas = [
        Area("M1.5,2.5 3,4z", 3, "Tỉnh A", "55,6%", shape="/static/img/vn-2025.svg#p01"),
        Area("M5.5,2.5 7,4z", 0, "Tỉnh B", shape="/static/img/vn-2025.svg#p04"),
    ]
    html = chart(region_map(areas, view_box=[0, 0, 9, 9], classes=["a"] * 5, caption=CAPTION))
    assert '<use class="c-area c-level-3" href="/static/img/vn-2025.svg#p01"><title>Tỉnh A: 55,6%</title>' in html
    assert "M1.5,2.5" not in html
    assert "M5.5,2.5" in html  # hatched by a pattern of the page
