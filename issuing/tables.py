"""The lists of reports and of templates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from core.numbers import format_number
from core.tables import NOTHING, Column, DateColumn, MomentColumn, NumberColumn, StatusColumn, Table
from core.templatetags.portal import status_badge
from issuing.choices import REPORT_TONES
from issuing.models import IssuedReport, ReportTemplate


class ReportTable(Table):
    subject = Column(verbose_name=_("Report"), orderable=False, linkify=("issuing:detail", {"pk": A("pk")}))
    number = Column(verbose_name=_("Number"), order_by=("issued_on", "number"), accessor="code")
    unit = Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    programme = Column(verbose_name=_("Programme"), accessor="programme__short_name", order_by="programme__short_name")
    period = Column(verbose_name=_("Period"), accessor="period__label", order_by=("month", "kind"))
    state = StatusColumn(verbose_name=_("State"), tones=REPORT_TONES)
    issued_on = DateColumn(verbose_name=_("Issued on"))
    changed = NumberColumn(verbose_name=_("Changed figures"))

    class Meta:
        model = IssuedReport
        fields = ("subject", "number", "unit", "programme", "period", "state", "issued_on", "changed")

    def order_number(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}issued_on", f"{sign}number"), True

    def render_changed(self, value: int, record: IssuedReport) -> str:
        return status_badge("warn", format_number(value)) if value and record.is_issued else NOTHING


class TemplateTable(Table):
    unit = Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    number = NumberColumn(verbose_name=_("Version"))
    file_name = Column(verbose_name=_("File"), orderable=False)
    note = Column(verbose_name=_("What is new"), orderable=False)
    created_at = MomentColumn(verbose_name=_("Sent at"))
    created_by = Column(verbose_name=_("Sent by"), orderable=False)
    retired = Column(verbose_name=_("State"), orderable=False)
    steps = Column(verbose_name=_("Steps"), orderable=False, empty_values=(), exclude_from_export=True)

    class Meta:
        model = ReportTemplate
        fields = ("unit", "number", "file_name", "note", "created_at", "created_by", "retired", "steps")

    def __init__(self, *args: Any, kept: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def render_file_name(self, value: str, record: ReportTemplate) -> str:
        return format_html('<a href="{}" download>{}</a>', reverse("issuing:template-file", args=[record.pk]), value)

    def value_file_name(self, value: str) -> str:
        return value

    def render_retired(self, value: bool) -> str:
        return status_badge("plain", _("no longer used")) if value else status_badge("good", _("in use"))

    def value_retired(self, value: bool) -> str:
        return str(_("no longer used") if value else _("in use"))

    def render_steps(self, record: ReportTemplate) -> str:
        trial = format_html('<a href="{}">{}</a>', reverse("issuing:template-trial", args=[record.pk]), _("Try it"))
        if record.retired or record.unit_id not in self.kept:
            return trial
        retire = reverse("issuing:template-retire", args=[record.pk])
        return format_html('{} · <a href="{}">{}</a>', trial, retire, _("Put out of use"))
