"""What is done to saved views: saved, changed, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from reports.models import SavedView
from reports.permissions import may_drop, may_keep, may_save
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

MOST_VIEWS = 100  # of one person


@transaction.atomic
def save_view(*, by: User, unit: Unit, name: str, query: str, sharing: str) -> SavedView:
    """Saves the address of a cross table under a name. Raises Denied, and ValidationError by field."""
    require(may_save(by, unit, sharing))
    if SavedView.objects.filter(owner=by).count() >= MOST_VIEWS:
        raise ValidationError(
            _("You have saved %(count)s views, which is the limit. Remove one that you no longer use.")
            % {"count": MOST_VIEWS}
        )
    view = SavedView(owner=by, unit=unit, name=name, query=query, sharing=sharing)
    _check(view)
    view.save()
    after = {"name": name, "query": query, "sharing": sharing}
    audit.record(by=by, action="reports.save_view", obj=view, unit_id=unit.pk, after=after)
    return view


@transaction.atomic
def change_view(*, view: SavedView, by: User, unit: Unit, name: str, sharing: str) -> SavedView:
    """Another name, or shared with others. What the view shows is changed by saving another one."""
    require(may_keep(by, view))
    require(may_save(by, unit, sharing))
    before, after = audit.changes(view, {"unit": unit, "name": name, "sharing": sharing})
    if not after:
        return view
    for field, value in after.items():
        setattr(view, field, value)
    _check(view)
    view.save(update_fields=[*after, "saved_at"])
    audit.record(by=by, action="reports.change_view", obj=view, unit_id=unit.pk, before=before, after=after)
    return view


@transaction.atomic
def drop_view(*, view: SavedView, by: User, reason: str = "") -> None:
    """Removes the view, for everybody with whom it was shared. The figures that it shows are not touched."""
    require(may_drop(by, view))
    before = {"name": view.name, "query": view.query, "sharing": view.sharing, "owner": view.owner_id}
    audit.record(by=by, action="reports.drop_view", obj=view, unit_id=view.unit_id, reason=reason, before=before)
    view.delete()


def _check(view: SavedView) -> None:
    if SavedView.objects.filter(owner=view.owner, name=view.name).exclude(pk=view.pk).exists():
        raise ValidationError({"name": _("You already have a saved view of this name. Choose another name.")})
    view.full_clean(validate_unique=False, validate_constraints=False)
