"""The gap list: who has no fit computer, how urgent that is, and which gift will fill it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.utils.translation import gettext_lazy as _

from core.periods import month_of
from equipment import state
from equipment.choices import AllotmentState, ComputerState
from equipment.models import Allotment, GiftLine
from equipment.queries.registers import MachineVerdict, minimums, verdicts
from equipment.queries.successors import keeper_of
from programmes.models import VALUE_SCALE, Figure
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MEMBERS = "MB-ALL"  # number of members, where a unit has reported it
REPORTING = [UnitKind.COMMUNE, UnitKind.ATTACHED]
STATE_POINTS = {  # the state alone decides first: no machine before a weak one before a shared one before unknown
    ComputerState.NONE: 3000,
    ComputerState.WEAK: 2000,
    ComputerState.SHARED: 1000,
    ComputerState.UNKNOWN: 0,
}
FLAG_POINTS = {"remote": 150, "upland": 100, "ethnic_minority": 100}
MOST_WAITING_POINTS = 240  # 2 a month, for at most ten years
MOST_MEMBER_POINTS = 100  # 1 for every 100 members
HIGH, MIDDLE, LOW = "high", "middle", "low"
PRIORITIES = [(HIGH, _("Urgent")), (MIDDLE, _("Middle")), (LOW, _("Low"))]


@dataclass(frozen=True)
class GapCount:
    """How a set of units stands; `missing` are all without a fit computer, the undeclared ones included."""

    units: int
    none: int
    weak: int
    shared: int
    unknown: int

    @property
    def lacking(self) -> int:
        """Known to lack a fit computer."""
        return self.none + self.weak + self.shared

    @property
    def missing(self) -> int:
        return self.lacking + self.unknown

    @property
    def fit(self) -> int:
        return self.units - self.missing


@dataclass(frozen=True)
class Coming:
    """A machine on its way to a unit: from which gift, how many, and how far."""

    unit_id: int
    gift_id: int
    gift_title: str
    sponsor: str
    quantity: int
    state: str

    @property
    def state_label(self) -> str:
        return str(AllotmentState(self.state).label)


@dataclass(frozen=True)
class GapNote:
    """What a row of the list says of its unit: why, with which machines, and what is coming."""

    reason: str
    machines: tuple[MachineVerdict, ...] = ()
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The units that a gift line should go to, most urgent first; `rest` machines find no unit without one coming."""

    units: tuple[Unit, ...]
    left: int
    gap: int
    weak_model: str = ""

    @property
    def rest(self) -> int:
        return max(self.left - len(self.units), 0)


def reporting_units(user: User | AnonymousUser, on: date) -> QuerySet[Unit]:
    """The units that ought to have a computer: active communes and attached units that the person may see."""
    return Unit.objects.visible_to(user).active(on).filter(kind__in=REPORTING)  # type: ignore[no-any-return]


def with_need(units: QuerySet[Unit], on: date) -> QuerySet[Unit]:
    """Adds: state, since (month), waiting (months), members, score, priority, coming (machines on their way)."""
    month = month_of(on)
    computers = Allotment.objects.pending().filter(line__kind__is_computer=True, unit=OuterRef("pk"))
    annotated = units.annotate(
        state=Coalesce(F("equipment__state"), Value(ComputerState.UNKNOWN.value)),
        since=F("equipment__since"),
        waiting=Value(month) - F("equipment__since"),
        members=_members(month),
        coming=Coalesce(
            Subquery(computers.order_by().values("unit").annotate(n=Sum("quantity")).values("n")), Value(0)
        ),
    )
    scored = annotated.annotate(score=_score())
    return scored.annotate(priority=_priority())  # type: ignore[no-any-return]


def gap_list(user: User | AnonymousUser, on: date) -> QuerySet[Unit]:
    """Units without a fit computer, the most urgent first."""
    needy = with_need(reporting_units(user, on), on).exclude(state=ComputerState.FIT)
    return needy.order_by("-score", "sort_key", "pk")


def count_states(units: QuerySet[Unit]) -> GapCount:
    """One query over any set of units."""
    told = {
        name: Count("pk", filter=Q(equipment__state=getattr(ComputerState, name.upper())))
        for name in ("fit", "none", "weak", "shared")
    }
    found = units.order_by().aggregate(units=Count("pk"), **told)
    unknown = found["units"] - found.pop("fit") - found["none"] - found["weak"] - found["shared"]
    return GapCount(**found, unknown=unknown)


