"""What the register says of units, machine by machine: read in a few queries however many units are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from equipment import state
from equipment.choices import ComputerState, ItemEventKind
from equipment.models import Declaration, Item, ItemEvent, MinimumSpecification
from equipment.state import Event, Machine, Minimum, UnitState

BATCH = 500  # ids in one IN list: well below the parameter limits of both databases
MOVES = [ItemEventKind.RECEIVED, ItemEventKind.TRANSFERRED]


@dataclass
class Register:
    """Computers, declarations and minimum specifications behind the judgement of some units."""

    machines: dict[int, list[Machine]] = field(default_factory=lambda: defaultdict(list))  # by unit, ever there
    declared: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    minimums: list[Minimum] = field(default_factory=list)

    def judge(self, unit_id: int, day: date) -> UnitState:
        return state.judge(unit_id, *self._of(unit_id), self.minimums, day)

    def reason(self, unit_id: int, day: date) -> str:
        return state.reason(unit_id, *self._of(unit_id), self.minimums, day)

    def timeline(self, unit_id: int, *, life: tuple[date, date | None], today: date) -> list[state.Change]:
        return state.timeline(unit_id, *self._of(unit_id), self.minimums, life=life, today=today)

    def _of(self, unit_id: int) -> tuple[list[Machine], list[date]]:
        return self.machines.get(unit_id, []), self.declared.get(unit_id, [])


@dataclass(frozen=True)
class MachineVerdict:
    """One machine of a unit on a day: what it is worth there, and why."""

    item_id: int
    name: str
    standing: str
    reason: str
    since: date


@dataclass(frozen=True)
class UnitVerdict:
    """The unit's computer on a day, with its reason in words and the machines behind it."""

    unit_id: int
    state: str
    reason: str
    computers: int
    fit: int
    machines: tuple[MachineVerdict, ...]

    @property
    def state_label(self) -> str:
        return str(ComputerState(self.state).label)


def read_register(unit_ids: Iterable[int]) -> Register:
    """Everything that is needed to judge these units in any month."""
    register = Register(minimums=minimums())
    wanted = list(unit_ids)
    for some in batches(wanted):
        for unit_id, on in Declaration.objects.filter(unit__in=some).order_by("on").values_list("unit_id", "on"):
            register.declared[unit_id].append(on)
    places = _places(wanted)
    for machine in read_machines(places):
        for unit_id in places[machine.key]:
            register.machines[unit_id].append(machine)
    return register


def _places(unit_ids: list[int]) -> dict[int, set[int]]:
    """Which of the units each computer ever came to: item → units."""
    places: dict[int, set[int]] = defaultdict(set)
    moves = ItemEvent.objects.standing().filter(kind__in=MOVES, item__kind__is_computer=True).order_by()
    for some in batches(unit_ids):
        for item_id, unit_id in moves.filter(unit__in=some).values_list("item_id", "unit_id"):
            places[item_id].add(unit_id)
    return places


def read_machines(item_ids: Iterable[int]) -> Iterator[Machine]:
    """The computers with their whole lives, in the order of their keys."""
    for some in batches(sorted(item_ids)):
        events = events_of(some)
        rows = (
            Item.objects.filter(pk__in=some).order_by("pk").values_list("pk", "model", "kind__name", "serial", "year")
        )
        for pk, model, kind, serial, year in rows:
            yield Machine(pk, f"{model or kind} {serial or ''}".strip(), year, events.get(pk, ()))


def events_of(item_ids: list[int]) -> dict[int, tuple[Event, ...]]:
    """The events that count, in order, by item."""
    lives: dict[int, list[Event]] = defaultdict(list)
    columns = ("item_id", "on", "pk", "kind", "unit_id", "ram_gb", "storage_gb")
    rows = ItemEvent.objects.standing().filter(item__in=item_ids).order_by().values_list(*columns)
    for item_id, *values in rows.iterator():
        lives[item_id].append(Event(*values))
    return {item_id: state.ordered(events) for item_id, events in lives.items()}


def minimums() -> list[Minimum]:
    rows = MinimumSpecification.objects.order_by("valid_from")
    return [Minimum(*row) for row in rows.values_list("valid_from", "min_ram_gb", "min_storage_gb", "max_age_years")]


def verdicts(unit_ids: Iterable[int], day: date) -> dict[int, UnitVerdict]:
    """The judgement of each unit on the day, with reasons, for unit pages and lists."""
    wanted = list(unit_ids)
    register = read_register(wanted)
    return {unit_id: verdict_in(register, unit_id, day) for unit_id in wanted}


def verdict_in(register: Register, unit_id: int, day: date) -> UnitVerdict:
    judged = register.judge(unit_id, day)
    minimum = state.in_force(register.minimums, day)
    found = []
    for machine in register.machines.get(unit_id, []):
        now = state.replay(machine.events, day)
        if now is None or now.unit_id != unit_id:
            continue
        worth = state.standing(machine, now, minimum, day)
        why = state.machine_reason(machine, now, minimum, day, beside=True)
        found.append(MachineVerdict(machine.key, machine.name, worth.value, why, now.since))
    why = register.reason(unit_id, day)
    return UnitVerdict(unit_id, judged.state, why, judged.computers, judged.fit, tuple(found))


def machine_verdict(item: Item, day: date) -> MachineVerdict | None:
    """What one computer is worth to its unit on the day; None before its receipt."""
    for machine in read_machines([item.pk]):
        now = state.replay(machine.events, day)
        if now is not None:
            minimum = state.in_force(minimums(), day)
            worth = state.standing(machine, now, minimum, day)
            why = state.machine_reason(machine, now, minimum, day, beside=True)
            return MachineVerdict(machine.key, machine.name, worth.value, why, now.since)
    return None


def batches(keys: Iterable[int]) -> Iterator[list[int]]:
    everything = list(keys)
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]
