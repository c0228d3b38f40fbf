"""Keeping the days on which offices are closed. Open periods keep their due days: change those by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.verdicts import require
from programmes.permissions import may_keep_catalogue
from submissions.models import Holiday

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def add_holiday(*, day: date, name: str, by: User) -> Holiday:
    """Raises ValidationError for a day that is recorded already."""
    require(may_keep_catalogue(by))
    holiday, made = Holiday.objects.get_or_create(day=day, defaults={"name": name})
    if not made:
        words = {"day": format_date(day), "name": holiday.name}
        raise ValidationError({"day": _("%(day)s is recorded already: %(name)s.") % words})
    audit.record(by=by, action="submissions.add_holiday", obj=holiday, after={"day": day, "name": name})
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: User) -> None:
    require(may_keep_catalogue(by))
    before = {"day": holiday.day, "name": holiday.name}
    audit.record(by=by, action="submissions.remove_holiday", obj=holiday, before=before)
    holiday.delete()


@transaction.atomic
def load_holidays(*, days: Iterable[tuple[date, str]]) -> int:
    """Add those that are missing, as a command of the machine; days that are recorded keep their name."""
    known = set(Holiday.objects.values_list("day", flat=True))
    fresh = [Holiday(day=day, name=name) for day, name in days if day not in known]
    Holiday.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        audit.record(by=None, action="submissions.load_holidays", after={"days": [row.day for row in fresh]})
    return len(fresh)
