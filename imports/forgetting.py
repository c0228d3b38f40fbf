"""Emptying imports of what they say about persons: the ledger keeps who brought a file and when, no more."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from imports.choices import ImportState
from imports.models import Import


def forget(*, kind: str, options: dict[str, str]) -> int:
    """Empty files, previews and errors of all imports of this kind with these options; what waits is refused.

    Called in the transaction of the action that erases the records, which writes the audit row. Returns how many.
    """
    found = list(Import.objects.select_for_update().filter(kind=kind, options=options))
    for upload in found:
        _forget(upload)
    return len(found)


def _forget(upload: Import) -> None:
    for file in (upload.file, upload.marked):
        if file.name:
            transaction.on_commit(partial(file.storage.delete, file.name))
    upload.rows.all().delete()
    upload.file.name = upload.marked.name = ""
    upload.questions, upload.answers, upload.problems, upload.skipped_sheets = [], {}, [], []
    if upload.state not in (ImportState.CONFIRMED, ImportState.UNDONE):
        upload.state = ImportState.REFUSED
    upload.message = _("The file and its rows were emptied when the names were erased.")
    upload.save()
