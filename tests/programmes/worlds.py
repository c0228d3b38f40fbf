"""Random countries: trees of three levels, reports, mergers and divisions, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from programmes.models import Measure
from tests.programmes.naive import World, month
from units.choices import ReorganisationKind, ReorganisationState, Share, UnitKind
from units.lineage import rebuild_lineage
from units.models import Reorganisation, Succession, Unit
from units.signals import lineage_changed, reorganisation_applied

FIRST, LAST = month(date(2023, 11, 1)), month(date(2025, 2, 1))
TODAY = date(2025, 2, 20)
BIRTH = date(2023, 11, 1)


@dataclass
class Country:
    """The country under test and, beside it, what was really reported."""

    random: Random
    world: World = field(default_factory=World)
    clock: int = FIRST

    def found(self) -> None:
        self.measures = make_measures()
        self.centre = Unit.objects.add_root(facts(UnitKind.CENTRE, "TW", BIRTH))
        for number in range(2):
            province = self.open(self.centre, UnitKind.PROVINCE, f"P{number}", BIRTH)
            for place in range(self.random.randint(1, 3)):
                commune = self.open(province, UnitKind.COMMUNE, f"C{number}{place}", BIRTH)
                if self.random.random() < 0.2:
                    self.open(commune, UnitKind.BRANCH, f"B{number}{place}", BIRTH)
            if self.random.random() < 0.5:
                self.open(province, UnitKind.ATTACHED, f"A{number}", BIRTH)
        rebuild_lineage()

    def open(self, parent: Unit, kind: UnitKind, code: str, day: date) -> Unit:
        child: Unit = Unit.objects.add_child(Unit.objects.get(pk=parent.pk), facts(kind, code, day))
        return child

    def living(self, *kinds: UnitKind) -> list[Unit]:
        units = Unit.objects.filter(valid_to__isnull=True).order_by("pk")
        return list(units.filter(kind__in=kinds) if kinds else units)

    def report(self, batch: int) -> None:
        """A batch of reports, corrections and withdrawals in any months that are over and were open to the units."""
        self.clock = min(LAST, self.clock + self.random.randint(0, 4))
        entries: dict[tuple[int, int, int], Entry] = {}
        units = list(Unit.objects.order_by("pk"))
        for _ in range(batch):
            unit, measure = self.random.choice(units), self.random.choice(self.measures)
            end = self.world_end(unit)
            months = range(month(unit.valid_from), min(end or LAST, self.clock + 1))
            if months:
                when = self.random.choice(months)
                value = None if self.random.random() < 0.25 else self.value(measure)
                entries[unit.pk, measure.pk, when] = Entry(unit.pk, measure.pk, when, value)
        record_figures(entries=entries.values(), provenance=Provenance.SUBMISSION, by=None, today=TODAY)
        for (unit_id, measure_id, when), entry in entries.items():
            series = self.world.reports[unit_id, measure_id]
            if entry.value is None:
                series.pop(when, None)
            else:
                series[when] = Decimal(entry.value)

    def value(self, measure: Measure) -> Decimal:
        if measure.kind == "flag":
            return Decimal(self.random.randint(0, 1))
        whole = Decimal(self.random.choice([0, 0, 1, 5, 33, 101, 5_000_000_000]))
        return whole + Decimal(self.random.randint(0, 99)) / 100 if measure.decimals else whole

    def world_end(self, unit: Unit) -> int | None:
        return None if unit.valid_to is None else month(unit.valid_to + timedelta(days=1))

    def reorganise(self) -> None:
        """One event on a later day than all before: merger, division, move, end, or joining a unit that goes on.

        Nobody is followed who reported later: the check before a reorganisation forbids it. An end may come late.
        """
        kind = self.random.choice(["merge", "split", "percent", "move", "close", "join", "province"])
        self.clock += self.random.randint(1, 3)
        when = max(FIRST + 1, self.clock - self.random.randint(0, 3)) if kind == "close" else self.clock
        day = date(when // 12, when % 12 + 1, self.random.choice([1, 15]))
        candidates = [unit for unit in self.living(UnitKind.COMMUNE) if unit.numchild == 0 and unit.valid_from < day]
        if len(candidates) < 2 or self.clock >= LAST:
            return
        old = self.random.sample(candidates, 2)
        row = Reorganisation.objects.create(
            kind=ReorganisationKind.REFORM, on=day, state=ReorganisationState.APPLIED, title=kind
        )
        getattr(self, f"_{kind}")(row, day, old)
        closed = {unit.pk for unit in Unit.objects.filter(valid_to=day - timedelta(days=1))}
        opened = {unit.pk for unit in Unit.objects.filter(valid_from=day)}
        changed = rebuild_lineage(closed | opened)
        lineage_changed.send(sender=Unit, unit_ids=closed - changed)
        reorganisation_applied.send(sender=Reorganisation, reorganisation=row, undone=False, by=None)

    def _new(self, day: date, continued: Unit | None = None, parent: Unit | None = None) -> Unit:
        """A new unit, which keeps code and name of the one that it continues."""
        place = parent or self.random.choice(self.living(UnitKind.PROVINCE))
        kind = UnitKind(continued.kind) if continued else UnitKind.COMMUNE
        return self.open(place, kind, continued.code if continued else f"N{Unit.objects.count()}", day)

    def _end(self, day: date, *units: Unit) -> None:
        for unit in units:
            Unit.objects.filter(pk=unit.pk).update(valid_to=day - timedelta(days=1))

    def _link(self, row: Reorganisation, old: Unit, new: Unit, share: Share, percent: int | None = None) -> None:
        Succession.objects.create(reorganisation=row, predecessor=old, successor=new, share=share, percent=percent)

    def _merge(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        new = self._new(day)
        for unit in old:
            self._link(row, unit, new, Share.WHOLE)
        self._end(day, *old)

    def _split(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        for share in (Share.MAIN, Share.PART):
            self._link(row, old[0], self._new(day), share)
        self._end(day, old[0])

    def _percent(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        part = self.random.choice([50, 33, 20])
        self._link(row, old[0], self._new(day), Share.MAIN, 100 - part)
        self._link(row, old[0], self._new(day), Share.PART, part)
        self._end(day, old[0])

    def _move(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        self._link(row, old[0], self._new(day, old[0]), Share.WHOLE)
        self._end(day, old[0])

    def _close(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        self._end(day, old[0])

    def _join(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        self._link(row, old[0], old[1], Share.WHOLE)
        self._end(day, old[0])

    def _province(self, row: Reorganisation, day: date, old: list[Unit]) -> None:
        """A province ends with all that is below it; everything goes on below a new one."""
        before = above(old[0])
        if before.valid_from >= day or Unit.objects.below(before).filter(valid_from__gte=day).exists():
            return
        new = self._new(day, before, self.centre)
        heirs = {before.pk: new}
        self._link(row, before, new, Share.WHOLE)
        living = list(Unit.objects.below(before).filter(valid_to__isnull=True).order_by("path"))
        for unit in living[1:]:
            heirs[unit.pk] = self._new(day, unit, heirs[above(unit).pk])
            self._link(row, unit, heirs[unit.pk], Share.WHOLE)
        self._end(day, *living)


def facts(kind: UnitKind, code: str, day: date) -> dict[str, object]:
    return {"kind": kind, "code": code, "name": code, "short_name": code, "valid_from": day}


def above(unit: Unit) -> Unit:
    return Unit.objects.get(path=unit.path[: -Unit.steplen])


def make_measures() -> list[Measure]:
    everywhere = [kind.value for kind in UnitKind]
    rows = [
        ("FLOW", "flow", "form", 0),
        ("STOCK", "stock", "form", 0),
        ("FINE", "stock", "form", 2),
        ("FLAG", "flag", "form", 0),
        ("REGISTER", "stock", "equipment", 0),
    ]
    return [
        Measure.objects.create(
            code=code,
            name=code,
            kind=kind,
            source=source,
            decimals=decimals,
            entered_at=everywhere,
            unit_of_measure="x",
        )
        for code, kind, source, decimals in rows
    ]