def gap_notes(unit_ids: Iterable[int], user: User | AnonymousUser, on: date) -> dict[int, GapNote]:
    """Reasons and comings of the rows of one page, in a fixed number of queries."""
    wanted = list(unit_ids)
    coming: dict[int, list[Coming]] = {}
    for one in comings(wanted):
        coming.setdefault(one.unit_id, []).append(one)
    return {
        unit_id: GapNote(verdict.reason, verdict.machines, tuple(coming.get(unit_id, ())))
        for unit_id, verdict in verdicts(wanted, on).items()
    }


def comings(unit_ids: Iterable[int]) -> list[Coming]:
    """Computers allotted or handed over and not yet received, by unit."""
    rows = Allotment.objects.pending().filter(unit__in=list(unit_ids), line__kind__is_computer=True)
    columns = ("unit_id", "line__gift_id", "line__gift__title", "line__gift__sponsor__name", "quantity")
    ordered = rows.order_by("unit_id", "on", "pk")
    return [Coming(*row) for row in ordered.values_list(*columns, "state")]


def candidates(line: GiftLine, on: date) -> QuerySet[Unit]:
    """Units that may get something of the line on that day: active, below the gift's keeper, nothing of it yet."""
    keeper = keeper_of(line.gift.unit, on)
    if keeper is None:
        return Unit.objects.none()  # type: ignore[no-any-return]
    had = line.allotments.standing().values("unit")
    return Unit.objects.below(keeper).active(on).exclude(pk__in=had)  # type: ignore[no-any-return]


def propose_allotment(line: GiftLine, *, left: int, on: date) -> Proposal:
    """The units whose gap the line closes best: one machine each, most urgent first, none that has one coming.

    Units of which nothing is known are asked first, not given to. Things that are no computers close no gap here.
    """
    if not line.kind.is_computer:
        return Proposal((), left, 0)
    needy = with_need(candidates(line, on).filter(kind__in=REPORTING), on)
    lacking = needy.filter(state__in=[ComputerState.NONE, ComputerState.WEAK, ComputerState.SHARED], coming=0)
    chosen = lacking.order_by("-score", "sort_key", "pk")[: max(left, 0)]
    return Proposal(tuple(chosen), left, lacking.count(), weak_model(line, on))


def weak_model(line: GiftLine, on: date) -> str:
    """Why machines of this line would not make a unit fit; empty when they would."""
    life = (state.Event(on, 0, "received", 0, line.ram_gb, line.storage_gb),)
    machine = state.Machine(0, line.model, line.year, life)
    now = state.after(None, life[0])
    return ", ".join(state.shortcomings(machine, now, state.in_force(minimums(), on), on))


def _members(month: int) -> Any:
    """The last reported number of members."""
    reported = Figure.objects.filter(unit=OuterRef("pk"), measure__code=MEMBERS, period__lte=month)
    return Subquery(reported.order_by("-period").values("value")[:1])


def _score() -> Any:
    points: Any = Case(
        *(When(state=name, then=Value(worth)) for name, worth in STATE_POINTS.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
    for name, worth in FLAG_POINTS.items():
        points = points + Case(When(**{name: True}, then=Value(worth)), default=Value(0))
    waited = Least(Coalesce(F("waiting"), Value(0)) * 2, Value(MOST_WAITING_POINTS))
    hundreds = Coalesce(Cast(F("members"), BigIntegerField()), Value(0)) / Value(VALUE_SCALE * 100)
    return points + waited + Least(hundreds, Value(MOST_MEMBER_POINTS))


def _priority() -> Any:
    """Urgent: no machine at all, or only a weak one in a hard place. Low: shared, or not declared."""
    hard = Q(remote=True) | Q(upland=True) | Q(ethnic_minority=True)
    return Case(
        When(state=ComputerState.NONE, then=Value(HIGH)),
        When(hard, state=ComputerState.WEAK, then=Value(HIGH)),
        When(state=ComputerState.WEAK, then=Value(MIDDLE)),
        When(hard, state=ComputerState.SHARED, then=Value(MIDDLE)),
        default=Value(LOW),
    )
