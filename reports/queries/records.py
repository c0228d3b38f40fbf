"""The records behind a number: machines and minutes, trainings, tasks. The end of every drill-down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from equipment.choices import Standing
from equipment.models import Gift, Item
from equipment.queries.records import UnitRecord
from equipment.queries.records import records_behind as equipment_records
from programmes.choices import MeasureSource
from programmes.models import Measure, Task
from programmes.queries.indicators import window_start
from reports.queries.dashboard import since_of
from reports.queries.indicator import Opened
from trainings.queries import records_behind as training_records
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class RecordGroup:
    """A table of records of one kind; each row is a tuple of cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def records_of(
    unit: Unit, measure: Measure, month: int, user: User | AnonymousUser, *, today: date, first: int | None = None
) -> list[RecordGroup]:
    """The records that make the measure at this unit itself, in the month or from the month `first` on.

    A unit that has none below it answers for its predecessors too; what others below add is opened through them.
    """
    units = [unit.pk] if unit.numchild else _with_predecessors(unit, user)
    if measure.source == MeasureSource.EQUIPMENT and not unit.numchild:
        return _equipment(units, measure, month, user, today=today, first=first)
    if measure.source == MeasureSource.TRAININGS:
        found = [_trainings(units, measure, one) for one in range(first or month, month + 1)]
        rows = tuple(row for group in found for row in group.rows)
        return [RecordGroup(found[-1].title, found[-1].columns, rows)]
    if measure.source == MeasureSource.PROGRAMMES:
        return [_tasks(unit)]
    return []


def records_behind(opened: Opened, user: User | AnonymousUser) -> list[RecordGroup]:
    """The records behind an opened indicator: for flows those of its whole window."""
    scope, indicator = opened.scope, opened.reading.indicator
    first = None if indicator.numerator.is_level else window_start(indicator.window, scope.month, since_of(scope))
    return records_of(scope.unit, indicator.numerator, scope.month, user, today=scope.today, first=first)


def _with_predecessors(unit: Unit, user: User | AnonymousUser) -> list[int]:
    counted = Unit.objects.visible_to(user).filter(lineage__ancestor=unit, lineage__counts=True)
    return list(counted.exclude(kind__in=[UnitKind.PROVINCE, UnitKind.CENTRE]).values_list("pk", flat=True))


def _row(columns: Sequence[str], cells: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    return tuple(Cell(label, text, href) for label, (text, href) in zip(columns, cells, strict=True))


def _equipment(
    units: list[int], measure: Measure, month: int, user: User | AnonymousUser, *, today: date, first: int | None
) -> list[RecordGroup]:
    found = equipment_records(units, measure.code, month, today=today, first_month=first)
    return [group for group in (_machines(found, user), _minutes(found, user)) if group.rows]


def _seen(records: QuerySet[Any], keys: set[int]) -> set[int]:
    """Those of the records that the person may open: a link that leads to «not found» is not offered."""
    return set(records.filter(pk__in=keys).values_list("pk", flat=True))


def _machines(found: list[UnitRecord], user: User | AnonymousUser) -> RecordGroup:
    """A machine that has gone to a unit out of sight is named and not linked."""
    keys = {machine.item_id for record in found for machine in record.machines}
    seen = _seen(Item.objects.visible_to(user), keys)
    columns = (_("Machine"), _("Unit"), _("Judgement"), _("Since"))
    rows = [
        _row(
            columns,
            [
                (machine.name, reverse("equipment:item", args=[machine.item_id]) if machine.item_id in seen else ""),
                (record.unit_name, reverse("units:detail", args=[record.unit_id])),
                (_standing_words(machine.standing, machine.reason), ""),
                (format_date(machine.since), ""),
            ],
        )
        for record in found
        for machine in record.machines
    ]
    bare = [
        _row(columns, [("–", ""), (record.unit_name, ""), (record.reason, ""), ("–", "")])
        for record in found
        if record.reason and not record.machines
    ]
    return RecordGroup(_("Machines of the register"), columns, tuple(rows + bare))


def _standing_words(standing: str, reason: str) -> str:
    """«hỏng, từ ngày 12/05/2024»."""
    return ", ".join(filter(None, (str(Standing(standing).label), reason)))


def _minutes(found: list[UnitRecord], user: User | AnonymousUser) -> RecordGroup:
    """The gift belongs to the unit above: who keeps only the receiver reads its name."""
    seen = _seen(Gift.objects.visible_to(user), {minutes.gift_id for record in found for minutes in record.minutes})
    columns = (_("Minutes"), _("Received on"), _("Gift"), _("Sponsor"), _("Confirmed by"), _("Quantity"), _("Scan"))
    rows = {
        minutes.handover_id: _row(
            columns,
            [
                (minutes.number, reverse("equipment:handover", args=[minutes.handover_id])),
                (format_date(minutes.received_on), ""),
                (
                    minutes.gift_title,
                    reverse("equipment:gift", args=[minutes.gift_id]) if minutes.gift_id in seen else "",
                ),
                (minutes.sponsor, ""),
                (minutes.confirmed_by, ""),
                (format_number(minutes.quantity), ""),
                (_("signed minutes kept") if minutes.has_scan else _("no scan"), ""),
            ],
        )
        for record in found
        for minutes in record.minutes
    }
    return RecordGroup(_("Confirmed minutes"), columns, tuple(rows.values()))


def _trainings(units: list[int], measure: Measure, month: int) -> RecordGroup:
    columns = (_("Training"), _("Organiser"), _("Last day"), measure.name)
    rows = [
        _row(
            columns,
            [
                (training.title, reverse("trainings:detail", args=[training.pk])),
                (training.organiser.name, reverse("units:detail", args=[training.organiser_id])),
                (format_date(training.end), ""),
                (format_number(training.amount), ""),  # type: ignore[attr-defined]  # annotated by the query
            ],
        )
        for training in training_records(units, measure.code, month)
    ]
    return RecordGroup(_("Trainings"), columns, tuple(rows))


def _tasks(unit: Unit) -> RecordGroup:
    columns = (_("Task"), _("State"), _("Progress"), _("Deadline"))
    rows = [
        _row(
            columns,
            [
                (task.name, reverse("programmes:task", args=[task.pk])),
                (task.get_state_display(), ""),
                (f"{task.progress}%", ""),
                (format_date(task.due), ""),
            ],
        )
        for task in Task.objects.filter(owner=unit).order_by("programme", "number")
    ]
    return RecordGroup(_("Tasks"), columns, tuple(rows))
