"""What the lists of trainees say: the counts of one class, and how many different persons there were in a year.

Persons are no measure: a person who attends at two communes is one for each of them and one for their province, so
the numbers of units below do not add up to that of the unit above. They are counted from the keys each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.numbers import format_number
from core.periods import first_day, last_day, make_month
from trainings.choices import TRAINING_KINDS, CountsFrom, Gender, Standing
from trainings.models import Trainee, TrainingClass, TrainingQuerySet
from units.models import Unit
from units.queries import children as children_of

PARTS: dict[str, Q] = {
    "women": Q(gender=Gender.WOMAN),
    "ethnic_minority": Q(ethnic_minority=True),
    "officers": Q(standing=Standing.OFFICER),
    "members": Q(standing=Standing.MEMBER),
}
LISTED = ("turns", *PARTS)  # the counts of a class that its list can make
_ABOVE = "training__organiser__lineage__ancestor_id"


@dataclass(frozen=True)
class ListCounts:
    """The list of one class added up: a person in it is one turn."""

    turns: int
    women: int
    ethnic_minority: int
    officers: int
    members: int
    numbered: int

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in LISTED}

    def agrees_with(self, training: TrainingClass) -> bool:
        return all(getattr(training, name) == count for name, count in self.counts().items())


def list_counts(training: TrainingClass) -> ListCounts:
    """One query."""
    parts: dict[str, Any] = {name: Count("pk", filter=part) for name, part in PARTS.items()}
    found = Trainee.objects.filter(training=training).order_by()
    return ListCounts(**found.aggregate(turns=Count("pk"), numbered=Count("pk", filter=~Q(certificate="")), **parts))


@dataclass(frozen=True)
class Compared:
    """One count of a class beside what its list says."""

    label: str
    typed: int
    listed: int

    @property
    def difference(self) -> str:
        """By how much the list is more or less, with its sign; empty where both agree."""
        by = self.listed - self.typed
        return f"{'+' if by > 0 else ''}{format_number(by)}" if by else ""


def compared(training: TrainingClass, counts: ListCounts | None = None) -> list[Compared]:
    """The counts of the class as they stand, each beside that of the list."""
    found = (counts or list_counts(training)).counts()
    return [Compared(_label_of(name), getattr(training, name), count) for name, count in found.items()]


def _label_of(name: str) -> str:
    return str(getattr(TrainingClass._meta.get_field(name), "verbose_name", name))


def counted_fields(training: TrainingClass) -> tuple[str, ...]:
    """The counts of the class that nobody may type, because its list makes them."""
    counts = LISTED if training.counts_from == CountsFrom.LIST else ()
    numbered = Trainee.objects.filter(training=training).exclude(certificate="").exists()
    return (*counts, "certificates") if numbered else counts


@dataclass(frozen=True)
class Persons:
    """Different persons in the lists of a year. `turns`: how often they attended in all."""

    turns: int = 0
    persons: int = 0
    women: int = 0
    ethnic_minority: int = 0
    officers: int = 0
    members: int = 0


def persons_by_unit(unit_ids: Collection[int], year: int) -> dict[int, Persons]:
    """For each unit the persons in the lists of its own classes, of those below it and of its predecessors.

    Two keys are the same person where a telephone number links them; the rest is counted in the database. Two queries.
    """
    found = _listed(year).filter(**{f"{_ABOVE}__in": unit_ids}).annotate(above=F(_ABOVE))
    parts: dict[str, Any] = {name: Count("unit_key", distinct=True, filter=part) for name, part in PARTS.items()}
    rows: Any = found.values("above").annotate(turns=Count("pk"), persons=Count("unit_key", distinct=True), **parts)
    linked = _linked(found)
    counted = {}
    for row in rows:
        unit_id = row["above"]
        twice = linked[unit_id].twice() if unit_id in linked else {}
        told: dict[str, Any] = {name: row[name] - twice.get(name, 0) for name in ("turns", "persons", *PARTS)}
        counted[unit_id] = Persons(**told)
    return {unit_id: counted.get(unit_id, Persons()) for unit_id in unit_ids}


@dataclass
class _Links:
    """Keys of one unit that telephone numbers may link, as sets that grow together."""

    parent: dict[str, str] = field(default_factory=dict)
    by_phone: dict[str, str] = field(default_factory=dict)
    flags: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, key: str, phone: str, names: Iterable[str]) -> None:
        self.parent.setdefault(key, key)
        self.flags[key].update(names)
        if phone:
            self.parent[self._root(key)] = self._root(self.by_phone.setdefault(phone, key))

    def twice(self) -> dict[str, int]:
        """How much too many a count of keys is, by name."""
        found: dict[str, int] = defaultdict(int)
        roots: set[tuple[str, str]] = set()
        for key, names in self.flags.items():
            for name in names:
                spot = (name, self._root(key))
                found[name] += spot in roots
                roots.add(spot)
        return found

    def _root(self, key: str) -> str:
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key


def _linked(found: QuerySet[Any]) -> dict[int, _Links]:
    """The few keys of which one telephone number has several, by unit."""
    phones = found.exclude(phone_key="").order_by().values("phone_key")
    shared = phones.annotate(keys=Count("unit_key", distinct=True)).filter(keys__gt=1).values("phone_key")
    keys = found.filter(phone_key__in=shared).order_by().values("unit_key")
    rows = found.filter(unit_key__in=keys).order_by("pk")
    linked: dict[int, _Links] = defaultdict(_Links)
    names = ("above", "unit_key", "phone_key", "gender", "ethnic_minority", "standing")
    for above, key, phone, *told in rows.values_list(*names):
        linked[above].add(key, phone, _flags(*told))
    return linked


def _flags(gender: str, ethnic_minority: bool, standing: str) -> list[str]:
    """The counts to which a row belongs, as PARTS tells them in the database."""
    told = {
        "persons": True,
        "women": gender == Gender.WOMAN,
        "ethnic_minority": ethnic_minority,
        "officers": standing == Standing.OFFICER,
        "members": standing == Standing.MEMBER,
    }
    return [name for name, holds in told.items() if holds]


def _listed(year: int) -> QuerySet[Trainee]:
    return Trainee.objects.filter(training__in=held_in(year)).order_by()


def held_in(year: int) -> TrainingQuerySet:
    """Classes and workshops held in the year: what counts as training."""
    january = make_month(year, 1)
    days = (first_day(january), last_day(january + 11))
    return TrainingClass.objects.held().filter(kind__in=TRAINING_KINDS, end__range=days).order_by()


@dataclass(frozen=True)
class Coverage:
    """How much of the year the lists cover: classes held, those with a list, and the turns of all classes."""

    classes: int = 0
    with_list: int = 0
    turns: int = 0


def coverage_by_unit(unit_ids: Collection[int], year: int) -> dict[int, Coverage]:
    """One query; units as in `persons_by_unit`."""
    above = "organiser__lineage__ancestor_id"
    has_list = Exists(Trainee.objects.filter(training=OuterRef("pk")))
    rows = (
        held_in(year)
        .filter(**{f"{above}__in": unit_ids})
        .annotate(above=F(above), has_list=has_list)
        .values("above")
        .annotate(
            classes=Count("pk"), with_list=Count("pk", filter=Q(has_list=True)), all_turns=Coalesce(Sum("turns"), 0)
        )
    )
    found = {row["above"]: Coverage(row["classes"], row["with_list"], row["all_turns"]) for row in rows}
    return {unit_id: found.get(unit_id, Coverage()) for unit_id in unit_ids}


@dataclass(frozen=True)
class UnitLine:
    """One unit of the page of persons."""

    unit: Unit
    persons: Persons
    coverage: Coverage

    @property
    def share(self) -> int:
        """Of 100 turns of the year, how many have a list behind them."""
        all_turns = self.coverage.turns
        return round(100 * min(self.persons.turns, all_turns) / all_turns) if all_turns else 0


def persons_page(unit: Unit, year: int, today: date) -> tuple[UnitLine, list[UnitLine]]:
    """The unit, and those directly below it that held a class in the year. A few queries, however many units.

    Units that had ended by the end of the year (or by today) stand in their successors.
    """
    children = {one.pk: one for one in children_of(unit, min(today, date(year, 12, 31)))}
    keys = [unit.pk, *children]
    persons, coverage = persons_by_unit(keys, year), coverage_by_unit(keys, year)
    below = [UnitLine(one, persons[pk], coverage[pk]) for pk, one in children.items() if coverage[pk].classes]
    return UnitLine(unit, persons[unit.pk], coverage[unit.pk]), below
