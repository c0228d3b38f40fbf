"""Base of all tables in lists: what a page shows and what an export holds come from the same declared columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableListData, TableQuerysetData
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from core.dates import format_date, format_moment
from core.numbers import format_number, format_percent
from core.periods import label
from core.templatetags.portal import status_badge

PER_PAGE = 50
NOTHING = "–"  # an empty cell, never 0
_EXPORT_CHUNK = 2000
Column = tables.Column


class NumberColumn(tables.Column):
    """A number, right aligned; exports get the bare number. The unit belongs into the heading."""

    def __init__(self, *args: Any, decimals: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"cell": {"class": "num"}})
        kwargs.setdefault("initial_sort_descending", True)
        super().__init__(*args, **kwargs)
        self.decimals = decimals

    def render(self, value: Any) -> str:
        return format_number(value, self.decimals)

    def value(self, value: Any) -> Any:
        return value


class MoneyColumn(NumberColumn):
    """An amount in whole đồng; say "đồng" in the heading."""


class PercentColumn(NumberColumn):
    """A percentage (97.5, not 0.975)."""

    def render(self, value: Decimal) -> str:
        return format_percent(value, 1 if self.decimals is None else self.decimals)


class DateColumn(tables.Column):
    """dd/mm/yyyy, right aligned; a moment shows its day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"cell": {"class": "num"}})
        super().__init__(*args, **kwargs)

    def render(self, value: date) -> str:
        return format_date(value)

    def value(self, value: date) -> date:
        return value


class MomentColumn(DateColumn):
    """hh:mm dd/mm/yyyy."""

    def render(self, value: datetime) -> str:  # type: ignore[override]  # a narrower kind of date
        return format_moment(value)


class MonthColumn(DateColumn):
    """A month number of core.periods, shown as 10/2026."""

    def render(self, value: int) -> str:  # type: ignore[override]  # months are numbers
        return label(value)

    def value(self, value: int) -> str:  # type: ignore[override]  # months are numbers
        return label(value)


class StatusColumn(tables.Column):
    """A field with choices as mark and word; `tones` says for each stored value which status or tone it looks like."""

    def __init__(self, *args: Any, tones: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        return status_badge(self.tones.get(bound_column.accessor.resolve(record), "plain"), value)

    def value(self, value: Any) -> Any:
        return value


# Columns whose export is the stored value, or the label of the stored key.
_PLAIN_COLUMNS = (Column, NumberColumn, MoneyColumn, PercentColumn, DateColumn, MomentColumn, StatusColumn)


@dataclass(frozen=True)
class Heading:
    """The heading of a column: where a click on it leads (None where it does not sort) and how it sorts now."""

    name: str
    label: object
    css: str
    next_sort: str | None
    direction: str


class Rows(TableQuerysetData):
    """The rows behind a table, made ready at the moment they are read: related objects of visible columns are fetched
    with them, missing values sort last on every database, and ties are broken by primary key."""

    def __getitem__(self, key: Any) -> Any:
        return self.ready()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.ready())

    def ready(self) -> QuerySet[Any]:
        queryset = self.data
        relations = _relations_of(queryset, (column.accessor for column in self.table.columns))
        if relations:
            queryset = queryset.select_related(*relations)
        return stable_order(queryset)


class Computed(TableListData):
    """Rows that were computed and not read, one object each: sorted as those of the database, what is missing last."""

    data: list[Any]

    def order_by(self, aliases: Any) -> None:
        for alias in reversed(aliases):
            column = self.table.columns[alias.lstrip("-")]
            steps = str(column.order_by[0]).lstrip("-").split("__")
            read = _attribute_reader(steps)
            known = [row for row in self.data if read(row) is not None]
            known.sort(key=read, reverse=alias.startswith("-"))
            self.data = [*known, *(row for row in self.data if read(row) is None)]


