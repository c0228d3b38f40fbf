"""The list of sponsors."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from core.phones import dialled
from core.tables import Column, Table
from sponsors.models import Sponsor


class SponsorTable(Table):
    name = Column(verbose_name=_("Sponsor"), order_by="sort_key", linkify=("sponsors:detail", {"pk": A("pk")}))
    kind = Column(verbose_name=_("Kind of sponsor"))
    contact_name = Column(verbose_name=_("Contact person"), orderable=False)
    phone = Column(verbose_name=_("Phone"), orderable=False)
    kept_by = Column(verbose_name=_("Kept by"), accessor="kept_by__name", order_by="kept_by__sort_key")

    class Meta:
        model = Sponsor
        fields = ("name", "kind", "contact_name", "phone", "kept_by")

    def render_phone(self, value: str) -> str:
        return format_html('<a href="tel:{}">{}</a>', dialled(value), value)

    def value_phone(self, value: str) -> str:
        return value
