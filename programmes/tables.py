"""The lists of this room, for pages and exports."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.numbers import format_number
from core.tables import Column, DateColumn, NumberColumn, StatusColumn, Table
from programmes.models import Indicator, Measure, Programme, Target, Task
from programmes.templatetags.programme_marks import TONES, task_mark


def programme_url(record: Programme) -> str:
    return reverse("programmes:detail", args=[record.pk])


def task_url(record: Task) -> str:
    return reverse("programmes:task", args=[record.pk])


def target_url(record: Target) -> str:
    return reverse("programmes:target", args=[record.pk])


def indicator_url(record: Indicator) -> str:
    return reverse("programmes:indicator", args=[record.pk])


def measure_url(record: Measure) -> str:
    return reverse("programmes:measure", args=[record.pk])


CODE = {"cell": {"class": "code text-nowrap"}}


class ProgrammeTable(Table):
    name = Column(linkify=programme_url, order_by=("search",))
    owner = Column(accessor="owner__name", verbose_name=gettext_lazy("Led by"), order_by=("owner__sort_key",))
    start = DateColumn()
    end = DateColumn()
    done_count = NumberColumn(verbose_name=gettext_lazy("Tasks done"))
    late_count = NumberColumn(verbose_name=gettext_lazy("Late tasks"))

    class Meta:
        model = Programme
        fields = ("name", "owner", "start", "end", "done_count", "late_count")

    def render_done_count(self, record: Any) -> str:
        """«18/37»."""
        return f"{format_number(record.done_count)}/{format_number(record.task_count)}" if record.task_count else "–"

    def value_done_count(self, record: Any) -> str:
        return f"{record.done_count}/{record.task_count}"


class TaskTable(Table):
    name = Column(linkify=task_url, order_by=("programme", "number"))
    programme = Column(accessor="programme__short_name", verbose_name=gettext_lazy("Programme"))
    pillar = Column(accessor="pillar__name", verbose_name=gettext_lazy("Pillar"))
    owner = Column(accessor="owner__name", verbose_name=gettext_lazy("Responsible unit"), order_by=("owner__sort_key",))
    due = DateColumn()
    progress = NumberColumn()
    state = StatusColumn(tones=TONES)

    class Meta:
        model = Task
        fields = ("name", "programme", "pillar", "owner", "due", "progress", "state")

    def render_name(self, record: Task) -> str:
        """With its number in the plan: «12. …»."""
        return str(record)

    def value_name(self, record: Task) -> str:
        return str(record)

    def render_state(self, value: Any, record: Task) -> str:
        return task_mark(record, timezone.localdate())

    def value_state(self, value: Any) -> Any:
        return value


class TargetTable(Table):
    indicator = Column(
        accessor="indicator__name",
        verbose_name=gettext_lazy("Indicator"),
        linkify=target_url,
        order_by=("indicator__order",),
    )
    unit = Column(accessor="unit__name", verbose_name=gettext_lazy("Unit"), order_by=("unit__sort_key",))
    value = NumberColumn()
    unit_label = Column(accessor="indicator__unit_label", verbose_name=gettext_lazy("Unit of measure"))
    due = DateColumn()
    baseline = NumberColumn()
    baseline_on = DateColumn()

    class Meta:
        model = Target
        fields = ("indicator", "unit", "value", "unit_label", "due", "baseline", "baseline_on")


class IndicatorTable(Table):
    name = Column(linkify=indicator_url, order_by=("order", "code"))
    code = Column(attrs=CODE)
    numerator = Column(accessor="numerator__name", verbose_name=gettext_lazy("Numerator"), orderable=False)
    denominator = Column(accessor="denominator__name", verbose_name=gettext_lazy("Denominator"), orderable=False)
    unit_label = Column()
    direction = Column()

    class Meta:
        model = Indicator
        fields = ("name", "code", "numerator", "denominator", "unit_label", "direction")


class MeasureTable(Table):
    name = Column(linkify=measure_url, order_by=("order", "code"))
    code = Column(attrs=CODE)
    group = Column()
    kind = Column()
    unit_of_measure = Column()
    source = Column()
    whole = Column(accessor="whole__name", verbose_name=gettext_lazy("Part of"), orderable=False)

    class Meta:
        model = Measure
        fields = ("name", "code", "group", "kind", "unit_of_measure", "source", "whole")
