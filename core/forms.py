"""Form bases and the fields that read numbers, dates and months as they are written in Vietnamese.

A form renders itself (`{{ form }}`, or `{% crispy form %}` with a layout) with an error summary on top, the label
above and the help under it, and the hidden token of `core.once`. Forms check and clean; they never save.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import ModelFormMetaclass
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.dates import format_date, parse_date
from core.keys import key_of
from core.numbers import format_plain, parse_decimal, parse_integer
from core.periods import label, parse_month
from core.text import clean_line, clean_text

Value = TypeVar("Value")
_DASHES = BLANK_CHOICE_DASH[0][1]
LARGEST_INTEGER = 10**15 - 1  # fits the integer columns of both databases and the numbers of a browser


class NumberInput(forms.TextInput):
    """A text input with the number pad of phones; type="number" would read points and commas its own way."""

    def __init__(self, attrs: dict[str, Any] | None = None, inputmode: str = "decimal") -> None:
        super().__init__({"inputmode": inputmode, "autocomplete": "off", **(attrs or {})})


class DateInput(forms.TextInput):
    """dd/mm/yyyy as text; `data-picker` lets a script offer a calendar as a help."""

    def __init__(self, attrs: dict[str, Any] | None = None, picker: str = "date") -> None:
        usual = {"inputmode": "text", "autocomplete": "off", "data-picker": picker, "size": "12"}
        super().__init__({**usual, **(attrs or {})})


class DecimalField(forms.DecimalField):
    """A number with at most `decimals` places, typed as 1.234,5. See `core.numbers.parse_decimal`."""

    widget = NumberInput

    def __init__(self, *, decimals: int = 2, max_digits: int | None = 18, **kwargs: Any) -> None:
        kwargs["decimal_places"] = kwargs.get("decimal_places", decimals)
        super().__init__(max_digits=max_digits, **kwargs)

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]  # Django derives it from IntegerField
        if value in self.empty_values:
            return None
        if isinstance(value, int | Decimal):
            return Decimal(value)
        return _read(lambda text: parse_decimal(text, decimals=self.decimal_places or 0), value)

    def prepare_value(self, value: Any) -> Any:
        return format_plain(value) if isinstance(value, int | float | Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class IntegerField(forms.IntegerField):
    """A whole number, typed as 1234 or 1.234."""

    widget = NumberInput(inputmode="numeric")

    def __init__(self, *, max_value: int | None = LARGEST_INTEGER, **kwargs: Any) -> None:
        super().__init__(max_value=max_value, **kwargs)

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, int) else _read(parse_integer, value)

    def prepare_value(self, value: Any) -> Any:
        return format_plain(value) if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class DateField(forms.DateField):
    """A day, typed as dd/mm/yyyy. See `core.dates.parse_date`."""

    widget = DateInput

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else _read(parse_date, value)

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, date) else value


class MonthField(forms.Field):
    """A month as the whole number of `core.periods`, typed as 10/2026."""

    widget = DateInput(picker="month")

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, int) else _read(parse_month, value)

    def prepare_value(self, value: Any) -> Any:
        return label(value) if isinstance(value, int) else value


class LineField(forms.CharField):
    """One line of text, stored composed and without control, invisible and direction characters."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class NotesField(forms.CharField):
    """Text of several lines, cleaned like LineField."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


def name_empty_choice(field: forms.Field) -> None:
    """The empty choice in words instead of Django's dashes."""
    words = _("Choose…") if field.required else _("Not chosen")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == _DASHES:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        if BLANK_CHOICE_DASH[0] in list(choices):
            field.choices = [("", words) if choice == BLANK_CHOICE_DASH[0] else choice for choice in choices]


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Several rows by their keys. What is no key at all is refused like the key of no row; SQLite would break on it."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if key_of(str(key)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)


class _Rendering(forms.BaseForm):
    """How every form of the portal looks. The browser's own checks stay off: they speak the browser's language."""

    template_name = "components/form.html"
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name_empty_choice(field)

    @cached_property
    def helper(self) -> FormHelper:
        """Layout for `{% crispy form %}`; the page writes the form element, the CSRF token and the buttons itself."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.render_hidden_fields = True
        helper.template = "components/form.html"
        helper.field_template = "components/field.html"
        return helper


class Form(_Rendering, forms.Form):
    """Base of all forms without a model."""


_FIELD_OF_MODEL_FIELD: dict[type[models.Field[Any, Any]], type[forms.Field]] = {
    models.DecimalField: DecimalField,
    models.IntegerField: IntegerField,
    models.BigIntegerField: IntegerField,
    models.SmallIntegerField: IntegerField,
    models.PositiveIntegerField: IntegerField,
    models.PositiveSmallIntegerField: IntegerField,
    models.PositiveBigIntegerField: IntegerField,
    models.DateField: DateField,
    models.CharField: LineField,
    models.TextField: NotesField,
}


def portal_field(model_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a model field: those of this module where there is one, else Django's."""
    form_class = _FIELD_OF_MODEL_FIELD.get(type(model_field))
    if form_class is not None and not model_field.choices:
        if form_class is NotesField:  # the model's own choice would be the bare text area of Django
            kwargs.setdefault("widget", NotesField.widget)
        kwargs.setdefault("form_class", form_class)
    return model_field.formfield(**kwargs)


class _PortalModelForm(ModelFormMetaclass):
    """Lets every ModelForm use the fields of this module without a word in its Meta."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(portal_field)
        return super().__new__(mcs, name, bases, attrs)


class ModelForm(_Rendering, forms.ModelForm, metaclass=_PortalModelForm):  # type: ignore[type-arg]
    """Base of all forms of a model. `save()` is refused: the view hands `cleaned_data` to an action."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("forms do not save: call the action with cleaned_data")


def _read(parse: Callable[[str], Value], value: object) -> Value:
    """The parsed value; a refusal becomes a form error with the same words."""
    try:
        return parse(str(value))
    except ValueError as refusal:
        raise ValidationError(str(refusal), code="invalid") from refusal
