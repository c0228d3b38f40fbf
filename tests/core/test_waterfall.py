"""The waterfall: steps lead from value to value, small steps stay visible, every number is also text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.charts import Caption
from core.charts.waterfall import Stage, waterfall
from core.templatetags.portal_charts import chart

CAPTION = Caption(key="why", title="Vì sao thay đổi", description="từ 88 lên 92", unit="%")


def stages(*amounts: int) -> list[Stage]:
    first, *steps, last = amounts
    kinds = ("corrected", "reorganised", "gained", "lost")
    return [
        Stage("Tháng 9", Decimal(first), str(first)),
        *(Stage(kind, Decimal(step), f"{step:+}", kind) for kind, step in zip(kinds, steps, strict=False)),
        Stage("Tháng 10", Decimal(last), str(last)),
    ]


def test_each_bar_begins_where_the_one_before_ends() -> None:
    drawn = waterfall(stages(10, 2, -5, 13, 20), caption=CAPTION, columns=("Phần", "Giá trị"))
    for view in drawn.views:
        start, corrected, reorganised, gained, end = view.rows
        assert start.x == end.x == view.left
        assert corrected.x == pytest.approx(start.x + start.width, abs=0.2)
        assert reorganised.x + reorganised.width == pytest.approx(corrected.x + corrected.width, abs=0.2)
        assert gained.x == pytest.approx(reorganised.x, abs=0.2)
        assert gained.x + gained.width == pytest.approx(end.x + end.width, abs=0.2)
        assert max(row.text_x for row in view.rows) < view.width


def test_steps_that_lead_elsewhere_are_refused() -> None:
    with pytest.raises(ValueError, match="lead to 17"):
        waterfall(stages(10, 2, -5, 10, 20), caption=CAPTION, columns=("", ""))


def test_small_steps_cut_the_axis_and_say_so() -> None:
    near = waterfall(stages(1000, 2, -5, 3, 1000), caption=CAPTION, columns=("", ""))
    assert not near.from_zero
    assert near.views[0].rows[0].cut
    assert not near.views[0].rows[1].cut
    assert min(row.width for row in near.views[0].rows) > 20
    assert "không bắt đầu từ 0" in chart(near)
    far = waterfall(stages(10, 2, -5, 13, 20), caption=CAPTION, columns=("", ""))
    assert far.from_zero
    assert "không bắt đầu từ 0" not in chart(far)


def test_nothing_changed_and_values_below_zero_are_drawn() -> None:
    assert waterfall(stages(0, 0), caption=CAPTION, columns=("", "")).views[0].rows[0].width == 1.5
    assert waterfall(stages(-5, 3, -2), caption=CAPTION, columns=("", "")).from_zero


def test_drawing_and_table_say_the_same() -> None:
    drawn = waterfall(stages(10, 2, -5, 13, 20), caption=CAPTION, columns=("Phần", "Giá trị"))
    html = chart(drawn)
    assert drawn.table.rows[1] == ("corrected", "+2")
    for text in ("+2", "-5", "+13", "Tháng 9", "Tháng 10"):
        assert html.count(f">{text}<") == 3  # two drawings and the table
    assert 'fill="url(#why-wide-lost)"' not in html
    assert 'fill="url(#why-wide-reorganised)"' in html
    assert "style=" not in html
