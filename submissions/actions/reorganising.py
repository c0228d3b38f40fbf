"""Drafts of a unit that ended pass to the unit that took over, and back when the reorganisation is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts import audit
from core.periods import last_day, month_of
from submissions.choices import SubmissionState
from submissions.models import Submission
from units.choices import Share
from units.models import Reorganisation, Unit

if TYPE_CHECKING:
    from accounts.models import User

UNDECIDED = [state for state in SubmissionState if state != SubmissionState.ACCEPTED]


@transaction.atomic
def pass_drafts(*, reorganisation: Reorganisation, by: User | None, undone: bool = False) -> list[Submission]:
    """Hand undecided reports for months after the end of a unit to its successor; returns those that moved.

    They become drafts, to be looked through: they hold the figures of one part of the new unit. Where the successor
    already has a report for the month, the draft stays with the ended unit and is listed there for a decision.
    Undone, those that are still open go back.
    """
    if undone:
        return _pass_back(reorganisation, by)
    moved: list[Submission] = []
    links = reorganisation.links.exclude(share=Share.PART).select_related("predecessor", "successor")
    for link in links.order_by("predecessor_id", "successor_id"):
        for draft in _late_drafts(link.predecessor):
            if not Submission.objects.filter(unit=link.successor, period=draft.period).exists():
                moved.append(_move(draft, link.successor, by))
    return moved


def _late_drafts(unit: Unit) -> list[Submission]:
    """Undecided, never accepted, for a month whose last day the unit does not reach."""
    if unit.valid_to is None:
        return []
    found = Submission.objects.select_for_update(of=("self",)).filter(
        unit=unit, period__month__gte=month_of(unit.valid_to), state__in=UNDECIDED, correction_reason=""
    )
    drafts = found.select_related("period").order_by("period__month", "period_id")
    return [draft for draft in drafts if last_day(draft.period.month) > unit.valid_to]


def _pass_back(reorganisation: Reorganisation, by: User | None) -> list[Submission]:
    found = (
        Submission.objects.select_for_update(of=("self",))
        .open()
        .filter(
            moved_from__in=reorganisation.links.values("predecessor"),
            unit__in=reorganisation.links.values("successor"),
            correction_reason="",
        )
    )
    drafts = found.select_related("moved_from").order_by("unit_id", "period_id")
    return [_move(draft, draft.moved_from, by) for draft in drafts if draft.moved_from is not None]


def _move(draft: Submission, to: Unit, by: User | None) -> Submission:
    """Change the owner of a draft; where it came from is kept, unless it returns there."""
    origin, before = draft.unit_id, draft.state
    draft.moved_from_id = None if draft.moved_from_id == to.pk else origin
    draft.unit, draft.state = to, SubmissionState.DRAFT
    draft.version += 1
    draft.save(update_fields=["unit", "state", "moved_from", "version"])
    audit.record(
        by=by,
        action="submissions.pass_on",
        obj=draft,
        unit_id=to.pk,
        before={"unit": origin, "state": before},
        after={"unit": to.pk, "state": draft.state},
    )
    return draft
