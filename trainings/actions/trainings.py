"""Recording, editing and cancelling trainings. What was held flows into measures in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.periods import last_day, month_of
from core.remarks import remark
from core.verdicts import require
from programmes.actions import Entry, record_figures
from programmes.choices import Provenance
from programmes.entry_checks import lock_units
from programmes.registered import measure
from trainings.actions.keys import follow_class
from trainings.choices import Remark, TrainingState
from trainings.models import TrainingClass
from trainings.permissions import may_record, may_record_all
from trainings.queries import MEASURES, Place, counted_fields, sums_of
from trainings.rules import TrainingDetails, problems

if TYPE_CHECKING:
    from accounts.models import User

_BATCH = 200


@transaction.atomic
def record_training(*, details: TrainingDetails, by: User, today: date, sample: bool = False) -> TrainingClass:
    """Store a new training; a held one counts at once.

    Raises Denied without the right to enter data at the organiser, ValidationError (by field) for bad details.
    """
    reason = remark(Remark.RECORDED, details.title)
    return record_trainings(entries=[details], by=by, today=today, reason=reason, sample=sample)[0]


@transaction.atomic
def record_trainings(
    *, entries: Sequence[TrainingDetails], by: User, today: date, reason: str, sample: bool = False
) -> list[TrainingClass]:
    """Store many at once, all or none; their months are summed once. `reason` stands with the figures that move."""
    organisers = {details.organiser.pk: details.organiser for details in entries}
    require(may_record_all(by, organisers.values()))
    for details in entries:
        _require_sound(details, today)
    # before the records are written, in the order of the writer of figures: two people at one organiser are put in a
    # row, or the later sum would miss the earlier record
    lock_units(set(organisers))
    trainings = [TrainingClass(**details.as_values(), sample=sample) for details in entries]
    for training in trainings:
        training.fill_keys()
    TrainingClass.objects.bulk_create(trainings, batch_size=_BATCH)
    pairs = zip(trainings, entries, strict=True)
    effects = [audit.Effect(training, training.organiser_id, after=details.as_values()) for training, details in pairs]
    audit.record_many(by=by, action="trainings.record", effects=effects)
    refresh({place for training in trainings for place in places_of(training)}, by=by, reason=reason)
    return trainings


@transaction.atomic
def edit_training(*, training: TrainingClass, details: TrainingDetails, by: User, today: date) -> TrainingClass:
    """Change a training; months and organisers that lose or gain it are summed anew.

    Raises Denied without the right at both organisers, ValidationError (by field) for bad details or a cancelled one.
    """
    lock_units({training.organiser_id, details.organiser.pk})
    stored = fetch(training)
    require(may_record(by, stored.organiser))
    require(may_record(by, details.organiser))
    if stored.is_cancelled:
        raise ValidationError(_("This training was cancelled and can no longer be edited."))
    _require_sound(details, today)
    before, after = audit.changes(stored, details.as_values())
    if not after:
        return stored
    _require_not_counted(stored, after)
    places = places_of(stored)
    for name, value in after.items():
        setattr(stored, name, value)
    stored.save(update_fields=[*after, "search"])
    if "organiser" in before or "end" in before:
        follow_class(stored, year=before.get("end", stored.end).year, organiser=before.get("organiser"))
    audit.record(by=by, action="trainings.edit", obj=stored, unit_id=stored.organiser_id, before=before, after=after)
    refresh(places | places_of(stored), by=by, reason=remark(Remark.EDITED, stored.title))
    return stored


@transaction.atomic
def cancel_training(*, training: TrainingClass, reason: str, by: User) -> TrainingClass:
    """Cancel a planned training, or take back one that was recorded by mistake. A second time changes nothing."""
    lock_units({training.organiser_id})
    stored = fetch(training)
    require(may_record(by, stored.organiser))
    if stored.is_cancelled:
        return stored
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})
    places, state = places_of(stored), stored.state
    stored.state, stored.cancel_reason = TrainingState.CANCELLED, reason.strip()[:300]
    stored.save(update_fields=["state", "cancel_reason"])
    audit.record(
        by=by,
        action="trainings.cancel",
        obj=stored,
        unit_id=stored.organiser_id,
        reason=reason,
        before={"state": state},
        after={"state": stored.state},
    )
    refresh(places, by=by, reason=remark(Remark.CANCELLED, stored.cancel_reason))
    return stored


@transaction.atomic
def refresh_measures(unit_id: int, month: int, *, by: User | None = None, reason: str = "") -> None:
    """Sum the held trainings of an organiser and month into its measures; a measure that none concerns is taken back.

    Always computed from the records, so that calling it twice, or after a bulk load, gives the same.
    """
    lock_units({unit_id})
    refresh({(unit_id, month)}, by=by, reason=reason)


def refresh(places: Iterable[Place], *, by: User | None, reason: str) -> None:
    """Sum the held trainings of the places anew; the caller has locked their units.

    All places in one call of the writer, which puts its rows into one order: two calls might block each other.
    """
    measures = {code: measure(code) for code in MEASURES} if places else {}
    entries: list[Entry] = []
    for (unit_id, month), values in sorted(sums_of(set(places)).items(), key=lambda one: one[0]):
        for code, value in values.items():
            number = None if value is None else Decimal(value)
            entries.append(Entry(unit_id=unit_id, measure_id=measures[code].pk, period=month, value=number))
    if not entries:
        return
    months = {entry.period for entry in entries}
    record_figures(
        entries=entries,
        provenance=Provenance.REGISTER,
        by=by,
        reason=reason[:300],
        as_of=last_day(months.pop()) if len(months) == 1 else None,
    )


def places_of(training: TrainingClass) -> set[Place]:
    """Where this training counts: nowhere unless it was held."""
    return {(training.organiser_id, month_of(training.end))} if training.is_held else set()


def fetch(training: TrainingClass) -> TrainingClass:
    """The record as it is stored now, locked."""
    return TrainingClass.objects.select_for_update(of=("self",)).select_related("organiser").get(pk=training.pk)


def _require_not_counted(stored: TrainingClass, after: Mapping[str, object]) -> None:
    """What the list of trainees counts is changed in the list."""
    text = _("This number is counted from the list of trainees. Correct the list, or choose the typed numbers first.")
    if found := {name: text for name in counted_fields(stored) if name in after}:
        raise ValidationError(found)


def _require_sound(details: TrainingDetails, today: date) -> None:
    if found := problems(details, today=today):
        raise ValidationError(dict(found))
