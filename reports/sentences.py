"""What lies ahead of an indicator, said in sentences."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from core.numbers import format_number
from core.periods import month_in_year, year_of
from reports.forecast import Outlook
from reports.queries.outlook import Prospect


def prospect_sentences(prospect: Prospect) -> list[str]:
    """«Còn thiếu 156 máy. Theo tốc độ 6 máy/tháng: tháng 1/2029. Để kịp 12/2027 cần 12 máy/tháng. …»"""
    ahead, gifts = prospect.outlook, prospect.gifts
    if ahead.is_met:
        return [_("The target is reached.")]
    words = {"unit": prospect.unit_of_measure, "missing": _number(ahead.missing), "deadline": _short(prospect.deadline)}
    found = [_("%(missing)s %(unit)s are missing.") % words, _at_this_pace(prospect)]
    if ahead.needed is not None:
        found.append(
            _("To be in time for %(deadline)s: %(pace)s %(unit)s each month.")
            % {**words, "pace": _number(ahead.needed)}
        )
    if gifts is not None:
        text = _("With the %(promised)s promised by open gifts %(left)s %(unit)s are missing.")
        if gifts.left <= 0:
            text = _("With the %(promised)s %(unit)s promised by open gifts the target is reached.")
        found.append(text % {**words, "promised": _number(gifts.promised), "left": _number(gifts.left)})
    return found


def gift_sentences(prospect: Prospect) -> list[str]:
    """When the promised machines would be here and what that makes of the date, and on what this rests."""
    gifts = prospect.gifts
    if gifts is None:
        return []
    if gifts.usual is None or gifts.all_here is None:
        return [_("When the promised machines come cannot be said: too few gifts have been received in three years.")]
    words = {
        "month": _spoken(gifts.all_here),
        "days": format_number(gifts.usual.days),
        "machines": format_number(gifts.usual.machines),
        "reached": "" if gifts.reached is None else _spoken(gifts.reached),
    }
    found = [
        _("No gift has a planned day of delivery. As gifts came so far (%(days)s days from promise to receipt, median "
          "of %(machines)s machines in three years) all that is promised is here by %(month)s.") % words
    ]  # fmt: skip
    if gifts.reached is None:
        return [*found, _("At the present pace what is left after that is not reached.")]
    if gifts.left <= 0:
        return [*found, _("With them the target is reached in %(reached)s.") % words]
    return [*found, _("With them, and the rest at the present pace, the target is reached in %(reached)s.") % words]


def _at_this_pace(prospect: Prospect) -> str:
    ahead = prospect.outlook
    if ahead.pace is None:
        return _("There is not enough data yet to say when the target is reached.")
    if ahead.reached is None:
        return _("At the present pace it is not reached.")
    return _("At the pace of %(pace)s %(unit)s a month: %(month)s%(range)s.") % {
        "pace": _number(abs(ahead.pace.value)),
        "unit": prospect.unit_of_measure,
        "range": range_words(ahead),
        "month": _spoken(ahead.reached),
    }


def range_words(ahead: Outlook) -> str:
    """The earliest and the latest month that the months so far allow; nothing where they are the same."""
    if ahead.earliest is None or ahead.earliest == ahead.latest:
        return ""
    if ahead.latest is None:
        return _(" (%(earliest)s at the earliest)") % {"earliest": _short(ahead.earliest)}
    return _(" (between %(earliest)s and %(latest)s)") % {
        "earliest": _short(ahead.earliest),
        "latest": _short(ahead.latest),
    }


def _spoken(month: int) -> str:
    """«tháng 1/2029», as it is written inside a sentence."""
    return _("month %(month)s") % {"month": _short(month)}


def _short(month: int) -> str:
    """«1/2029»."""
    return f"{month_in_year(month)}/{year_of(month)}"


def _number(value: float) -> str:
    """Whole numbers from ten on, one decimal below, two below one."""
    places = 0 if abs(value) >= 10 else 1 if abs(value) >= 1 else 2
    return format_number(Decimal(str(round(value, places))).normalize())
