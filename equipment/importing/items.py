"""Machines from Excel: found by serial number, else by asset book number, else by what they are at their unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date, parse_date
from core.text import fold
from equipment import state
from equipment.actions.items import (
    OLDEST_YEAR,
    NewItem,
    cancel_event,
    check_entry,
    edit_item,
    record_event,
    register_items,
)
from equipment.actions.rules import clean_serial
from equipment.actions.taking_back import take_back_items
from equipment.choices import Condition, ItemEventKind
from equipment.forms.gifts import LARGEST, LARGEST_SMALL
from equipment.forms.items import REGISTERED_AS
from equipment.models import Item, ItemEvent, ItemKind
from equipment.state import Situation
from imports.columns import Column, Takes, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from units.choices import Right

CORRECTED = ("kind", "model", "serial", "year", "ram_gb", "storage_gb", "specification", "place", "value", "asset_code")
EVENT_OF = {
    Condition.GOOD: ItemEventKind.REPAIRED,
    Condition.WEAK: ItemEventKind.WEAK,
    Condition.BROKEN: ItemEventKind.BROKEN,
}
COLUMNS = (
    *unit_columns(),
    Column("kind", gettext_lazy("Kind"), Takes.CHOICE, required=True, aliases=("Loại", "Loại máy")),
    Column(
        "model",
        gettext_lazy("Model"),
        max_length=120,
        aliases=("Model", "Tên máy", "Nhãn hiệu"),
        width=28,
    ),
    Column("serial", gettext_lazy("Serial number"), max_length=60, aliases=("Serial", "Số serial", "S/N", "Số máy")),
    Column("year", gettext_lazy("Year of make"), Takes.INTEGER, minimum=OLDEST_YEAR, maximum=2100, aliases=("Năm SX",)),
    Column("ram_gb", gettext_lazy("Memory (GB)"), Takes.INTEGER, minimum=1, maximum=LARGEST_SMALL, aliases=("RAM",)),
    Column("storage_gb", gettext_lazy("Storage (GB)"), Takes.INTEGER, minimum=1, maximum=LARGEST, aliases=("Ổ cứng",)),
    Column(
        "received_on",
        gettext_lazy("Received on"),
        Takes.DATE,
        required=True,
        aliases=("Ngày nhận",),
        help=gettext_lazy("For a machine older than the unit of today: the day on which this unit was founded."),
    ),
    Column(
        "condition",
        gettext_lazy("Condition"),
        Takes.CHOICE,
        choices=dict(REGISTERED_AS),
        aliases=("Tình trạng", "Hiện trạng"),
    ),
    Column(
        "condition_on",
        gettext_lazy("In this condition since"),
        Takes.DATE,
        help=gettext_lazy("Needed where the condition or the sharing of a registered machine changes."),
    ),
    Column("shared", gettext_lazy("Shared with another body"), Takes.YES_NO, aliases=("Dùng chung",)),
    Column("place", gettext_lazy("Where it stands"), max_length=160, aliases=("Nơi đặt",)),
    Column("specification", gettext_lazy("Further specification"), max_length=200, aliases=("Cấu hình khác",)),
    Column("value", gettext_lazy("Value (đồng)"), Takes.INTEGER, aliases=("Nguyên giá", "Trị giá")),
    Column("asset_code", gettext_lazy("Asset book number"), max_length=40, aliases=("Mã tài sản",)),
    Column("note", gettext_lazy("Note"), max_length=300),
)


class ItemImporter(Importer):
    kind = "thiet-bi"
    title = gettext_lazy("Register of machines")
    lead = gettext_lazy("A machine is recognised by its serial number. Transfers are recorded on its page.")
    right = Right.ENTER
    list_route = "equipment:items"
    columns = COLUMNS

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        choices = {pk: kind.name for pk, kind in _kinds(desk).items()}
        return tuple(replace(one, choices=choices) if one.name == "kind" else one for one in COLUMNS)

    def key(self, row: Row, desk: Desk) -> Hashable | None:
        return clean_serial(row.values.get("serial"))

    def label(self, row: Row, desk: Desk) -> str:
        values = row.values
        return " · ".join(filter(None, (desk.name(values["unit"]), values.get("model"), values.get("serial"))))

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        desk.load(row.values["unit"] for row in rows if "unit" in row.values)
        for row in rows:
            if "serial" in row.values:
                row.values["serial"] = clean_serial(row.values["serial"])
        register = _Register(rows, desk)
        return [register.aim(row) for row in rows]

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        if stored is None:
            missing = {} if values.get("model") else {"model": _("Enter the model as on the machine.")}
            return missing | _refusal(lambda: check_entry(_entry(values, desk), desk.today))
        return _change_problems(row, stored, desk)

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        fresh = [line for line in lines if line.stored is None]
        made = iter(register_items(entries=[_entry(line.values, desk) for line in fresh], by=desk.by, today=desk.today))
        items = Item.objects.select_related("unit", "kind").in_bulk([line.stored.pk for line in lines if line.stored])
        return [
            _change(line, items[line.stored.pk], desk) if line.stored else {"pk": next(made).pk, "new": line.row.values}
            for line in lines
        ]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        items = Item.objects.select_related("unit", "kind").in_bulk([undo["pk"] for undo in undos])
        fresh = [undo for undo in undos if "new" in undo]
        for undo in fresh:
            _require_untouched(items.get(undo["pk"]), undo["new"])
        for undo in undos:
            if "new" not in undo:
                _undo_change(undo, items.get(undo["pk"]), desk)
        if fresh:
            take_back_items(items=[items[undo["pk"]] for undo in fresh], by=desk.by, reason=desk.note, today=desk.today)

    def existing(self, desk: Desk) -> Iterable[Values]:
        items = Item.objects.visible_to(desk.by).present().filter(unit__in=desk.open_units())
        for item in items.order_by("unit__sort_key", "unit_id", "pk").iterator():
            yield _values(item)


class _Register:
    """The machines that the rows may mean. One without serial number is meant by one row only."""

    def __init__(self, rows: Sequence[Row], desk: Desk) -> None:
        self.desk = desk
        serials = [row.values["serial"] for row in rows if row.values.get("serial")]
        found = Item.objects.filter(serial__in=serials).order_by().values_list("serial", "pk")
        self.taken = dict(found)
        visible = Item.objects.visible_to(desk.by)
        self.by_serial = {item.serial: item for item in visible.filter(pk__in=self.taken.values())}
        self.loose: dict[tuple[Any, ...], list[Item]] = defaultdict(list)
        units = {row.values.get("unit") for row in rows if not row.values.get("serial")} - {None}
        for item in visible.filter(unit__in=units, serial__isnull=True).order_by("pk"):
            self.loose[_likeness(_values(item))].append(item)

    def aim(self, row: Row) -> Aim:
        serial = row.values.get("serial")
        if serial:
            return self._by_serial(row, serial)
        like = self.loose.get(_likeness(row.values))
        return Aim(_stored(like.pop(0), row)) if like else Aim()

    def _by_serial(self, row: Row, serial: str) -> Aim:
        item = self.by_serial.get(serial)
        if item is None and serial in self.taken:
            return Aim(None, {"serial": _("This serial number is in the register already. Check it on the machine.")})
        if item is not None and item.unit_id != row.values.get("unit", item.unit_id):
            text = _("This machine is registered at %(unit)s. Record a transfer on its page, or delete the row.")
            return Aim(None, {"serial": text % {"unit": self.desk.name(item.unit_id)}})
        return Aim(_stored(item, row)) if item else Aim()


def _likeness(values: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("unit", "kind", "received_on", "asset_code")
    return (*(values.get(name) or None for name in names), fold(values.get("model") or ""))


def _kinds(desk: Desk) -> dict[int, ItemKind]:
    kinds: dict[int, ItemKind] = desk.once(
        "item kinds", lambda: ItemKind.objects.filter(active=True, registered=True).order_by("name").in_bulk()
    )
    return kinds


def _values(item: Item) -> Values:
    values = {name: getattr(item, name) for name in CORRECTED if name != "kind"}
    return values | {
        "unit": item.unit_id,
        "kind": item.kind_id,
        "received_on": item.received_on,
        "condition": item.condition,
        "shared": item.shared,
    }


def _stored(item: Item, row: Row) -> Stored:
    """With the day and the note of the row, which only speak of a change: alone they are none."""
    values = _values(item)
    changes = any(row.values.get(name, values[name]) != values[name] for name in ("condition", "shared"))
    spoken = {"note": row.values.get("note")} | ({} if changes else {"condition_on": row.values.get("condition_on")})
    return Stored(item.pk, values | spoken)


def _entry(values: Values, desk: Desk) -> NewItem:
    given = {name: value for name, value in values.items() if name not in ("unit", "kind")}
    return NewItem(unit=desk.unit(values["unit"]), kind=_kinds(desk)[values["kind"]], **given)


def _change_problems(row: Row, stored: Stored, desk: Desk) -> dict[str, str]:
    found: dict[str, str] = {}
    if row.values["received_on"] != stored.values["received_on"]:
        day = format_date(stored.values["received_on"])
        found["received_on"] = _("The register says %(day)s. Enter that day, or delete the row.") % {"day": day}
    if row.values.get("year", 0) > desk.today.year:
        found["year"] = _("Enter a year from %(first)s to %(year)s.") % {"first": OLDEST_YEAR, "year": desk.today.year}
    kinds = _events(row.values, stored.values)
    on = row.values.get("condition_on")
    if not kinds:
        return found
    if on is None:
        found["condition_on"] = _("The condition or the sharing changes: enter since when.")
    elif not stored.values["received_on"] <= on <= desk.today:
        found["condition_on"] = _("Enter a day from the receipt of the machine up to today.")
    now = Situation(stored.values["unit"], stored.values["condition"], stored.values["shared"], date.min)
    if any(kind not in state.possible(now) for kind in kinds):
        found["condition"] = _(
            "From “%(now)s” this cannot happen. Record what happened on the page of the machine."
        ) % {"now": Condition(stored.values["condition"]).label}
    return found


def _events(values: Mapping[str, Any], before: Mapping[str, Any]) -> list[ItemEventKind]:
    kinds = []
    if values.get("condition", before["condition"]) != before["condition"]:
        kinds.append(EVENT_OF[Condition(values["condition"])])
    if values.get("shared", before["shared"]) != before["shared"]:
        kinds.append(ItemEventKind.SHARED if values["shared"] else ItemEventKind.UNSHARED)
    return kinds


def _refusal(check: Any) -> dict[str, str]:
    try:
        check()
    except ValidationError as refusal:
        return {name: " ".join(texts) for name, texts in refusal.message_dict.items()}
    return {}


def _change(line: Line, item: Item, desk: Desk) -> Undo:
    before = _values(item)
    changes = {name: line.changes[name] for name in CORRECTED if name in line.changes}
    events = []
    try:
        if changes:
            edit_item(item=item, changes=_with_kind(changes, desk), by=desk.by, today=desk.today)
        for kind in _events(line.row.values, before):
            event = record_event(
                item=item,
                kind=kind,
                on=line.row.values["condition_on"],
                by=desk.by,
                note=line.row.values.get("note", ""),
                today=desk.today,
            )
            events.append(event.pk)
    except ValidationError as refusal:
        raise RowError(line.row, refusal) from refusal
    old = {name: before[name] for name in changes}
    return {"pk": item.pk, "before": old, "after": changes, "events": events}


def _with_kind(changes: Values, desk: Desk) -> Values:
    return changes | ({"kind": ItemKind.objects.get(pk=changes["kind"])} if "kind" in changes else {})


def _undo_change(undo: Undo, item: Item | None, desk: Desk) -> None:
    _require_untouched(item, undo["after"])
    for event in ItemEvent.objects.filter(pk__in=undo["events"]).order_by("-pk"):
        cancel_event(event=event, reason=desk.note, by=desk.by, today=desk.today)
    if item is not None and undo["before"]:
        edit_item(item=item, changes=_with_kind(undo["before"], desk), by=desk.by, today=desk.today)


def _require_untouched(item: Item | None, after: Mapping[str, Any]) -> None:
    """What the import wrote must still stand: undoing would otherwise take away somebody's later work."""
    now = _values(item) if item else {}
    for name, value in after.items():
        wanted = parse_date(value) if name == "received_on" else value
        if item is None or (name in now and now[name] != wanted):
            label = str(item) if item else after.get("serial") or after.get("model", "")
            text = _("“%(name)s” was changed after the import. Correct it on its page.")
            raise ValidationError(text % {"name": label})
