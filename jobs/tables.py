from __future__ import annotations

import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from core.tables import Table
from jobs.models import Job
from jobs.registry import work


class JobTable(Table):
    kind = columns.Column(verbose_name=_("Work"), linkify=("jobs:detail", {"pk": columns.A("pk")}))
    created_at = columns.DateTimeColumn(verbose_name=_("Asked at"), format="d/m/Y H:i")
    state = columns.Column(verbose_name=_("State"))
    message = columns.Column(verbose_name=_("Message"), orderable=False)

    class Meta:
        model = Job
        fields = ("kind", "created_at", "state", "message")

    def render_kind(self, value: str) -> str:
        return str(work(value).title)
