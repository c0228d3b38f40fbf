"""Which unit a row means: by code, or by its name as communes write it. Matched only when there is no doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.dates import format_date
from core.text import fold, sort_key
from units.choices import Designation
from units.models import Lineage, Unit, UnitName, without_union
from units.queries import current_successors, path_names

if TYPE_CHECKING:
    from accounts.models import User

# Words in front of a name, as officials write them, longest first; the abbreviations of lists included.
_WORDS: tuple[tuple[str, str], ...] = (
    ("thi tran", Designation.THI_TRAN.value),
    ("thanh pho", Designation.THANH_PHO.value),
    ("dac khu", Designation.DAC_KHU.value),
    ("thi xa", Designation.THI_XA.value),
    ("phuong", Designation.PHUONG.value),
    ("huyen", Designation.HUYEN.value),
    ("tinh", Designation.TINH.value),
    ("quan", Designation.QUAN.value),
    ("xa", Designation.XA.value),
    ("tt.", Designation.THI_TRAN.value),
    ("tp.", Designation.THANH_PHO.value),
    ("p.", Designation.PHUONG.value),
    ("x.", Designation.XA.value),
)


@dataclass(frozen=True)
class Known:
    """What is kept of a unit for matching: a whole country fits into a few megabytes."""

    pk: int
    code: str
    name: str
    short_name: str
    designation: str
    kind: str
    valid_from: date
    valid_to: date | None

    def is_active(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


@dataclass(frozen=True)
class Found:
    """The unit, or several between which a person has to choose, or neither and the reason."""

    pk: int | None = None
    choice: tuple[int, ...] = ()
    problem: str = ""


@dataclass
class UnitIndex:
    """The units below `scope` that the person may see, by code, by name with tones, and by name without."""

    units: dict[int, Known] = field(default_factory=dict)
    codes: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, by: User, scope: Unit) -> UnitIndex:
        index = cls()
        below = Lineage.objects.filter(ancestor=scope).values("unit")
        columns = ("pk", "code", "name", "short_name", "designation", "kind", "valid_from", "valid_to")
        visible = Unit.objects.visible_to(by).filter(pk__in=below).order_by("pk")
        for values in visible.values_list(*columns):
            index.add(Known(*values))
        former = UnitName.objects.filter(unit__in=visible.order_by().values("pk")).values_list("unit_id", "name")
        for pk, name in former:
            index.add_name(index.units[pk], name)
        return index

    def add(self, unit: Known) -> None:
        self.units[unit.pk] = unit
        self.codes[unit.code.lower()].append(unit)
        self.add_name(unit, unit.name)
        self.add_name(unit, unit.short_name)

    def add_name(self, unit: Known, name: str) -> None:
        for table, key in ((self.names, sort_key(name)), (self.bare, fold(name))):
            if unit not in table[key]:
                table[key].append(unit)

    def find(self, *, code: str, name: str, on: date, kinds: Collection[str]) -> Found:
        """The unit open on the day. With both given they must mean the same one."""
        written, code_in_name = _split_code(name)
        by_code = self._by_code(code or code_in_name, on, kinds) if code or code_in_name else None
        if by_code is None or not written:
            return by_code or self._by_name(written, on, kinds)
        by_name = self._by_name(written, on, kinds)
        if by_code.pk and by_code.pk not in (by_name.pk, *by_name.choice):
            return Found(
                problem=_(
                    "The code %(code)s means %(unit)s, but “%(name)s” is written. Correct one, or empty the code."
                )
                % {"code": code or code_in_name, "unit": self.units[by_code.pk].name, "name": written}
            )
        return by_code

    def label(self, pk: int) -> str:
        """A name that the form offers and `find` reads back: with the code where the name alone would not do."""
        unit = self.units[pk]
        same = [one for one in self.names[sort_key(unit.name)] if one.valid_to is None]
        return unit.name if len(same) < 2 else f"{unit.name} ({unit.code})"

    def _by_code(self, code: str, on: date, kinds: Collection[str]) -> Found:
        fitting = [unit for unit in self.codes.get(code.lower(), ()) if unit.kind in kinds]
        if not fitting and code.isdecimal():  # Excel turns 05500 into 5500
            fitting = [
                unit for key, units in self.codes.items() if key.lstrip("0") == code.lstrip("0") for unit in units
                if unit.kind in kinds
            ]  # fmt: skip
        return self._verdict(fitting, code, on)

    def _by_name(self, name: str, on: date, kinds: Collection[str]) -> Found:
        for table, key in ((self.names, sort_key), (self.bare, fold)):
            for written, designation in _readings(name):
                found = [
                    unit
                    for unit in table.get(key(written), ())
                    if unit.kind in kinds and designation in ("", unit.designation)
                ]
                if found:
                    return self._verdict(found, name, on)
        return self._other_designation(name, on, kinds)

    def _other_designation(self, name: str, on: date, kinds: Collection[str]) -> Found:
        """«Phường Tân Cương» where there is only a commune of that name: asked, not assumed."""
        near = {
            unit.pk: unit
            for written, _designation in _readings(name)
            for unit in self.bare.get(fold(written), ())
            if unit.kind in kinds and unit.is_active(on)
        }
        return Found(choice=tuple(near)) if near else Found(problem=_unknown(name))

    def _verdict(self, units: Iterable[Known], typed: str, on: date) -> Found:
        found = {unit.pk: unit for unit in units}
        active = [unit for unit in found.values() if unit.is_active(on)]
        if len(active) == 1:
            return Found(pk=active[0].pk)
        if active:
            return Found(choice=tuple(unit.pk for unit in active))
        return Found(problem=_ended(found, on) if found else _unknown(typed))


def choices_of(index: UnitIndex, keys: Collection[int]) -> list[dict[str, object]]:
    """The units to choose from with what tells them apart: code and the units above."""
    units = list(Unit.objects.filter(pk__in=keys).in_order())
    places = path_names(units)
    return [
        {"pk": unit.pk, "name": unit.name, "code": unit.code, "place": places[unit.pk]}
        for unit in units
        if unit.pk in index.units
    ]


def _readings(name: str) -> list[tuple[str, str]]:
    """The name as it stands, then without the Union's own name, then without the word in front and that word."""
    readings = [(name, "")]
    folded = fold(name)
    words = name.split()
    skipped = len(folded.split()) - len(without_union(folded).split())
    if skipped:
        words = words[skipped:]
        readings.append((" ".join(words), ""))
    rest = fold(" ".join(words))
    for word, designation in _WORDS:
        if word.endswith(".") and rest.startswith(word):
            return [*readings, (" ".join(words).split(".", 1)[1].strip(), designation)]
        if rest.startswith(f"{word} "):
            return [*readings, (" ".join(words[len(word.split()) :]), designation)]
    return readings


