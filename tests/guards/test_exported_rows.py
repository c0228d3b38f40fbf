"""A file holds exactly the rows of the list that it was asked from: filtered, searched, sorted, over all pages.

What a person sees in the table is compared with what stands in the file, cell by cell under the same headings.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import datetime, time
from decimal import Decimal
from html import unescape
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.http import QueryDict

from core.dates import format_date, format_moment
from core.forms import DateField, LineField
from core.lists import ListPage
from core.numbers import format_plain
from core.tables import NOTHING, Table
from tests.guards import doors
from tests.guards.test_exports import exported
from tests.guards.test_visibility import PARTIAL, list_of
from tests.guards.visitors import Answer, Visitor
from tests.guards.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]
Rows = list[dict[str, str]]
FEW, MANY = 4, 200  # rows of a page: the whole list has several, what is left of it by filters one
VALUES, FILTERS = 3, 2  # values looked at for each filter; filters asked for, those first that leave the fewest rows
HEADING = re.compile(r"<th scope=\"col\".*?</th>", re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[hd][ >].*?</t[hd]>", re.S)
TAG = re.compile(r"<[^>]+>")
FIGURE, DOTS = re.compile(r"-?\d{1,3}(\.\d{3})+"), re.compile(r"\.")


class Reader:
    """One list as one person reads it, on pages and in files."""

    def __init__(self, world: World, route: str, label: str, persona: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.view = list_of(route)
        monkeypatch.setattr(self.view, "per_page", FEW)
        self.visitor = Visitor(doors.user_of(world, persona))
        address = doors.address(world, route, label)
        self.address = f"{address}{'&' if '?' in address else '?'}"
        self.first = self._get("", **PARTIAL)
        self.whole = self.rows("")

    def rows(self, query: str) -> Rows:
        """What stands on all pages, one after the other."""
        page = self._get(query, **PARTIAL) if query else self.first
        pages = page.context["table"].paginator.num_pages
        rest = (self._get(f"{query}&page={number}", **PARTIAL) for number in range(2, pages + 1))
        return [row for answer in (page, *rest) for row in rows_of_page(answer.body)]

    def lines(self, query: str) -> Rows:
        raw = self._get(f"{query}&export=csv").raw
        return [plain(row) for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]

    def book(self, query: str) -> Rows:
        sheet = openpyxl.load_workbook(io.BytesIO(self._get(f"{query}&export=xlsx").raw)).worksheets[0]
        heading, *rows = ([as_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
        return [plain(dict(zip(heading, row, strict=True))) for row in rows]

    def queries(self) -> list[str]:
        """For some filters a value that leaves some rows and, where there is one, takes others away; sorted in turn."""
        table = self.first.context["table"]
        sorts = cycle([one.next_sort.lstrip("-") for one in table.headings() if one.next_sort] or [""])
        found = list(self._filters()) or [{}]
        return [urlencode({**one, "sort": f"-{name}"}) for one, name in zip(found, sorts, strict=False)]

    def _filters(self) -> Iterator[dict[str, str]]:
        filterset, whole = self.first.context["filterset"], len(self.whole)
        found = []
        for name, field in filterset.form.fields.items():
            tried = [{name: value} for value in islice(self._values(field), VALUES)]
            counts = [(self._count(filterset, one), one) for one in tried]
            found += sorted((pair for pair in counts if pair[0]), key=lambda pair: (pair[0] == whole, pair[0]))[:1]
        narrowest = sorted(found, key=lambda pair: pair[0])[:FILTERS]
        return (one for _count, one in narrowest)

    def _values(self, field: Any) -> Iterator[str]:
        if isinstance(field, LineField):
            return (max(text.split(), key=len) for row in self.whole for text in row.values() if text)
        if isinstance(field, DateField):
            return iter(["01/07/2025", "21/11/2026"])
        return (str(value) for value, _words in iter(getattr(field, "choices", ())) if value not in ("", None))

    def _count(self, filterset: Any, values: dict[str, str]) -> int:
        other = copy(filterset)
        other.data, other.is_bound = QueryDict(urlencode(values)), True
        for kept in ("_form", "_qs"):
            other.__dict__.pop(kept, None)
        return int(other.qs.count())

    def _get(self, query: str, **headers: str) -> Answer:
        answer = self.visitor.get(self.address + query, **headers)
        assert answer.status == 200, f"{answer.url}: {answer.error}"
        return answer


def rows_of_page(body: str) -> Rows:
    head, _tbody, rest = body.partition("<tbody>")
    headings = [text_of(cell) for cell in HEADING.findall(head)]
    cells = (map(text_of, CELL.findall(row)) for row in ROW.findall(rest.partition("</tbody>")[0]))
    return [plain(dict(zip(headings, row, strict=True))) for row in cells]


def text_of(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())


def as_text(value: object) -> str:
    """A cell of Excel as a csv file says it."""
    if isinstance(value, datetime):
        return format_date(value.date()) if value.time() == time() else format_moment(value)
    if isinstance(value, int | float):
        return format_plain(Decimal(str(value)).normalize())
    return "" if value is None else str(value)


def plain(row: dict[str, str]) -> dict[str, str]:
    """As pages and files say the same: no dash for nothing, no apostrophe, no dots between thousands."""
    said = {heading: "" if text == NOTHING else text.removeprefix("'") for heading, text in row.items()}
    return {heading: DOTS.sub("", text) if FIGURE.fullmatch(text) else text for heading, text in said.items()}


def alike(shown: Rows, kept: Rows) -> list[str]:
    """The columns that say the same for every row; the others have links, marks or shorter words on pages."""
    assert len(shown) == len(kept)
    pairs = list(zip(shown, kept, strict=True))
    return [name for name in shown[0] if all(one.get(name, "") == other.get(name) for one, other in pairs)]


def compare(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = reader.lines("")
    columns, queries = alike(reader.whole, lines), reader.queries()
    assert next(iter(reader.whole[0])) in columns  # that by which a person knows the row
    monkeypatch.setattr(reader.view, "per_page", MANY)
    for query in queries:
        shown, lines = reader.rows(query), reader.lines(query)
        # pages leave out a column that says the same in every row
        here = [name for name in columns if all(name in row for row in shown)]
        assert [[row[name] for name in here] for row in lines] == [[row[name] for name in here] for row in shown], query
    assert reader.book(queries[-1]) == lines


def lists() -> dict[str, list[tuple[str, str]]]:
    """By route the objects and who may read them: one with rows will do, for the others are filed in the same way."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for route, label, persona in exported():
        found[route].append((label, persona))
    return found


@pytest.mark.parametrize(("route", "objects"), lists().items(), ids=lists())
def test_a_file_holds_the_rows_of_its_list(
    world: World, route: str, objects: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = (Reader(world, route, label, persona, monkeypatch) for label, persona in objects)
    compare(next(reader for reader in readers if reader.whole), monkeypatch)


def of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that forget the filters."""
    export = ListPage.export

    def unfiltered(page: Any, kind: str) -> Any:
        page.filterset = page.filterset_class(QueryDict(), queryset=page.get_queryset(), request=page.request)
        return export(page, kind)

    monkeypatch.setattr(ListPage, "export", unfiltered)


def of_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    records = Table._all_records
    monkeypatch.setattr(Table, "_all_records", lambda table: islice(records(table), FEW))


def unsorted(monkeypatch: pytest.MonkeyPatch) -> None:
    records = Table._all_records
    monkeypatch.setattr(Table, "_all_records", lambda table: iter(sorted(records(table), key=lambda row: row.pk)))


@pytest.mark.parametrize("broken", [of_everything, of_one_page, unsorted])
def test_a_file_with_other_rows_is_noticed(world: World, broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(world, "units:list", doors.WITHOUT_OBJECT, "national", monkeypatch)
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        compare(reader, monkeypatch)
