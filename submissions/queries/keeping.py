"""What those who keep forms look at: versions, who owes how much, the calendar of holidays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from core.periods import last_day
from programmes.models import Measure
from submissions.models import Form, FormLine, FormVersion, Holiday, ReportingPeriod
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
