"""The links at the head of a list: to import into it and to fetch its form. Rooms above put them on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from imports.registry import importer
from units.permissions import may_anywhere

if TYPE_CHECKING:
    from django.http import HttpRequest

Link = tuple[str, str, str]  # words, address, icon


def import_links(request: HttpRequest, kind: str) -> list[Link]:
    """For who holds the right of the importer somewhere; nobody else sees them."""
    found = importer(kind)
    if found is None or not may_anywhere(request.user, found.right):
        return []
    return [
        (_("Import from Excel"), reverse("imports:start", args=[kind]), "upload"),
        (_("Download the form"), reverse("imports:blank", args=[kind]), "download"),
    ]
