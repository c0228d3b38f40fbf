from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms
from django.db import models
from django.template import engines
from django.test.utils import isolate_apps

from core import forms
from core.periods import make_month


class Record(forms.Form):
    machines = forms.IntegerField(label="Số máy", min_value=0, help_text="Cả máy hỏng")
    area = forms.DecimalField(label="Diện tích", decimals=2, required=False)
    day = forms.DateField(label="Ngày nhận", required=False)
    month = forms.MonthField(label="Tháng", required=False)
    name = forms.LineField(label="Tên", required=False)
    notes = forms.NotesField(label="Ghi chú", required=False)
    kind = django_forms.ChoiceField(
        label="Loại", choices=[("a", "Máy bàn")], widget=django_forms.RadioSelect, required=False
    )
    sure = django_forms.BooleanField(label="Đã kiểm tra", required=False)


def cleaned(**typed: str) -> dict[str, Any]:
    form = Record({"machines": "1", **typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_values_are_read_the_vietnamese_way() -> None:
    data = cleaned(machines="1.234", area="1.234,5", day="5/1/2026", month="10/2026")
    assert data["machines"] == 1234
    assert data["area"] == Decimal("1234.5")
    assert data["day"] == date(2026, 1, 5)
    assert data["month"] == make_month(2026, 10)


def test_nothing_is_none_and_never_zero() -> None:
    data = cleaned()
    assert [data[name] for name in ("area", "day", "month")] == [None, None, None]


def test_text_is_cleaned() -> None:
    data = cleaned(name=" Nguyễn\u202e  A\n", notes="a\r\n\r\n\r\nb ")
    assert data["name"] == "Nguyễn A"
    assert data["notes"] == "a\n\nb"


def test_limits_speak_vietnamese_and_numbers_fit_the_database() -> None:
    for typed in ("-1", str(10**15)):
        form = Record({"machines": typed})
        assert not form.is_valid()
        assert re.search("lớn hơn hoặc bằng|nhỏ hơn hoặc bằng", form.errors["machines"][0])


def test_stored_values_are_shown_as_they_can_be_typed_again() -> None:
    form = Record(
        initial={
            "machines": 1234,
            "area": Decimal("1234.50"),
            "day": date(2026, 1, 5),
            "month": make_month(2026, 1),
        }
    )
    shown = [form[name].value() for name in ("machines", "area", "day", "month")]
    assert shown == ["1234", "1234,5", "05/01/2026", "01/2026"]
    again = Record(dict(zip(("machines", "area", "day", "month"), shown, strict=True)), initial=form.initial)
    assert again.changed_data == []


def test_what_was_typed_stays_and_the_summary_links_to_the_field() -> None:
    html = str(Record({"machines": "12,5", "kind": "x"}))
    assert 'value="12,5"' in html
    assert '<a href="#id_machines">Số máy: “12,5” không phải số nguyên. Nhập số nguyên, ví dụ 12.</a>' in html
    assert '<a href="#id_kind">' in html
    assert 'id="id_kind"' in html


def test_label_help_and_error_belong_to_their_input() -> None:
    html = str(Record({"machines": "x"}))
    assert '<label for="id_machines">Số máy</label>' in html
    assert 'aria-describedby="id_machines_helptext id_machines_error"' in html
    assert 'id="id_machines_helptext"' in html
    assert 'id="id_machines_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_fields_say_so_and_the_browser_leaves_checking_to_us() -> None:
    html = str(Record())
    assert html.count("(không bắt buộc)") == 6  # not the required one, and a single check box is optional by nature
    assert " required" not in html
    assert "error-summary" not in html


def test_a_form_carries_a_fresh_token_and_no_inline_code() -> None:
    form = Record()
    tokens = re.findall(r'name="once" value="([\w-]+)"', str(form) + str(form))
    assert len(set(tokens)) == 2
    assert "style=" not in str(form)
    assert "onclick" not in str(form)


def test_crispy_lays_out_the_same_form() -> None:
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    html = template.render({"form": Record({"machines": "x"})})
    assert 'class="error-summary"' in html
    assert 'name="once"' in html
    assert "<form" not in html
    assert html.count('id="id_machines"') == 1


def test_values_in_a_form_are_escaped() -> None:
    assert "<script>" not in str(Record({"machines": '"><script>', "name": "<script>"}))


@isolate_apps("core")
def test_model_forms_use_these_fields_and_do_not_save() -> None:
    class Thing(models.Model):  # noqa: DJ008 - never shown
        amount = models.DecimalField(max_digits=18, decimal_places=4)
        count = models.PositiveIntegerField()
        day = models.DateField()
        name = models.CharField(max_length=20)
        notes = models.TextField(blank=True)
        state = models.CharField(max_length=5, choices=[("a", "A")])
        mail = models.EmailField()

        class Meta:
            app_label = "core"

    class ThingForm(forms.ModelForm):
        class Meta:
            model = Thing
            fields = ["amount", "count", "day", "name", "notes", "state", "mail"]

    kinds = [type(field) for field in ThingForm().fields.values()]
    assert kinds == [
        forms.DecimalField,
        forms.IntegerField,
        forms.DateField,
        forms.LineField,
        forms.NotesField,
        django_forms.TypedChoiceField,
        django_forms.EmailField,
    ]
    assert ThingForm().fields["amount"].decimal_places == 4
    assert ThingForm().fields["name"].max_length == 20
    with pytest.raises(TypeError):
        ThingForm().save()


@isolate_apps("core")
def test_an_empty_choice_is_named_in_words() -> None:
    class Kind(models.Model):  # noqa: DJ008 - never shown
        size = models.CharField(max_length=1, choices=[("s", "nhỏ")])
        colour = models.CharField(max_length=1, choices=[("r", "đỏ")], blank=True)

        class Meta:
            app_label = "core"

    class KindForm(forms.ModelForm):
        class Meta:
            model = Kind
            fields = ("size", "colour")

    form: Any = KindForm()
    assert [form.fields[name].choices[0] for name in ("size", "colour")] == [("", "Chọn …"), ("", "Không chọn")]
