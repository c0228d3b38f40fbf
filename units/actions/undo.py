"""Taking a reorganisation back while nothing has come after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry
from core.verdicts import require
from units.actions.succeeding import Undo
from units.choices import ReorganisationState, Right
from units.lineage import rebuild_lineage
from units.models import Grant, Reorganisation, Succession, Unit
from units.permissions import may, may_prepare
from units.signals import lineage_changed, reorganisation_applied

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def undo_reorganisation(*, reorganisation: Reorganisation, by: User, reason: str) -> Reorganisation:
    """Restore the state before, if nothing came after at the successors; a mere proposal is withdrawn."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    if row.state == ReorganisationState.UNDONE:
        raise ValidationError(_("This reorganisation has been undone already."))
    if row.state == ReorganisationState.APPLIED:
        _take_back(row, by)
    elif row.scope is not None:
        require(may_prepare(by, row.scope))
    before, row.state = row.state, ReorganisationState.UNDONE
    row.save(update_fields=["state"])
    audit.record(
        by=by,
        action="units.undo_reorganisation",
        obj=row,
        unit_id=row.scope_id,
        reason=reason,
        before={"state": before},
        after={"state": row.state},
    )
    return row


def _take_back(row: Reorganisation, by: User) -> None:
    if not row.undo_data or row.scope is None:
        raise ValidationError(_("This reorganisation comes from the official lists and cannot be undone."))
    require(may(by, Right.REORGANISE, row.scope))
    undo = Undo.from_json(row.undo_data)
    came_after = list(_came_after(row, undo))
    if came_after:
        raise ValidationError(came_after)
    _reopen_predecessors(undo)
    _restore_grants(row, undo)
    reorganisation_applied.send(sender=Reorganisation, reorganisation=row, undone=True, by=by)
    row.links.all().delete()
    changed = rebuild_lineage(undo.closed)
    lineage_changed.send(sender=Unit, unit_ids=set(undo.closed) - changed)  # open again, their lineage as it was
    _remove(undo.opened)


def _came_after(row: Reorganisation, undo: Undo) -> Iterator[str]:
    """Why there is no way back: later events, units and entries that rest on the successors."""
    heirs = {*undo.opened, *row.links.values_list("successor", flat=True)}
    later = Succession.objects.exclude(reorganisation=row).filter(
        Q(predecessor__in=heirs) | Q(successor__in=undo.opened) | Q(predecessor__in=undo.closed)
    )
    for title in later.values_list("reorganisation__title", flat=True).distinct():
        yield _("“%(title)s” came after.") % {"title": title}
    for unit in Unit.objects.filter(pk__in=undo.opened).order_by("path"):
        if added := Unit.objects.below(unit).exclude(pk__in=undo.opened).count():
            yield _("%(count)s units were opened below %(unit)s.") % {"count": added, "unit": unit.name}
    entries = AuditEntry.objects.filter(unit_id__in=undo.opened, pk__gt=row.undo_data["audit"]).count()
    if entries:
        yield _("%(count)s changes were made at the successors.") % {"count": entries}
    yield from _changed_grants(row, undo)


def _changed_grants(row: Reorganisation, undo: Undo) -> Iterator[str]:
    last_day = row.on - timedelta(days=1)
    now = dict(Grant.objects.filter(pk__in=[*undo.grants_ended, *undo.grants_created]).values_list("pk", "valid_to"))
    as_left = {**dict.fromkeys(undo.grants_ended, last_day), **_days(undo.grants_created)}
    if any(now.get(pk, "gone") != day for pk, day in as_left.items()):
        yield _("Roles that passed on were changed since.")


def _days(grants: dict[int, str | None]) -> dict[int, date | None]:
    return {pk: date.fromisoformat(day) if day else None for pk, day in grants.items()}


def _reopen_predecessors(undo: Undo) -> None:
    for unit in Unit.objects.filter(pk__in=undo.closed):
        unit.valid_to, unit.closing_basis = None, undo.closed[unit.pk][0]
        unit.save(update_fields=["valid_to", "closing_basis"])


def _restore_grants(row: Reorganisation, undo: Undo) -> None:
    Grant.objects.filter(pk__in=undo.grants_created).delete()
    for pk, until in _days(undo.grants_ended).items():
        Grant.objects.filter(pk=pk).update(valid_to=until)
    for pk, unit in undo.grants_moved.items():
        Grant.objects.filter(pk=pk).update(unit=unit)


def _remove(opened: list[int]) -> None:
    """The only place where units go: they never were. Records that rest on them refuse it."""
    try:
        with transaction.atomic():
            Unit.objects.filter(pk__in=opened).delete()
    except ProtectedError as error:
        kinds = {str(found._meta.verbose_name_plural) for found in error.protected_objects}
        raise ValidationError(
            _("Records rest on the successors: %(kinds)s.") % {"kinds": ", ".join(sorted(kinds))}
        ) from error
