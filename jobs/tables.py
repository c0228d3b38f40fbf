from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from core.numbers import format_percent
from core.tables import NOTHING, Column, MomentColumn, StatusColumn, Table
from jobs.models import JOB_TONES, Job, JobState
from jobs.registry import title_of


class JobTable(Table):
    """What one person asked for: how far it is, and its result."""

    kind = Column(verbose_name=_("Work"), linkify=("jobs:detail", {"pk": A("pk")}))
    created_at = MomentColumn(verbose_name=_("Asked at"))
    state = StatusColumn(verbose_name=_("State"), tones=JOB_TONES)
    percent = Column(verbose_name=_("Progress"), orderable=False, empty_values=())
    message = Column(verbose_name=_("Message"), orderable=False)
    result_name = Column(verbose_name=_("Result"), orderable=False)

    class Meta:
        model = Job
        fields = ("kind", "created_at", "state", "percent", "message", "result_name")

    def render_kind(self, value: str) -> str:
        return title_of(value)

    def render_percent(self, record: Job) -> str:
        return format_percent(Decimal(100 if record.state == JobState.DONE else record.percent), 0)

    def render_result_name(self, value: str, record: Job) -> str:
        return format_html('<a href="{}">{}</a>', reverse("jobs:download", args=[record.pk]), value)


class LedgerTable(Table):
    """All work, for those who keep the portal running."""

    kind = Column(verbose_name=_("Work"))
    asked_by = Column(verbose_name=_("Asked by"), accessor="asked_by__full_name", order_by="asked_by__sort_key")
    created_at = MomentColumn(verbose_name=_("Asked at"))
    state = StatusColumn(verbose_name=_("State"), tones=JOB_TONES)
    attempts = Column(verbose_name=_("Attempts"))
    message = Column(verbose_name=_("Message"), orderable=False)
    retry = Column(verbose_name=_("Try again"), accessor="pk", orderable=False, exclude_from_export=True)

    class Meta:
        model = Job
        fields = ("kind", "asked_by", "created_at", "state", "attempts", "message", "retry")

    def render_kind(self, value: str) -> str:
        return title_of(value)

    def render_retry(self, record: Job) -> str:
        if not record.is_parked:
            return NOTHING
        address = reverse("jobs:retry", args=[record.pk])
        return format_html('<a class="btn btn-sm btn-secondary" href="{}">{}</a>', address, _("Try again"))
