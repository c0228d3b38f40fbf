"""One cell: what Excel keeps, read by the Vietnamese rules of the portal. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.dates import format_date, parse_date
from core.numbers import format_number, parse_decimal
from core.phones import PhoneField
from core.text import clean_line, clean_text, fold, nfc
from imports.columns import LARGEST, Column, Takes

FIRST_YEAR, LAST_YEAR = 1900, 2200
_YEAR = re.compile(r"[0-9]{4}")
_PHONE_WITHOUT_ZERO = 9  # digits that Excel leaves of a ten-digit number
_YES, _NO = {"co", "x", "yes", "dung", "true", "1"}, {"khong", "no", "sai", "false", "0", "-"}


_folded = lru_cache(maxsize=2000)(fold)  # the words of choices are compared with every cell of their column


class CellError(ValueError):
    """The cell cannot be taken; the text names its value and says what to write instead."""


def is_empty(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not clean_line(raw))


def shown(raw: Any) -> str:
    """A raw value as it stands in messages and lists."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return _("Yes") if raw else _("No")
    if isinstance(raw, float | int):
        return format_number(_exact(raw)) if abs(raw) < LARGEST else str(raw)
    return format_date(raw) if isinstance(raw, date) else clean_line(str(raw))[:100]


def as_text(raw: Any) -> str:
    """The text of a cell that is to be text: a number without points, because codes and years are typed as numbers."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return format(_exact(raw), "f")
    return shown(raw)


def read_cell(column: Column, raw: Any) -> Any:
    """The value of a cell that is not empty. Raises CellError. Units are found by `imports.matching`."""
    if isinstance(raw, str):
        _refuse_controls(raw)
    return _READERS[column.takes](column, raw)


def _refuse_controls(text: str) -> None:
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs") and not sign.isspace():
            raise CellError(
                _("“%(value)s” holds an invisible control character. Delete the cell and type it anew.")
                % {"value": clean_line(text)[:60]}
            )


def _line(column: Column, raw: Any) -> str:
    return _short_enough(column, clean_line(as_text(raw)))


def _text(column: Column, raw: Any) -> str:
    return _short_enough(column, clean_text(as_text(raw)))


def _short_enough(column: Column, text: str) -> str:
    if len(text) > column.max_length:
        raise CellError(
            _("The text has %(length)s characters; at most %(limit)s fit. Shorten it.")
            % {"length": len(text), "limit": column.max_length}
        )
    return text


def _phone(column: Column, raw: Any) -> str:
    text = _line(column, raw)
    if isinstance(raw, float | int) and len(text) == _PHONE_WITHOUT_ZERO:
        text = f"0{text}"
    try:
        PhoneField().clean(text)
    except ValidationError as refusal:
        raise CellError(refusal.messages[0]) from refusal
    return text


def _email(column: Column, raw: Any) -> str:
    text = _line(column, raw)
    try:
        validate_email(text)
    except ValidationError as refusal:
        raise CellError(
            _("“%(value)s” is not an e-mail address. Enter one like ten@donvi.vn, or leave the cell empty.")
            % {"value": text}
        ) from refusal
    return text


def _number(column: Column, raw: Any) -> Decimal:
    decimals = 0 if column.takes is Takes.INTEGER else column.decimals
    if isinstance(raw, bool | date | time | timedelta):
        raise CellError(
            _("“%(value)s” is not a number. Enter a number and format the cell as a number.") % {"value": shown(raw)}
        )
    if isinstance(raw, str):
        try:
            value = parse_decimal(nfc(clean_line(raw)), decimals=decimals)
        except ValueError as refusal:
            raise CellError(str(refusal)) from refusal
    else:
        value = _stored_number(raw, decimals)
    _within(column, value)
    return value


def _stored_number(raw: float, decimals: int) -> Decimal:
    value = _exact(raw)
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise CellError(_("The cell holds no number. Enter a number, for example 12."))
    if -exponent > decimals:
        if decimals == 0:
            raise CellError(
                _("“%(typed)s” is not a whole number. Enter a whole number, for example 12.")
                % {"typed": format_number(value)}
            )
        raise CellError(
            _("“%(typed)s” has too many decimals. Enter at most %(places)s after the comma.")
            % {"typed": format_number(value), "places": decimals}
        )
    return value


def _exact(raw: float) -> Decimal:
    """What was typed into the cell: Excel shows 15 digits of the binary number that it keeps."""
    return Decimal(format(raw, ".15g"))


def _within(column: Column, value: Decimal) -> None:
    if column.minimum is not None and value < column.minimum:
        raise CellError(
            _("%(value)s is too small: enter at least %(limit)s.")
            % {"value": format_number(value), "limit": format_number(column.minimum)}
        )
    if value > column.maximum:
        raise CellError(
            _("%(value)s is too large: enter at most %(limit)s.")
            % {"value": format_number(value), "limit": format_number(column.maximum)}
        )


def _integer(column: Column, raw: Any) -> int:
    return int(_number(column, raw))


def _date(column: Column, raw: Any) -> date:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        if not FIRST_YEAR <= raw.year <= LAST_YEAR:
            raise CellError(_("Check the year of “%(typed)s”.") % {"typed": format_date(raw)})
        return raw
    if isinstance(raw, str):
        try:
            return parse_date(clean_line(raw))
        except ValueError as refusal:
            raise CellError(str(refusal)) from refusal
    raise CellError(
        _("“%(typed)s” is not a date. Enter day/month/year, for example 21/11/2026.") % {"typed": shown(raw)}
    )


def _year(column: Column, raw: Any) -> int:
    """A year; of a whole date (lists of the field often give the day of birth) only the year is kept."""
    written = "" if isinstance(raw, date) else clean_line(as_text(raw))
    try:
        found = int(written) if _YEAR.fullmatch(written) else _date(column, raw).year
    except CellError as refusal:
        text = _("“%(typed)s” is not a year. Enter four digits, for example 1985.") % {"typed": written}
        raise CellError(text) from refusal
    if column.minimum is not None and not column.minimum <= found <= column.maximum:
        raise CellError(
            _("%(year)s lies outside %(first)s–%(last)s. Check the year.")
            % {"year": found, "first": column.minimum, "last": column.maximum}
        )
    return found


def _choice(column: Column, raw: Any) -> Any:
    typed = fold(as_text(raw))
    found = [key for key, words in column.choices.items() if typed in (_folded(str(words)), _folded(str(key)))]
    if len(found) == 1:
        return found[0]
    raise CellError(
        _("“%(value)s” is not one of the choices. Enter one of: %(choices)s.")
        % {"value": shown(raw), "choices": "; ".join(str(words) for words in column.choices.values())}
    )


def _yes_no(column: Column, raw: Any) -> bool:
    typed = fold(as_text(raw)) if not isinstance(raw, bool) else str(raw).lower()
    if typed in _YES | _NO:
        return typed in _YES
    raise CellError(_("“%(value)s” is neither yes nor no. Enter Có or Không.") % {"value": shown(raw)})


_READERS: dict[Takes, Callable[[Column, Any], Any]] = {
    Takes.LINE: _line,
    Takes.TEXT: _text,
    Takes.PHONE: _phone,
    Takes.EMAIL: _email,
    Takes.INTEGER: _integer,
    Takes.DECIMAL: _number,
    Takes.DATE: _date,
    Takes.YEAR: _year,
    Takes.CHOICE: _choice,
    Takes.YES_NO: _yes_no,
    Takes.UNIT: _line,
    Takes.UNIT_CODE: _line,
    Takes.OPEN: lambda column, raw: raw,
}
