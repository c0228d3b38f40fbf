"""Signed minutes as uploaded: a PDF or a picture by its content, never by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils.translation import gettext as _

from core.text import clean_line
from equipment.actions import rules

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from equipment.models import Handover

LARGEST = 10 * 1024 * 1024
_BEGINNINGS = {
    "application/pdf": (b"%PDF-", ".pdf"),
    "image/jpeg": (b"\xff\xd8\xff", ".jpg"),
    "image/png": (b"\x89PNG\r\n\x1a\n", ".png"),
}


def check_scan(scan: UploadedFile[Any]) -> tuple[str, str]:
    """Content type and ending of an acceptable file; ValidationError at `scan` for every other."""
    if not scan.size:
        raise rules.refuse("scan", _("The file is empty. Choose the scanned minutes again."))
    if scan.size > LARGEST:
        raise rules.refuse("scan", _("The file is larger than 10 MB. Scan with a lower resolution."))
    scan.seek(0)
    start = scan.read(16)
    scan.seek(0)
    for content_type, (beginning, ending) in _BEGINNINGS.items():
        if start.startswith(beginning):
            return content_type, ending
    raise rules.refuse("scan", _("The file is neither PDF nor JPG nor PNG. Scan or photograph the signed minutes."))


def keep_scan(handover: Handover, scan: UploadedFile[Any]) -> list[str]:
    """Store the file under a random name; returns the fields to save. An earlier scan stays in the store."""
    content_type, ending = check_scan(scan)
    stem = clean_line(PurePath(scan.name or "").stem)[:100] or "bien-ban"
    handover.scan_type, handover.scan_name = content_type, f"{stem}{ending}"
    handover.scan.save(uuid4().hex, scan, save=False)
    return ["scan", "scan_name", "scan_type"]
