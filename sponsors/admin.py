"""Sponsors in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from sponsors import actions
from sponsors.models import Sponsor
from units.adminbase import ScopedAdmin, person_of
from units.adminsite import site
from units.choices import Right


@admin.register(Sponsor, site=site)
class SponsorAdmin(ScopedAdmin):
    right = Right.MANAGE_SPONSORS
    unit_path = "kept_by"
    list_display = ("name", "kind", "contact_name", "phone", "kept_by")
    list_filter = ("kind", "sample")
    list_select_related = ("kept_by",)
    search_fields = ("search",)
    ordering = ("sort_key",)
    autocomplete_fields = ("kept_by",)
    exclude = ("sample",)

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Sponsor:
        return actions.add_sponsor(by=person_of(request), **values)

    def perform_change(self, request: HttpRequest, record: Sponsor, values: dict[str, Any]) -> None:
        actions.edit_sponsor(sponsor=record, by=person_of(request), **values)
