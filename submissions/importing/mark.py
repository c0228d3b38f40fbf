"""The mark in the head of a form from the portal: for which period, version and unit it was made, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from imports.reading import cell_name
from submissions.models import ReportingPeriod
from units.models import Unit

_MARK = re.compile(r"\bBC-([0-9]{1,9})-([0-9]{1,4})-([0-9]{1,18})-([0-9]{13})\b")


@dataclass(frozen=True)
class Mark:
    """`made_at` is from before the values were read: what was saved later is not in the file, or a second time."""

    period_id: int
    version: int
    unit_id: int
    made_at: datetime

    def __str__(self) -> str:
        moment = int(self.made_at.timestamp() * 1000)
        return f"BC-{self.period_id}-{self.version}-{self.unit_id}-{moment:013d}"


def find(rows: Sequence[Sequence[Any]]) -> tuple[Mark, str] | None:
    """The first mark in the rows above the headings, and its cell."""
    return next(_marks(rows), None)


def _marks(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[Mark, str]]:
    for number, cells in enumerate(rows, start=1):
        for place, raw in enumerate(cells, start=1):
            if isinstance(raw, str) and (found := _MARK.search(raw)):
                period_id, version, unit_id, moment = map(int, found.groups())
                made_at = datetime.fromtimestamp(moment / 1000, tz=UTC)
                yield Mark(period_id, version, unit_id, made_at), cell_name(number, place)


def refusal(mark: Mark, period: ReportingPeriod, unit: Unit) -> str:
    """Why a form with this mark cannot be read here; empty when it can. It names no other unit and no other period."""
    words = {"period": period.label, "form": period.form.name, "unit": unit.name}
    if mark.unit_id != unit.pk:
        return _("This form was made for another unit. Download the form of “%(unit)s”.") % words
    if mark.period_id != period.pk:
        return _("This form was made for a period other than %(period)s. Send it there, or download this form.") % words
    if mark.version != period.version.number:
        words |= {"old": str(mark.version), "new": str(period.version.number)}
        return (
            _(
                "The report “%(form)s” has changed since this form was made (version %(old)s, now %(new)s). "
                "Download the form anew and copy your numbers into it."
            )
            % words
        )
    return ""
