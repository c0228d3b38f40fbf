"""The cross table: rows and columns of any kind, sums that mean something, only what may be seen, and files of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.periods import make_month
from programmes.models import Indicator, Programme, Target
from reports.exploring.forms import QuestionForm
from reports.exploring.table import CrossTable
from reports.exploring.views import question_form
from reports.queries.scope import read_scope
from tests.cast import Cast
from tests.reports.test_dashboard import OCTOBER, TODAY, catalogue, record

__all__ = ["catalogue"]

pytestmark = pytest.mark.django_db
SEPTEMBER = make_month(2026, 9)
PATH = "/tong-quan/kham-pha/"


@pytest.fixture
def numbers(cast: Cast, catalogue: Programme) -> Cast:
    """Two communes with members and VNeID accounts in two months; turns of training; a commune elsewhere."""
    record({
        (cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 10,
        (cast.dai_phuc, "MB-ALL"): 900, (cast.dai_phuc, "MB-VNEID"): 810, (cast.sam_son, "MB-ALL"): 7777,
    })  # fmt: skip
    record({(cast.tan_cuong, "MB-ALL"): 80}, SEPTEMBER)
    return cast


def form_of(cast: Cast, query: str, unit: Any = None) -> QuestionForm:
    asked = QueryDict(query)
    form = question_form(read_scope(unit or cast.thai_nguyen, asked, cast.leader, TODAY), asked)
    assert form is not None
    return form


def table_of(cast: Cast, query: str, unit: Any = None) -> CrossTable:
    form = form_of(cast, query, unit)
    assert form.is_valid(), form.errors
    return CrossTable(form.question(), cast.leader)


def texts(table: CrossTable) -> dict[str, list[str]]:
    return {line.entry.label: [cell.text for cell in line.cells] for line in table.lines()}


def test_units_by_indicators_and_the_sum_divides_sums(numbers: Cast) -> None:
    table = table_of(numbers, "chi-so=SOC-01&chi-so=ORG-03")
    assert texts(table) == {
        "Xã Đại Phúc": ["90%", "900"], "Hội Phụ nữ Công an tỉnh": ["", ""], "Xã Phú Đình": ["", ""],
        "Xã Tân Cương": ["10%", "100"],
    }  # fmt: skip
    sums = table.total_line(table.lines())
    assert [(cell.text, cell.fraction) for cell in sums] == [("82%", "820/1.000"), ("1.000", "")]


def test_units_by_months_of_one_indicator(numbers: Cast) -> None:
    table = table_of(numbers, "cot=ky&chi-so=ORG-03&tu=8-2026&den=10-2026")
    assert [entry.label for entry in table.columns] == ["Tháng 08/2026", "Tháng 09/2026", "Tháng 10/2026"]
    assert texts(table)["Xã Tân Cương"] == ["", "80", "100"]
    assert not table.has_total_column  # a level does not add over months


def test_what_a_period_added_is_summed_over_units_and_periods(cast: Cast, catalogue: Programme) -> None:
    flow = Indicator.objects.get(code="ECO-01").numerator.code
    record({(cast.tan_cuong, flow): 5, (cast.dai_phuc, flow): 2}, OCTOBER)
    record({(cast.tan_cuong, flow): 3}, SEPTEMBER)
    table = table_of(cast, "cot=ky&chi-so=ECO-01&so=trong-ky&tu=9-2026&den=10-2026")
    lines = list(table.lines())
    found = {line.entry.label: [*(cell.text for cell in line.cells), line.total.text] for line in lines if line.total}
    assert found["Xã Tân Cương"] == ["3", "5", "8"]
    assert [cell.text for cell in table.total_line(lines)] == ["3", "7", "10"]
    quarter = table_of(cast, "cot=ky&chi-so=ECO-01&so=trong-ky&buoc=quarter&tu=9-2026&den=10-2026")
    assert texts(quarter)["Xã Tân Cương"] == ["3", "5"]
    assert quarter.columns[-1].label == "Quý IV/2026 (đến 10/2026)"


def test_a_breakdown_shows_the_measure_and_its_parts_and_never_sums_them(numbers: Cast) -> None:
    record({(numbers.tan_cuong, "MB-VNEID"): 12})
    table = table_of(numbers, "cot=trong-do&chi-so=ORG-03")
    names = [entry.label for entry in table.columns]
    assert len(names) > 1
    assert not table.has_total_column
    assert texts(table)["Xã Tân Cương"][0] == "100"
    assert f"/so-lieu/{table.contents[0].numerator_id}/" in next(
        cell.href for line in table.lines() for cell in line.cells if cell.href
    )


def test_periods_by_indicators_of_a_unit_that_has_none_below(numbers: Cast) -> None:
    table = table_of(numbers, "chi-so=ORG-03&tu=9-2026&den=10-2026", numbers.tan_cuong)
    assert texts(table) == {"Tháng 09/2026": ["80"], "Tháng 10/2026": ["100"]}


def test_kinds_of_unit_and_the_way_of_reading_decide_what_is_listed(numbers: Cast) -> None:
    assert list(texts(table_of(numbers, "cap=attached"))) == ["Hội Phụ nữ Công an tỉnh"]
    then = table_of(numbers, "cap=commune&cach-doc=then&den=5-2025&tu=5-2025")
    assert {unit.pk for unit in then.units} == {
        u.pk for u in (numbers.thinh_duc, numbers.old_tan_cuong, numbers.old_dai_phuc)
    }
    day = table_of(numbers, "cap=district&cach-doc=ngay&ngay=30-06-2025&chi-so=ORG-03", numbers.old_thai_nguyen)
    assert texts(day) == {"Thành phố Thái Nguyên": ["1.000"]}


def test_only_units_of_the_chosen_status_are_listed(numbers: Cast, catalogue: Programme) -> None:
    Target.objects.create(
        programme=catalogue, indicator=Indicator.objects.get(code="SOC-01"), unit=numbers.thai_nguyen,
        value=Decimal(50), due=date(2026, 12, 31), baseline=Decimal(0), baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    table = table_of(numbers, "chi-so=SOC-01&trang-thai=reached")
    assert list(texts(table)) == ["Xã Đại Phúc"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("hang=ky&cot=ky", "cot"),
        ("hang=chi-so&cot=trong-do", "cot"),
        ("tu=10-2026&den=9-2026", "tu"),
        ("den=1-2027", "den"),
        ("tu=1-2019", "tu"),
        ("hang=la", "hang"),
        ("tu=x", "tu"),
        ("cot=trong-do&chi-so=SOC-01&hang=ky&buoc=x", "buoc"),
    ],
)
def test_what_makes_no_table_is_said_at_its_field(numbers: Cast, query: str, field: str) -> None:
    form = form_of(numbers, query)
    assert not form.is_valid()
    assert field in form.errors


def test_the_address_of_a_table_shows_the_same_table(numbers: Cast) -> None:
    query = "hang=ky&cot=don-vi&chi-so=ORG-03&tu=8-2026&den=10-2026&buoc=quarter&so=trong-ky&cap=commune&cach-doc=then"
    first = form_of(numbers, query)
    assert first.is_valid()
    again = form_of(numbers, first.question().query)
    assert again.is_valid()
    assert again.question() == first.question()


def test_the_page_shows_it_and_each_number_opens(numbers: Cast, client_of) -> None:
    page = client_of(numbers.leader).get(f"{PATH}?chi-so=SOC-01&cach-doc=then").content.decode()
    assert "820/1.000" in page
    assert f"/tong-quan/{numbers.tan_cuong.pk}/chi-so/" in page
    assert "cach-doc=then" in page
    assert "7.777" not in page


def test_foreign_units_do_not_exist(numbers: Cast, client_of) -> None:
    client = client_of(numbers.leader)
    for key in (numbers.sam_son.pk, numbers.thanh_hoa.pk, 99_999_999, "x", 10**30):
        assert client.get(f"{PATH}?don-vi={key}").status_code == 404
        assert client.get(f"{PATH}luu/?don-vi={key}").status_code == 404


def test_files_say_how_they_were_read_and_hold_what_makes_percentages(numbers: Cast, client_of) -> None:
    client = client_of(numbers.leader)
    query = f"?don-vi={numbers.old_thai_nguyen.pk}&chi-so=SOC-01&cap=commune&cach-doc=ngay&ngay=30-06-2025"
    text = b"".join(client.get(f"{PATH}{query}&export=csv").streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert ["Cách đọc", "theo đơn vị ngày 30/06/2025"] in lines
    assert ["Xã Hùng Sơn", "05503", "90", "810", "900", ""] in lines
    file = io.BytesIO(b"".join(client.get(f"{PATH}{query}&export=xlsx").streaming_content))
    cells = [list(row) for row in load_workbook(file).active.iter_rows(values_only=True)]
    assert ("Xã Hùng Sơn", "05503", 90, 810, 900) in [tuple(row[:5]) for row in cells]


def test_too_many_cells_are_refused_in_words(numbers: Cast, client_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.exploring.views.MOST_CELLS", 2)
    page = client_of(numbers.leader).get(PATH).content.decode()
    assert "trang này chỉ hiện tối đa 2 ô" in page
    assert "export=xlsx" in page
    monkeypatch.setattr("reports.exploring.views.MOST_CELLS_IN_FILE", 3)
    answer = client_of(numbers.leader).get(f"{PATH}?export=csv")
    assert "nhiều hơn 3 ô" in answer.content.decode()


def test_the_number_of_queries_does_not_grow(numbers: Cast, client_of) -> None:
    client = client_of(numbers.leader)
    client.get(PATH)
    counts = []
    for query in (
        "?chi-so=SOC-01&tu=10-2026",
        "?cot=ky&hang=don-vi&chi-so=SOC-01&tu=1-2025",
        "?chi-so=SOC-01&chi-so=ORG-03",
    ):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(PATH + query)
        counts.append(len(caught))
    assert max(counts) <= 20
