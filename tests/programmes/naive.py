"""What totals and readings must be, by definition and in plain Python: slow, and written without the code under test.

It knows what units reported themselves, when they lived and who followed them. It takes the weights from the lineage,
whose own tests prove it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from programmes.models import Measure
from units.models import Lineage, Succession, Unit

Series = tuple[int, int]  # unit, measure


def month(day: date) -> int:
    return day.year * 12 + day.month - 1


@dataclass
class World:
    """The reports as they stand, and everything that follows from them."""

    reports: dict[Series, dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))

    def look(self) -> None:
        """Read units, links and lineage as they are now."""
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.measures = {measure.pk: measure for measure in Measure.objects.all()}
        self.links = list(Succession.objects.all())
        self.lineage: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        self.own: dict[int, set[int]] = defaultdict(set)
        for row in Lineage.objects.all():
            self.lineage[row.ancestor_id].append((row.unit_id, row.weight, row.counts))
            if row.own:
                self.own[row.ancestor_id].add(row.unit_id)
        self.series: dict[Series, dict[int, Decimal]] = {}

    def end(self, unit: int) -> int | None:
        last = self.units[unit].valid_to
        return None if last is None else month(last + timedelta(days=1))

    def values(self, unit: int, measure: int) -> dict[int, Decimal]:
        """Month → value: own reports, and openings where there is none."""
        if (unit, measure) not in self.series:
            self.series[unit, measure] = {}  # links form no circle
            self.series[unit, measure] = self._values(unit, measure)
        return self.series[unit, measure]

    def _values(self, unit: int, measure: int) -> dict[int, Decimal]:
        found = dict(self.reports[unit, measure])
        kind = self.measures[measure]
        if kind.kind not in {"stock", "flag"} or kind.source != "form":
            return found
        arrivals = defaultdict(list)
        for link in self.links:
            ended = self.end(link.predecessor_id)
            if link.successor_id == unit and ended is not None:
                arrivals[max(ended, month(self.units[unit].valid_from))].append(link)
        for when in sorted(arrivals):
            if when not in found:
                opening = self._opening(arrivals[when], kind, self._before(found, when))
                if opening is not None:
                    found[when] = opening
        return found

    def _before(self, values: dict[int, Decimal], when: int) -> Decimal | None:
        earlier = [m for m in values if m < when]
        return values[max(earlier)] if earlier else None

    def _opening(self, links: list[Succession], kind: Measure, own: Decimal | None) -> Decimal | None:
        parts = []
        for link in links:
            had = self.values(link.predecessor_id, kind.pk)
            share = link.percent if link.percent is not None else (0 if link.share == "part" else 100)
            if had and (share if kind.kind == "stock" else link.share != "part"):
                parts.append((share, had[max(had)]))
        if not parts:
            return None
        if own is not None:
            parts.append((100, own))
        if kind.kind == "flag":
            return max(value for _, value in parts)
        exact = sum((Decimal(share) * value / 100 for share, value in parts), Decimal(0))
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    def level(self, unit: int, measure: int, when: int) -> Decimal | None:
        """What the unit's last report up to the month says; None before the first and from the end on."""
        values = self.values(unit, measure)
        known = [m for m in values if m <= when]
        end = self.end(unit)
        if not known or (end is not None and when >= max(end, max(values))):
            return None
        return values[max(known)]

    def flow(self, unit: int, measure: int, when: int) -> Decimal | None:
        return self.reports[unit, measure].get(when)

    def living(self, unit: int, measure: int, when: int) -> bool:
        """Whether the unit counts as one that has a value."""
        return self.level(unit, measure, when) is not None

    def totals(self, ancestor: int, measure: int, when: int) -> tuple[Decimal, int, int]:
        """What the ancestor's total holds: everybody in its lineage."""
        return self.sums(self.lineage[ancestor], measure, when)

    def then(self, asked: int, measure: int, when: int) -> tuple[Decimal, int, int]:
        """As it was: the units below the unit, or below the one that it continues, in that month."""
        speaking: int | None = asked
        while speaking is not None and month(self.units[speaking].valid_from) > when:
            unit = self.units[speaking]
            speaking = next(
                (
                    link.predecessor_id
                    for link in self.links
                    if link.successor_id == unit.pk
                    and self.units[link.predecessor_id].code == unit.code
                    and self.units[link.predecessor_id].short_name == unit.short_name
                ),
                None,
            )
        below = self.own[speaking] if speaking is not None else set()
        return self.sums([(unit, 100, True) for unit in below], measure, when)

    def today(self, asked: int, measure: int, when: int) -> tuple[Decimal, int, int]:
        """By today's units: each reporter counts where it, or what came of it, stands now."""
        rows = []
        for unit in self.units:
            weight, counts = self.share(unit, asked)
            rows.append((unit, int(min(weight, Fraction(100)) + Fraction(1, 2)), counts))
        return self.sums(rows, measure, when)

    def share(self, unit: int, asked: int) -> tuple[Fraction, bool]:
        path = self.units[unit].path
        following: list[Succession] = []
        while path and not following:
            following = [link for link in self.links if self.units[link.predecessor_id].path == path]
            path = path[: -Unit.steplen]
        if not following:
            return (Fraction(100), True) if unit in self.own[asked] else (Fraction(0), False)
        weight, counts = Fraction(0), False
        for link in following:
            part = link.percent if link.percent is not None else (0 if link.share == "part" else 100)
            further, counted = self.share(link.successor_id, asked)
            weight, counts = weight + further * part / 100, counts or (counted and link.share != "part")
        return weight, counts

    def on_day(self, asked: int, measure: int, when: int, day: date) -> tuple[Decimal, int, int]:
        """By the units of a day: followed to heirs or led back to origins; what lies on both sides of a border is out.

        The root holds everybody.
        """
        if self.units[asked].depth == 1:
            return self.totals(asked, measure, when)
        rows = [(unit, *self.at(self.units[unit].path, asked, day)) for unit in self.units]
        return self.sums(rows, measure, when)

    def at(self, path: str, asked: int, day: date) -> tuple[int, bool]:
        stands = self.stands(path, day)
        inside = {one for one in stands if one.startswith(self.units[asked].path)}
        if all(weight is not None for weight, _ in stands.values()):
            exact = min(sum((stands[one][0] or Fraction(0) for one in inside), Fraction(0)), Fraction(100))
            return int(exact + Fraction(1, 2)), any(stands[one][1] for one in inside)
        amounts = {one for one, (_, counts) in self.origins(path, day, counting=False).items()}
        counted = {one for one, (_, counts) in self.origins(path, day, counting=True).items()}
        return 100 if amounts <= inside else 0, counted <= inside

    def lived(self, unit: Unit, day: date) -> bool:
        return unit.valid_from <= day and (unit.valid_to is None or day <= unit.valid_to)

    def stands(self, path: str, day: date) -> dict[str, tuple[Fraction | None, bool]]:
        """Path of a unit of the day → hundredths (None: led back, a part that nobody knows), whether it counts."""
        unit = next((one for one in self.units.values() if one.path == path), None)
        if unit is None:
            return {}
        if self.lived(unit, day):
            return {path: (Fraction(100), True)}
        if unit.valid_from > day:
            return self.origins(path, day, counting=False) | self.origins(path, day, counting=True)
        after = [x for x in self.links if x.predecessor_id == unit.pk and self.units[x.successor_id].valid_from <= day]
        if not after:
            return self.stands(path[: -Unit.steplen], day)
        found: dict[str, tuple[Fraction | None, bool]] = {}
        for link in after:
            for one, (weight, counts) in self.stands(self.units[link.successor_id].path, day).items():
                before, counted = found.get(one, (Fraction(0), False))
                more = (before or Fraction(0)) + (weight or Fraction(0)) * link.weight / 100
                found[one] = (more, counted or (counts and link.share != "part"))
        return found

    def origins(self, path: str, day: date, *, counting: bool) -> dict[str, tuple[Fraction | None, bool]]:
        """The units of the day from which one that was opened later came, through any number of steps."""
        unit = next((one for one in self.units.values() if one.path == path), None)
        if unit is None:
            return {}
        if self.lived(unit, day) or unit.valid_from <= day:
            return dict.fromkeys(self.stands(path, day), (None, True))
        links = [link for link in self.links if link.successor_id == unit.pk]
        if not links:
            return self.origins(path[: -Unit.steplen], day, counting=counting)
        some = [link for link in links if (link.share != "part" if counting else link.weight)] or links
        found: dict[str, tuple[Fraction | None, bool]] = {}
        for link in some:
            below = self.units[link.predecessor_id].path
            found |= self.origins(below, day, counting=False) | self.origins(below, day, counting=True)
        return found

    def sums(self, rows: Iterable[tuple[int, int, bool]], measure: int, when: int) -> tuple[Decimal, int, int]:
        """Of reporters with weights: the flow of the month or the level, who reported, who has a value."""
        kind = self.measures[measure].kind
        value, reported, living = Decimal(0), 0, 0
        for unit, weight, counts in rows:
            factor = (100 if counts else 0) if kind == "flag" else weight
            one = self.flow(unit, measure, when) if kind == "flow" else self.level(unit, measure, when)
            value += Decimal(factor) / 100 * (one or 0)
            reported += counts and when in self.reports[unit, measure]
            living += counts and self.living(unit, measure, when)
        return value, reported, living
