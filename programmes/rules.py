"""What programmes, tasks, targets and the catalogue must satisfy.

Each check gives the problems by field, in the words for the person; forms show them at the field, actions refuse by
the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.dates import format_date
from programmes.choices import Direction, TaskState, Window
from programmes.models import Indicator, Measure, Pillar, Programme, Task, default_entered_at
from units.models import Unit
from units.rules import not_open

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
Problems = dict[str, str]
Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True)
class Details:
    """All that a person may say about a record, by the names of its fields."""

    def as_values(self) -> dict[str, Any]:
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}

    @classmethod
    def of(cls, record: Model, **changes: Any) -> Self:
        """The details of a record with some of them changed; what is no detail is left out."""
        names = [entry.name for entry in fields(cls)]
        return cls(**{name: changes.get(name, getattr(record, name)) for name in names})


@dataclass(frozen=True)
class ProgrammeDetails(Details):
    code: str
    name: str
    short_name: str
    start: date
    end: date | None = None
    legal_basis: str = ""
    description: str = ""


@dataclass(frozen=True)
class TaskDetails(Details):
    name: str
    owner: Unit
    due: date
    number: int | None = None  # None: the next free one
    pillar: Pillar | None = None
    owner_name: str = ""
    start: date | None = None
    note: str = ""


@dataclass(frozen=True)
class ProgressReport(Details):
    """What is said about a task on a day. `progress` None means 100 for a task that is done, else what stood before."""

    on: date
    state: str
    progress: int | None = None
    note: str = ""


@dataclass(frozen=True)
class TargetDetails(Details):
    value: Decimal
    due: date
    baseline: Decimal | None
    baseline_on: date | None
    source_text: str = ""


@dataclass(frozen=True)
class MeasureDetails(Details):
    code: str
    name: str
    kind: str
    unit_of_measure: str
    name_en: str = ""
    decimals: int = 0
    whole: Measure | None = None
    entered_at: list[str] = field(default_factory=default_entered_at)
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None
    group: str = ""
    order: int = 0
    help_text: str = ""
    active: bool = True


@dataclass(frozen=True)
class IndicatorDetails(Details):
    code: str
    name: str
    numerator: Measure
    unit_label: str
    name_en: str = ""
    denominator: Measure | None = None
    direction: str = Direction.UP
    window: str = Window.PROGRAMME
    decimals: int = 1
    group: str = ""
    frequency: str = ""
    source_text: str = ""
    note: str = ""
    order: int = 0
    active: bool = True


def at(name: str, problem: str) -> Problems:
    """The problem at its field; nothing where there is none."""
    return {name: problem} if problem else {}


def others(records: QuerySet[Record], stored: Record | None) -> QuerySet[Record]:
    """All records but the one at hand."""
    return records.exclude(pk=stored.pk) if stored else records


def programme_problems(details: ProgrammeDetails, *, stored: Programme | None) -> Problems:
    found: Problems = {}
    if others(Programme.objects.all(), stored).filter(code__iexact=details.code).exists():
        found["code"] = _("The code “%(code)s” is taken. Choose another one.") % {"code": details.code}
    if not EARLIEST <= details.start <= LATEST:
        found["start"] = _outside()
    if details.end and not EARLIEST <= details.end <= LATEST:
        found["end"] = _outside()
    elif details.end and details.end < details.start:
        found["end"] = _("The end (%(end)s) lies before the start (%(start)s).") % {
            "end": format_date(details.end),
            "start": format_date(details.start),
        }
    elif stored and details.end and (late := stored.tasks.filter(due__gt=details.end).order_by("-due").first()):
        found["end"] = _("Task %(number)s is due on %(due)s, after this day. Move its deadline first.") % {
            "number": late.number,
            "due": format_date(late.due),
        }
    return found


def task_problems(details: TaskDetails, *, programme: Programme, stored: Task | None, today: date) -> Problems:
    found = _deadline_problems(details, programme)
    if details.number is not None:
        taken = others(programme.tasks.all(), stored).filter(number=details.number)
        if details.number < 1:
            found["number"] = _("Numbers of tasks begin with 1.")
        elif taken.exists():
            found["number"] = _("Number %(number)s is taken in this programme.") % {"number": details.number}
    if details.pillar and details.pillar.programme_id != programme.pk:
        found["pillar"] = _("This pillar belongs to another programme.")
    if stored is None or details.owner.pk != stored.owner_id:
        found |= at("owner", owner_problem(details.owner, programme=programme, on=today))
    return found


def owner_problem(unit: Unit, *, programme: Programme, on: date) -> str:
    """Why the unit cannot be answerable within the programme: not below its owner, or not active that day."""
    if not programme.binds(unit):
        return _("“%(unit)s” is not a unit of “%(owner)s”, to which the programme belongs.") % {
            "unit": unit.name,
            "owner": programme.owner.name,
        }
    return not_open(unit, on)


def progress_problems(report: ProgressReport, *, task: Task, today: date) -> Problems:
    found: Problems = {}
    if report.on > today:
        found["on"] = _("The date cannot lie in the future (today is %(today)s).") % {"today": format_date(today)}
    elif report.on < task.programme.start:
        found["on"] = _("The programme began on %(start)s. Enter that day or a later one.") % {
            "start": format_date(task.programme.start)
        }
    if report.progress is None:
        return found
    if not 0 <= report.progress <= 100:
        found["progress"] = _("Progress is a number from 0 to 100.")
    elif report.state == TaskState.DONE and report.progress != 100:
        found["progress"] = _("A task that is done stands at 100%. Leave this empty or enter 100.")
    elif report.state == TaskState.TODO and report.progress != 0:
        found["progress"] = _("A task that has not started stands at 0%. Choose another state or enter 0.")
    return found


def target_problems(details: TargetDetails, *, programme: Programme, indicator: Indicator, unit: Unit) -> Problems:
    found: Problems = {}
    if details.baseline is None:
        found["baseline"] = _("Enter the value from which the path to the target starts.")
    if details.baseline_on is None:
        found["baseline_on"] = _("Enter the day of the baseline.")
    elif details.due <= details.baseline_on:
        found["due"] = _("The target date (%(due)s) must lie after the baseline (%(baseline)s).") % {
            "due": format_date(details.due),
            "baseline": format_date(details.baseline_on),
        }
    if not EARLIEST <= details.due <= LATEST:
        found["due"] = _outside()
    if details.value < 0:
        found["value"] = _("A target cannot be below zero.")
    if details.baseline is not None and details.baseline < 0:
        found["baseline"] = _("A baseline cannot be below zero.")
    if not programme.chosen.filter(indicator=indicator).exists():
        found["indicator"] = _("Choose this indicator for the programme first.")
    return found | at("unit", owner_problem(unit, programme=programme, on=details.due))


def _deadline_problems(details: TaskDetails, programme: Programme) -> Problems:
    found: Problems = {}
    if details.start and details.due < details.start:
        found["due"] = _("The deadline (%(due)s) lies before the start (%(start)s).") % {
            "due": format_date(details.due),
            "start": format_date(details.start),
        }
    elif details.due < programme.start:
        found["due"] = _("The deadline lies before the programme begins (%(start)s).") % {
            "start": format_date(programme.start)
        }
    elif programme.end and details.due > programme.end:
        found["due"] = _("The deadline lies after the programme ends (%(end)s).") % {"end": format_date(programme.end)}
    elif details.due > LATEST:
        found["due"] = _outside()
    if details.start and not EARLIEST <= details.start <= LATEST:
        found["start"] = _outside()
    return found


def _outside() -> str:
    return _("Check the year: it must lie between %(first)s and %(last)s.") % {
        "first": EARLIEST.year,
        "last": LATEST.year,
    }
