"""What an importer works with: who imports, for which unit, on which day, and the units it may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from imports.columns import Column, Takes
from imports.matching import UnitIndex
from units.choices import Right, UnitKind
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from accounts.models import User


@dataclass
class Desk:
    """`options` are what the importer was opened with beyond its kind (a form, a period); `note` goes to the audit.

    `file_name` is how the person calls the file, for trails that say where a value comes from.
    """

    by: User
    scope: Unit
    today: date
    right: Right
    options: dict[str, str] = field(default_factory=dict)
    note: str = ""
    file_name: str = ""
    _units: dict[int, Unit] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def units(self) -> UnitIndex:
        return UnitIndex.load(self.by, self.scope)

    @cached_property
    def allowed(self) -> frozenset[int]:
        """Keys of the units at which the person holds the right of the importer."""
        return frozenset(units_with(self.by, self.right).order_by().values_list("pk", flat=True))

    def open_units(self) -> list[int]:
        """The units of today for which the form offers rows: those that report, then the scope itself."""
        found = [
            unit
            for unit in self.units.units.values()
            if unit.is_active(self.today)
            and unit.pk in self.allowed
            and (unit.kind in (UnitKind.COMMUNE, UnitKind.ATTACHED) or unit.pk == self.scope.pk)
        ]
        ordered = Unit.objects.filter(pk__in=[unit.pk for unit in found]).in_order().values_list("pk", flat=True)
        return list(ordered)

    def load(self, keys: Iterable[int]) -> None:
        """Fetch units in one query, before `unit` is asked for each of them."""
        self._units |= Unit.objects.in_bulk(set(keys) - set(self._units))

    def unit(self, pk: int) -> Unit:
        if pk not in self._units:
            self.load([pk])
        return self._units[pk]

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What an importer looks up once for all rows, such as a catalogue."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def name(self, pk: int) -> str:
        known = self.units.units.get(pk)
        return known.name if known else self.unit(pk).name

    def in_words(self, column: Column, value: Any) -> str:
        """A value of a column as people read it."""
        if column.takes is Takes.UNIT and value:
            return self.name(value)
        return column.in_words(value)
