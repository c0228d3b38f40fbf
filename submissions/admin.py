"""Reports, forms, periods and permits in the administration: to look at, with their history. The pages keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from submissions.models import Cell, Form, Permit, ReportingPeriod, Submission
from units.adminbase import ScopedAdmin, ScopedInline, under
from units.adminsite import site
from units.choices import Right


class CellInline(ScopedInline):
    """The numbers of a report; verbs write them."""

    model = Cell
    unit_path = "submission__unit"
    open_choices = frozenset({"measure"})
    fields = ("measure", "value", "note", "edited_by", "edited_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Submission, site=site)
class SubmissionAdmin(ScopedAdmin):
    right = Right.ENTER
    view_right = Right.VIEW
    may_add = may_change = False
    list_display = ("unit", "period", "state", "sent_by", "sent_at", "decided_by", "decided_at")
    list_filter = ("state", under("unit"), "sample")
    list_select_related = ("unit", "period__form", "sent_by", "decided_by")
    search_fields = ("unit__search",)
    ordering = ("-period__month", "unit__sort_key", "pk")
    inlines = (CellInline,)


@admin.register(Form, site=site)
class FormAdmin(ScopedAdmin):
    right = Right.KEEP_FORMS
    view_right = Right.VIEW
    unit_path = "programme__owner"
    may_add = may_change = False
    list_display = ("name", "code", "programme", "frequency", "calendar", "active")
    list_filter = ("frequency", "active")
    list_select_related = ("programme",)
    search_fields = ("search",)


@admin.register(ReportingPeriod, site=site)
class ReportingPeriodAdmin(ScopedAdmin):
    right = Right.KEEP_FORMS
    view_right = Right.VIEW
    unit_path = "form__programme__owner"
    open_choices = frozenset({"version"})
    may_add = may_change = False
    list_display = ("__str__", "starts_on", "ends_on", "locks_on", "version")
    list_select_related = ("form", "version__form")
    search_fields = ("form__search",)


@admin.register(Permit, site=site)
class PermitAdmin(ScopedAdmin):
    right = Right.ACCEPT
    view_right = Right.VIEW
    may_add = may_change = False
    list_display = ("unit", "period", "until", "reason", "given_by", "given_at", "withdrawn_at")
    list_filter = (under("unit"),)
    list_select_related = ("unit", "period__form", "given_by")
    search_fields = ("unit__search",)