def _split_code(name: str) -> tuple[str, str]:
    """«Xã Tân Cương (05500)» as the form writes it where two units share a name."""
    before, bracket, code = name.rpartition(" (")
    return (before, code[:-1]) if bracket and code.endswith(")") and code[:-1] else (name, "")


def _ended(found: dict[int, Known], on: date) -> str:
    unit = max(found.values(), key=lambda one: one.valid_from)
    if unit.valid_from > on:
        return _("%(unit)s exists only from %(day)s on. Enter the unit of that time.") % {
            "unit": unit.name,
            "day": format_date(unit.valid_from),
        }
    heirs = current_successors(list(Unit.objects.filter(pk__in=found)), on)
    names = sorted({heir.name for some in heirs.values() for heir in some})
    words = {"unit": unit.name, "day": format_date(unit.valid_to), "heirs": ", ".join(names)}
    if not names:
        return _("%(unit)s ended on %(day)s and has no successor. Delete the row.") % words
    return _("%(unit)s ended on %(day)s; today it is %(heirs)s. Enter the unit of today.") % words


def _unknown(typed: str) -> str:
    """The same words for what does not exist and for what the person may not see."""
    return _("“%(unit)s” is none of the units for which you import. Enter the name or code as in the form.") % {
        "unit": typed
    }
