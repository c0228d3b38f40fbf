"""The pages of the Excel way: reached from where people type, for those who may type there, the file as a download."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.urls import reverse

from imports.models import Import
from jobs.actions import execute
from submissions.models import Cell
from tests.imports import books
from tests.submissions.conftest import World
from units.models import Unit


def address(name: str, world: World, unit: Unit) -> str:
    return reverse(f"submissions:{name}", kwargs={"period": world.period().pk, "unit": unit.pk})


def test_the_forms_are_reached_from_the_grids_the_start_page_and_who_has_reported(world: World, client_of: Any) -> None:
    cast = world.cast
    one, many = address("excel", world, cast.tan_cuong), address("province_excel", world, cast.thai_nguyen)
    enterer, officer = client_of(cast.enterer), client_of(cast.officer)
    places = [reverse("submissions:home"), address("grid", world, cast.tan_cuong)]
    assert [one in enterer.get(place).content.decode() for place in places] == [True, True]
    standings = reverse("submissions:standings")
    places = [reverse("submissions:home"), address("province", world, cast.thai_nguyen), standings]
    assert [many in officer.get(place).content.decode() for place in places] == [True, True, True]
    leader = client_of(cast.leader)
    assert not any(
        "/excel/" in leader.get(place).content.decode() for place in [*places, address("grid", world, cast.tan_cuong)]
    )


def test_the_whole_way_through_the_pages(world: World, client_of: Any) -> None:
    client = client_of(world.cast.officer)
    start = address("province_excel", world, world.cast.thai_nguyen)
    answer = client.get(address("province_excel_form", world, world.cast.thai_nguyen))
    assert answer["Content-Disposition"] == 'attachment; filename="bao-cao-thai-nguyen-thang-102026.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    book.worksheets[0].cell(7, 4, 80)
    made = client.post(start, {"file": books.upload(books.saved(book))})
    one = Import.objects.get()
    assert made.url == reverse("imports:detail", args=[one.pk])
    execute(one.job_id)
    page = client.get(made.url).content.decode()
    assert "Báo cáo tháng · Tháng 10/2026" in page
    assert start in page  # where another file is sent
    client.post(reverse("imports:confirm", args=[one.pk]))
    assert Cell.objects.get().value == 80
    assert address("province", world, world.cast.thai_nguyen) in client.get(made.url).content.decode()
    assert made.url in client.get(start).content.decode()


def test_a_bad_file_is_told_at_the_field_and_these_forms_start_nowhere_else(world: World, client_of: Any) -> None:
    client = client_of(world.cast.enterer)
    answer = client.post(address("excel", world, world.cast.tan_cuong), {"file": books.upload(b"abc")})
    assert "không phải tệp Excel" in answer.content.decode()
    assert Import.objects.count() == 0
    assert client.get(reverse("imports:start", args=["bao-cao-don-vi"])).status_code == 404
    assert client.get(address("excel", world, world.cast.centre)).status_code == 404
    assert client_of(world.cast.leader).get(address("excel", world, world.cast.tan_cuong)).status_code == 403
