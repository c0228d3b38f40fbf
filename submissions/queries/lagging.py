"""Whom to call at units that lag, and what they were told already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from submissions.choices import Occasion
from submissions.models import Notice, ReportingPeriod
from units.choices import Role
from units.models import Contact, Grant, Unit

SHOWN = 3  # the latest reminders beside a unit


@dataclass(frozen=True)
class Person:
    name: str
    position: str
    phone: str


@dataclass
class Calls:
    """By unit: the contacts written down for it and the people with accounts there; the reminders of the period."""

    contacts: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    reminders: dict[int, list[Notice]] = field(default_factory=lambda: defaultdict(list))

    def people(self, unit: Unit) -> list[Person]:
        """Who can be called; without anybody the telephone of the unit itself."""
        found = self.contacts.get(unit.pk, [])
        if any(person.phone for person in found) or not unit.phone:
            return found
        return [*found, Person(unit.name, "", unit.phone)]

    def told(self, unit: Unit) -> list[Notice]:
        return self.reminders.get(unit.pk, [])[:SHOWN]


def calls_of(units: Collection[int], period: ReportingPeriod) -> Calls:
    """Three queries, for one unit as for a hundred."""
    calls = Calls()
    seen: set[tuple[int, str]] = set()
    for unit_id, person in [*_contacts(units), *_account_holders(units)]:
        if (unit_id, person.name) not in seen:
            seen.add((unit_id, person.name))
            calls.contacts[unit_id].append(person)
    told = Notice.objects.filter(unit__in=units, period=period).exclude(occasion=Occasion.LAGGING)  # of its own report
    for notice in told.select_related("person", "mail").order_by("-created_at", "-pk"):
        calls.reminders[notice.unit_id].append(notice)
    return calls


def _contacts(units: Collection[int]) -> Iterable[tuple[int, Person]]:
    rows = Contact.objects.filter(unit__in=units).order_by("unit_id", "order", "pk")
    return [(row.unit_id, Person(row.full_name, row.position, row.phone)) for row in rows]


def _account_holders(units: Collection[int]) -> Iterable[tuple[int, Person]]:
    """Those who enter or sign at the unit itself."""
    grants = Grant.objects.in_force().filter(unit__in=units, role__in=[Role.ENTERER, Role.SIGNER])
    rows = grants.filter(user__is_active=True).select_related("user").order_by("unit_id", "user__sort_key", "pk")
    return [(row.unit_id, Person(row.user.full_name, row.user.position, row.user.phone)) for row in rows]


def contact_lines(people: Iterable[Person]) -> list[str]:
    """As they are copied into a message: name, position, telephone."""
    return [", ".join(filter(None, [person.name, person.position, person.phone])) for person in people]
