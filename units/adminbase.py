"""Base of every model in the administration: what a person may not see does not exist there either.

Declare `right` (who may add and change) and `unit_path` (how a record leads to its unit). Lists, searches, choices,
autocompletion and saves are then limited to what the person may see and keep; every save leaves an audit row.
Where a verb exists in an `actions` module, override `perform_add` and `perform_change` and call it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget, AutocompleteSelect
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, models
from django.db.models import Model, Q, QuerySet
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry, User
from core import forms as portal_forms
from core.keys import key_of
from core.stale import SEEN, SeenField, StaleGuard
from core.text import fold
from core.verdicts import Verdict, require
from units.choices import Right, UnitKind
from units.models import Lineage, Unit
from units.permissions import may, may_anywhere, rights_anywhere, units_with, users_visible_to

ITSELF = ""  # unit_path of the unit admin
REFUSAL, HELD = "_refused_by_action", "_rights_held"
MOST_AUDIT_ROWS = 200


class ScopedForm(StaleGuard, forms.ModelForm):  # type: ignore[type-arg]  # one base for all models
    """Form of the administration: a stale save shows both values, and what an action refused stands at its field."""

    refusal: ClassVar[ValidationError | None] = None
    seen = SeenField()  # declared, so that Django lays it out; StaleGuard fills it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            portal_forms.name_empty_choice(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.refusal is not None:
            named: Any = getattr(self.refusal, "error_dict", None) or {None: self.refusal.error_list}
            for name, errors in named.items():
                self.add_error(name if name in self.fields else None, errors)
        return cleaned


class KeySelect(AutocompleteSelect):
    """Draws the form again although what was sent is no key: Django asks the database for it as it came."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if not key or key_of(str(key))], attrs)


