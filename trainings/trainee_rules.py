"""What a trainee of a list must satisfy. Forms and files show these texts at the field; actions refuse by the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from trainings import persons
from trainings.choices import Gender, Standing
from trainings.models import Trainee, TrainingClass
from units.models import Unit

OLDEST, YOUNGEST = 1900, 6  # first year of birth; least age in the year of the class
MOST_TRAINEES = 5000  # of one class: a list that is longer is a mistake
Problems = dict[tuple[int, str], str]  # which line of what was given, which field


@dataclass(frozen=True)
class TraineeDetails:
    """All that a person may say about a trainee. Without a phone the person is found again by the unit alone."""

    full_name: str
    birth_year: int
    unit: Unit
    gender: Gender = Gender.WOMAN
    standing: Standing = Standing.MEMBER
    ethnic_minority: bool = False
    position: str = ""
    branch: str = ""
    phone: str = ""

    def as_values(self) -> dict[str, Any]:
        """The details by field name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def details_of(trainee: Trainee) -> TraineeDetails:
    """The details of a stored trainee whose name was not erased."""
    return TraineeDetails(**{field.name: getattr(trainee, field.name) for field in fields(TraineeDetails)})


def keys_of(details: TraineeDetails, year: int) -> tuple[str, str]:
    """Both keys of the person in this year; the second is empty without a phone."""
    told: dict[str, Any] = {"year": year, "full_name": details.full_name, "birth_year": details.birth_year}
    return persons.unit_key(**told, unit_id=details.unit.pk), persons.phone_key(**told, phone=details.phone)


def problems(details: TraineeDetails, training: TrainingClass) -> dict[str, str]:
    """What is wrong with one person, by field; empty when all is well."""
    found: dict[str, str] = {}
    if not details.full_name.strip():
        found["full_name"] = _("Enter the full name.")
    last = training.end.year - YOUNGEST
    if not OLDEST <= details.birth_year <= last:
        found["birth_year"] = _("The year of birth must lie between %(first)s and %(last)s.") % {
            "first": OLDEST,
            "last": last,
        }
    return found


def list_problems(
    people: Sequence[TraineeDetails], training: TrainingClass, standing: Mapping[str, str], numbers: Sequence[int] = ()
) -> Problems:
    """What is wrong with people who join a list: each by the rules, and who stands in it already.

    `standing`: keys of those who are in the list, with the words that name them. `numbers`: how the lines are called.
    """
    found: Problems = {}
    seen = dict(standing)
    for place, details in enumerate(people):
        wrong = problems(details, training)
        found |= {(place, name): text for name, text in wrong.items()}
        if wrong:
            continue
        keys = [key for key in keys_of(details, training.end.year) if key]
        if first := next((seen[key] for key in keys if key in seen), ""):
            found[place, "full_name"] = _same(details, first)
        number = numbers[place] if numbers else place + 1
        seen |= dict.fromkeys(keys, _("line %(number)s") % {"number": number})
    return found


def standing_keys(trainees: Sequence[Trainee]) -> dict[str, str]:
    """The keys of a stored list, with the words that name the person."""
    words = {one: _("number %(number)s of the list") % {"number": one.place} for one in trainees}
    return {key: text for one, text in words.items() for key in (one.unit_key, one.phone_key) if key}


def _same(details: TraineeDetails, first: str) -> str:
    return _(
        "%(name)s, born %(year)s, is already there: %(first)s. For another person of the same name and year, add what "
        "tells them apart to the name, for example the branch in brackets."
    ) % {"name": details.full_name, "year": details.birth_year, "first": first}
