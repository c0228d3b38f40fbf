"""Keeping the keys of trainees right: when their class moves, and when the key of the hashes changes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from trainings import persons
from trainings.models import Trainee, TrainingClass
from units.models import Unit

_BATCH = 500
KEYS = ("unit_key", "phone_key")


def follow_class(training: TrainingClass, *, year: int, organiser: Unit | None) -> None:
    """After a class moved: people of its former organiser belong to the new one, keys to the year of its last day.

    `year` and `organiser` are what they were before. Raises ValidationError for a list without names that would have
    to change its year, and where two people of the list become one.
    """
    trainees = list(Trainee.objects.select_for_update().filter(training=training))
    moved = [one for one in trainees if organiser is not None and one.unit_id == organiser.pk]
    other_year = training.end.year != year
    if training.names_erased_at is not None:
        moved = []
        if trainees and other_year:
            raise ValidationError({"end": _("The names of this class were erased: it can no longer change its year.")})
    for one in moved:
        one.unit = training.organiser
    changed = trainees if other_year else moved
    for one in changed:
        persons.fill(one, training.end.year)
    if len({one.unit_key for one in trainees}) < len(trainees):
        raise ValidationError({"organiser": _("Two people of the list would become one. Correct the list first.")})
    Trainee.objects.bulk_update(changed, ["unit", *KEYS], batch_size=_BATCH)


def rekey() -> tuple[int, int]:
    """Compute all keys anew with the key of today, list by list. Returns how many were renewed and how many could not
    be, because their names are erased: those count as other people than in lists of the same year with new keys."""
    renewed = 0
    for training in (
        TrainingClass.objects.filter(names_erased_at=None, trainees__isnull=False).distinct().order_by("pk")
    ):
        renewed += _rekey(training)
    return renewed, Trainee.objects.filter(full_name="").count()


@transaction.atomic
def _rekey(training: TrainingClass) -> int:
    trainees = list(Trainee.objects.select_for_update().filter(training=training).exclude(full_name=""))
    for one in trainees:
        persons.fill(one, training.end.year)
    Trainee.objects.bulk_update(trainees, KEYS, batch_size=_BATCH)
    return len(trainees)
