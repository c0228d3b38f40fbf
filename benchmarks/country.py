"""A country of national size: units, measures, indicators and one figure for every unit, measure and month.

Built by the database from sequences of numbers; the figures are stored month by month, as they would arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from programmes import totals
from programmes.choices import MeasureKind
from programmes.models import Indicator, Measure
from programmes.starter import load_registered
from units.choices import UnitKind
from units.lineage import rebuild_lineage
from units.models import Unit
from units.official import REFORM, official_units

TODAY = date(2027, 2, 1)  # far enough for months that no unit has reported yet
LAST = 2026 * 12 + 9  # October 2026, the last month that is over
OPENED = date(2021, 1, 1)
KINDS = [MeasureKind.STOCK] * 12 + [MeasureKind.FLOW] * 5 + [MeasureKind.FLAG] * 3


@dataclass(frozen=True)
class Size:
    """How large the country is. `national` is that of the goals; a scale below 1 takes fewer communes and months."""

    provinces: int
    communes: int
    measures: int
    months: int

    @classmethod
    def national(cls, scale: float) -> Size:
        return cls(34, max(102, round(3321 * scale)), 100, 60 if scale > 0.3 else 36)

    @classmethod
    def province(cls) -> Size:
        return cls(1, 100, 60, 36)

    @property
    def figures(self) -> int:
        return (self.provinces + self.communes) * self.measures * self.months

    @property
    def first(self) -> int:
        return LAST - self.months + 1

    @property
    def name(self) -> str:
        return f"{self.communes}_{self.measures}_{self.months}"


@dataclass
class Bench:
    """What goals work with: the size, and keys of units and measures."""

    size: Size
    rounds: int
    random: Random = field(default_factory=lambda: Random(2026))

    def __post_init__(self) -> None:
        self.root = Unit.objects.get(depth=1)
        self.provinces = list(Unit.objects.filter(depth=2).order_by("pk"))
        communes = Unit.objects.filter(depth=3).order_by("pk").values_list("pk", "path")
        self.communes: dict[int, list[int]] = {province.pk: [] for province in self.provinces}
        by_path = {province.path: province.pk for province in self.provinces}
        for pk, path in communes:
            self.communes[by_path[path[: -Unit.steplen]]].append(pk)
        self.measures = list(Measure.objects.filter(code__startswith="M-").order_by("pk"))
        self.bare_measures = list(Measure.objects.filter(code__startswith="G-").order_by("pk"))
        self.indicators = list(Indicator.objects.order_by("pk"))

    @property
    def province(self) -> Unit:
        return self.provinces[0]

    def any_commune(self) -> int:
        """A commune of any province."""
        return self.random.choice(self.communes[self.random.choice(self.provinces).pk])


def build(size: Size) -> None:
    """Build the country in an empty, migrated database, or make good what a run before has changed."""
    if not Unit.objects.exists():
        with transaction.atomic():
            _build_units(size)
            build_catalogue(size)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM programmes_figure WHERE period BETWEEN %s AND %s", [size.first, LAST])
        if cursor.fetchone()[0] < size.figures:
            load_figures(cursor, size.first, LAST, "depth > 1")
        else:
            cursor.execute("DELETE FROM programmes_figure WHERE period > %s", [LAST])
        cursor.execute("VACUUM ANALYZE programmes_figure")
    totals.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _build_units(size: Size) -> None:
    root = Unit.objects.add_root(_facts(UnitKind.CENTRE, "TW"))
    codes = [unit.key[1] for unit in official_units() if unit.key[0] == UnitKind.PROVINCE and unit.key[2] == REFORM]
    provinces = [
        Unit.objects.add_child(root, _facts(UnitKind.PROVINCE, code)) for code in codes[: size.provinces]
    ]  # real codes, for which the map has outlines
    rows = []
    for number in range(size.communes):
        parent, place = provinces[number % size.provinces], number // size.provinces
        path = Unit._get_path(parent.path, 3, place + 1)
        unit = Unit(path=path, depth=3, numchild=0, **_facts(UnitKind.COMMUNE, f"{number:05}"))
        unit.fill_keys(former_names=" ")
        rows.append(unit)
    Unit.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE units_unit p SET numchild = (SELECT COUNT(*) FROM units_unit c"
            " WHERE c.depth = p.depth + 1 AND c.path LIKE p.path || '%%') WHERE depth = 2",
            [],
        )
    load_registered()
    rebuild_lineage()


def _facts(kind: UnitKind, code: str) -> dict[str, object]:
    return {"kind": kind, "code": code, "name": f"Đơn vị {code}", "short_name": code, "valid_from": OPENED}


def build_catalogue(size: Size) -> None:
    """Measures of all kinds in real proportions, as many given ones for bare writing, and indicators."""
    everywhere = [kind.value for kind in UnitKind]
    made = [
        Measure(
            code=f"M-{n:03}",
            name=f"Số liệu {n}",
            kind=KINDS[n % len(KINDS)],
            entered_at=everywhere,
            unit_of_measure="x",
        )
        for n in range(size.measures)
    ]
    bare = [
        Measure(code=f"G-{n:03}", name=f"Hạng {n}", kind=MeasureKind.GIVEN, entered_at=everywhere, unit_of_measure="x")
        for n in range(size.measures)
    ]
    Measure.objects.bulk_create([*made, *bare])
    stocks = [measure for measure in made if measure.kind == MeasureKind.STOCK]
    Indicator.objects.bulk_create(
        Indicator(
            code=f"I-{n:03}",
            name=f"Chỉ số {n}",
            numerator=measure,
            denominator=stocks[(n + 1) % len(stocks)] if n % 2 and measure.kind == MeasureKind.STOCK else None,
            unit_label="%" if n % 2 else "x",
        )
        for n, measure in enumerate(made)
    )


def load_figures(cursor: CursorWrapper, first: int, last: int, units: str) -> None:
    """One figure for each of these units, measure and month. Without keys at first: adding them later is faster."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'programmes_figure'::regclass"
    )
    constraints = cursor.fetchall()
    with transaction.atomic():  # a load that breaks off must not leave the table without its keys
        for name, _text in constraints:
            cursor.execute(f'ALTER TABLE programmes_figure DROP CONSTRAINT "{name}"')
        cursor.execute("TRUNCATE programmes_figure")
        cursor.execute(_FIGURES.format(units=units), [first, last])
        for name, text in constraints:
            cursor.execute(f'ALTER TABLE programmes_figure ADD CONSTRAINT "{name}" {text}')


_FIGURES = """
INSERT INTO programmes_figure
  (unit_id, measure_id, period, value, provenance, as_of, reference, note, recorded_at, recorded_by_id)
SELECT u.id, m.id, p, 100 * CASE m.kind
    WHEN 'flag' THEN (u.id + m.id + p / 7) %% 2
    WHEN 'flow' THEN (u.id * 7 + m.id * 13 + p * 3) %% 40
    ELSE 100 + (u.id * 31 + m.id * 17) %% 900 + (p %% 60) * ((u.id + m.id) %% 4)
  END, 'submission', NULL, '', '', now(), NULL
FROM generate_series(%s, %s) p
CROSS JOIN (SELECT id FROM units_unit WHERE {units} ORDER BY id) u
CROSS JOIN (SELECT id, kind FROM programmes_measure WHERE code LIKE 'M-%%') m
ORDER BY p, u.id, m.id
"""
