"""What a record of a training must satisfy. Forms show these texts at the field; actions refuse by the same rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from programmes.models import Programme
from sponsors.models import Sponsor
from trainings.choices import TRAINING_KINDS, Topic, TrainingKind, TrainingMode, TrainingState
from trainings.models import TrainingClass
from units.models import Unit

PARTS = ("women", "ethnic_minority", "officers", "members", "certificates")
MOST_TURNS = 10_000_000  # more than any single event has ever counted; keeps both databases inside their integers


@dataclass(frozen=True)
class TrainingDetails:
    """All that a person may say about a training."""

    title: str
    topic: Topic
    organiser: Unit
    start: date
    end: date
    kind: TrainingKind = TrainingKind.CLASS
    state: TrainingState = TrainingState.HELD
    turns: int = 0
    women: int = 0
    ethnic_minority: int = 0
    officers: int = 0
    members: int = 0
    certificates: int = 0
    mode: TrainingMode = TrainingMode.ONSITE
    place: str = ""
    trainers: str = ""
    programme: Programme | None = None
    sponsor: Sponsor | None = None
    note: str = ""

    def as_values(self) -> dict[str, Any]:
        """The details by field name, with records as they are (not copied)."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def details_of(training: TrainingClass) -> TrainingDetails:
    """The details of a stored record."""
    return TrainingDetails(**{field.name: getattr(training, field.name) for field in fields(TrainingDetails)})


def problems(details: TrainingDetails, *, today: date) -> dict[str, str]:
    """What is wrong, by field, in the words for the person; empty when all is well."""
    found = _date_problems(details, today) | _count_problems(details)
    if not details.title.strip():
        found["title"] = _("Enter the name of the class or event.")
    if details.state == TrainingState.CANCELLED:
        found["state"] = _("Use “Cancel” to cancel a training: it asks for the reason.")
    return found


def _date_problems(details: TrainingDetails, today: date) -> dict[str, str]:
    if details.end < details.start:
        return {
            "end": _("The last day (%(end)s) lies before the first day (%(start)s).")
            % {"end": format_date(details.end), "start": format_date(details.start)}
        }
    if details.state == TrainingState.HELD and details.end > today:
        return {
            "end": _("A training that was held cannot end in the future (today is %(today)s). Choose “Planned”.")
            % {"today": format_date(today)}
        }
    if not details.organiser.is_active(details.end):
        return {"organiser": _inactive(details.organiser, details.end)}
    return {}


def _inactive(unit: Unit, on: date) -> str:
    if on < unit.valid_from:
        return _("“%(unit)s” exists only from %(day)s. Choose the unit that organised it then.") % {
            "unit": unit.name,
            "day": format_date(unit.valid_from),
        }
    return _("“%(unit)s” ended on %(day)s. Choose the unit that took over from it.") % {
        "unit": unit.name,
        "day": format_date(unit.valid_to),
    }


def _count_problems(details: TrainingDetails) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("turns", *PARTS):
        if getattr(details, name) < 0:
            found[name] = _("The number cannot be below zero.")
    if details.turns > MOST_TURNS:
        found["turns"] = _("The number is too large. Check it.")
    if details.state == TrainingState.HELD and details.kind in TRAINING_KINDS and details.turns == 0:
        found["turns"] = _("Enter how many people took part.")
    for name in PARTS:
        value = getattr(details, name)
        if name not in found and "turns" not in found and value > details.turns:
            found[name] = _("“%(part)s” (%(value)s) is more than the turns in all (%(turns)s).") % {
                "part": _field_name(name),
                "value": format_number(value),
                "turns": format_number(details.turns),
            }
    return found


def _field_name(name: str) -> str:
    return str(getattr(TrainingClass._meta.get_field(name), "verbose_name", name))
