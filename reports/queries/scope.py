"""What a report page is about: a unit, a programme, a month and the way to read it. All of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.dates import format_date, parse_date
from core.periods import label as month_label
from core.periods import last_day, month_of, parse_month
from programmes.choices import Basis, OnDay, Way
from programmes.models import Programme
from programmes.queries import undivided, units_then
from units.models import RECORDS_BEGIN, Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from accounts.models import User

FIRST_MONTH = 2020 * 12
UNIT, PROGRAMME, MONTH, BASIS, DAY = "don-vi", "chuong-trinh", "thang", "cach-doc", "ngay"
BEFORE_REFORM = date(2025, 6, 30)  # the last day of the 63 provinces (Nghị quyết 202/2025/QH15)
ON_DAY = "ngay"  # the way of reading by the units of a chosen day


@dataclass(frozen=True)
class Scope:
    """Unit, programme, month and basis of a report page, as one value that every link carries on."""

    unit: Unit
    programme: Programme | None
    month: int
    basis: Way
    today: date
    choices: tuple[Programme, ...] = ()  # the programmes that bind the unit, to choose from
    day: date | None = None  # the chosen day of the units, also where the unit itself did not live then

    @property
    def is_running(self) -> bool:
        """Whether the month is not over: what is due for it has not been reported yet."""
        return last_day(self.month) >= self.today

    @property
    def as_of(self) -> date:
        """The last day that the figures can speak of."""
        return min(self.today, last_day(self.month))

    @property
    def way(self) -> str:
        """The way of reading as the address names it."""
        return self.basis.value if self.day is None and isinstance(self.basis, Basis) else ON_DAY

    @property
    def is_on_day(self) -> bool:
        return isinstance(self.basis, OnDay)

    @property
    def usual_day(self) -> str:
        """What the form proposes as the day of the units: the last one before the reform."""
        return format_date(BEFORE_REFORM)

    @property
    def units_of(self) -> date:
        """The day whose units are shown."""
        if isinstance(self.basis, OnDay):
            return self.basis.day
        return last_day(self.month) if self.basis == Basis.THEN else self.today

    @property
    def reading_words(self) -> str:
        """How the figures are read, as pages and exports say it."""
        if isinstance(self.basis, OnDay):
            return _("by the units of %(day)s") % {"day": format_date(self.basis.day)}
        return _("as it was then") if self.basis == Basis.THEN else _("by today's units")

    @cached_property
    def query(self) -> str:
        """The address part that carries the choice to another unit or indicator."""
        values: dict[str, Any] = {MONTH: month_label(self.month).replace("/", "-"), **self.way_values}
        if self.programme is not None:
            values[PROGRAMME] = self.programme.code
        return urlencode(values)

    @property
    def way_values(self) -> dict[str, str]:
        """The way of reading as parts of an address."""
        return {BASIS: self.way} | ({DAY: f"{self.day:%d-%m-%Y}"} if self.day else {})

    @cached_property
    def stand_ins(self) -> list[Unit]:
        """Where the unit did not live on the chosen day: the units in which it stood then."""
        return units_then(self.unit, OnDay(self.day)) if self.day and not isinstance(self.basis, OnDay) else []

    @cached_property
    def undivided(self) -> list[Unit]:
        """Later units that came of this one and of others, whose figures nobody can divide back to the chosen day."""
        if not isinstance(self.basis, OnDay):
            return []
        return [unit for unit in undivided([self.unit], self.basis) if unit.valid_from <= last_day(self.month)]

    def at(self, unit: Unit) -> Scope:
        return replace(self, unit=unit)


def programmes_of(unit: Unit, user: User | AnonymousUser) -> QuerySet[Programme]:
    """Programmes that bind the unit: of the units it counts for and of those units' predecessors."""
    above = Lineage.objects.filter(unit=unit).values("ancestor")
    return (
        Programme.objects.visible_to(user)
        .filter(Q(owner__in=above) | Q(owner__successions__successor__in=above))
        .distinct()
        .order_by("owner__depth", "-start", "pk")
    )


def read_month(text: str, today: date) -> int:
    """The month of the address; the running month where it is absent, unreadable or outside the records."""
    now = month_of(today)
    try:
        month = parse_month(text.replace("-", "/")) if text else now
    except ValueError:
        return now
    return min(max(month, FIRST_MONTH), now)


def read_day(text: str, today: date) -> date | None:
    """The chosen day of the address, within the records; None where there is none or it cannot be read."""
    try:
        return min(max(parse_date(text), RECORDS_BEGIN), today)
    except ValueError:
        return None


def read_way(unit: Unit, asked: QueryDict, today: date) -> tuple[Way, date | None]:
    """The way of reading and the chosen day.

    A unit that did not live on the day cannot be read by its units: it is read in its usual way, and the choice is
    kept for its links. A closed unit has no today.
    """
    wanted, usual = asked.get(BASIS, ""), Basis.THEN if unit.valid_to is not None else Basis.TODAY
    day = read_day(asked.get(DAY, ""), today) if wanted == ON_DAY else None
    if day is not None:
        return (OnDay(day) if unit.is_active(day) else usual), day
    return (Basis.THEN if wanted == Basis.THEN else usual), None


def read_scope(unit: Unit, asked: QueryDict, user: User | AnonymousUser, today: date) -> Scope:
    """The scope that the address asks for; whatever it does not say gets the usual choice."""
    binding = tuple(programmes_of(unit, user))
    chosen = [programme for programme in binding if programme.code == asked.get(PROGRAMME)]
    programme = next(iter((*chosen, *binding)), None)
    way, day = read_way(unit, asked, today)
    month = read_month(asked.get(MONTH, ""), today)
    if unit.valid_to is not None and way == Basis.THEN:  # at the latest its last month
        month = min(month, month_of(unit.valid_to))
    return Scope(unit=unit, programme=programme, month=month, basis=way, today=today, choices=binding, day=day)
