"""What became of a machine, and what a unit has to work with: replayed from dated events, without the database.

A machine's life is a list of events. `replay` gives its condition on a day, `fault` says what is wrong with the order
of a list. A unit's computer is judged on a day from the machines that stand there by the minimum specification in
force on that day. Precedence: one own, unshared, good machine that meets the minimum makes the unit FIT; else a
shared one of that quality makes it SHARED; else any machine still there makes it WEAK; else NONE where machines once
were or the unit declared to have none; else UNKNOWN. A machine whose memory, storage or year is not known does not
meet the minimum: the reason says that the specification is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.dates import format_date
from core.periods import first_day, last_day, make_month, month_of
from equipment.choices import ComputerState, Condition, ItemEventKind, Standing

Kind = ItemEventKind
GONE = frozenset({Condition.LOST, Condition.DISPOSED})
_CONDITION_AFTER = {
    Kind.WEAK: Condition.WEAK,
    Kind.BROKEN: Condition.BROKEN,
    Kind.REPAIRED: Condition.GOOD,
    Kind.UPGRADED: Condition.GOOD,
    Kind.DISPOSED: Condition.DISPOSED,
}


class Event(NamedTuple):
    """One dated event; `order` (the key of its row) decides between events of one day."""

    on: date
    order: int
    kind: str
    unit_id: int
    ram_gb: int | None = None  # of a receipt or an upgrade
    storage_gb: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a machine is and how, and since when in this condition. `before_loss` is what it returns to when found."""

    unit_id: int
    condition: str
    shared: bool
    since: date
    ram_gb: int | None = None
    storage_gb: int | None = None
    before_loss: str = Condition.GOOD

    @property
    def present(self) -> bool:
        return self.condition not in GONE


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a computer must have from a day on."""

    valid_from: date
    ram_gb: int
    storage_gb: int
    age_years: int


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer as the judgement needs it; events in order."""

    key: int
    name: str
    year: int | None
    events: tuple[Event, ...]


class Flags(NamedTuple):
    """The five yes/no figures of a unit in a month."""

    working: int
    fit: int
    shared: int
    weak: int
    none: int


@dataclass(frozen=True, slots=True)
class UnitState:
    """The judgement of one unit on one day."""

    state: str
    computers: int
    fit: int
    working: bool

    @property
    def flags(self) -> Flags | None:
        """None for a unit of which nothing is known: no figure is not the figure 0."""
        if self.state == ComputerState.UNKNOWN:
            return None
        of = ComputerState
        chosen = (int(self.state == one) for one in (of.FIT, of.SHARED, of.WEAK, of.NONE))
        return Flags(int(self.working), *chosen)


UNKNOWN = UnitState(ComputerState.UNKNOWN.value, computers=0, fit=0, working=False)


@dataclass(frozen=True, slots=True)
class Change:
    """The first month of a new judgement (a month is year × 12 + month − 1)."""

    month: int
    state: UnitState


# --- one machine -----------------------------------------------------------------------------------------------------
def ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    """By day; on one day the receipt first, then as they were recorded."""
    return tuple(sorted(events, key=lambda event: (event.on, event.kind != Kind.RECEIVED, event.order)))


def after(now: Situation | None, event: Event) -> Situation:
    """The situation once the event has happened. Lenient: an event that changes nothing changes nothing."""
    if now is None or event.kind == Kind.RECEIVED:
        return Situation(event.unit_id, Condition.GOOD, False, event.on, event.ram_gb, event.storage_gb)
    match event.kind:
        case Kind.CHECKED:
            return now
        case Kind.TRANSFERRED:
            return replace(now, unit_id=event.unit_id)
        case Kind.SHARED | Kind.UNSHARED:
            return replace(now, shared=event.kind == Kind.SHARED)
        case Kind.UPGRADED:
            now = replace(now, ram_gb=event.ram_gb or now.ram_gb, storage_gb=event.storage_gb or now.storage_gb)
        case Kind.LOST:
            return replace(now, condition=Condition.LOST, since=event.on, before_loss=now.condition)
        case Kind.FOUND:
            return replace(now, condition=now.before_loss, since=event.on)
    condition = _CONDITION_AFTER[ItemEventKind(event.kind)]
    return now if now.condition == condition else replace(now, condition=condition, since=event.on)


def replay(events: Sequence[Event], on: date) -> Situation | None:
    """The situation at the end of the day; None before the machine was received. `events` in order."""
    now: Situation | None = None
    for event in events:
        if event.on > on:
            break
        now = after(now, event)
    return now


