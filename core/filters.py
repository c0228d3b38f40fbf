"""Base of all filter sets, and the filters that understand Vietnamese search words, numbers, dates and months."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from core.forms import DateField, DecimalField, Form, IntegerField, LineField, MonthField
from core.numbers import format_number
from core.periods import label
from core.text import fold

SEARCH, PAGE = "q", "page"  # parameters of the address
_LONGEST_SEARCH = 100
_MOST_WORDS = 8

ChoiceFilter = django_filters.ChoiceFilter
ModelChoiceFilter = django_filters.ModelChoiceFilter
MultipleChoiceFilter = django_filters.MultipleChoiceFilter


@dataclass(frozen=True)
class FilterTag:
    """A filter in force, and the address of the list without it (from its first page)."""

    name: str
    label: str
    value: str
    remove_url: str


class SearchFilter(django_filters.Filter):
    """Finds rows that hold every typed word in one of the folded columns (`core.text.fold`), in any order."""

    field_class = LineField

    def __init__(self, columns: Sequence[str], **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Search"))
        kwargs.setdefault("max_length", _LONGEST_SEARCH)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.columns = columns

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in fold(value or "").split()[:_MOST_WORDS]:
            qs = qs.filter(reduce(operator.or_, (Q(**{f"{column}__contains": word}) for column in self.columns)))
        return qs


class DateFilter(django_filters.Filter):
    """A day; with lookup_expr="gte" or "lte" one end of a span."""

    field_class = DateField


class MonthFilter(django_filters.Filter):
    """A month number, typed as 10/2026."""

    field_class = MonthField


class NumberFilter(django_filters.Filter):
    """A decimal number; with lookup_expr="gte" or "lte" one end of a span."""

    field_class = DecimalField


class IntegerFilter(django_filters.Filter):
    """A whole number."""

    field_class = IntegerField


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes, no, or all, of a boolean field (or of any lookup that takes a boolean, such as `isnull`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("yes", _("Yes")), ("no", _("No"))])
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        filtered: QuerySet[Any] = self.get_method(qs)(**{f"{self.field_name}__{self.lookup_expr}": value == "yes"})
        return filtered


class FilterSet(django_filters.FilterSet):
    """Base of all filter sets. What cannot be read is named beside its field and filters nothing."""

    def get_form_class(self) -> type[Form]:
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        for field in fields.values():
            if getattr(field, "empty_label", None) is not None:
                field.empty_label = _("All")
        return type(f"{type(self).__name__}Form", (Form,), fields)

    def tags(self) -> list[FilterTag]:
        """The filters in force, in the order of the form."""
        self.form.full_clean()
        found = []
        for name, field in self.form.fields.items():
            text = _in_words(field, self.form.cleaned_data.get(name))
            if text:
                found.append(FilterTag(name, str(field.label), text, self._address_without(name)))
        return found

    def _address_without(self, name: str) -> str:
        """Without the parameter of a filter; those with several inputs add a suffix to its name."""
        query = self.data.copy()
        for key in list(query):
            if key in (name, PAGE) or (key.startswith(f"{name}_") and key not in self.filters):
                del query[key]
        return f"?{query.urlencode()}"


def _in_words(field: Any, value: Any) -> str:
    """A cleaned filter value as a person reads it; an empty text for no filter."""
    if value in (None, "", []) or (isinstance(value, QuerySet) and not value):
        return ""
    if isinstance(value, str):
        choices = dict(iter(getattr(field, "choices", ())))  # not counted: choices that are made late have no length
        return str(choices[value]) if value in choices else f"“{value}”"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(field, MonthField):
        return label(value)
    if isinstance(value, int | Decimal):
        return format_number(value)
    if isinstance(value, Iterable) and not isinstance(value, Model):
        return ", ".join(_in_words(field, part) for part in value)
    return str(value)
