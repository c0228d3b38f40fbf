"""What lies ahead of an indicator, said in sentences."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from core.numbers import format_number
from core.periods import label
from reports.forecast import Outlook
from reports.queries.outlook import Prospect


def prospect_sentences(prospect: Prospect) -> list[str]:
    """«Còn thiếu 156 máy. Theo tốc độ 6 máy/tháng: 01/2029. Để kịp 12/2027 cần 12 máy/tháng. …»"""
    ahead = prospect.outlook
    if ahead.is_met:
        return [_("The target is reached.")]
    words = {"unit": prospect.unit_of_measure, "missing": _number(ahead.missing), "deadline": label(prospect.deadline)}
    found = [_("%(missing)s %(unit)s are missing.") % words, _at_this_pace(prospect)]
    if ahead.needed is not None:
        found.append(
            _("To be in time for %(deadline)s: %(pace)s %(unit)s each month.")
            % {**words, "pace": _number(ahead.needed)}
        )
    if prospect.promised:
        found.append(
            _("With the %(promised)s promised by open gifts %(left)s %(unit)s are missing.")
            % {**words, "promised": _number(prospect.promised), "left": _number(prospect.left)}
        )
    return found


def _at_this_pace(prospect: Prospect) -> str:
    ahead = prospect.outlook
    if ahead.pace is None:
        return _("There is not enough data yet to say when the target is reached.")
    words = {
        "pace": _number(abs(ahead.pace.value)),
        "unit": prospect.unit_of_measure,
        "range": _range(ahead),
        "month": label(ahead.reached) if ahead.reached is not None else "",
    }
    if ahead.reached is None:
        return _("At the present pace it is not reached.")
    return _("At the pace of %(pace)s %(unit)s a month: %(month)s%(range)s.") % words


def _range(ahead: Outlook) -> str:
    """The earliest and the latest month that the months so far allow; nothing where they are the same."""
    if ahead.earliest is None or ahead.earliest == ahead.latest:
        return ""
    if ahead.latest is None:
        return _(" (%(earliest)s at the earliest)") % {"earliest": label(ahead.earliest)}
    return _(" (between %(earliest)s and %(latest)s)") % {
        "earliest": label(ahead.earliest),
        "latest": label(ahead.latest),
    }


def _number(value: float) -> str:
    """Whole numbers from ten on, one decimal below."""
    return format_number(Decimal(str(round(value, 0 if abs(value) >= 10 else 1))).normalize())
