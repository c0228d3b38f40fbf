"""From the register to the figures: what each unit has, month by month, recomputed from history and compared.

Callers have checked the right to change the records behind it. Every change of items, minutes, declarations or
minimum specifications calls `refresh_units` in its own transaction, so that record and percentage move together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.periods import month_of
from equipment.choices import HandoverState
from equipment.models import Declaration, Handover, HandoverLine, ItemEvent, UnitEquipment
from equipment.queries.registers import batches, read_register
from equipment.state import UNKNOWN, Change, UnitState
from programmes import registered
from programmes.actions.figures import record_figures
from programmes.choices import Provenance
from programmes.models import Figure, Measure
from programmes.recording import Entry
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

FLAG_CODES = (  # in the order of state.Flags
    registered.EQ_WORKING,
    registered.EQ_FIT,
    registered.EQ_SHARED,
    registered.EQ_WEAK,
    registered.EQ_NONE,
)
FLOW_CODES = (registered.EQ_GIVEN, registered.EQ_VALUE)
Key = tuple[int, int, int]  # unit, measure, month
Wanted = dict[Key, int]
Step = Callable[[int, int], None]  # done, total


@transaction.atomic
def refresh_units(
    *,
    unit_ids: Iterable[int],
    by: User | None = None,
    reason: str = "",
    reference: str = "",
    today: date | None = None,
) -> int:
    """Recompute the states and figures of these units; write only what differs. Returns the number of figures written.

    `reference` names the document behind the change (minutes 12/BB-BTV).
    """
    day = today or timezone.localdate()
    wanted = sorted(set(unit_ids))
    measures = _measures()
    entries: list[Entry] = []
    for some in batches(wanted):
        units = _lock(some)
        register = read_register(units)
        timelines = {pk: register.timeline(pk, life=(u.valid_from, u.valid_to), today=day) for pk, u in units.items()}
        _keep_states(timelines)
        entries += _differences(units, _flags(units, timelines, measures) | _flows(units, measures), measures)
    if entries:  # in one call: the engine locks totals in one order
        record_figures(
            entries=entries,
            provenance=Provenance.REGISTER,
            by=by,
            reason=reason,
            reference=reference,
            as_of=day,
            today=day,
        )
    return len(entries)


def refresh_all(
    *, by: User | None = None, today: date | None = None, step: Callable[[int, int], None] | None = None
) -> int:
    """All units that ever had a machine, a declaration or a receipt. Each batch is a transaction of its own.

    `step(done, total)` hears of the progress.
    """
    known = Unit.objects.filter(pk__in=_known_units()).order_by("pk").values_list("pk", flat=True)
    wanted = list(known)
    written = done = 0
    for some in batches(wanted):
        written += refresh_units(unit_ids=some, by=by, today=today)
        done += len(some)
        if step:
            step(done, len(wanted))
    return written


def _known_units() -> set[int]:
    keys = set(ItemEvent.objects.order_by().values_list("unit_id", flat=True).distinct())
    keys |= set(Declaration.objects.values_list("unit_id", flat=True))
    keys |= set(UnitEquipment.objects.values_list("unit_id", flat=True))
    return keys | set(Handover.objects.order_by().values_list("receiver_id", flat=True).distinct())


def _measures() -> dict[str, Measure]:
    return {code: registered.measure(code) for code in (*FLAG_CODES, *FLOW_CODES)}


def _lock(unit_ids: list[int]) -> dict[int, Unit]:
    """The units, their rows of equipment locked in one order: two changes at a unit never compute past each other."""
    UnitEquipment.objects.bulk_create((UnitEquipment(unit_id=pk) for pk in unit_ids), ignore_conflicts=True)
    list(UnitEquipment.objects.select_for_update().filter(pk__in=unit_ids).order_by("pk").values_list("pk"))
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=unit_ids).order_by("pk")}


def _keep_states(timelines: dict[int, list[Change]]) -> None:
    """Bring the rows for lists up to date: the state today, or on the last day of a closed unit."""
    stored = UnitEquipment.objects.in_bulk(list(timelines))
    changed = []
    for pk, changes in timelines.items():
        last = changes[-1].state if changes else UNKNOWN
        since = _since(changes)
        row, values = stored[pk], (last.state, last.computers, last.fit, since)
        if (row.state, row.computers, row.fit, row.since) != values:
            row.state, row.computers, row.fit, row.since = values
            changed.append(row)
    UnitEquipment.objects.bulk_update(changed, ["state", "computers", "fit", "since"], batch_size=200)


def _since(changes: list[Change]) -> int | None:
    """The first month of the present state: the number of machines may change without the state changing."""
    since: int | None = None
    state = ""
    for change in changes:
        if change.state.state != state:
            since, state = change.month, change.state.state
    return since


def _flags(units: dict[int, Unit], timelines: dict[int, list[Change]], measures: dict[str, Measure]) -> Wanted:
    """A flag has a figure in the first month known and in each month in which it changes."""
    wanted: Wanted = {}
    for index, code in enumerate(FLAG_CODES):
        measure = measures[code]
        for pk, changes in timelines.items():
            if units[pk].kind in measure.entered_at:
                for month, value in _steps(changes, index):
                    wanted[pk, measure.pk, month] = value
    return wanted


def _steps(changes: list[Change], index: int) -> Iterator[tuple[int, int]]:
    before: int | None = None
    for change in changes:
        value = _flag(change.state, index)
        if value is not None and value != before:
            yield change.month, value
            before = value


def _flag(state: UnitState, index: int) -> int | None:
    return None if state.flags is None else state.flags[index]


def _flows(units: dict[int, Unit], measures: dict[str, Measure]) -> Wanted:
    """Computers and known values of all confirmed handovers, in the month of their receipt."""
    given, value = (measures[code] for code in FLOW_CODES)
    lines = HandoverLine.objects.filter(handover__state=HandoverState.RECEIVED, handover__receiver__in=list(units))
    columns = ("handover__receiver", "handover__received_on", "received")
    of_line = ("allotment__line__kind__is_computer", "allotment__line__unit_value")
    wanted: Wanted = {}
    for pk, on, quantity, is_computer, price in lines.filter(void=False).values_list(*columns, *of_line):
        if is_computer:
            _add(wanted, (pk, given.pk, month_of(on)), quantity)
        if price is not None:  # an unknown value is not the value 0
            _add(wanted, (pk, value.pk, month_of(on)), quantity * price)
    return wanted


def _add(wanted: Wanted, key: Key, amount: int) -> None:
    wanted[key] = wanted.get(key, 0) + amount


def _differences(units: dict[int, Unit], wanted: Wanted, measures: dict[str, Measure]) -> Iterator[Entry]:
    """What is to be written: new and changed values, and None for figures of the register that no longer hold."""
    keys = [measure.pk for measure in measures.values()]
    rows = Figure.objects.filter(unit__in=list(units), measure__in=keys)
    stored = {row[:3]: row[3:] for row in rows.values_list("unit_id", "measure_id", "period", "value", "provenance")}
    for key, value in sorted(wanted.items()):
        if key not in stored or stored[key][0] != value:
            yield _entry(key, value)
    for key, (_value, provenance) in sorted(stored.items()):
        if key not in wanted and provenance == Provenance.REGISTER:
            yield _entry(key, None)


def _entry(key: Key, value: int | None) -> Entry:

    unit_id, measure_id, period = key
    return Entry(unit_id=unit_id, measure_id=measure_id, period=period, value=None if value is None else Decimal(value))
