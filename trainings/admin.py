"""Trainings in the administration: to look, search and correct by the same verb as on the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from trainings.actions import edit_training
from trainings.models import TrainingClass
from trainings.rules import details_of
from units.adminbase import ScopedAdmin, person_of, under
from units.adminsite import site
from units.choices import Right


@admin.register(TrainingClass, site=site)
class TrainingAdmin(ScopedAdmin):
    """Recording and cancelling belong to the pages: they ask for what the record needs."""

    right = Right.ENTER
    view_right = Right.VIEW
    unit_path = "organiser"
    may_add = False
    list_display = ("title", "kind", "topic", "organiser", "end", "state", "turns", "women")
    list_filter = ("kind", "topic", "state", under("organiser"), "sample")
    list_select_related = ("organiser",)
    search_fields = ("search", "organiser__search")
    date_hierarchy = "end"
    exclude = ("search", "sample")
    readonly_fields = ("state", "cancel_reason")

    def perform_change(self, request: HttpRequest, record: TrainingClass, values: dict[str, Any]) -> None:
        edit_training(
            training=record,
            details=replace(details_of(record), **values),
            by=person_of(request),
            today=timezone.localdate(),
        )
