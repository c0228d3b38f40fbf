"""Telephone numbers: kept as people write them, dialled by their digits."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.forms import LineField

_SIGNS = re.compile(r"\+?[0-9 .()-]+")
_SHOWN = 3
_FEWEST, _MOST = 8, 15  # digits; 15 is the limit of international numbers (E.164)


def dialled(phone: str) -> str:
    """The number as a tel: link wants it: digits, with a leading + where there is one."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else digits


def masked(phone: str) -> str:
    """The number for lists of persons: its last three digits, so that two of one name can be told apart."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"••• {digits[-_SHOWN:]}" if digits else ""


class PhoneField(LineField):
    """A telephone number of 8 to 15 digits; spaces, points, hyphens, brackets and a leading + are kept as typed."""

    def __init__(self, *, max_length: int = 20, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.input_type = "tel"
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("size", "20")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and not (_SIGNS.fullmatch(text) and _FEWEST <= sum(sign.isdigit() for sign in text) <= _MOST):
            raise ValidationError(
                _("“%(typed)s” is not a telephone number. Enter 8 to 15 digits, for example 0912 345 678.")
                % {"typed": text}
            )
        return text
