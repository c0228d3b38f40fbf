"""Background work of the room: registered by name in the ledger of jobs, done by calling one verb."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.numbers import format_number
from core.verdicts import Denied
from jobs.registry import Progress, Result, handler
from submissions.actions.reminding import remind_now
from submissions.choices import REMIND
from submissions.models import ReportingPeriod
from units.models import Unit


@handler(REMIND, gettext_lazy("Remind units that lag"))
def remind(progress: Progress) -> Result:
    """Idempotent: nobody is told twice on one day. What the person may see and do is asked again."""
    by = progress.by
    if by is None:
        raise Denied(_("Please sign in."))
    told, reached, without = remind_now(
        scope=Unit.objects.visible_to(by).get(pk=progress.arguments["unit"]),
        period=ReportingPeriod.objects.visible_to(by).get(pk=progress.arguments["period"]),
        by=by,
        today=timezone.localdate(),
    )
    words = {"people": format_number(told), "units": format_number(reached), "without": format_number(without)}
    return Result(
        message=_(
            "%(people)s people of %(units)s units were reminded; %(without)s units have nobody with an account: "
            "call them."
        )
        % words
    )
