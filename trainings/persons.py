"""By what the same person is found in two lists: keyed hashes of name, year of birth, and unit or telephone number.

A key belongs to one year, so that nobody's classes can be followed over the years. Names match without regard to
capitals, spaces and the placement of tones; the tones themselves count, because Hoa, Hòa and Hóa are three people.
The key of the hash is settings.PERSON_KEY; without it nobody can try names against the keys that are stored.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.phones import dialled
from core.text import clean_line, sort_key

if TYPE_CHECKING:
    from trainings.models import Trainee

_DIGITS = 32  # 128 bits in hexadecimal digits: more than enough for every woman of the country
_COUNTRY = ("+84", "84")
_SHORTEST_WITH_COUNTRY = 11


def unit_key(*, year: int, full_name: str, birth_year: int, unit_id: int) -> str:
    """The key of a person as the one of this name and year of birth at this unit."""
    return _key(year, "unit", full_name, birth_year, str(unit_id))


def phone_key(*, year: int, full_name: str, birth_year: int, phone: str) -> str:
    """The key of a person as the one of this name, year of birth and number; empty without a number."""
    number = national_number(phone)
    return _key(year, "phone", full_name, birth_year, number) if number else ""


def national_number(phone: str) -> str:
    """Digits only, with 0 in place of +84."""
    digits = dialled(phone)
    for prefix in _COUNTRY:
        if digits.startswith(prefix) and len(digits) >= _SHORTEST_WITH_COUNTRY:
            return f"0{digits.removeprefix(prefix)}"
    return digits.removeprefix("+")


def fill(trainee: Trainee, year: int) -> None:
    """Put both keys of the year on a trainee who still has a name. Raises ValueError for an erased one."""
    if not trainee.full_name or trainee.birth_year is None:
        raise ValueError("a trainee without name has no keys")
    told: dict[str, Any] = {"year": year, "full_name": trainee.full_name, "birth_year": trainee.birth_year}
    trainee.unit_key = unit_key(**told, unit_id=trainee.unit_id)
    trainee.phone_key = phone_key(**told, phone=trainee.phone)


def _key(year: int, kind: str, full_name: str, birth_year: int, mark: str) -> str:
    told = "|".join((str(year), kind, sort_key(clean_line(full_name)), str(birth_year), mark))
    return hmac.new(settings.PERSON_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()[:_DIGITS]
