"""The story: a commune downloads its form, fills it in in Excel, sends it, looks at the changes and confirms them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import openpyxl
from django.urls import reverse
from playwright.sync_api import expect

from imports.models import Import
from jobs import tasks
from jobs.actions import execute
from tests.browser.steps import cell

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.world import Portal

BRANCHES, MEMBERS = "Tổng số chi hội", "Tổng số hội viên"


def fill_in(path: Path, values: dict[str, object], column: str) -> None:
    """What a person does in Excel: types into the column of the period."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (place,) = [one.column for cells in sheet.iter_rows() for one in cells if one.value == column]
    for cells in sheet.iter_rows():
        for name in {one.value for one in cells} & values.keys():
            sheet.cell(cells[0].row, place, values[str(name)])
    book.save(path)


def test_a_report_goes_to_excel_and_back(portal: Portal, visit: Visits, tmp_path: Path) -> None:
    page = visit(portal.cast.enterer)
    page.goto(reverse("submissions:grid", args=[portal.period.pk, portal.cast.tan_cuong.pk]))
    page.get_by_role("link", name="Nhập bằng Excel").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Tải biểu mẫu").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    assert path.name.startswith("bao-cao-tan-cuong")
    fill_in(path, {BRANCHES: 12, MEMBERS: "1.250"}, portal.period.label)
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(path)
    with mock.patch.object(tasks.run, "apply_async"):
        page.get_by_role("button", name="Kiểm tra tệp").click()
        expect(page.get_by_text("Đang kiểm tra").first).to_be_visible()
    execute(Import.objects.get().job_id)
    changes = page.get_by_role("row", name=MEMBERS)
    expect(changes).to_contain_text("1.250")
    page.get_by_role("button", name="Xác nhận: ghi 2 dòng").click()
    page.get_by_role("link", name="Xem số liệu đã nhập").click()
    expect(cell(page, BRANCHES)).to_have_value("12")
    expect(cell(page, MEMBERS)).to_have_value("1250")