def possible(now: Situation | None) -> tuple[ItemEventKind, ...]:
    """What can happen to a machine in this situation."""
    if now is None:
        return (Kind.RECEIVED,)
    if now.condition == Condition.DISPOSED:
        return ()
    if now.condition == Condition.LOST:
        return (Kind.FOUND, Kind.DISPOSED)
    kinds = [Kind.CHECKED]
    kinds += [Kind.WEAK] if now.condition == Condition.GOOD else []
    kinds += [Kind.BROKEN] if now.condition != Condition.BROKEN else []
    kinds += [Kind.REPAIRED] if now.condition != Condition.GOOD else []
    kinds += [Kind.UPGRADED] if now.condition != Condition.BROKEN else []
    kinds += [Kind.UNSHARED if now.shared else Kind.SHARED]
    return (*kinds, Kind.TRANSFERRED, Kind.LOST, Kind.DISPOSED)


def fault(events: Sequence[Event]) -> str:
    """The first thing that cannot have happened in this order, in words; empty when the life makes sense."""
    now: Situation | None = None
    for event in events:
        kind = ItemEventKind(event.kind)
        if kind not in possible(now):
            return _refusal(now, kind, event.on)
        now = after(now, event)
    return ""


def _refusal(now: Situation | None, kind: ItemEventKind, on: date) -> str:
    facts = {"what": kind.label, "day": format_date(on)}
    if now is None:
        return _("“%(what)s” on %(day)s is before the machine was received.") % facts
    facts["state"] = Condition(now.condition).label
    facts["since"] = format_date(now.since)
    return _("“%(what)s” on %(day)s does not follow: the machine is “%(state)s” since %(since)s.") % facts


# --- one machine against the minimum ---------------------------------------------------------------------------------
def in_force(minimums: Sequence[Minimum], day: date) -> Minimum | None:
    """The minimum specification of a day; None before the first one: then every good machine will do."""
    begun = [minimum for minimum in minimums if minimum.valid_from <= day]
    return max(begun, key=lambda minimum: minimum.valid_from, default=None)


def shortcomings(machine: Machine, now: Situation, minimum: Minimum | None, day: date) -> list[str]:
    """In words, what the machine lacks against the minimum; empty when it meets it."""
    if minimum is None:
        return []
    if now.ram_gb is None or now.storage_gb is None or machine.year is None:
        return [_("specification unknown")]
    lacks = []
    if now.ram_gb < minimum.ram_gb:
        lacks.append(_("memory %(has)s GB < %(needs)s GB") % {"has": now.ram_gb, "needs": minimum.ram_gb})
    if now.storage_gb < minimum.storage_gb:
        lacks.append(_("storage %(has)s GB < %(needs)s GB") % {"has": now.storage_gb, "needs": minimum.storage_gb})
    if day.year - machine.year > minimum.age_years:
        lacks.append(_("made in %(year)s, over %(age)s years old") % {"year": machine.year, "age": minimum.age_years})
    return lacks


def meets(machine: Machine, now: Situation, minimum: Minimum | None, day: date) -> bool:
    """The same answer as `shortcomings` without the words."""
    if minimum is None:
        return True
    if now.ram_gb is None or now.storage_gb is None or machine.year is None:
        return False
    enough = now.ram_gb >= minimum.ram_gb and now.storage_gb >= minimum.storage_gb
    return enough and day.year - machine.year <= minimum.age_years


def standing(machine: Machine, now: Situation, minimum: Minimum | None, day: date) -> Standing:
    if not now.present:
        return Standing.GONE
    if now.condition == Condition.BROKEN:
        return Standing.BROKEN
    if now.condition == Condition.WEAK or not meets(machine, now, minimum, day):
        return Standing.WEAK
    return Standing.SHARED if now.shared else Standing.FIT


def machine_reason(
    machine: Machine, now: Situation, minimum: Minimum | None, day: date, *, beside: bool = False
) -> str:
    """Why the machine stands as it stands, in the words of the staff: «RAM 2 GB < 4 GB», «hỏng từ 12/05/2024».

    `beside` the word of its standing that word is not said again: «từ 12/05/2024»."""
    since = {"day": format_date(now.since)}
    match now.condition:
        case Condition.LOST:
            return _("lost since %(day)s") % since
        case Condition.DISPOSED:
            return _("disposed of on %(day)s") % since
        case Condition.BROKEN:
            return (_("since %(day)s") if beside else _("broken since %(day)s")) % since
    lacks = shortcomings(machine, now, minimum, day)
    if now.condition == Condition.WEAK:
        lacks.insert(0, (_("since %(day)s") if beside else _("found weak on %(day)s")) % since)
    if now.shared:
        lacks.append(_("shared with another body"))
    return ", ".join(lacks) or _("meets the minimum specification")


