"""Background work of the room: registered by name in the ledger of jobs, done by calling one verb."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import format_number
from equipment.actions.catalogue import REFRESH_ALL
from equipment.actions.registers import refresh_all
from jobs.registry import Progress, Result, handler


@handler(REFRESH_ALL, gettext_lazy("Judge all computers anew"))
def judge_all(progress: Progress) -> Result:
    """Idempotent: what is already right is not written again."""
    written = refresh_all(by=progress.by, step=progress.step)
    return Result(message=_("%(n)s figures changed.") % {"n": format_number(written)})
