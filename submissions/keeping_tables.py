"""The lists of those who keep forms, for pages and exports."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date
from core.numbers import format_number
from core.tables import NOTHING, Column, DateColumn, NumberColumn, Table
from core.templatetags.portal import status_badge
from submissions.models import Form, Holiday, Permit, ReportingPeriod
from submissions.queries.keeping import owing_counts
from units.choices import UnitKind

CODE = {"cell": {"class": "code text-nowrap"}}


def form_url(record: Form) -> str:
    return reverse("submissions:form", args=[record.pk])


def period_url(record: Any) -> str | None:
    """Its days, for those who keep its form: rows carry `kept`, see `views.periods.PeriodList`."""
    return reverse("submissions:period-edit", args=[record.pk]) if record.kept else None


def permit_url(record: Any) -> str | None:
    return reverse("submissions:permit-withdraw", args=[record.pk]) if record.kept else None


def holiday_url(record: Holiday) -> str:
    return reverse("submissions:holiday-remove", args=[record.pk])


def kind_names(kinds: list[str]) -> str:
    labels = dict(UnitKind.choices)
    return ", ".join(str(labels[kind]) for kind in kinds if kind in labels)


class FormTable(Table):
    """Rows carry `published_number` and `draft_number`, see `views.forms.FormList`."""

    name = Column(linkify=form_url, order_by=("search",))
    code = Column(attrs=CODE)
    programme = Column(accessor="programme__short_name", verbose_name=gettext_lazy("Programme"))
    frequency = Column()
    kinds = Column(orderable=False)
    published_number = NumberColumn(verbose_name=gettext_lazy("Version in force"))
    draft_number = NumberColumn(verbose_name=gettext_lazy("Draft"))
    active = Column(orderable=False)

    class Meta:
        model = Form
        fields = ("name", "code", "programme", "frequency", "kinds", "published_number", "draft_number", "active")

    def render_kinds(self, value: list[str]) -> str:
        return kind_names(value)

    def value_kinds(self, value: list[str]) -> str:
        return kind_names(value)

    def render_active(self, value: bool) -> str:
        return status_badge("good" if value else "plain", _("In use") if value else _("Not in use"))

    def value_active(self, value: bool) -> str:
        return _("In use") if value else _("Not in use")


class PeriodTable(Table):
    label = Column(accessor="label", linkify=period_url, verbose_name=gettext_lazy("Period"), order_by=("month",))
    form = Column(accessor="form__name", verbose_name=gettext_lazy("Form"), order_by=("form__search",))
    state = Column(accessor="pk", verbose_name=gettext_lazy("State"), orderable=False)
    starts_on = DateColumn()
    ends_on = DateColumn()
    dues = Column(accessor="pk", verbose_name=gettext_lazy("Due"), orderable=False)
    locks_on = DateColumn()
    version = NumberColumn(accessor="version__number", verbose_name=gettext_lazy("Version"))
    units = NumberColumn(accessor="pk", verbose_name=gettext_lazy("Units that owe it"), orderable=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counts: dict[int, int] = {}

    class Meta:
        model = ReportingPeriod
        fields = ("label", "form", "state", "starts_on", "ends_on", "dues", "locks_on", "version", "units")

    def render_state(self, record: ReportingPeriod) -> str:
        return status_badge(*state_of(record))

    def value_state(self, record: ReportingPeriod) -> str:
        return state_of(record)[1]

    def render_dues(self, record: ReportingPeriod) -> str:
        return due_words(record) or NOTHING

    def value_dues(self, record: ReportingPeriod) -> str:
        return due_words(record)

    def render_units(self, record: ReportingPeriod) -> str:
        return format_number(self._owing(record))

    def value_units(self, record: ReportingPeriod) -> int:
        return self._owing(record)

    def _owing(self, record: ReportingPeriod) -> int:
        """How many units owe the period, counted for all periods of its form at once."""
        if record.pk not in self._counts:
            self._counts |= owing_counts(list(record.form.periods.select_related("form")))
        return self._counts[record.pk]


def state_of(period: ReportingPeriod) -> tuple[str, str]:
    """The tone and the words for how far a period is."""
    today = timezone.localdate()
    if period.is_locked(today):
        return "plain", _("Locked")
    if period.starts_on > today:
        return "plain", _("Not begun")
    if period.ends_on >= today:
        return "info", _("Running")
    return "good", _("Open")


def due_words(period: ReportingPeriod) -> str:
    """«03/11/2026: Cấp xã, Đơn vị trực thuộc; 09/11/2026: Cấp tỉnh», or one day where it is the same for all."""
    kinds: dict[date, list[str]] = defaultdict(list)
    for due in sorted(period.dues.all(), key=lambda due: (due.due_on, UnitKind.values.index(due.kind))):
        kinds[due.due_on].append(due.kind)
    if len(kinds) == 1:
        return format_date(next(iter(kinds)))
    return "; ".join(f"{format_date(day)}: {kind_names(of_day)}" for day, of_day in kinds.items())


class PermitTable(Table):
    unit = Column(accessor="unit__name", verbose_name=gettext_lazy("Unit"), order_by=("unit__sort_key",))
    period = Column(accessor="period", verbose_name=gettext_lazy("Reporting period"), order_by=("period__month",))
    until = DateColumn()
    state = Column(accessor="pk", verbose_name=gettext_lazy("State"), orderable=False)
    reason = Column(orderable=False)
    given_by = Column(accessor="given_by", verbose_name=gettext_lazy("Given by"), orderable=False)
    given_at = DateColumn(verbose_name=gettext_lazy("Given on"))
    withdraw = Column(
        accessor="pk", verbose_name=gettext_lazy("What to do"), orderable=False, exclude_from_export=True,
        linkify=permit_url,
    )  # fmt: skip

    class Meta:
        model = Permit
        fields = ("unit", "period", "until", "state", "reason", "given_by", "given_at", "withdraw")

    def render_withdraw(self, record: Any) -> str:
        return _("Withdraw") if record.kept else NOTHING

    def render_state(self, record: Permit) -> str:
        return status_badge(*permit_state(record))

    def value_state(self, record: Permit) -> str:
        return permit_state(record)[1]


def permit_state(permit: Permit) -> tuple[str, str]:
    if permit.withdrawn_at is not None:
        return "plain", _("Withdrawn")
    if permit.until < timezone.localdate():
        return "plain", _("Over")
    return "good", _("In force")


class HolidayTable(Table):
    day = DateColumn()
    name = Column(orderable=False)
    remove = Column(
        accessor="pk", verbose_name=gettext_lazy("What to do"), orderable=False, exclude_from_export=True,
        linkify=holiday_url,
    )  # fmt: skip

    class Meta:
        model = Holiday
        fields = ("day", "name", "remove")

    def render_remove(self) -> str:
        return _("Remove")
