"""Fixed words of the imports room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    """A refused file changed nothing and never will: its mended successor is an import of its own."""

    CHECKING = "checking", _("Being checked")
    PREVIEW = "preview", _("Waiting for your confirmation")
    REFUSED = "refused", _("Refused: correct the file")
    APPLYING = "applying", _("Being written")
    CONFIRMED = "confirmed", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


AT_WORK = (ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)


class RowState(TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changes")
    SAME = "same", _("Unchanged")
    ERROR = "error", _("Error")