# --- one unit --------------------------------------------------------------------------------------------------------
def judge(
    unit_id: int, machines: Sequence[Machine], declared: Sequence[date], minimums: Sequence[Minimum], day: date
) -> UnitState:
    """The unit's computer on a day, from every machine that ever stood there and the days it declared to have none."""
    minimum = in_force(minimums, day)
    standings: list[Standing] = []
    known = any(on <= day for on in declared)
    for machine in machines:
        now = replay(machine.events, day)
        known = known or _was_there(machine, unit_id, day)
        if now is not None and now.unit_id == unit_id and now.present:
            standings.append(standing(machine, now, minimum, day))
    fit = standings.count(Standing.FIT)
    if fit:
        state = ComputerState.FIT
    elif Standing.SHARED in standings:
        state = ComputerState.SHARED
    elif standings:
        state = ComputerState.WEAK
    else:
        state = ComputerState.NONE if known else ComputerState.UNKNOWN
    working = any(one != Standing.BROKEN for one in standings)
    return UnitState(state.value, len(standings), fit, working)


def reason(
    unit_id: int, machines: Sequence[Machine], declared: Sequence[date], minimums: Sequence[Minimum], day: date
) -> str:
    """Why the unit's computer is judged so on that day, in words."""
    state = judge(unit_id, machines, declared, minimums, day)
    minimum = in_force(minimums, day)
    if state.state == ComputerState.FIT:
        return _("%(n)s fit for the work") % {"n": state.fit}
    if state.state == ComputerState.UNKNOWN:
        return _("no machine registered and none declared missing")
    words = _counted(machine_reason(machine, now, minimum, day) for machine, now in _here(unit_id, machines, day))
    if state.state != ComputerState.NONE:
        return "; ".join(words)
    said = max((on for on in declared if on <= day), default=None)
    words += [_("declared to have none on %(day)s") % {"day": format_date(said)}] if said else []
    return "; ".join(words) or _("all machines were transferred")


def _counted(reasons: Iterable[str]) -> list[str]:
    """Equal reasons once, with the number of machines: «3 máy: hỏng từ 12/08/2026». The most frequent first."""
    found = Counter(reasons).most_common()
    return [_("%(n)s machines: %(reason)s") % {"n": number, "reason": reason} for reason, number in found]


def timeline(
    unit_id: int,
    machines: Sequence[Machine],
    declared: Sequence[date],
    minimums: Sequence[Minimum],
    *,
    life: tuple[date, date | None],
    today: date,
) -> list[Change]:
    """Every month in which the judgement changes, within the unit's life and not after today; empty while unknown.

    A month is judged on its last day, the present one today. A unit that ends within a month has no figure of it.
    """
    begin, end = month_of(life[0]), month_of(today)
    if life[1] is not None:
        end = min(end, month_of(life[1] + timedelta(days=1)) - 1)
    changes: list[Change] = []
    before = UNKNOWN
    for month in sorted(_months_of_change(machines, declared, minimums, begin, end)):
        day = min(last_day(month), today)
        state = judge(unit_id, machines, declared, minimums, day)
        if state != before:
            changes.append(Change(month, state))
        before = state
    return changes


def _months_of_change(
    machines: Sequence[Machine], declared: Sequence[date], minimums: Sequence[Minimum], begin: int, end: int
) -> set[int]:
    """The months in which anything may change: events, declarations, new minimums, and machines growing too old."""
    days = [event.on for machine in machines for event in machine.events]
    days += [*declared, *(minimum.valid_from for minimum in minimums)]
    years = {machine.year + minimum.age_years + 1 for machine in machines if machine.year for minimum in minimums}
    months = {month_of(day) for day in days} | {make_month(year, 1) for year in years}
    return {max(month, begin) for month in months if month <= end}


def _was_there(machine: Machine, unit_id: int, day: date) -> bool:
    return any(
        event.unit_id == unit_id and event.on <= day
        for event in machine.events
        if event.kind in (Kind.RECEIVED, Kind.TRANSFERRED)
    )


def _here(unit_id: int, machines: Sequence[Machine], day: date) -> list[tuple[Machine, Situation]]:
    """The machines whose last place on that day is the unit, gone ones included."""
    situations = ((machine, replay(machine.events, day)) for machine in machines)
    return [(machine, now) for machine, now in situations if now is not None and now.unit_id == unit_id]


def month_day(month: int, today: date) -> date:
    """The day on which a month is judged: its last, or today while it lasts."""
    return min(last_day(month), max(today, first_day(month)))
