"""The people to call at the units: added and corrected by list. Nobody is taken off a list by a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import fold
from imports.columns import Column, Takes, unit_columns
from imports.desk import Desk
from imports.links import Link, import_links
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from units.actions import ContactLine, set_contacts
from units.choices import Right
from units.models import Contact, Unit

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_PER_UNIT = 30  # as many as the page of a unit shows
DETAILS = ("full_name", "position", "phone", "email")


class ContactImporter(Importer):
    kind = "danh-ba"
    title = gettext_lazy("Contacts of the units")
    lead = gettext_lazy(
        "People to call at each unit. A file adds people and corrects them; it takes nobody off a list."
    )
    right = Right.KEEP_CONTACTS
    list_route = "units:list"
    columns = (
        *unit_columns(),
        Column(
            "full_name",
            gettext_lazy("Full name"),
            required=True,
            max_length=120,
            aliases=("Họ và tên", "Họ tên", "Tên cán bộ", "Người liên hệ"),
            width=26,
        ),
        Column(
            "position",
            gettext_lazy("Position"),
            required=True,
            max_length=120,
            aliases=("Chức vụ", "Chức danh"),
            width=26,
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            Takes.PHONE,
            max_length=20,
            aliases=("Điện thoại", "Số điện thoại", "SĐT", "ĐT"),
        ),
        Column("email", gettext_lazy("E-mail"), Takes.EMAIL, aliases=("Email", "E-mail", "Thư điện tử"), width=28),
    )

    def key(self, row: Row, desk: Desk) -> Hashable:
        return row.values["unit"], fold(row.values["full_name"])

    def label(self, row: Row, desk: Desk) -> str:
        return f"{desk.name(row.values['unit'])} · {row.values['full_name']}"

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        people = _people({row.values["unit"] for row in rows if "unit" in row.values})
        sizes = {pk: len(known) for pk, known in people.items()}
        found = []
        for row in rows:
            unit, name = row.values.get("unit"), row.values.get("full_name")
            stored = people[unit].get(fold(name)) if unit and name else None
            if unit and not stored:
                sizes[unit] = sizes.get(unit, 0) + 1
            full = unit is not None and sizes[unit] > MOST_PER_UNIT
            found.append(Aim(stored, {"full_name": _full()} if full else {}))
        return found

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        by_unit: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            by_unit[line.values["unit"]].append(line)
        desk.load(by_unit)
        undone: dict[int, Undo] = {pk: _write_unit(desk, desk.unit(pk), some) for pk, some in by_unit.items()}
        return [undone.pop(line.values["unit"], {}) for line in lines]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        for undo in undos:
            if undo:
                _undo_unit(desk, undo)

    def existing(self, desk: Desk) -> Iterable[Values]:
        units = desk.open_units()
        people = _people(set(units))
        for pk in units:
            yield from (person.values for person in people[pk].values())
            if not people[pk]:
                yield {"unit": pk}


def contact_links(request: HttpRequest) -> list[Link]:
    """For the head of the list of units."""
    return import_links(request, ContactImporter.kind)


def _people(units: set[int]) -> dict[int, dict[str, Stored]]:
    found: dict[int, dict[str, Stored]] = defaultdict(dict)
    for contact in Contact.objects.filter(unit__in=units).order_by("unit", "order", "pk"):
        values: dict[str, Any] = {"unit": contact.unit_id} | {name: getattr(contact, name) for name in DETAILS}
        found[contact.unit_id].setdefault(fold(contact.full_name), Stored(contact.pk, values))
    return found


def _standing(unit: Unit) -> list[ContactLine]:
    return [ContactLine(one.full_name, one.position, one.phone, one.email) for one in unit.contacts.all()]


def _write_unit(desk: Desk, unit: Unit, lines: Sequence[Line]) -> Undo:
    before = _standing(unit)
    after = list(before)
    for line in lines:
        values = {name: line.changes[name] for name in DETAILS if name in line.changes}
        place = _place(after, line)
        if place is None:
            after.append(ContactLine(**values))
        else:
            after[place] = replace(after[place], **values)
    try:
        set_contacts(unit=unit, contacts=after, by=desk.by)
    except ValidationError as refusal:
        raise RowError(lines[0].row, refusal) from refusal
    return {"unit": unit.pk, "before": [asdict(one) for one in before], "after": [asdict(one) for one in after]}


def _place(people: Sequence[ContactLine], line: Line) -> int | None:
    """Where the person of an existing line stands in the list of the unit."""
    if line.stored is None:
        return None
    wanted = fold(line.stored.values["full_name"])
    return next((place for place, one in enumerate(people) if fold(one.full_name) == wanted), None)


def _undo_unit(desk: Desk, undo: Undo) -> None:
    unit = desk.unit(undo["unit"])
    if [asdict(one) for one in _standing(unit)] != undo["after"]:
        raise ValidationError(
            _("The contacts of %(unit)s were changed after the import. Correct them on the page of the unit.")
            % {"unit": unit.name}
        )
    set_contacts(unit=unit, contacts=[ContactLine(**one) for one in undo["before"]], by=desk.by)


def _full() -> str:
    return _("More than %(limit)s people for one unit. Leave the most important ones.") % {"limit": MOST_PER_UNIT}
