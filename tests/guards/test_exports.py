"""What a person typed stays text in every file: no cell of any export is run by somebody's spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import count

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
