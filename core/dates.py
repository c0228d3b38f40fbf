"""Dates as they are written in Vietnamese: 21/11/2026, and the long form of official letters."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class DateError(ValueError):
    """Typed text is not a date; the text of the error says what to type instead."""


def parse_date(text: str) -> date:
    """The date that was typed: 21/11/2026, 5/1/2026, also with points or hyphens, and 2026-11-21 of date pickers.

    The year has four digits. Raises DateError (a ValueError) with a translated text.
    """
    typed = text.strip()
    if match := _DAY_FIRST.fullmatch(typed):
        day, month, year = (int(part) for part in match.groups())
    elif match := _YEAR_FIRST.fullmatch(typed):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise DateError(
            _("“%(typed)s” is not a date. Enter day/month/year, for example 21/11/2026.") % {"typed": typed}
        )
    try:
        parsed = date(year, month, day)
    except ValueError:
        raise DateError(_("There is no day “%(typed)s” in the calendar.") % {"typed": typed}) from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DateError(_("Check the year of “%(typed)s”.") % {"typed": typed})
    return parsed


def format_date(value: date | None) -> str:
    """21/11/2026, for a moment its day here; None gives an empty text."""
    return f"{_local(value):%d/%m/%Y}" if value else ""


def format_moment(value: datetime | None) -> str:
    """10:42 21/11/2026, in the time of the portal; None gives an empty text."""
    return f"{_local(value):%H:%M %d/%m/%Y}" if value else ""


def long_date(value: date) -> str:
    """The date line of official letters, always in Vietnamese: "ngày 05 tháng 01 năm 2026", "ngày 29 tháng 6 năm 2019".

    Only days below 10 and the months 1 and 2 get a leading zero (Nghị định 30/2020/NĐ-CP, annex I).
    """
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
