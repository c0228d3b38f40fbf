"""What a Word template must be before it is opened: told from its zip directory, its relations and its XML prologs."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imports.safety import FileError, unpacked

MEGABYTE = 1024 * 1024
LARGEST_FILE, LARGEST_UNPACKED, LARGEST_RATIO, MOST_PARTS = 5 * MEGABYTE, 40 * MEGABYTE, 100, 300
_DOCUMENT, _TYPES = "word/document.xml", "[Content_Types].xml"
_DOCX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ACTIVE = re.compile(r"vbaproject|vbadata|\.bin$|embeddings/|activex|\.ole|altchunk|afchunk", re.IGNORECASE)
_TEXT = (".xml", ".rels")
_RATIO_COUNTS_FROM = 256 * 1024


def inspect(file: IO[bytes]) -> bytes:
    """The content of a .docx that holds text and layout only. Raises ValidationError, in words for who sent it."""
    content = _read(file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package.infolist())
            parts = {part.filename: b"".join(unpacked(package, part)) for part in package.infolist()}
    except (zipfile.BadZipFile, FileError, ValueError, OSError, NotImplementedError, EOFError) as fault:
        raise broken() from fault
    _check_kind(parts)
    for name, body in parts.items():
        if name.lower().endswith(_TEXT):
            _check_xml(name, body)
    return content


def broken() -> ValidationError:
    return ValidationError(_("The file is damaged. Open it in Word, save it again with the type .docx and send that."))


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValidationError(
            _("The template is larger than %(limit)s MB. Remove pictures from it."),
            params={"limit": LARGEST_FILE // MEGABYTE},
        )
    if content.startswith(_OLE):
        raise ValidationError(
            _("This is an old Word file or one with a password. Save it in Word with the type .docx, without password.")
        )
    if not content.startswith(_ZIP):
        raise ValidationError(_("This is not a Word file. Save the template in Word with the type .docx."))
    return content


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    swollen = any(
        part.file_size > _RATIO_COUNTS_FROM and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED or swollen:
        raise ValidationError(_("Unpacked, the template is far too large. Make it anew from the standard template."))
    if len({name.lower() for name in names}) < len(names) or any(_leads_out(name) for name in names):
        raise broken()


def _check_kind(parts: dict[str, bytes]) -> None:
    types = parts.get(_TYPES, b"")
    if any(_ACTIVE.search(name) for name in parts) or b"macroEnabled" in types:
        raise ValidationError(
            _("The template holds macros or embedded objects. Save it in Word with the type .docx, without them.")
        )
    if _DOCUMENT not in parts or _DOCX not in types:
        raise ValidationError(_("This is not a Word file. Save the template in Word with the type .docx."))


def _check_xml(name: str, body: bytes) -> None:
    """No document type (entity bombs are made of them), and no relation that leads out of the file."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise broken()
    try:
        tree = ElementTree.fromstring(body)  # noqa: S314 - without a document type there are no entities
    except ElementTree.ParseError as fault:
        raise broken() from fault
    if not name.lower().endswith(".rels"):
        return
    for relation in tree:
        if relation.get("TargetMode", "").lower() == "external":
            raise ValidationError(
                _("The template leads out of itself: “%(target)s”. Remove links and linked pictures or templates."),
                params={"target": relation.get("Target", "")[:100]},
            )


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
