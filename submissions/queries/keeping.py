"""What those who keep forms look at: versions, who owes how much, the calendar of holidays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from core.periods import last_day
from programmes.models import Measure
from submissions.content import Content
from submissions.models import CheckRule, Form, FormLine, FormSection, FormVersion, Holiday, ReportingPeriod
from submissions.queries.layout import FormLayout, Rule, layouts, rule_of
from submissions.queries.periods import bound, owing


def holidays() -> set[date]:
    return set(Holiday.objects.values_list("day", flat=True))


def published(form: Form) -> FormVersion | None:
    """The version that periods are opened with now."""
    return form.versions.filter(published_at__isnull=False).order_by("-number").first()


def draft(form: Form) -> FormVersion | None:
    """The version that is being written, if there is one."""
    return form.versions.filter(published_at__isnull=True).first()


def owing_by_kind(form: Form, on: date) -> dict[str, int]:
    """How many units of each kind owe the form on a day."""
    found = Counter(owing(form, on).order_by().values_list("kind", flat=True))
    return {kind: found[kind] for kind in form.kinds}


def owing_counts(periods: Collection[ReportingPeriod]) -> dict[int, int]:
    """How many units owe each period: one query for each form, however many periods it has."""
    by_form: dict[Form, list[ReportingPeriod]] = defaultdict(list)
    for period in periods:
        by_form[period.form].append(period)
    found: dict[int, int] = {}
    for form, of_form in by_form.items():
        lives = list(bound(form).order_by().values_list("valid_from", "valid_to"))
        begins = sorted(begin for begin, _end in lives)
        ends = sorted(end for _begin, end in lives if end is not None)
        for period in of_form:
            day = last_day(period.month)
            found[period.pk] = bisect_right(begins, day) - bisect_left(ends, day)
    return found


def asked_elsewhere(form: Form, measures: Collection[Measure], on: date) -> Iterator[tuple[FormLine, bool]]:
    """Typed measures that another form in use asks of units that owe this one too; True where both forms are reported
    for the same months."""
    units = owing(form, on)
    typed = [measure.pk for measure in measures if not measure.computed]
    for other in Form.objects.in_use().exclude(pk=form.pk).select_related("programme"):
        version = published(other)
        if version is None or not set(other.kinds) & set(form.kinds):
            continue
        shared = set(
            units.filter(pk__in=owing(other, on).values("pk")).order_by().values_list("kind", flat=True).distinct()
        )
        for line in FormLine.objects.filter(version=version, measure__in=typed).select_related("measure"):
            if shared & set(line.measure.entered_at):
                yield line, other.frequency == form.frequency and not form.is_adhoc


@dataclass(frozen=True)
class DraftLine:
    """A line of the draft with its depth under its whole."""

    row: FormLine
    depth: int


@dataclass(frozen=True)
class DraftSection:
    row: FormSection
    lines: tuple[DraftLine, ...]


def layout_of(version: FormVersion) -> FormLayout:
    return layouts([version.pk])[version.pk]


def draft_sections(version: FormVersion) -> list[DraftSection]:
    """The draft in the order in which units will see it, sections without lines included."""
    depths = {pk: line.depth for pk, line in layout_of(version).lines.items()}
    places = {pk: place for place, pk in enumerate(depths)}
    found = []
    for section in version.sections.prefetch_related("lines__measure").order_by("order", "pk"):
        rows = sorted(section.lines.all(), key=lambda row: places.get(row.measure_id, len(places)))
        lines = tuple(DraftLine(row, depths.get(row.measure_id, 0)) for row in rows)
        found.append(DraftSection(section, lines))
    return found


def rules_of(version: FormVersion) -> list[tuple[CheckRule, Rule]]:
    """The rules of a version as stored and as they are tried, in their order."""
    rows = version.rules.prefetch_related("terms__measure").order_by("order", "pk")
    return [(row, rule_of(row, row.terms.all())) for row in rows]


def measure_names(*contents: Content) -> dict[int, str]:
    """The names of all measures that some versions ask or compare."""
    keys = {key for content in contents for key in content.measure_ids}
    keys |= {key for content in contents for rule in content.rules for key in rule.left + rule.right}
    return dict(Measure.objects.filter(pk__in=keys).values_list("pk", "name"))
