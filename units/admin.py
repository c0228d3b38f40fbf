"""Units, people and their roles in the administration. Every save goes through the same actions as the daily pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import edit_account
from accounts.browsers import browser_name
from accounts.models import AuditEntry, FailedSignIn, User
from accounts.pauses import is_paused
from core.remarks import in_words
from core.verdicts import Denied, Verdict, require
from units import actions
from units.adminbase import ITSELF, ScopedAdmin, ScopedInline, held_rights, person_of, under
from units.adminsite import site
from units.choices import Right
from units.models import Contact, Grant, Unit, UnitName
from units.permissions import may_anywhere, may_keep_account, users_visible_to
from units.queries import path_names, with_places


class ActiveFilter(admin.SimpleListFilter):
    """Units that exist today, or those that have been closed."""

    title = _("Life")
    parameter_name = "doi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", _("Closed")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The list begins with the units of today; «all» is asked for."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Active today")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ended = Q(valid_to__isnull=False, valid_to__lt=timezone.localdate())
        if self.value() == "all" or (self.value() is None and request.GET.get("q")):
            return queryset  # a search also finds old names
        return queryset.filter(ended) if self.value() == "closed" else queryset.exclude(ended)


class FormerNames(ScopedInline):
    """Written by renaming, only shown here."""

    model = UnitName
    fields = readonly_fields = ("name", "valid_from", "valid_to", "legal_basis")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Contacts(ScopedInline):
    model = Contact
    fields = ("full_name", "position", "phone", "email", "order")
    can_delete = True


@admin.register(Unit, site=site)
class UnitAdmin(ScopedAdmin):
    """Profile, flags, letter head and contacts. Names, parents and lives change by their verbs on the unit's page."""

    right = Right.MANAGE_UNITS
    unit_path = ITSELF
    may_add = False
    change_form_template = "admin/unit_change_form.html"
    list_display = ("name", "kind", "code", "place", "valid_from", "valid_to")
    list_filter = (ActiveFilter, "kind", under(ITSELF), "upland", "ethnic_minority", "remote")
    search_fields = ("search",)
    ordering = ("path",)
    inlines = (Contacts, FormerNames)
    readonly_fields = ("kind", "designation", "name", "short_name", "path_in_words", "valid_from", "valid_to")
    fieldsets = (
        (None, {"fields": ("name", "short_name", ("kind", "designation"), "path_in_words", "code")}),
        (_("Life"), {"fields": (("valid_from", "valid_to"), "legal_basis")}),
        (_("Priority"), {"fields": (("upland", "ethnic_minority", "remote"),)}),
        (_("Where to reach it"), {"fields": ("address", ("phone", "email"), ("lat", "lon"), "area_km2")}),
        (_("Head of letters"), {"fields": ("parent_body", "issuing_body", "document_mark")}),
        (_("Note"), {"fields": ("note",)}),
    )

    def scope(self, user: Any) -> QuerySet[Unit]:
        return with_places(Unit.objects.visible_to(user))

    @admin.display(description=_("Belongs to"))
    def path_in_words(self, unit: Any) -> str:
        return path_names([unit], " › ")[unit.pk] or "–"

    @admin.display(description=_("Belongs to"))
    def place(self, unit: Any) -> str:
        return " › ".join(filter(None, (unit.above, unit.higher))) or "–"

    def perform_change(self, request: HttpRequest, record: Unit, values: dict[str, Any]) -> None:
        actions.edit_unit(unit=record, by=person_of(request), **values)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The contacts as one list, in the order of their numbers."""
        formset.save(commit=False)
        if formset.model is not Contact or not formset.has_changed():
            return
        rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        lines = [
            actions.ContactLine(row["full_name"], row["position"], row["phone"], row["email"])
            for row in sorted(rows, key=lambda row: row["order"])
        ]
        actions.set_contacts(unit=form.instance, contacts=lines, by=person_of(request))


@admin.register(User, site=site)
class UserAdmin(ScopedAdmin):
    """People of the subtree. New ones are invited on the page of their unit, which shows the one-time link."""

    right = Right.MANAGE_USERS
    may_add = False
    list_display = ("full_name", "username", "email", "position", "phone", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("search",)
    ordering = ("sort_key", "pk")
    date_hierarchy = "date_joined"
    fields = ("full_name", "username", "email", "position", "phone", "is_active", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")

    def scope(self, user: Any) -> QuerySet[User]:
        return users_visible_to(user)

    def verdict(self, user: Any, record: Any = None) -> Verdict:
        return super().verdict(user) if record is None else may_keep_account(user, record)

    def perform_change(self, request: HttpRequest, record: User, values: dict[str, Any]) -> None:
        by = person_of(request)
        require(self.verdict(by, record))
        if "is_active" in values:
            actions.set_account_active(user=record, active=values.pop("is_active"), by=by, reason="")
        edit_account(user=record, values=values, by=by)

    def _unit_id(self, record: Any) -> None:
        return None


@admin.register(FailedSignIn, site=site)
class FailedSignInAdmin(ScopedAdmin):
    """Who is paused after too many wrong passwords, and the end of the pause ahead of its time."""

    right = Right.MANAGE_USERS
    unit_path = None
    may_add = may_change = False
    actions = ("lift_pause",)
    list_display = ("username", "ip_address", "browser", "failures_since_start", "attempt_time", "paused")
    search_fields = ("username",)
    ordering = ("-attempt_time", "pk")
    fields = ("username", "ip_address", "user_agent", "failures_since_start", "attempt_time", "paused")

    def scope(self, user: Any) -> QuerySet[FailedSignIn]:
        return FailedSignIn.objects.filter(username__in=users_visible_to(user).values("username"))  # type: ignore[no-any-return]  # axes ships no types

    @admin.display(description=_("Device"))
    def browser(self, failed: FailedSignIn) -> str:
        return browser_name(failed.user_agent)

    @admin.display(description=_("Sign-in is paused"), boolean=True)
    def paused(self, failed: FailedSignIn) -> bool:
        return is_paused(failed, timezone.now())

    def get_action_choices(self, request: HttpRequest, default_choices: Any = ()) -> list[tuple[str, str]]:
        return super().get_action_choices(request, [("", str(_("Choose…")))])

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return self.right in held_rights(request)

    @admin.action(description=_("Lift the pause"), permissions=["lift"])
    def lift_pause(self, request: HttpRequest, queryset: QuerySet[FailedSignIn]) -> None:
        names = set(queryset.values_list("username", flat=True))
        for person in users_visible_to(request.user).filter(username__in=names).order_by("sort_key", "pk"):
            try:
                actions.lift_pause(user=person, by=person_of(request))
            except Denied as refusal:
                self.message_user(request, f"{person}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("%(person)s may sign in again.") % {"person": person}, messages.SUCCESS)


@admin.register(Grant, site=site)
class GrantAdmin(ScopedAdmin):
    """Roles given and ended; who, what and where of a grant never change."""

    right = Right.MANAGE_USERS
    list_display = ("user", "role", "unit", "valid_from", "valid_to", "granted_by")
    list_filter = ("role", under("unit"))
    list_select_related = ("user", "unit", "granted_by")
    search_fields = ("user__search", "unit__search")
    ordering = ("-valid_from", "-pk")
    date_hierarchy = "valid_from"
    autocomplete_fields = ("user", "unit")

    def scope(self, user: Any) -> QuerySet[Grant]:
        return Grant.objects.filter(unit__in=Unit.objects.visible_to(user))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "role", "unit", "valid_from", "noted") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "role", "unit", "valid_from", "valid_to", "noted" if obj else "note")

    @admin.display(description=_("note"))
    def noted(self, grant: Grant) -> str:
        return in_words(grant.note)

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Grant:
        return actions.grant_role(by=person_of(request), **values)

    def perform_change(self, request: HttpRequest, record: Grant, values: dict[str, Any]) -> None:
        actions.end_grant(grant=record, by=person_of(request), on=values["valid_to"])


@admin.register(AuditEntry, site=site)
class AuditAdmin(ScopedAdmin):
    """Who did what, when and why; rows cannot be changed by anybody."""

    right = Right.AUDIT
    may_add = False
    may_change = False
    list_display = ("at", "actor", "action", "object_label", "reason", "denied")
    list_filter = ("denied",)
    list_select_related = ("actor",)
    search_fields = ("actor__search",)
    ordering = ("-id",)
    date_hierarchy = "at"
    fields = ("at", "actor", "action", "object_type", "object_label", "reason", "before", "after", "denied")

    def scope(self, user: Any) -> QuerySet[AuditEntry]:
        """What concerns visible units; what concerns no unit is for those who look after the whole country."""
        seen = Q(unit_id__in=Unit.objects.visible_to(user).values("pk"))
        return AuditEntry.objects.filter(seen | Q(unit_id=None) if may_anywhere(user, Right.REORGANISE) else seen)

    def _unit_id(self, record: Any) -> int | None:
        return record.unit_id  # type: ignore[no-any-return]
