"""How values and periods are read: yes and no in words, numbers with points, nothing for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from core.numbers import NumberError, format_number, parse_decimal
from core.periods import label, period_label, year_of
from programmes.choices import MeasureKind
from programmes.models import Measure
from submissions.choices import Frequency, Relation, RuleKind
from submissions.schedule import KINDS

YES_NO = (("", _("not reported")), ("1", _("Yes")), ("0", _("No")))


def show(measure: Measure, value: Decimal | None) -> str:
    """The value as text; empty for none, which is never 0."""
    if value is None:
        return ""
    if measure.kind == MeasureKind.FLAG:
        return str(dict(YES_NO).get(format_number(value), format_number(value)))
    return format_number(value)


def read(measure: Measure, text: str) -> Decimal | None:
    """The value of typed text; none for empty text. Raises NumberError with what to type instead."""
    typed = text.strip()
    if not typed:
        return None
    if measure.kind != MeasureKind.FLAG:
        return parse_decimal(typed, decimals=measure.decimals)
    if typed not in dict(YES_NO):
        raise NumberError(gettext("Choose yes or no."))
    return Decimal(typed)


def signed(value: Decimal | None) -> str:
    """A difference with its sign: +12, −3, 0."""
    if value is None:
        return ""
    text = format_number(abs(value))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def names_of(measures: Iterable[str]) -> str:
    return " + ".join(f"“{name}”" for name in measures)


def rule_in_words(
    kind: str, *, relation: str, percent: Decimal, least: Decimal, left: Iterable[str], right: Iterable[str]
) -> str:
    """What a rule demands, with the names of its measures: «“Kết nạp” ≤ “Hội viên”, sai số 5%»."""
    if kind == RuleKind.CHANGE:
        words = {"measures": names_of(left), "percent": f"{format_number(percent)}%", "least": format_number(least)}
        if words["measures"]:
            return gettext("%(measures)s moves by at most %(percent)s, or by less than %(least)s") % words
        return gettext("Every number moves by at most %(percent)s, or by less than %(least)s") % words
    sign = {Relation.AT_MOST: "≤", Relation.EQUAL: "=", Relation.AT_LEAST: "≥"}[Relation(relation)]
    text = f"{names_of(left)} {sign} {names_of(right)}"
    if not percent:
        return text
    return gettext("%(rule)s, within %(percent)s") % {"rule": text, "percent": f"{format_number(percent)}%"}


def period_name(frequency: str, month: int) -> str:
    """The period that ends in the month, as staff write it: Tháng 10/2026, Quý III/2026, 9 tháng năm 2026."""
    if frequency == Frequency.NINE:
        return gettext("Nine months of %(year)s") % {"year": year_of(month)}
    kind = KINDS.get(Frequency(frequency))
    return period_label(kind, month) if kind else label(month)


def due_words(due: date | None, today: date) -> str:
    """The due date with how long there is still time, or for how long it is over; empty without one."""
    if due is None:
        return ""
    words = {"day": format_date(due), "left": days_words((due - today).days)}
    return gettext("due %(day)s, %(left)s") % words


def days_words(left: int | None) -> str:
    """How long there is still time, or for how long it is late; empty without a due date."""
    if left is None:
        return ""
    count = {"count": format_number(abs(left))}
    if left < 0:
        return gettext("%(count)s days late") % count
    return gettext("%(count)s days left") % count if left else gettext("today is the last day")
