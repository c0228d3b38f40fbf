"""The work of the room for the ledger of jobs: checking, writing many rows, undoing many rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.verdicts import Denied
from imports import actions
from imports.choices import ImportState
from imports.models import Import
from jobs.registry import Progress, Result, handler


@handler(actions.CHECK, _("Checking an Excel file"))
def check(progress: Progress) -> Result:
    upload = _upload(progress)
    try:
        actions.check(upload, step=progress.step)
    except Denied as refusal:  # the right was taken away meanwhile
        Import.objects.filter(pk=upload.pk).update(state=ImportState.REFUSED, message=refusal.reason)
        raise
    return Result(message=str(ImportState(upload.state).label))


@handler(actions.WRITE, _("Importing an Excel file"))
def write(progress: Progress) -> Result:
    upload = _upload(progress)
    try:
        upload = actions.write(upload)
    except Denied as refusal:  # the right was taken away meanwhile
        Import.objects.filter(pk=upload.pk).update(state=ImportState.PREVIEW, message=refusal.reason)
        raise
    return Result(message=upload.message or str(ImportState(upload.state).label))


@handler(actions.UNDO, _("Undoing an import"))
def undo(progress: Progress) -> Result:
    upload = _upload(progress)
    try:
        upload = actions.take_back(upload)
    except Denied as refusal:
        Import.objects.filter(pk=upload.pk).update(state=ImportState.CONFIRMED, message=refusal.reason)
        raise
    return Result(message=upload.message or str(ImportState(upload.state).label))


def _upload(progress: Progress) -> Import:
    return Import.objects.select_related("scope", "asked_by").get(pk=progress.arguments["import"])
