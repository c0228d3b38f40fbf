"""What a report page is about: a unit, a programme, a month and the way to read it. All of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from core.periods import label as month_label
from core.periods import last_day, month_of, parse_month
from programmes.choices import Basis
from programmes.models import Programme
from units.models import Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from accounts.models import User

FIRST_MONTH = 2020 * 12
UNIT, PROGRAMME, MONTH, BASIS = "don-vi", "chuong-trinh", "thang", "cach-doc"


@dataclass(frozen=True)
class Scope:
    """Unit, programme, month and basis of a report page, as one value that every link carries on."""

    unit: Unit
    programme: Programme | None
    month: int
    basis: Basis
    today: date
    choices: tuple[Programme, ...] = ()  # the programmes that bind the unit, to choose from

    @property
    def is_running(self) -> bool:
        """Whether the month is not over: what is due for it has not been reported yet."""
        return last_day(self.month) >= self.today

    @property
    def as_of(self) -> date:
        """The last day that the figures can speak of."""
        return min(self.today, last_day(self.month))

    @cached_property
    def query(self) -> str:
        """The address part that carries the choice to another unit or indicator."""
        values: dict[str, Any] = {MONTH: month_label(self.month).replace("/", "-"), BASIS: self.basis.value}
        if self.programme is not None:
            values[PROGRAMME] = self.programme.code
        return urlencode(values)

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


def read_scope(unit: Unit, asked: QueryDict, user: User | AnonymousUser, today: date) -> Scope:
    """The scope that the address asks for; whatever it does not say gets the usual choice."""
    binding = tuple(programmes_of(unit, user))
    chosen = [programme for programme in binding if programme.code == asked.get(PROGRAMME)]
    programme = next(iter((*chosen, *binding)), None)
    wanted = asked.get(BASIS, "")
    basis = Basis(wanted) if wanted in Basis.values else Basis.TODAY
    month = read_month(asked.get(MONTH, ""), today)
    if unit.valid_to is not None:  # a closed unit is read as it was, at the latest in its last month
        basis, month = Basis.THEN, min(month, month_of(unit.valid_to))
    return Scope(unit=unit, programme=programme, month=month, basis=basis, today=today, choices=binding)
