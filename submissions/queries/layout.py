"""Which measures stand on the form of a unit, in which order.

The one place that decides it: forms with versions of their own can take over here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from programmes.models import Measure


@dataclass(frozen=True)
class Line:
    """One measure on a form; `depth` says how far it is indented as a part of the lines above."""

    measure: Measure
    depth: int


@dataclass(frozen=True)
class Section:
    """Measures of one group, wholes followed by their parts."""

    title: str
    lines: tuple[Line, ...]


def measures_at(kind: str) -> list[Measure]:
    """Measures that units of this kind have, typed and computed, in the order of the catalogue."""
    active = Measure.objects.filter(active=True).select_related("whole")
    return [measure for measure in active if kind in measure.entered_at]


def typed_at(kind: str) -> dict[int, Measure]:
    """What units of this kind type, by key."""
    return {measure.pk: measure for measure in measures_at(kind) if not measure.computed}


def related(measure_ids: Collection[int]) -> list[Measure]:
    """These measures with their wholes and parts: what has to be known to check them."""
    wholes = Measure.objects.filter(parts__in=measure_ids).values("pk")
    concerned = Q(pk__in=measure_ids) | Q(pk__in=wholes) | Q(whole__in=measure_ids)
    return list(Measure.objects.filter(concerned, active=True).select_related("whole"))


def sections_for(kind: str) -> list[Section]:
    """The whole form of a unit of this kind, computed measures included."""
    return sections_of(measures_at(kind))


def sections_of(measures: Iterable[Measure]) -> list[Section]:
    """Measures by group; a part stands under its whole, in the group of that whole."""
    found = list(measures)
    known = {measure.pk for measure in found}
    parts: dict[int, list[Measure]] = defaultdict(list)
    for measure in found:
        if measure.whole_id in known:
            parts[measure.whole_id].append(measure)
    groups: dict[str, list[Line]] = {}
    for measure in found:
        if measure.whole_id not in known:
            groups.setdefault(measure.group, []).extend(_with_parts(measure, parts, 0))
    return [Section(title, tuple(lines)) for title, lines in groups.items()]


def _with_parts(measure: Measure, parts: dict[int, list[Measure]], depth: int) -> Iterator[Line]:
    yield Line(measure, depth)
    for part in parts.get(measure.pk, ()):
        yield from _with_parts(part, parts, depth + 1)
