"""Reorganisations: proposed, previewed, applied in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.text import clean_line, clean_text
from core.verdicts import require
from units.actions.succeeding import Undo, carry_out
from units.choices import ReorganisationKind, ReorganisationState, Right
from units.lineage import rebuild_lineage
from units.models import Grant, Reorganisation, Unit
from units.permissions import may, may_prepare
from units.plan_rules import problems
from units.plans import Link, NewUnit, from_json, planned_change, scope_of, to_json
from units.reorganisation_checks import Decision, PlannedChange, SumCheck, findings
from units.signals import lineage_changed, reorganisation_applied

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Preview:
    """What applying would do. It may be applied when there are no `problems`; `decisions` are for people to read."""

    change: PlannedChange
    sums: tuple[SumCheck, ...]
    decisions: tuple[Decision, ...]
    problems: tuple[str, ...]

    @property
    def applicable(self) -> bool:
        return not self.problems


@transaction.atomic
def propose_reorganisation(
    *,
    kind: str,
    on: date,
    legal_basis: str,
    links: Sequence[Link],
    by: User,
    title: str = "",
    note: str = "",
) -> Reorganisation:
    """Keep a plan; nothing changes yet. `on` is the first day of the new order."""
    for unit in _concerned(links):
        require(may_prepare(by, unit))
    wrong: dict[str, list[str]] = {"links": problems(kind, on, links)}
    if not clean_line(legal_basis):
        wrong["legal_basis"] = [_("Name the decision on which this rests.")]
    if any(wrong.values()):
        raise ValidationError({field: texts for field, texts in wrong.items() if texts})
    row = Reorganisation.objects.create(
        kind=kind,
        on=on,
        legal_basis=clean_line(legal_basis),
        title=clean_line(title)[:200] or _title(kind, links),
        note=clean_text(note),
        scope=scope_of(links),
        plan=to_json(links),
        proposed_by=by,
    )
    audit.record(
        by=by,
        action="units.propose_reorganisation",
        obj=row,
        unit_id=row.scope_id,
        reason=row.legal_basis,
        after={"kind": kind, "on": on, **row.plan},
    )
    return row


def _concerned(links: Iterable[Link]) -> Iterable[Unit]:
    """The units on which the proposer must hold a right: all that close, grow, or get a unit below them."""
    for link in links:
        yield link.predecessor
        if isinstance(link.successor, NewUnit):
            yield link.successor.parent
        elif link.successor is not None:
            yield link.successor


def _title(kind: str, links: Sequence[Link]) -> str:
    names = dict.fromkeys(link.predecessor.name for link in links)
    return f"{ReorganisationKind(kind).label}: {', '.join(names)}"[:200]


def preview_reorganisation(*, reorganisation: Reorganisation, by: User, today: date | None = None) -> Preview:
    """What applying would do now: arrows (with units that follow), sums before and after, what is open."""
    links = from_json(reorganisation.plan)
    for unit in _concerned(links):
        require(may_prepare(by, unit))
    return _preview(reorganisation, links, today or timezone.localdate())


def _preview(row: Reorganisation, links: Sequence[Link], today: date) -> Preview:
    against = []
    if row.state != ReorganisationState.PROPOSED:
        against.append(_("This reorganisation is no longer a proposal."))
    if row.on > today:
        against.append(_("It can be applied from %(day)s on.") % {"day": format_date(row.on)})
    against += problems(row.kind, row.on, links)
    change = planned_change(links, row.on)
    said = findings(change)
    sums = (_units_counted(change), *said.sums)
    against += [_("“%(sum)s” would not stay the same.") % {"sum": line.title} for line in sums if not line.equal]
    return Preview(change, sums, (*_own_decisions(change), *said.decisions), tuple(against))


def _units_counted(change: PlannedChange) -> SumCheck:
    """Each unit that has a successor counts at exactly one of them."""
    followed = {link.predecessor.pk for link in change.links if link.successor_name}
    counted = sum(link.counts for link in change.links)
    return SumCheck(_("Units counted once"), before=Decimal(len(followed)), after=Decimal(counted))


def _own_decisions(change: PlannedChange) -> Iterable[Decision]:
    passing = {link.predecessor.pk for link in change.links if link.counts}
    grants = Grant.objects.in_force(change.on).filter(unit__in=[unit.pk for unit in change.predecessors])
    for unit in change.predecessors:
        number = sum(grant.unit_id == unit.pk for grant in grants)
        if number:
            text = _("pass to the successor") if unit.pk in passing else _("end with the unit")
            yield Decision(_("Roles at %(unit)s") % {"unit": unit.name}, text, count=number)
    carried = sum(link.carried for link in change.links)
    if carried:
        yield Decision(_("Units below"), _("get a new life below the successor"), count=carried)


@transaction.atomic
def apply_reorganisation(*, reorganisation: Reorganisation, by: User, today: date | None = None) -> Reorganisation:
    """Close predecessors on the day before, open successors, pass on grants and contacts, write links and lineage."""
    row = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    links = from_json(row.plan)
    for unit in _concerned(links):
        require(may(by, Right.REORGANISE, unit))
    preview = _preview(row, links, today or timezone.localdate())
    if preview.problems:
        raise ValidationError(list(preview.problems))
    undo = carry_out(row, links, by)
    row.state, row.applied_by, row.applied_at = ReorganisationState.APPLIED, by, timezone.now()
    row.save(update_fields=["state", "applied_by", "applied_at"])
    changed = rebuild_lineage({*undo.closed, *undo.opened})
    lineage_changed.send(sender=Unit, unit_ids=set(undo.closed) - changed)  # closed for good: no other lineage
    reorganisation_applied.send(sender=Reorganisation, reorganisation=row, undone=False, by=by)
    _record_application(row, undo, by)
    return row


def _record_application(row: Reorganisation, undo: Undo, by: User) -> None:
    """Last of all, so that whatever the trail holds after this entry came after the reorganisation."""
    entry = audit.record(
        by=by,
        action="units.apply_reorganisation",
        obj=row,
        unit_id=row.scope_id,
        reason=row.legal_basis,
        after={"closed": list(undo.closed), "opened": undo.opened, "on": row.on},
    )
    row.undo_data = {**undo.as_json(), "audit": entry.pk}
    row.save(update_fields=["undo_data"])
