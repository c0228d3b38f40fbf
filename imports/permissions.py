"""Who may import what for which unit, and who may take an import back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdicts import Verdict, denied
from imports.models import Import
from imports.registry import Importer
from units.choices import UnitKind
from units.models import Unit
from units.permissions import granted_units, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def scopes(user: User | AnonymousUser, importer: Importer) -> QuerySet[Any]:
    """The units for which the person may import: where the person is at home with the right, and open today."""
    homes = granted_units(user, importer.right).exclude(kind=UnitKind.BRANCH)
    today = timezone.localdate()
    return Unit.objects.filter(pk__in=homes.values("pk")).active(today).order_by("depth", "sort_key", "pk")  # type: ignore[no-any-return]


def may_confirm(user: User | AnonymousUser, upload: Import, importer: Importer) -> Verdict:
    """Only who sent the file confirms it, with the right still held."""
    if upload.asked_by_id != user.pk:
        return denied(_("Only the person who sent the file can confirm it."))
    return may(user, importer.right, upload.scope)


def may_undo(user: User | AnonymousUser, upload: Import, importer: Importer) -> Verdict:
    """Whoever sees the import and holds the right for its unit."""
    return may(user, importer.right, upload.scope)
