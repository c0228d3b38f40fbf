"""What is no sound Excel file is refused before any parser opens it, within a second, and says what to do."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.utils import translation

from imports import safety
from imports.reading import read_book
from imports.safety import FileError
from imports.survey import MOST_COLUMNS, MOST_ROWS
from tests.imports import books
from tests.imports.books import SHEET, contacts, rezipped

ROW = ["05500", "Xã Tân Cương", "Nguyễn Thị Lan", "Chủ tịch", "", ""]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "."), data)
    return file.getvalue()


def flagged_as_encrypted() -> bytes:
    content = bytearray(contacts(ROW))
    place = content.find(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, place + 8)[0]
    struct.pack_into("<H", content, place + 8, flags | 1)
    return bytes(content)


def with_part(name: str, data: bytes = b"<x/>") -> bytes:
    return rezipped(contacts(ROW), add={name: data})


def with_doctype(part: str) -> bytes:
    bomb = b'<?xml version="1.0"?><!-- first --><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return rezipped(contacts(ROW), edit={part: lambda data: bomb + data.partition(b"?>")[2]})


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "csv": (lambda: "Đơn vị;Họ tên\n".encode(), "không phải tệp Excel"),
    "empty": (lambda: b"", "không phải tệp Excel"),
    "picture": (lambda: b"\x89PNG\r\n" + bytes(2000), "không phải tệp Excel"),
    "word": (lambda: zipped(word=b"", **{"[Content_Types]__xml": b"<x/>"}), "không phải tệp Excel"),
    "xls": (lambda: OLE + bytes(5000), ".xls"),
    "password": (lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "mật khẩu"),
    "encrypted zip": (flagged_as_encrypted, "mật khẩu"),
    "xlsm": (lambda: with_part("xl/vbaProject.bin", b"macro"), "macro"),
    "xlsb": (lambda: with_part("xl/workbook.bin", b"x"), "macro"),
    "cut off": (lambda: contacts(ROW)[:3000], "bị hỏng"),
    "path up": (lambda: with_part("xl/../../../etc/passwd"), "đường dẫn"),
    "absolute path": (lambda: with_part("/etc/passwd"), "đường dẫn"),
    "windows path": (lambda: with_part("xl\\..\\x.xml"), "đường dẫn"),
    "document type": (lambda: with_doctype(SHEET), "DTD"),
    "document type of the workbook": (lambda: with_doctype("xl/workbook.xml"), "DTD"),
    "no xml": (lambda: rezipped(contacts(ROW), edit={SHEET: lambda data: b"\x00" * 50}), "bị hỏng"),
    "the same part twice": (lambda: with_part(SHEET.upper()), "bị hỏng"),
    "too large": (lambda: contacts(ROW) + bytes(10 * 1024 * 1024), "lớn hơn 10 MB"),
    "swollen part": (lambda: with_part("xl/media/a.bmp", bytes(20 * 1024 * 1024)), "quá lớn"),
    "too many sheets": (lambda: books.book([["x"]], more={f"T{n}": [["x"]] for n in range(50)}), "51 trang tính"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sound_file_is_refused_within_a_second(name: str) -> None:
    make, words = BAD[name]
    content = make()
    started = time.perf_counter()
    with translation.override("vi"), pytest.raises(FileError, match=words):
        safety.inspect(io.BytesIO(content))
    assert time.perf_counter() - started < 1


def test_parts_of_more_than_100_mb_together_are_refused() -> None:
    noise = bytes(range(256)) * 4096 * 21  # 22 MB that packs to less than a hundredth only as a whole
    parts = {f"xl/media/{n}.bmp": noise for n in range(5)}
    content = rezipped(contacts(ROW), add=parts)
    with translation.override("vi"), pytest.raises(FileError, match="quá lớn"):
        safety.inspect(io.BytesIO(content))


def test_a_part_that_is_larger_than_its_directory_says_is_refused() -> None:
    content = bytearray(with_part("xl/media/a.bmp", bytes(range(256)) * 4000))
    place = content.rfind(b"xl/media/a.bmp") - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", content, place + 24, 1000)
    safety.inspect(io.BytesIO(bytes(content)))
    with translation.override("vi"), pytest.raises(FileError, match="bị hỏng"):
        safety.prove(io.BytesIO(bytes(content)))


def test_a_sound_file_passes() -> None:
    safety.inspect(io.BytesIO(contacts(ROW)))
    safety.prove(io.BytesIO(contacts(ROW)))


def test_the_stated_dimension_is_not_trusted(tmp_path) -> None:
    def lie(data: bytes) -> bytes:
        assert b'ref="A1:F4"' in data
        return data.replace(b'ref="A1:F4"', b'ref="A1:A2"')

    wrong = rezipped(contacts(ROW, ROW, ROW), edit={SHEET: lie})
    path = tmp_path / "book.xlsx"
    path.write_bytes(wrong)
    assert [len(sheet.rows) for sheet in read_book(path)] == [4]


@pytest.mark.parametrize("cell", [f"A{MOST_ROWS + 1}", "XFD1048576", "GS5"])
def test_a_cell_far_away_is_refused_and_not_laid_out(cell: str, tmp_path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active[cell] = "x", "y"
    path = tmp_path / "book.xlsx"
    path.write_bytes(books.saved(made))
    with translation.override("vi"), pytest.raises(FileError, match=cell):
        read_book(path)


def test_the_last_row_and_column_allowed_are_read(tmp_path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.active.cell(MOST_ROWS, MOST_COLUMNS, "y")
    path = tmp_path / "book.xlsx"
    path.write_bytes(books.saved(made))
    (sheet,) = read_book(path)
    assert (len(sheet.rows), len(sheet.rows[-1])) == (MOST_ROWS, MOST_COLUMNS)


def test_damage_inside_a_sheet_is_refused_and_never_a_crash(tmp_path) -> None:
    path = tmp_path / "book.xlsx"
    for damage in (lambda data: data[: len(data) // 2], lambda data: data.replace(b"</c>", b"", 1)):
        path.write_bytes(rezipped(contacts(ROW), edit={SHEET: damage}))
        with translation.override("vi"), pytest.raises(FileError, match="bị hỏng"):
            read_book(path)
