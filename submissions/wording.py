"""How values and periods are read: yes and no in words, numbers with points, nothing for nothing."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number
from core.periods import label, period_label, year_of
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.choices import Frequency
from submissions.schedule import KINDS

YES_NO = (("", _("not reported")), ("1", _("Yes")), ("0", _("No")))


def show(measure: Measure, value: Decimal | None) -> str:
    """The value as text; empty for none, which is never 0."""
    if value is None:
        return ""
    if measure.kind == MeasureKind.FLAG:
        return str(dict(YES_NO).get(format_number(value), format_number(value)))
    return format_number(value)


def signed(value: Decimal | None) -> str:
    """A difference with its sign: +12, −3, 0."""
    if value is None:
        return ""
    text = format_number(abs(value))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def period_name(frequency: str, month: int) -> str:
    """The period that ends in the month, as staff write it: Tháng 10/2026, Quý III/2026, 9 tháng năm 2026."""
    if frequency == Frequency.NINE:
        return gettext("Nine months of %(year)s") % {"year": year_of(month)}
    kind = KINDS.get(Frequency(frequency))
    return period_label(kind, month) if kind else label(month)