class ScopedChoices(admin.options.BaseModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What a form of the administration offers and accepts, and how it reads numbers and dates."""

    right: ClassVar[Right]
    unit_path: ClassVar[str | None] = "unit"
    open_choices: ClassVar[frozenset[str]] = frozenset()
    formfield_overrides: ClassVar[Any] = {
        models.CharField: {"form_class": portal_forms.LineField, "widget": AdminTextInputWidget},
        models.TextField: {"form_class": portal_forms.NotesField, "widget": AdminTextareaWidget},
        models.DateField: {"form_class": portal_forms.DateField, "widget": AdminDateWidget},
        models.DecimalField: {"form_class": portal_forms.DecimalField},
        models.FloatField: {"form_class": portal_forms.DecimalField, "decimals": 6},
        models.IntegerField: {"form_class": portal_forms.IntegerField},
        models.BigIntegerField: {"form_class": portal_forms.IntegerField},
        models.PositiveIntegerField: {"form_class": portal_forms.IntegerField},
        models.PositiveSmallIntegerField: {"form_class": portal_forms.IntegerField},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.choices_for(db_field, request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.choices_for(db_field, request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choices_for(self, db_field: Any, user: Any) -> QuerySet[Any]:
        """What a foreign key offers and accepts: the unit of the record where the right is held, else what is seen."""
        target: Any = db_field.related_model
        if target is Unit and db_field.name == self.unit_path:
            return units_with(user, self.right)
        if target is User:
            return users_visible_to(user)
        manager: Any = target._default_manager
        if not hasattr(manager, "visible_to") and db_field.name not in self.open_choices:
            raise ImproperlyConfigured(f"{self}.{db_field.name}: add visible_to, or name it in open_choices.")
        found: QuerySet[Any] = manager.all() if db_field.name in self.open_choices else manager.visible_to(user)
        return found


class ScopedInline(ScopedChoices, admin.TabularInline):  # type: ignore[type-arg]
    """Rows that belong to a record: who may keep the record may keep them; nothing is removed unless told."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_delete and self._parent().has_change_permission(request, obj)

    def _parent(self) -> admin.ModelAdmin:  # type: ignore[type-arg]
        return self.admin_site.get_model_admin(self.parent_model)


class ScopedAdmin(ScopedChoices, admin.ModelAdmin):  # type: ignore[type-arg]
    """A model in the administration, limited to the subtree of the person.

    `right`: needed to add and change, on the unit of the record. `view_right`: to look (the same unless told).
    `unit_path`: the way to the unit ("unit", "gift__sponsor__kept_by"); ITSELF for units; None for what belongs to no
    unit (catalogues), where the right anywhere is enough. `search_fields`: folded columns, searched without tones.
    `open_choices`: foreign keys whose targets everybody may choose (catalogues); all others need `visible_to`.
    """

    form = ScopedForm
    view_right: ClassVar[Right | None] = None
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    actions: Any = None
    list_per_page = 50
    object_history_template = "admin/record_history.html"

    # --- what exists for this person ---

    def scope(self, user: Any) -> QuerySet[Any]:
        """The records the person may see; catalogues show all to whoever enters."""
        manager: Any = self.model._default_manager
        found: QuerySet[Any] = manager.all() if self.unit_path is None else manager.visible_to(user)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        ordering = self.get_ordering(request)
        return self.scope(request.user).order_by(*ordering) if ordering else self.scope(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; locked while a save is under way, so that the values compared stay the stored ones."""
        record = super().get_object(request, object_id, from_field)
        if record is not None and request.method == "POST" and connection.in_atomic_block:
            return self.model._default_manager.select_for_update().get(pk=record.pk)
        return record

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        columns = self.get_search_fields(request)
        for word in fold(search_term).split() if columns else ():
            queryset = queryset.filter(reduce(or_, (Q(**{f"{column}__contains": word}) for column in columns)))
        return queryset, False

    # --- what the person may do ---

    def unit_of(self, record: Any) -> Unit:
        found: Unit = reduce(getattr, filter(None, (self.unit_path or "").split("__")), record)
        return found

    def verdict(self, user: Any, record: Any = None) -> Verdict:
        """Whether the person may keep this record (without one: any)."""
        if record is None or self.unit_path is None:
            return may_anywhere(user, self.right)
        return may(user, self.right, self.unit_of(record))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (self.view_right or self.right) in held_rights(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self.right in held_rights(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.may_change or self.right not in held_rights(request):
            return False
        return obj is None or bool(self.verdict(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # nothing is deleted: records are closed, ended or withdrawn by their verbs

    # --- saving ---

    def perform_add(self, request: HttpRequest, values: dict[str, Any], record: Any) -> Any:
        """Stores a new record and returns it. `record` holds the values and is not saved yet."""
        require(self.verdict(request.user, record))
        record.save()
        told = {"obj": record, "unit_id": self._unit_id(record), "after": values}
        audit.record(by=person_of(request), action=_verb("add", record), **told)
        return record

    def perform_change(self, request: HttpRequest, record: Any, values: dict[str, Any]) -> None:
        """Writes the changed values on the record, which is as stored and locked."""
        require(self.verdict(request.user, record))
        before, after = audit.changes(record, values)
        for name, value in after.items():
            setattr(record, name, value)
        require(self.verdict(request.user, record))  # also where the change moves it to
        record.save()
        told = {"obj": record, "unit_id": self._unit_id(record), "before": before, "after": after}
        audit.record(by=person_of(request), action=_verb("change", record), **told)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            stored = self.model._default_manager.select_for_update().get(pk=obj.pk)
            if values := _columns(form.changed_values()):
                self.perform_change(request, stored, values)
        else:
            stored = self.perform_add(request, _columns(form.cleaned_data), obj)
        obj.pk, obj._state.adding, obj._state.db = stored.pk, False, connection.alias
        obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows of inlines, each with its audit row; override where an action keeps them."""
        formset.save()
        told: dict[str, Any] = {"by": request.user, "unit_id": self._unit_id(form.instance)}
        for row in formset.new_objects:
            audit.record(action=_verb("add", row), obj=row, after=model_to_dict(row), **told)
        for row, names in formset.changed_objects:
            audit.record(action=_verb("change", row), obj=row, after=model_to_dict(row, fields=names), **told)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """As Django's; what an action refuses is rolled back and shown at its field instead of failing."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            setattr(request, REFUSAL, refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"refusal": getattr(request, REFUSAL, None)})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The declared ones, and in the last of them the hidden mark of what the page showed."""
        fieldsets = [(name, dict(options)) for name, options in super().get_fieldsets(request, obj)]
        last: dict[str, Any] = fieldsets[-1][1]
        last["fields"] = [*(name for name in last["fields"] if name != SEEN), SEEN]
        return fieldsets

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's list of saves, and under it the audit trail with values before and after."""
        rows: Iterable[AuditEntry] = ()
        if Right.AUDIT in held_rights(request):
            of_record = {"object_type": self.model._meta.label_lower, "object_id": object_id}
            rows = AuditEntry.objects.select_related("actor").filter(**of_record)[:MOST_AUDIT_ROWS]
        # as pairs: in a template «values.items» of a dict that has a key «items» is that value
        told = [(row, row.before.items(), row.after.items()) for row in rows]
        return super().history_view(request, object_id, {"audit_rows": told, **(extra_context or {})})

    def _unit_id(self, record: Model) -> int | None:
        return None if self.unit_path is None else self.unit_of(record).pk


class SubtreeFilter(admin.SimpleListFilter):
    """The records of one province, its predecessors included. Made for a model by `under("unit")`."""

    title = _("Province")
    parameter_name = "tinh"
    unit_path: ClassVar[str] = ITSELF

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = Unit.objects.visible_to(request.user).active(timezone.localdate()).filter(kind=UnitKind.PROVINCE)
        return [(str(pk), name) for pk, name in seen.in_order().values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {key for key, _label in self.lookup_choices}:
            return queryset
        inside = Lineage.objects.filter(ancestor_id=int(self.value() or 0)).values("unit")
        return queryset.filter(**{f"{self.unit_path or 'pk'}__in": inside})


def under(unit_path: str) -> type[SubtreeFilter]:
    """For `list_filter`: the province filter of a model whose unit is reached by this path."""
    return type("SubtreeFilter", (SubtreeFilter,), {"unit_path": unit_path})


def held_rights(request: HttpRequest) -> frozenset[Right]:
    """Every right the person holds at some unit; asked once for a page, which asks for each model and each record."""
    held: frozenset[Right] | None = getattr(request, HELD, None)
    if held is None:
        held = rights_anywhere(request.user)
        setattr(request, HELD, held)
    return held


def person_of(request: HttpRequest) -> Any:
    """Who saves; the site lets nobody in who is not signed in."""
    return request.user


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Without the hidden mark and without many-to-many fields, which Django stores after the record."""
    return {name: value for name, value in values.items() if name != SEEN and not isinstance(value, QuerySet)}


def _verb(verb: str, record: Model) -> str:
    return f"{record._meta.app_label}.{verb}_{record._meta.model_name}"
