"""What a file must be before any parser opens it: told from its first bytes and its zip directory alone."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.numbers import format_number

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 100 * MEGABYTE
LARGEST_RATIO, RATIO_COUNTS_FROM = 100, MEGABYTE
MOST_PARTS, MOST_SHEETS = 2000, 50
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MACRO_PARTS = re.compile(r"vbaproject|\.bin$|macrosheets/", re.IGNORECASE)
_HARMLESS_BINARIES = re.compile(r"printersettings", re.IGNORECASE)
_LOCAL_HEADER, _LOCAL_HEADER_SIZE = "<26xHH", 30
_CHUNK = 64 * 1024
_LONGEST_PROLOG = 64 * 1024


class FileError(ValueError):
    """The file cannot be taken; the text says why and what to do."""


def inspect(file: IO[bytes]) -> None:
    """Quick enough for the page: signature, directory, and the head of every XML part. Raises FileError."""
    with open_package(file) as package:
        for part in package.infolist():
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                _check_prolog(unpacked(package, part))


def prove(file: IO[bytes]) -> None:
    """Unpacks everything once, keeping nothing: no part is larger than the directory says. For the worker.

    A parser that trusts the stream and not the directory would fill the memory otherwise.
    """
    with open_package(file) as package:
        for part in package.infolist():
            for _chunk in unpacked(package, part):
                pass


def open_package(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip of an .xlsx file whose directory is in order."""
    _check_signature(file)
    file.seek(0)
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise broken() from fault
    try:
        _check_directory(package.infolist())
    except FileError:
        package.close()
        raise
    return package


def _check_signature(file: IO[bytes]) -> None:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    head = file.read(MEGABYTE)
    if size > LARGEST_FILE:
        raise FileError(
            _("The file is larger than %(limit)s MB. Split it, or remove pictures from it.")
            % {"limit": LARGEST_FILE // MEGABYTE}
        )
    if head.startswith(_OLE):
        if _ENCRYPTED_STREAM in head:
            raise _locked()
        raise FileError(_("This is an old Excel file (.xls). Open it in Excel, choose “Save as” and the type .xlsx."))
    if not head.startswith(_ZIP):
        raise FileError(_("This is not an Excel file. Save your list in Excel with the type .xlsx and send that."))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len({name.lower() for name in names}) < len(names):
        raise broken()
    if any(_leads_out(name) for name in names):
        raise FileError(_("The file holds paths that lead out of it. Make the list anew in Excel and send that."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise _locked()
    if any(part.compress_type not in _PACKINGS for part in parts):
        raise broken()
    _check_sizes(parts)
    _check_kind(names)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > RATIO_COUNTS_FROM and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if unpacked > LARGEST_UNPACKED or swollen:
        raise FileError(
            _("Unpacked, the file is far too large (%(size)s MB). Copy only the rows with data into the form.")
            % {"size": format_number(unpacked // MEGABYTE)}
        )


def _check_kind(names: list[str]) -> None:
    if any(_MACRO_PARTS.search(name) and not _HARMLESS_BINARIES.search(name) for name in names):
        raise FileError(
            _("The file holds macros or is binary (.xlsm, .xlsb). Choose “Save as” in Excel and the type .xlsx.")
        )
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise FileError(_("This is not an Excel file. Save your list in Excel with the type .xlsx and send that."))
    sheets = sum(1 for name in names if SHEET_PART.fullmatch(name))
    if sheets > MOST_SHEETS:
        raise FileError(
            _("The file has %(count)s sheets; at most %(limit)s are read. Keep only the sheets with data.")
            % {"count": sheets, "limit": MOST_SHEETS}
        )


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name


def unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content in chunks, never more than the directory states. Raises FileError where the two differ."""
    raw = _packed(package, part)
    if part.compress_type == zipfile.ZIP_STORED:
        if len(raw) != part.file_size:
            raise broken()
        yield from (raw[start : start + _CHUNK] for start in range(0, len(raw), _CHUNK))
        return
    stream, seen = zlib.decompressobj(-zlib.MAX_WBITS), 0
    try:
        while not stream.eof:
            chunk = stream.decompress(raw, _CHUNK)
            raw, seen = stream.unconsumed_tail, seen + len(chunk)
            if seen > part.file_size or (not chunk and not raw and not stream.eof):
                raise broken()
            yield chunk
    except zlib.error as fault:
        raise broken() from fault
    if seen != part.file_size or stream.unused_data:
        raise broken()


def _packed(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    file = package.fp
    if file is None:
        raise broken()
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER_SIZE)
    if len(header) < _LOCAL_HEADER_SIZE or not header.startswith(_ZIP):
        raise broken()
    name_length, extra_length = struct.unpack(_LOCAL_HEADER, header)
    file.seek(part.header_offset + _LOCAL_HEADER_SIZE + name_length + extra_length)
    return file.read(part.compress_size)


class _RootSeen(Exception):  # noqa: N818 - ends the reading, is no error
    """The prolog is over."""


def _check_prolog(chunks: Iterator[bytes]) -> None:
    """A document type comes before the root element or not at all; it is what entity bombs are made of."""

    def refuse(*_args: object) -> None:
        raise FileError(_("The file holds a document type, which Excel never writes. Make the list anew in Excel."))

    def stop(*_args: object) -> None:
        raise _RootSeen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed > _LONGEST_PROLOG:
                raise broken()
    except _RootSeen:
        return
    except expat.ExpatError as fault:
        raise broken() from fault
    if fed:
        raise broken()


def broken() -> FileError:
    return FileError(_("The file is damaged. Open it in Excel, save it again with the type .xlsx and send that."))


def _locked() -> FileError:
    return FileError(_("The file is protected by a password. Remove the password in Excel and send the file again."))
