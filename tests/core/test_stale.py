"""Two people edit one record: nothing is lost in silence."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils.html import escape

from core.forms import DateField, DecimalField, Form, LineField
from core.stale import SEEN, StaleGuard


class Sheet(StaleGuard, Form):
    name = LineField()
    phone = LineField(required=False)
    area = DecimalField(required=False)
    since = DateField(required=False)
    upland = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "Xã"), ("b", "Phường")])


STORED: dict[str, Any] = {"name": "Tân Cương", "phone": "", "area": None, "upland": False, "kind": "a"}


def page_shown(stored: dict[str, Any]) -> dict[str, str]:
    """What the browser sends back of an untouched page."""
    form = Sheet(initial=stored)
    return {
        name: "" if (value := form[name].value()) is None else str(value) for name in form.fields if form[name].value()
    }


def test_an_untouched_page_changes_nothing() -> None:
    form = Sheet(data=page_shown(STORED), initial=STORED)
    assert form.is_valid()
    assert form.changed_values() == {}


def test_only_what_was_typed_is_changed() -> None:
    form = Sheet(data={**page_shown(STORED), "area": "1.234,5", "upland": "on"}, initial=STORED)
    assert form.is_valid()
    assert {name: str(value) for name, value in form.changed_values().items()} == {"area": "1234.5", "upland": "True"}


def test_what_somebody_else_changed_and_i_left_alone_stays_theirs() -> None:
    form = Sheet(data={**page_shown(STORED), "name": "Tân Cương 1"}, initial={**STORED, "phone": "0912 345 678"})
    assert form.is_valid()
    assert form.changed_values() == {"name": "Tân Cương 1"}
    assert form.cleaned_data["phone"] == "0912 345 678"


@pytest.mark.parametrize(
    ("name", "theirs", "mine", "shown"),
    [
        ("phone", "0912 345 678", "0987 654 321", ("0912 345 678", "0987 654 321")),
        ("kind", "b", "a2", None),
        ("area", 12, "13,5", ("12", "13,5")),
    ],
)
def test_a_field_changed_by_both_is_an_error_that_shows_both(
    name: str, theirs: Any, mine: str, shown: tuple[str, str] | None
) -> None:
    form = Sheet(data={**page_shown(STORED), name: mine}, initial={**STORED, name: theirs})
    assert not form.is_valid()
    assert list(form.errors) == [name]
    if shown:
        assert form.has_error(name, "stale")
        assert all(value in form.errors[name][0] for value in shown)


def test_saving_again_after_seeing_both_is_a_decision() -> None:
    stored = {**STORED, "phone": "0912 345 678"}
    first = Sheet(data={**page_shown(STORED), "phone": "0987 654 321"}, initial=stored)
    assert not first.is_valid()
    again = Sheet(data={**first.data, SEEN: first[SEEN].value()}, initial=stored)
    assert again.is_valid()
    assert again.changed_values() == {"phone": "0987 654 321"}


def test_an_error_elsewhere_does_not_turn_what_i_left_alone_into_my_change() -> None:
    stored = {**STORED, "phone": "0912 345 678"}
    first = Sheet(data={**page_shown(STORED), "area": "nhiều"}, initial=stored)
    assert list(first.errors) == ["area"]
    again = Sheet(data={**first.data, "area": "12", SEEN: first[SEEN].value()}, initial=stored)
    assert again.is_valid()
    assert {name: str(value) for name, value in again.changed_values().items()} == {"area": "12"}
    assert again.cleaned_data["phone"] == "0912 345 678"


def test_both_typed_the_same() -> None:
    stored = {**STORED, "phone": "0912 345 678"}
    form = Sheet(data={**page_shown(STORED), "phone": "0912 345 678"}, initial=stored)
    assert form.is_valid()
    assert form.changed_values() == {}


@pytest.mark.parametrize("seen", ["", "not json", "[1]", "[" * 10_000])
def test_unreadable_marks_do_not_break_the_form(seen: str) -> None:
    form = Sheet(data={**page_shown(STORED), "name": "Khác", SEEN: seen}, initial=STORED)
    assert form.is_valid()
    assert form.changed_values() == {"name": "Khác"}


def test_a_field_that_a_form_takes_away_is_not_missed_among_errors() -> None:
    class Smaller(Sheet):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            del self.fields["upland"]

    form = Smaller(data={**page_shown(STORED), "area": "x"}, initial=STORED)
    assert form.errors.keys() == {"area"}


def test_the_mark_is_hidden_and_escaped() -> None:
    html = str(Sheet(initial={**STORED, "name": '"><script>'}))
    assert "<script>" not in html
    assert escape(SEEN) in html
