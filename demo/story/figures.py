"""36 months of generated figures for three provinces, month by month through the one writer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from core.periods import last_day, make_month
from demo.story.keepers import LAST_DAY_OF_OLD, NEW_ORDER, Keepers, communes, province
from demo.story.latent import Unit as Sample
from demo.story.latent import month_values, unit_of
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from programmes.models import Measure
from units.models import Succession, Unit
from units.official import THAI_NGUYEN_2024

START = make_month(2023, 11)
REFORM = make_month(2025, 7)
NEW = ("19", "92", "31")
OLD = ("19", "06", "92", "93", "94", "31", "30")


def generate(people: Keepers, last: int, say: Callable[[str], object]) -> int:
    """Write all months up to `last`; returns the number of figures."""
    measures = dict(Measure.objects.values_list("code", "pk"))
    old, new = _samples()
    written = 0
    reported = set(new_samples("19"))  # their last two months come as reports (demo.story.reporting)
    for month in range(START, last + 1):
        units = new if month >= REFORM else {pk: unit for pk, unit in old.items() if unit_lives(pk, month)}
        if month > last - 2:
            units = {pk: unit for pk, unit in units.items() if pk not in reported}
        entries = [
            Entry(pk, measures[code], month, Decimal(value))
            for pk, unit in units.items()
            for code, value in month_values(unit, month - START)
        ]
        record_figures(
            entries=entries,
            provenance=Provenance.IMPORT,
            by=people.enterer,
            reference="Dữ liệu mẫu",
            as_of=last_day(month),
        )
        written += len(entries)
    say(f"  {written} giá trị mẫu")
    return written


_lives: dict[int, tuple[date, date]] = {}


def unit_lives(pk: int, month: int) -> bool:
    born, ended = _lives[pk]
    return born <= last_day(month) and ended >= last_day(month)


def _samples() -> tuple[dict[int, Sample], dict[int, Sample]]:
    """Old and new communes of the provinces; a new one is made of the parts of its predecessors."""
    day_before, ends = THAI_NGUYEN_2024 - timedelta(days=1), LAST_DAY_OF_OLD
    olds = {unit.pk: unit for code in OLD for day in (day_before, ends) for unit in communes(province(code, ends), day)}
    _lives.update({pk: (unit.valid_from, unit.valid_to or ends) for pk, unit in olds.items()})
    parts = _parts(olds)
    old = {pk: unit_of(f"{unit.code}-old-{unit.valid_from}", parts[pk]) for pk, unit in olds.items()}
    new: dict[int, Sample] = {}
    for code in NEW:
        units = communes(province(code, NEW_ORDER), NEW_ORDER)
        _new[code] = {unit.pk: unit_of(f"{unit.code}-new", _inherited(unit.pk, parts)) for unit in units}
        new |= _new[code]
    return old, new


_new: dict[str, dict[int, Sample]] = {}


def new_samples(code: str) -> dict[int, Sample]:
    """The samples of a province's communes of today."""
    if code not in _new:
        _samples()
    return _new[code]


_heirs: dict[int, list[int]] = defaultdict(list)


def _parts(olds: dict[int, Unit]) -> dict[int, list[str]]:
    """Keys of the latent parts: an old commune is one, a merged one (01/12/2024) the sum of those before it."""
    _heirs.clear()
    links = Succession.objects.filter(predecessor__in=olds).exclude(share="part")
    for before, after in links.values_list("predecessor_id", "successor_id"):
        _heirs[after].append(before)
    return {pk: _roots(pk, olds) for pk in olds}


def _roots(pk: int, olds: dict[int, Unit]) -> list[str]:
    before = _heirs.get(pk, [])
    if not before:
        return [olds[pk].code]
    return [root for one in before for root in _roots(one, olds)]


def _inherited(pk: int, parts: dict[int, list[str]]) -> list[str]:
    found: Iterable[str] = (root for before in _heirs.get(pk, []) for root in parts[before])
    return list(found) or [f"new {pk}"]
