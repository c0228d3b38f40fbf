"""The list of saved views."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import A

from core.tables import Column, DateColumn, Table
from reports.models import SavedView


class SavedViewTable(Table):
    name = Column(linkify=("reports:saved-view", {"pk": A("pk")}))
    sharing = Column()
    unit = Column(accessor="unit__name", verbose_name=gettext_lazy("Unit"), order_by="unit__sort_key")
    owner = Column(accessor="owner__full_name", order_by="owner__sort_key")
    saved_at = DateColumn()
    keep = Column(empty_values=(), orderable=False, verbose_name="")

    class Meta:
        model = SavedView
        fields = ("name", "sharing", "unit", "owner", "saved_at", "keep")

    def render_keep(self, record: Any) -> str:
        """What the person may do with it: the own ones can be renamed and removed."""
        if not record.is_own:
            return ""
        links = [("reports:change-view", _("Rename or share")), ("reports:drop-view", _("Remove"))]
        parts = [format_html('<a href="{}">{}</a>', reverse(name, args=[record.pk]), words) for name, words in links]
        return format_html("{} · {}", *parts)
