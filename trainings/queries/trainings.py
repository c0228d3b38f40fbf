"""What the pages and the rooms above ask of trainings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from core.periods import first_day, last_day, make_month
from programmes.registered import (
    TR_CERTS,
    TR_CLASSES,
    TR_MEMBERS,
    TR_MINORITY,
    TR_OFFICERS,
    TR_SAFETY,
    TR_TURNS,
    TR_WOMEN,
)
from trainings.choices import TRAINING_KINDS, Topic, TrainingState
from trainings.models import TrainingClass, TrainingQuerySet

Place = tuple[int, int]  # organiser and month: where held trainings add up
_TRAINED = Q(kind__in=TRAINING_KINDS)
_SAFETY = Q(topic=Topic.SAFETY)  # of any kind: a campaign against fraud reaches women without training them
# measure → the column that it sums (None: it counts records), and the records that concern it
MEASURES: dict[str, tuple[str | None, Q]] = {
    TR_TURNS: ("turns", _TRAINED),
    TR_WOMEN: ("women", _TRAINED),
    TR_MINORITY: ("ethnic_minority", _TRAINED),
    TR_OFFICERS: ("officers", _TRAINED),
    TR_MEMBERS: ("members", _TRAINED),
    TR_CERTS: ("certificates", _TRAINED),
    TR_CLASSES: (None, _TRAINED),
    TR_SAFETY: ("women", _SAFETY),
}


@dataclass(frozen=True)
class Sums:
    """The held trainings of a list added up; planned and cancelled ones are left out."""

    held: int
    turns: int
    women: int


def sums(trainings: TrainingQuerySet) -> Sums:
    found = trainings.held().order_by()
    return Sums(**found.aggregate(held=Count("pk"), turns=Coalesce(Sum("turns"), 0), women=Coalesce(Sum("women"), 0)))


def sums_of(places: Collection[Place]) -> dict[Place, dict[str, int | None]]:
    """What each measure is at each organiser and month, by code; None where no held training concerns it. One query."""
    if not places:
        return {}
    units, months = {unit_id for unit_id, _month in places}, [month for _unit, month in places]
    days = (first_day(min(months)), last_day(max(months)))
    held = TrainingClass.objects.held().of_units(units).filter(end__range=days).order_by()
    rows = held.values("organiser_id", "end__year", "end__month").annotate(**_columns())
    found = {(row["organiser_id"], make_month(row["end__year"], row["end__month"])): _by_code(row) for row in rows}
    return {place: found.get(place) or dict.fromkeys(MEASURES) for place in places}


def _columns() -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for place, (column, concerned) in enumerate(MEASURES.values()):
        columns[f"n{place}"] = Count("pk", filter=concerned)
        if column is not None:
            columns[f"sum{place}"] = Sum(column, filter=concerned)
    return columns


def _by_code(row: Mapping[str, Any]) -> dict[str, int | None]:
    """Without a record the sum is None, without a column the count stands for it (0 records: None)."""
    return {code: row.get(f"sum{place}", row[f"n{place}"] or None) for place, code in enumerate(MEASURES)}


def records_behind(unit_ids: Iterable[int], measure_code: str, month: int) -> TrainingQuerySet:
    """The trainings that make this measure at these units in this month, the largest first.

    `amount` of each says how much it adds. Raises KeyError for a measure that trainings do not feed. The caller limits
    the units to those that the person may see.
    """
    column, concerned = MEASURES[measure_code]
    amount = Value(1, IntegerField()) if column is None else F(column)
    held = TrainingClass.objects.held().of_units(unit_ids).ending_in(month).filter(concerned)
    return held.annotate(amount=amount).filter(amount__gt=0).select_related("organiser").order_by("-amount", "pk")


def in_year_of(trainings: TrainingQuerySet, day: date) -> TrainingQuerySet:
    """Those that ended in the year of the day."""
    january = make_month(day.year, 1)
    return trainings.filter(end__range=(first_day(january), last_day(january + 11)))


def overdue(trainings: TrainingQuerySet, today: date) -> TrainingQuerySet:
    """Planned ones whose last day has passed: somebody has to say whether they were held."""
    return trainings.filter(state=TrainingState.PLANNED, end__lt=today)


@dataclass(frozen=True)
class Event:
    """One line of a record's history."""

    at: datetime
    who: str
    what: str
    reason: str


_WORDS = {
    "trainings.record": _("Recorded"),
    "trainings.edit": _("Edited"),
    "trainings.cancel": _("Cancelled"),
    "trainings.list_add": _("People added to the list"),
    "trainings.list_edit": _("People corrected in the list"),
    "trainings.list_remove": _("People taken off the list"),
    "trainings.choose_counts": _("Chosen what makes the counts"),
    "trainings.number_certificates": _("Certificates numbered"),
    "trainings.erase_names": _("Names erased"),
    "trainings.export_list": _("List with names downloaded"),
}


def history(training: TrainingClass) -> list[Event]:
    """Who did what to the record, the newest first."""
    rows = AuditEntry.objects.filter(object_type="trainings.trainingclass", object_id=str(training.pk), denied=False)
    return [
        Event(row.at, str(row.actor or "–"), str(_WORDS.get(row.action, row.action)), row.reason)
        for row in rows.select_related("actor")
    ]
