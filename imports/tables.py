"""The list of imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from core.tables import Column, MomentColumn, NumberColumn, StatusColumn, Table
from imports.choices import ImportState
from imports.models import Import
from imports.registry import importer

STATE_TONES: dict[str, str] = {
    ImportState.CHECKING: "info",
    ImportState.PREVIEW: "warn",
    ImportState.REFUSED: "bad",
    ImportState.APPLYING: "info",
    ImportState.CONFIRMED: "good",
    ImportState.UNDOING: "info",
    ImportState.UNDONE: "plain",
}


class ImportTable(Table):
    file_name = Column(verbose_name=_("File"), linkify=("imports:detail", {"pk": A("pk")}))
    kind = Column(verbose_name=_("What is imported"))
    scope = Column(verbose_name=_("For unit"), accessor="scope__name", order_by="scope__sort_key")
    asked_by = Column(verbose_name=_("Person"), accessor="asked_by__full_name", order_by="asked_by__sort_key")
    created_at = MomentColumn(verbose_name=_("Sent at"))
    state = StatusColumn(verbose_name=_("State"), tones=STATE_TONES)
    new = NumberColumn(verbose_name=_("New"))
    changed = NumberColumn(verbose_name=_("Changes"))
    errors = NumberColumn(verbose_name=_("Errors"))

    class Meta:
        model = Import
        fields = ("file_name", "kind", "scope", "asked_by", "created_at", "state", "new", "changed", "errors")

    def render_kind(self, value: str) -> str:
        found = importer(value)
        return str(found.title) if found else value

    def value_kind(self, value: str) -> str:
        return self.render_kind(value)
