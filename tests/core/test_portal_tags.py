from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory

from core.icons import ICONS, STATUS_LABELS, STATUS_MARKS
from core.periods import make_month
from core.templatetags import portal


def render(text: str, **context: Any) -> str:
    request = RequestFactory().get("/list/", {"a": "1", "page": "3"})
    return str(engines["django"].from_string("{% load portal %}" + text).render(context, request))


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{{ v|number }}", 1234567, "1.234.567"),
        ("{{ v|number:1 }}", Decimal("2"), "2,0"),
        ("{{ v|number }}", 0, "0"),
        ("{{ v|percent }}", Decimal("97.46"), "97,5%"),
        ("{{ v|money }}", 2_000_000_000, "2 tỷ đồng"),
        ("{{ v|date_vn }}", date(2026, 1, 5), "05/01/2026"),
        ("{{ v|moment }}", datetime(2026, 10, 31, 20, 5, tzinfo=UTC), "03:05 01/11/2026"),
        ("{{ v|month }}", make_month(2026, 10), "10/2026"),
        ("{{ v|long_month }}", make_month(2026, 10), "tháng 10 năm 2026"),
    ],
)
def test_values_are_written_the_vietnamese_way(template: str, value: Any, text: str) -> None:
    assert render(template, v=value) == text
    assert render(template, v=None) == "–"


def test_a_missing_variable_is_nothing_and_not_an_error() -> None:
    assert render("{{ not_there|number }}{{ not_there|percent }}") == "––"


@pytest.mark.parametrize("status", ["reached", "on_track", "at_risk", "behind", "unknown", "none"])
def test_a_status_is_a_mark_and_a_word(status: str) -> None:
    html = portal.status_badge(status)
    assert STATUS_MARKS[status] in html
    assert html.endswith("</svg>" + str(STATUS_LABELS[status]) + "</span>")


def test_states_of_other_things_borrow_a_tone_with_their_own_word() -> None:
    html = portal.status_badge("warn", "<Trả lại>")
    assert 'class="status status-at_risk"' in html
    assert "&lt;Trả lại&gt;" in html


def test_every_status_has_a_mark_of_its_own() -> None:
    assert len(set(STATUS_MARKS.values())) == len(STATUS_MARKS) == len(STATUS_LABELS)


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in portal.icon("add")
    assert 'role="img" aria-label="&quot;x"' in portal.icon("add", '"x')
    with pytest.raises(KeyError):
        portal.icon("no-such-icon")


def test_icons_are_paths_only() -> None:
    assert [name for name, path in ICONS.items() if not set(path) <= set("MmLlHhVvCcAaZz0123456789.- ")] == []


@pytest.mark.parametrize(
    ("reported", "expected", "css", "words"),
    [
        (92, 92, "trust", "92/92"),
        (1200, 3321, "trust trust-low", "1.200/3.321"),
        (0, 5, "trust trust-none", "0/5"),
        (None, 0, "trust trust-none", "không có đơn vị nào"),
    ],
)
def test_trust_mark_tells_how_many_reported(reported: int | None, expected: int, css: str, words: str) -> None:
    html = portal.trust_mark(reported, expected)
    assert f'class="{css}"' in html
    assert words in html


def test_query_replace_changes_and_removes_parameters() -> None:
    assert render("{% query_replace page=2 %}") == "?a=1&amp;page=2"
    assert render("{% query_replace page=None sort='-name' %}") == "?a=1&amp;sort=-name"