class Table(tables.Table):
    """Base of all tables. Declare columns with their Vietnamese-sortable `order_by` (such as "unit__sort_key")."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        kwargs.setdefault("template_name", "components/table.html")
        kwargs.setdefault("attrs", self._meta.attrs or {"class": "table table-hover table-cards"})
        kwargs.setdefault("default", NOTHING)
        super().__init__(_data_of(data), **kwargs)

    def headings(self) -> list[Heading]:
        return [_heading_of(column) for column in self.columns]

    def lines(self) -> Iterator[tuple[str, SafeString]]:
        """The rows of this page: attributes of the row, and its cells.

        Cells are written here and not by the template, which would take three times as long for a page of 50 rows.
        """
        columns = [
            (*_cell_tags(column, first=place == 0), self._page_reader(column))
            for place, column in enumerate(self.columns)
        ]
        for row in self.paginated_rows:
            attributes = row.attrs.as_html() if self.row_attrs else ""
            cells = (opening + conditional_escape(read(row)) + closing for opening, closing, read in columns)
            yield attributes, SafeString("".join(cells))

    def export_lines(self) -> Iterator[list[Any]]:
        """The heading, then all rows (not only this page) as plain values: numbers, dates, text."""
        columns = [column for column in self.columns.iterall() if not column.column.exclude_from_export]
        yield [str(column.header) for column in columns]
        readers = [self._export_reader(column) for column in columns]
        for record in self._all_records():
            yield [read(record) for read in readers]

    def _all_records(self) -> Iterator[Any]:
        if not isinstance(self.data, Rows):
            return iter(self.data)
        return self.data.ready().iterator(chunk_size=_EXPORT_CHUNK)

    def _page_reader(self, column: Any) -> Callable[[BoundRow], Any]:
        """How a page reads a cell of the column."""
        read, wanted = self._stored_reader(column), _wanted(column.render)
        if read is None or wanted is None:
            return lambda row: row.get_cell(column.name)

        def content(row: BoundRow) -> Any:
            value = read(row.record)
            if value in column.column.empty_values:
                return column.default
            given = {"value": value, "record": row.record, **common}
            found = column.render(**{name: given[name] for name in wanted})
            return column.link(found, **given, bound_row=row) if column.link else found

        common = {"column": column.column, "bound_column": column, "table": self}
        return content

    def _export_reader(self, column: Any) -> Callable[[Any], Any]:
        """How an export reads a column: the bare value where the column is plain, for most cells are."""
        read, wanted = self._stored_reader(column), _wanted(column.value)
        own = hasattr(self, f"value_{column.name}") or hasattr(self, f"render_{column.name}")
        if read is not None and type(column.column) in _PLAIN_COLUMNS and not own:
            return read
        if read is None or wanted is None:
            return lambda record: _value_or_none(BoundRow(record, table=self), column)

        def value_of(record: Any) -> Any:
            value = read(record)
            if value in column.column.empty_values:
                return None
            given = {"value": value, "record": record, **common}
            return _none_for_nothing(column.value(**{name: given[name] for name in wanted}))

        common = {"column": column.column, "bound_column": column, "table": self}
        return value_of

    def _stored_reader(self, column: Any) -> Callable[[Any], Any] | None:
        """Reads the stored value of a record, or the label of a stored key; None where the column shows no field.

        django-tables2 looks up field and arguments anew for each cell, which takes ten times as long.
        """
        model = getattr(getattr(self.data, "data", None), "model", None)
        steps = column.accessor.split("__")
        field = _stored_field(model, steps) if model else None
        if field is None:
            return None
        read, labels = _attribute_reader(steps), {key: str(words) for key, words in field.flatchoices or ()}
        return (lambda record: labels.get(read(record), read(record))) if labels else read


def _data_of(data: Any) -> Any:
    if isinstance(data, QuerySet):
        return Rows(data)
    return Computed(data) if isinstance(data, list) else data


def _wanted(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Which of the arguments that a cell offers the function takes; None where it wants the row itself."""
    names, takes_everything = signature(function)
    return None if takes_everything or "bound_row" in names else names


def _cell_tags(column: Any, *, first: bool) -> tuple[SafeString, SafeString]:
    """The tags around the cells of a column; the label is shown where rows become cards."""
    css = column.attrs["td"].get("class") or ""
    style = format_html(' class="{}"', css) if css else ""
    if first:
        return format_html('<th scope="row"{}>', style), SafeString("</th>")
    return format_html('<td data-label="{}"{}>', column.header, style), SafeString("</td>")


def _heading_of(column: Any) -> Heading:
    css = (column.column.attrs.get("th") or column.column.attrs.get("cell") or {}).get("class", "")
    alias = column.order_by_alias
    direction = ("descending" if alias.is_descending else "ascending") if column.is_ordered else ""
    return Heading(column.name, column.header, css, str(alias.next) if column.orderable else None, direction)


def stable_order(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The same order every time and on every database: missing values last, ties by primary key."""
    query = queryset.query
    ordering = list(query.order_by or (query.get_meta().ordering if query.default_ordering else ()) or ())
    names = {name.lstrip("-") for name in ordering if isinstance(name, str)}
    steps = [_nulls_last(queryset.model, name) if isinstance(name, str) else name for name in ordering]
    if not names & {"pk", queryset.model._meta.pk.name}:
        steps.append("pk")
    return queryset.order_by(*steps)


def _nulls_last(model: type[Model], name: str) -> Any:
    path = name.lstrip("-")
    if not _may_be_null(model, path.split("__")):
        return name
    return F(path).desc(nulls_last=True) if name.startswith("-") else F(path).asc(nulls_last=True)


def _may_be_null(model: type[Model], steps: list[str]) -> bool:
    """Whether a field or a relation on the way to it may be empty; unknown names (annotations) may."""
    for step in steps:
        if step == "pk":
            return False
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        if getattr(field, "null", True):
            return True
        model = field.related_model or model
    return False


def _relations_of(queryset: QuerySet[Any], accessors: Iterator[str]) -> list[str]:
    """The forward relations that the columns walk through; none where rows are not whole objects."""
    if queryset._fields is not None or queryset.query.deferred_loading[0]:  # type: ignore[attr-defined]
        return []
    found = (_relation_path(queryset.model, accessor.split("__")) for accessor in accessors)
    return sorted({path for path in found if path})


def _relation_path(model: type[Model], steps: list[str]) -> str:
    path: list[str] = []
    for step in steps:
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            break
        if not (field.many_to_one or (field.one_to_one and field.concrete)):
            break
        path.append(step)
        model = field.related_model  # type: ignore[assignment]  # a relation has one
    return "__".join(path)


def _stored_field(model: type[Model], steps: list[str]) -> Any:
    """The field at the end of a path over forward relations, or None where the path is something else."""
    if _relation_path(model, steps[:-1]) != "__".join(steps[:-1]):
        return None
    for step in steps[:-1]:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # a relation has one
    try:
        field = model._meta.pk if steps[-1] == "pk" else model._meta.get_field(steps[-1])
    except FieldDoesNotExist:
        return None
    return field if getattr(field, "concrete", False) and not field.is_relation else None


def _attribute_reader(steps: list[str]) -> Callable[[Any], Any]:
    def read(record: Any) -> Any:
        for step in steps:
            record = getattr(record, step, None)
        return record

    return read


def _value_or_none(row: Any, column: Any) -> Any:
    return _none_for_nothing(row.get_cell_value(column.name))


def _none_for_nothing(value: Any) -> Any:
    """The export value of a cell, without the dash that stands for nothing on the page."""
    return None if value in (NOTHING, "") else value
