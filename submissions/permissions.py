"""Who may type, send, decide and reopen the figures of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.verdicts import Verdict, allowed, denied
from submissions.choices import FOLLOWERS
from submissions.models import Form, Submission
from submissions.queries.review import own_entries
from units.choices import Right
from units.models import Unit
from units.permissions import may, may_anywhere, rights_anywhere, rights_at, units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


SENDERS = frozenset({Right.ENTER, Right.SIGN})  # who enters, and the leader of the unit who signs its reports
CORRECTORS = frozenset({Right.ENTER, Right.ACCEPT})  # the unit that finds its mistake, or the officer who accepted it

PERMITTERS = frozenset({Right.ACCEPT, Right.KEEP_FORMS})


def may_type(user: User | AnonymousUser, unit: Unit) -> Verdict:
    return may(user, Right.ENTER, unit)


def may_send(user: User | AnonymousUser, unit: Unit) -> Verdict:
    return allowed() if SENDERS & rights_at(user, unit) else may(user, Right.ENTER, unit)


def may_sign(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Sign a report, or give it back to who entered it, as the unit's leader."""
    return may(user, Right.SIGN, unit)


def may_decide(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Accept or return reports of this unit at all; see `own_entry` for a report at hand."""
    return may(user, Right.ACCEPT, unit)


def may_reopen(user: User | AnonymousUser, unit: Unit) -> Verdict:
    return allowed() if CORRECTORS & rights_at(user, unit) else may(user, Right.ENTER, unit)


def may_permit(user: User | AnonymousUser, unit: Unit, form: Form) -> Verdict:
    """Let a unit report on a form after the lock: who accepts the unit's reports, and who keeps the form."""
    verdict = may(user, Right.ACCEPT, unit)
    return allowed() if verdict or may_keep(user, form) else verdict


def may_permit_somewhere(user: User | AnonymousUser) -> Verdict:
    """Whether the pages about giving permits are open at all."""
    return allowed() if PERMITTERS & rights_anywhere(user) else may_anywhere(user, Right.ACCEPT)


def permitted_by(user: User | AnonymousUser) -> Q:
    """`may_permit` as a condition on late permits."""
    return Q(unit__in=units_with(user, Right.ACCEPT)) | Q(
        period__form__programme__owner__in=units_with(user, Right.KEEP_FORMS)
    )


def may_keep(user: User | AnonymousUser, form: Form) -> Verdict:
    """Edit a form, its calendar and its periods: who keeps forms at the unit whose programme it belongs to.

    So a province keeps the forms of its own programmes and reads those of the centre; decision 0013.
    """
    return may(user, Right.KEEP_FORMS, form.programme.owner)


def not_own_entry(user: User | AnonymousUser, submission: Submission) -> Verdict:
    """Nobody accepts figures that the same person typed or sent."""
    if own_entries(user, [submission]):
        return denied(
            _("You entered or sent the report of “%(unit)s” for %(period)s yourself: another person has to accept it.")
            % {"unit": submission.unit.name, "period": submission.period.label}
        )
    return allowed()


def may_follow(user: User | AnonymousUser, unit: Unit) -> Verdict:
    """Remind the units that lag, at this unit and below: the officer who accepts, and who keeps the catalogue."""
    return allowed() if FOLLOWERS & rights_at(user, unit) else may(user, Right.ACCEPT, unit)


def follows_at(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The units whose reports the person looks after."""
    return units_with(user, Right.ACCEPT) | units_with(user, Right.MANAGE_CATALOGUE)


def decides_at(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The units whose reports the person may accept or return."""
    return units_with(user, Right.ACCEPT)


def signs_at(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The units whose reports the person may sign."""
    return units_with(user, Right.SIGN)
