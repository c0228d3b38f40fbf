"""Which measures stand on the form of a unit, in which order.

The one place that decides it: forms with versions of their own can take over here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from programmes.choices import MeasureSource
from programmes.models import Measure


@dataclass(frozen=True)
class Line:
    """One measure on a form; `depth` says how far it is indented as a part of the lines above."""

    measure: Measure
    depth: int

    @property
    def whole_elsewhere(self) -> Measure | None:
        """The whole of a part that does not stand under it."""
        return self.measure.whole if self.depth == 0 else None


@dataclass(frozen=True)
class Section:
    """Measures of one group, wholes followed by their parts."""

    title: str
    lines: tuple[Line, ...]


def active_measures() -> list[Measure]:
    """All measures in use with their wholes, in the order of the catalogue."""
    return list(Measure.objects.filter(active=True).select_related("whole"))


def typed_kinds() -> dict[str, list[int]]:
    """The kinds of unit that type figures, with the keys of their measures. One query."""
    found: dict[str, list[int]] = {}
    typed = Measure.objects.filter(source=MeasureSource.FORM, active=True)
    for pk, kinds in typed.order_by("pk").values_list("pk", "entered_at"):
        for kind in kinds:
            found.setdefault(kind, []).append(pk)
    return found


def related(measure_ids: Collection[int]) -> list[Measure]:
    """These measures with their wholes and parts: what has to be known to check them."""
    wholes = Measure.objects.filter(parts__in=measure_ids).values("pk")
    concerned = Q(pk__in=measure_ids) | Q(pk__in=wholes) | Q(whole__in=measure_ids)
    return list(Measure.objects.filter(concerned, active=True).select_related("whole"))


def sections_of(measures: Iterable[Measure]) -> list[Section]:
    """Measures by group; a part stands under its whole where both belong to the same group.

    What only counts units is left out: on the form of one unit it says nothing.
    """
    found = [measure for measure in measures if measure.source != MeasureSource.UNITS]
    groups = {measure.pk: measure.group for measure in found}
    parts: dict[int, list[Measure]] = defaultdict(list)
    sections: dict[str, list[Line]] = {}
    for measure in found:
        if _stands_under_whole(measure, groups):
            parts[measure.whole_id].append(measure)  # type: ignore[index]  # it has a whole
    for measure in found:
        if not _stands_under_whole(measure, groups):
            sections.setdefault(measure.group, []).extend(_with_parts(measure, parts, 0))
    return [Section(title, tuple(lines)) for title, lines in sorted(sections.items(), key=_first_place)]


def _stands_under_whole(measure: Measure, groups: Mapping[int, str]) -> bool:
    return measure.whole_id is not None and groups.get(measure.whole_id) == measure.group


def _first_place(section: tuple[str, list[Line]]) -> tuple[int, str]:
    first = section[1][0].measure
    return first.order, first.code


def _with_parts(measure: Measure, parts: Mapping[int, list[Measure]], depth: int) -> Iterator[Line]:
    yield Line(measure, depth)
    for part in parts.get(measure.pk, ()):
        yield from _with_parts(part, parts, depth + 1)
