"""Excel files as people and attackers make them, built by code."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

CONTACTS = ["Mã đơn vị", "Đơn vị", "Họ và tên", "Chức vụ", "Điện thoại", "E-mail"]
SHEET = "xl/worksheets/sheet1.xml"


def book(
    rows: Iterable[Sequence[Any]], *, name: str = "Dữ liệu", more: dict[str, list[Sequence[Any]]] | None = None
) -> bytes:
    """The bytes of a file whose first sheet holds the rows; `more` are further sheets."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for title, lines in (more or {}).items():
        other = made.create_sheet(title)
        for line in lines:
            other.append(list(line))
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def contacts(*rows: Sequence[Any], headings: Sequence[Any] = CONTACTS) -> bytes:
    return book([headings, *rows])


def rezipped(
    content: bytes,
    *,
    edit: dict[str, Callable[[bytes], bytes]] | None = None,
    add: dict[str, bytes] | None = None,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The same package with some parts edited and others added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", packing) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, (edit or {}).get(part.filename, lambda same: same)(data))
        for filename, data in (add or {}).items():
            new.writestr(filename, data)
    return target.getvalue()


def with_cell(content: bytes, cell: str, xml: str) -> bytes:
    """The first sheet with the XML of one cell replaced."""
    pattern = re.compile(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)'.encode())

    def replace(data: bytes) -> bytes:
        changed, count = pattern.subn(xml.encode(), data)
        assert count == 1, f"no cell {cell}"
        return changed

    return rezipped(content, edit={SHEET: replace})


def upload(content: bytes, name: str = "danh-ba.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
