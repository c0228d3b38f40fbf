"""What a person typed stays text in every file, and every file holds the rows of its list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from itertools import count, islice
from urllib.parse import urlencode

import openpyxl
import pytest
from django.db import models

from accounts.models import AuditEntry
from tests.guards import doors
from tests.guards.test_visibility import list_of
from tests.guards.visitors import Answer, Visitor, undone
from tests.guards.world import PUBLIC, World, fillable, our_models, text_fields

pytestmark = pytest.mark.django_db
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠")
DANGEROUS = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
MARK = "1+1 cmd"


@pytest.fixture(scope="module")
def poisoned(world: World) -> Iterator[World]:
    """The world with a text that looks like a formula wherever a text can stand."""
    with undone():
        turn = count()
        for model in our_models():
            if model is not AuditEntry:
                _poison(model, turn)
        yield world


def _poison(model: type[models.Model], turn: Iterator[int]) -> None:
    kept = PUBLIC.get(model._meta.label, set()) - {"name"}
    fields = [one for one in text_fields(model) if one.name not in kept]
    for row in model._base_manager.all() if fields else ():
        values = {
            one.name: f"{STARTS[next(turn) % len(STARTS)]}{MARK}{row.pk}"[: one.max_length]
            for one in fillable(row, fields)
        }
        model._base_manager.filter(pk=row.pk).update(**values)


EMPTY = {
    "programme:centre",  # its plan has no target
    *(f"unit-query:{commune}" for commune in ("tan_cuong", "dai_phuc", "sam_son")),  # no unit reports to a commune
    *(f"unit-indicator:{commune}" for commune in ("tan_cuong", "dai_phuc", "sam_son")),  # or stands below one
}


def exported() -> list[tuple[str, str, str]]:
    """Every list that offers a file, by route and object, and somebody who may open it."""
    found = []
    for (route, label), answers in doors.read_table().items():
        view = list_of(route) if route in doors.routes() else None
        opens = [persona for persona in ("national", "admin", "officer") if answers[persona] == "200"]
        if view and view.export_name and opens and label not in EMPTY:
            found.append((route, label, opens[0]))
    return found


EXPORTED = pytest.mark.parametrize(("route", "label", "persona"), exported(), ids=lambda part: part)


def export(world: World, route: str, label: str, persona: str, kind: str) -> Answer:
    address = doors.address(world, route, label)
    joint = "&" if "?" in address else "?"
    return Visitor(doors.user_of(world, persona)).get(f"{address}{joint}export={kind}")


def poison_in(cells: Iterator[str]) -> set[str]:
    """The beginnings of the poisoned texts among the cells, apostrophe and white space in front or not."""
    return {text.removeprefix("'").partition(MARK)[0] for text in cells if MARK in text}


@EXPORTED
def test_no_cell_of_a_csv_file_is_a_formula(poisoned: World, route: str, label: str, persona: str) -> None:
    answer = export(poisoned, route, label, persona, "csv")
    rows = list(csv.reader(io.StringIO(answer.raw.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert answer.status == 200
    assert len(rows) > 1
    assert [cell for cell in cells if DANGEROUS.match(cell) and not NUMBER.fullmatch(cell)] == []
    assert poison_in(iter(cells))


@EXPORTED
def test_no_cell_of_an_excel_file_is_a_formula(poisoned: World, route: str, label: str, persona: str) -> None:
    answer = export(poisoned, route, label, persona, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.raw))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert "<f>" not in answer.body
    assert poison_in(str(cell.value) for cell in cells if cell.data_type == "s")


def test_every_beginning_was_tried(poisoned: World) -> None:
    tried = set()
    for route, label, persona in exported():
        text = export(poisoned, route, label, persona, "csv").raw.decode("utf-8-sig")
        tried |= poison_in(cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    assert tried >= set(STARTS)


# --- the file holds what the list shows ------------------------------------------------------------------------

MOST_PAGES, MOST_FILTERS = 5, 2
ROWS = re.compile(r"<tbody>(.*?)</tbody>", re.S)
ROW = re.compile(r"<tr[ >].*?</tr>", re.S)
FILTERS = re.compile(r'<form[^>]*id="list-filters".*?</form>', re.S)
SELECT = re.compile(r'<select[^>]*name="([^"]+)".*?</select>', re.S)
OPTION = re.compile(r'<option value="([^"]+)"')


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def shown(visitor: Visitor, address: str, query: str) -> list[str]:
    """The rows of the list as their words, page by page."""
    found: list[str] = []
    for page in range(1, MOST_PAGES):
        body = visitor.get(f"{address}{query}&page={page}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="list-body").body
        rows = [text_of(row) for part in ROWS.findall(body) for row in ROW.findall(part)]
        if page > 1 and rows[:1] == found[:1]:  # a page beyond the last one is the first one again
            break
        found += rows
        if f"page={page + 1}" not in body:
            break
    return found


def variants(visitor: Visitor, address: str) -> Iterator[str]:
    """Not narrowed, searched for a word of the first row, and narrowed by the first filters that offer choices."""
    page = visitor.get(address).body
    yield ""
    first = next((text_of(row) for part in ROWS.findall(page) for row in ROW.findall(part)), "")
    word = max(re.findall(r"[^\W\d_]{3,}", first), key=len, default="")
    if 'name="q"' in page and word:
        yield f"&{urlencode({'q': word})}"
    for form in FILTERS.findall(page):
        for select in islice(SELECT.finditer(form), MOST_FILTERS):
            if options := OPTION.findall(select.group(0)):
                yield f"&{urlencode({select.group(1): unescape(options[0])})}"


@EXPORTED
def test_a_file_holds_the_rows_of_its_list_in_their_order(world: World, route: str, label: str, persona: str) -> None:
    """Each row of the file names in some cell what the row of the list in the same place shows."""
    visitor = Visitor(doors.user_of(world, persona))
    address = doors.address(world, route, label)
    address += "&" if "?" in address else "?"
    for query in variants(visitor, address):
        listed = shown(visitor, address, query)
        text = visitor.get(f"{address}{query}&export=csv").raw.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
        strange = [place for place, row in enumerate(rows) if not is_of(row, listed[place : place + 1])]
        assert (len(rows), strange) == (len(listed), []), f"{query}: {rows[:2]} {listed[:2]}"


def is_of(row: list[str], listed: list[str]) -> bool:
    """Whether a line of the file tells of the row: the first cell with words stands there too."""
    words = [" ".join(cell.removeprefix("'").split()) for cell in row if re.search(r"[^\W\d_]{2}", cell)]
    return not words or any(words[0] in text for text in listed)
