"""Taking hold of the reports that a save concerns: begun where there is none yet, locked, and judged in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.dates import format_moment
from core.verdicts import require
from submissions.choices import SubmissionState
from submissions.models import Form, Permit, Submission
from submissions.permissions import may_type
from submissions.queries import Pair
from submissions.queries.periods import owed_pairs
from submissions.rules import lock_problem, place_problem
from units.choices import Right
from units.models import Lineage
from units.permissions import units_with

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Claim:
    """A report held until the end of the transaction. `refusal`: why nothing can be typed in it now, else empty."""

    submission: Submission
    refusal: str
    begun: bool


def claim(pairs: Collection[Pair], *, by: User, today: date) -> dict[Pair, Claim]:
    """The reports of these units and periods, always locked in the same order.

    Reports that do not exist are begun; `forget_empty` takes those back that received nothing. Raises Denied without
    the right to enter data at each unit, ValidationError where there is no such unit or period.
    """
    held = _held(pairs, by, today)
    begun = [pair for pair in sorted(pairs) if pair not in held]
    if begun:
        fresh = [Submission(unit_id=unit_id, period_id=period_id) for unit_id, period_id in begun]
        Submission.objects.bulk_create(fresh, ignore_conflicts=True)
        held = _held(pairs, by, today)
    if len(held) < len(pairs):
        raise ValidationError(_("There is no such reporting period."))
    for row in held.values():
        if not row.is_typist:
            require(may_type(by, row.unit))
    return {pair: Claim(row, _refusal(row, today), pair in begun) for pair, row in held.items()}


def forget_empty(claims: Collection[Claim]) -> None:
    """Take back reports that were begun for values that nobody had to store."""
    begun = [one.submission.pk for one in claims if one.begun]
    if begun:
        Submission.objects.filter(pk__in=begun, version=0).delete()


def _held(pairs: Collection[Pair], by: User, today: date) -> dict[Pair, Any]:
    """Locked, with the form, and with what decides whether this person may type there today."""
    wanted: Q = reduce(or_, (Q(unit=unit_id, period=period_id) for unit_id, period_id in pairs))
    bound = Lineage.objects.filter(unit=OuterRef("unit"), ancestor=OuterRef("period__form__programme__owner"))
    narrowed = Form.roots.through.objects.filter(form=OuterRef("period__form"))
    permits = Permit.objects.in_force(today).filter(period=OuterRef("period"), unit=OuterRef("unit"))
    rows = (
        Submission.objects.filter(wanted)
        .select_related("unit", "period__form__programme")
        .annotate(
            is_typist=Exists(units_with(by, Right.ENTER).filter(pk=OuterRef("unit"))),
            owes_plainly=Exists(bound) & ~Exists(narrowed),
            has_permit=Exists(permits),
        )
        .select_for_update(of=("self",))
        .order_by("unit_id", "period_id")
    )
    return {(row.unit_id, row.period_id): row for row in rows}


def _refusal(row: Any, today: date) -> str:
    unit, period = row.unit, row.period
    text = place_problem(unit, period, today=today) or lock_problem(period, permitted=row.has_permit, today=today)
    if text:
        return text
    if not _owes(row):
        return _("“%(unit)s” does not owe this report.") % {"unit": unit.name}
    return "" if row.is_open else closed_reason(row)


def _owes(row: Any) -> bool:
    """The usual case was answered with the row; forms for some units only, or of ended owners, are looked at again."""
    if row.owes_plainly:
        return row.unit.kind in row.period.form.kinds
    pair = (row.unit_id, row.period_id)
    return pair in owed_pairs([pair], {row.period_id: row.period})


def closed_reason(submission: Submission) -> str:
    """Why the cells of a submission cannot be changed now."""
    words = {
        "unit": submission.unit.name,
        "person": str(submission.sent_by or "–"),
        "time": format_moment(submission.sent_at),
    }
    if submission.state == SubmissionState.UNSIGNED:
        return _("The report of “%(unit)s” waits for the signature of its leader.") % words
    if submission.state == SubmissionState.SENT:
        return (
            _(
                "The report of “%(unit)s” was sent by %(person)s at %(time)s and waits for acceptance. "
                "It can be changed again once it is returned."
            )
            % words
        )
    return _("The report of “%(unit)s” is accepted. Reopen it for a correction to change it.") % words
