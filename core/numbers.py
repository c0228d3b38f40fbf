"""Numbers as they are written in Vietnamese: 1.234,5. One meaning, whatever the language of the page."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

# [0-9] and not \d, which would let full-width and other digits in
_PLAIN = re.compile(r"-?[0-9]+(,[0-9]+)?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_WITH_POINT = re.compile(r"-?[0-9]+\.[0-9]+")
_LONGEST = 30  # characters; the widest stored number has 24 digits
_BILLION, _MILLION = 10**9, 10**6


class NumberError(ValueError):
    """Typed text is not a number here; the text of the error says what to type instead."""


def parse_decimal(text: str, decimals: int = 2) -> Decimal:
    """The number that was typed, with at most `decimals` places; 0 asks for a whole number.

    A point only groups thousands, a comma starts the decimals. "1.234" is 1234 where whole numbers are asked for;
    where decimals are allowed it might mean either, so it is asked about and never guessed.
    Raises NumberError (a ValueError) with a translated text, also for empty text.
    """
    typed = text.strip().replace("\u2212", "-")
    if len(typed) > _LONGEST:
        raise NumberError(_("The number is too long."))
    if decimals == 0:
        return _parse_whole(typed)
    if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
        raise NumberError(_not_a_number(typed))
    if typed.count(".") == 1 and "," not in typed:
        raise NumberError(
            _("“%(typed)s” can be read in two ways. Enter %(whole)s or %(fraction)s.")
            % {"typed": typed, "whole": typed.replace(".", ""), "fraction": typed.replace(".", ",")}
        )
    places = len(typed.partition(",")[2])
    if places > decimals:
        raise NumberError(
            _("“%(typed)s” has too many decimals. Enter at most %(places)s after the comma.")
            % {"typed": typed, "places": decimals}
        )
    return Decimal(typed.replace(".", "").replace(",", "."))


def parse_integer(text: str) -> int:
    """The whole number that was typed: "1.234" and "1234" are 1234. Raises NumberError with a translated text."""
    return int(parse_decimal(text, decimals=0))


def format_number(value: Decimal | int | float | None, decimals: int | None = None) -> str:
    """1.234,5. Without `decimals` as many places as the value has; with it exactly so many, half rounded up.

    Nothing (None) gives an empty text, never 0. What this writes, `parse_decimal` reads back, except the one
    ambiguous shape (a whole number of 1.000 to 999.999 in a field with decimals).
    """
    if value is None:
        return ""
    number = Decimal(str(value))
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _point, fraction = f"{number:,f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    text = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
    return text.removeprefix("-") if number == 0 else text


def format_plain(value: Decimal | int | float | None, decimals: int | None = None) -> str:
    """As `format_number` without points, for the value of an input: "1234,5" is never ambiguous."""
    return format_number(value, decimals).replace(".", "")


def format_money(dong: int | None) -> str:
    """An amount of đồng in its largest exact unit: "2 tỷ đồng", "12,5 triệu đồng", "1.234.567 đồng". Never rounded."""
    if dong is None:
        return ""
    if abs(dong) >= _BILLION and dong % (_BILLION // 100) == 0:
        return _("%(amount)s billion đồng") % {"amount": format_number(Decimal(dong) / _BILLION)}
    if abs(dong) >= _MILLION and dong % (_MILLION // 100) == 0:
        return _("%(amount)s million đồng") % {"amount": format_number(Decimal(dong) / _MILLION)}
    return _("%(amount)s đồng") % {"amount": format_number(dong)}


def format_percent(value: Decimal | None, decimals: int = 1) -> str:
    """A percentage (97.46 gives "97,5%"; 100 gives "100%"; above 100 is legal); None gives an empty text.

    What is below 100 is never shown as 100%: 99.98 gives "99,9%", for 100% reads as reached.
    """
    if value is None:
        return ""
    step = Decimal(1).scaleb(-decimals)
    shown = value.quantize(step, rounding=ROUND_HALF_UP)
    if value < 100 <= shown:
        shown = value.quantize(step, rounding=ROUND_DOWN)
    return f"{format_number(shown)}%"


def _parse_whole(typed: str) -> Decimal:
    if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)) or "," in typed:
        raise NumberError(
            _("“%(typed)s” is not a whole number. Enter a whole number, for example 12.") % {"typed": typed}
        )
    return Decimal(typed.replace(".", ""))


def _not_a_number(typed: str) -> str:
    if _WITH_POINT.fullmatch(typed):
        return _("“%(typed)s”: decimals follow a comma. Enter %(fraction)s.") % {
            "typed": typed,
            "fraction": typed.replace(".", ","),
        }
    return _("“%(typed)s” is not a number. Enter a number, for example 1234,5.") % {"typed": typed}
