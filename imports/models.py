"""The ledger of imports: who brought which file, what each of its rows would change or changed, and what is wrong."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imports.choices import AT_WORK, ImportState, RowState
from imports.registry import importers
from jobs.models import Job
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def random_name() -> str:
    """What a person calls a file never becomes a path."""
    return f"{secrets.token_hex(16)}.xlsx"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own imports, and for who may read the audit trail those into the units concerned.

        Files that name private persons are seen by their sender alone, and only while the right lasts.
        """
        if not user.is_authenticated:
            return self.none()
        personal = [one for one in importers() if one.personal]
        usual = Q(asked_by=user.pk) | Q(scope__in=units_with(user, Right.AUDIT).values("pk"))
        seen = usual & ~Q(kind__in=[one.kind for one in personal])
        for one in personal:
            seen |= Q(kind=one.kind, asked_by=user.pk, scope__in=units_with(user, one.right).values("pk"))
        return self.filter(seen)


class Import(models.Model):
    """One file on its way into the portal. `scope`: rows may concern this unit and what is below it, nothing else.

    `digest` is the sign of the changes that the preview showed: only exactly these are written on confirmation.
    """

    kind = models.CharField(_("what is imported"), max_length=30, editable=False)
    scope = models.ForeignKey(Unit, verbose_name=_("for unit"), on_delete=models.PROTECT, related_name="imports")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="imports"
    )
    file = models.FileField(_("file"), upload_to="imports/")
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    marked = models.FileField(upload_to="imports/", blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ImportState.choices, default=ImportState.CHECKING)
    options = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    questions = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    skipped_sheets = models.JSONField(default=list, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changes"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    warnings = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    message = models.TextField(_("message"), blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_by", "-id"], name="imports_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "undone"]) | Q(confirmed_at__isnull=False),
                name="import_confirmed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | Q(undone_at__isnull=False), name="import_undone_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def writes(self) -> int:
        """How many rows write something."""
        return self.new + self.changed


class ImportRow(models.Model):
    """One row of the file: what it changes (old → new, as people read it), or what is wrong with it.

    `undo` is what its importer needs to take the row back; it is filled when the row is written.
    """

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField()  # the order of the file, across sheets
    sheet = models.CharField(_("sheet"), max_length=100)
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=7, choices=RowState.choices)
    label = models.CharField(_("what it concerns"), max_length=300)
    fields: Any = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    undo = models.JSONField(default=dict)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["upload", "place"], name="import_row_once")]
        indexes = [models.Index(fields=["upload", "state", "place"], name="import_rows_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


class Turn(models.Model):
    """Imports of one kind into one province are written one after the other: the row is locked while one is written.

    Without it two tabs with the same new rows would each see that the rows are new.
    """

    mark = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.mark
