"""Checks that several verbs share. Each raises ValidationError at the field where the person looks."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_date
from core.text import clean_line
from units.models import Unit


def today_or(today: date | None) -> date:
    return today or timezone.localdate()


def refuse(field: str, message: str) -> ValidationError:
    """The error to raise: the words stand at the field."""
    return ValidationError({field: message})


def not_in_future(field: str, day: date, today: date) -> None:
    if day > today:
        raise refuse(field, _("%(day)s is in the future. Enter a day up to today.") % {"day": format_date(day)})


def not_before(field: str, day: date, earliest: date, what: str) -> None:
    """`what` says in words what happened on the earliest day."""
    if day < earliest:
        words = {"day": format_date(day), "earliest": format_date(earliest), "what": what}
        raise refuse(field, _("%(day)s is before %(earliest)s (%(what)s).") % words)


def active_on(field: str, unit: Unit, day: date) -> None:
    """The unit lives on that day; the message says since or until when it does."""
    if unit.is_active(day):
        return
    words = {"unit": unit.name, "day": format_date(day)}
    if unit.valid_from > day:
        words["from"] = format_date(unit.valid_from)
        raise refuse(field, _("%(unit)s exists from %(from)s on, not yet on %(day)s.") % words)
    words["to"] = format_date(unit.valid_to)
    raise refuse(field, _("%(unit)s ended on %(to)s. Choose its successor.") % words)


def needs_reason(reason: str, field: str = "reason") -> str:
    cleaned = clean_line(reason)
    if not cleaned:
        raise refuse(field, _("Give the reason."))
    return cleaned


def positive(field: str, quantity: int) -> None:
    if quantity <= 0:
        raise refuse(field, _("Enter a quantity of at least 1."))


def clean_serial(serial: str | None) -> str | None:
    """Serial numbers are compared without case and outer spaces; nothing typed is unknown (None)."""
    return clean_line(serial or "").upper() or None
