"""Fixed words: kinds of measure, where figures come from, directions, windows, states of tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.remarks import remarks_of


class MeasureKind(TextChoices):
    """How a measure adds up. flow: over time and units. stock: last value counts until the next, over units.
    flag: a stock of 0 or 1 of one unit. given: ranks and scores, never added."""

    FLOW = "flow", _("Flow (adds up over time)")
    STOCK = "stock", _("Level (the last value counts)")
    FLAG = "flag", _("Yes or no")
    GIVEN = "given", _("Given (never added)")


class MeasureSource(TextChoices):
    FORM = "form", _("Entered in the form")
    EQUIPMENT = "equipment", _("Computed from the equipment register")
    TRAININGS = "trainings", _("Computed from the trainings")
    UNITS = "units", _("Computed from the register of units")
    PROGRAMMES = "programmes", _("Computed from the tasks of programmes")


class Provenance(TextChoices):
    """Where a stored figure came from."""

    SUBMISSION = "submission", _("Accepted report")
    REGISTER = "register", _("Computed from records")
    IMPORT = "import", _("Import")
    OPENING = "opening", _("Carried over from predecessors")


class Direction(TextChoices):
    UP = "up", _("More is better")
    DOWN = "down", _("Less is better")
    NONE = "none", _("No direction")


class Window(TextChoices):
    """Over what time a flow is summed for an indicator."""

    MONTH = "month", _("The month")
    YEAR = "year", _("Since the beginning of the year")
    PROGRAMME = "programme", _("Since the beginning of the programme")


class TaskState(TextChoices):
    TODO = "todo", _("Not started")
    DOING = "doing", _("In progress")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")


class Status(TextChoices):
    """How an indicator stands against the path to its target; keys are the CSS and icon names too."""

    REACHED = "reached", _("Reached")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    BEHIND = "behind", _("Behind")
    UNKNOWN = "unknown", _("Not enough data")
    NONE = "none", _("No target")


class Basis(TextChoices):
    """How a period is read: as it was then, or by today's units."""

    THEN = "then", _("As it was then")
    TODAY = "today", _("By today's units")


@dataclass(frozen=True)
class OnDay:
    """The third way: by the units that lived on a chosen day. No totals are kept for it; it is summed when read.

    `known` holds what was already read about the day, for as long as the page that asks lives.
    """

    day: date
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


Way = Basis | OnDay


@remarks_of("programmes")
class Remark(TextChoices):
    """Why figures changed: stored as a code, see `core.remarks`."""

    TASKS_COUNTED = "tasks_counted", _("The tasks were counted anew.")
