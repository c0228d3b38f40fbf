"""The list of trainees of a class: joining, correcting, leaving, counting, numbering certificates, erasing names.

The audit trail is never emptied, so it holds how many and which numbers of the list, never a name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.numbers import format_number
from core.remarks import remark
from core.verdicts import require
from imports.forgetting import forget
from programmes.entry_checks import lock_units
from trainings import persons
from trainings.actions.trainings import fetch, places_of, refresh
from trainings.choices import CountsFrom, Remark
from trainings.models import Trainee, TrainingClass
from trainings.permissions import may_keep_list
from trainings.queries import LISTED, list_counts
from trainings.trainee_rules import MOST_TRAINEES, TraineeDetails, details_of, list_problems, standing_keys
from units.models import Lineage

if TYPE_CHECKING:
    from accounts.models import User

LIST_IMPORT = "hoc-vien"  # the kind of imports of lists; their option `class` is the key of the class
_BATCH = 500
_NAMED = ("full_name", "position", "branch", "phone", "sort_key", "search")  # and the year of birth


@transaction.atomic
def add_trainees(*, training: TrainingClass, people: Sequence[TraineeDetails], by: User) -> list[Trainee]:
    """Add people to the list of a class; its counts follow where the list makes them.

    Raises Denied without the right, ValidationError for bad details, for who stands in the list already, and for a
    class that was cancelled or whose names were erased.
    """
    stored = _open(training, by)
    present = list(stored.trainees.all())
    _require_sound(stored, people, present)
    last = max((one.place for one in present), default=0)
    made = [_new(stored, last + number, details) for number, details in enumerate(people, start=1)]
    Trainee.objects.bulk_create(made, batch_size=_BATCH)
    _settle(stored, by=by, action="trainings.list_add", told={"added": len(made)})
    return made


@transaction.atomic
def edit_trainee(*, trainee: Trainee, details: TraineeDetails, by: User) -> Trainee:
    """Correct one person of a list."""
    return edit_trainees(training=trainee.training, changes={trainee.pk: details}, by=by)[0]


@transaction.atomic
def edit_trainees(*, training: TrainingClass, changes: dict[int, TraineeDetails], by: User) -> list[Trainee]:
    """Correct several people of one list. Raises as `add_trainees`, and for who is no longer in the list."""
    stored = _open(training, by)
    present = list(stored.trainees.select_related("unit"))
    edited = [one for one in present if one.pk in changes]
    if len(edited) < len(changes):
        raise ValidationError(_("Somebody has taken this person off the list meanwhile."))
    _require_sound(stored, [changes[one.pk] for one in edited], [one for one in present if one.pk not in changes])
    told = {}
    for one in edited:
        before, after = audit.changes(one, changes[one.pk].as_values())
        for name, value in after.items():
            setattr(one, name, value)
        one.fill_keys()
        persons.fill(one, stored.end.year)
        if before:
            told[str(one.place)] = sorted(before)
    if told:
        fields = [*details_of(edited[0]).as_values(), "sort_key", "search", "unit_key", "phone_key"]
        Trainee.objects.bulk_update(edited, fields, batch_size=_BATCH)
        _settle(stored, by=by, action="trainings.list_edit", told={"fields": told})
    return edited


@transaction.atomic
def remove_trainees(*, training: TrainingClass, pks: Collection[int], by: User, reason: str = "") -> int:
    """Take people off a list who did not attend. Returns how many were still in it."""
    stored = _open(training, by)
    gone = stored.trainees.filter(pk__in=pks)
    places = sorted(gone.values_list("place", flat=True))
    certified = gone.exclude(certificate="").exists()
    if places:
        gone.delete()
        told = {"places": places}
        _settle(stored, by=by, action="trainings.list_remove", told=told, reason=reason, certified=certified)
    return len(places)


@transaction.atomic
def choose_counts(*, training: TrainingClass, counts_from: CountsFrom, by: User) -> TrainingClass:
    """Say whether the list or the typed numbers make the counts of the class.

    Raises ValidationError for a class without list, or with more certificates than people in the list.
    """
    stored = _open(training, by, erased=True)
    if not stored.trainees.exists():
        raise ValidationError(_("This class has no list of trainees."))
    if stored.counts_from != counts_from:
        stored.counts_from = counts_from
        _settle(stored, by=by, action="trainings.choose_counts", told={"counts_from": counts_from})
    return stored


@transaction.atomic
def number_certificates(*, training: TrainingClass, first: int, symbol: str, by: User) -> int:
    """Number the certificates of everybody in the list who has none yet, by name, from `first` on: 001/GCN-BTV.

    Returns how many were numbered. Raises ValidationError where a number is taken in this class.
    """
    stored = _open(training, by)
    waiting = list(stored.trainees.filter(certificate="").in_order())
    for number, one in enumerate(waiting, start=first):
        one.certificate = f"{number:03d}/{symbol}" if symbol else f"{number:03d}"
    taken = stored.trainees.filter(certificate__in=[one.certificate for one in waiting]).order_by("place").first()
    if taken is not None:
        text = _("The number %(number)s is taken already: number %(place)s of the list. Begin with a higher number.")
        raise ValidationError({"first": text % {"number": taken.certificate, "place": taken.place}})
    Trainee.objects.bulk_update(waiting, ["certificate"], batch_size=_BATCH)
    if waiting:
        told = {"numbered": len(waiting), "from": waiting[0].certificate, "to": waiting[-1].certificate}
        _settle(stored, by=by, action="trainings.number_certificates", told=told, certified=True)
    return len(waiting)


@transaction.atomic
def erase_names(*, training: TrainingClass, reason: str, by: User, now: datetime) -> TrainingClass:
    """Empty all that names the people of a list, for good: counts, keys and numbers of certificates stay.

    The files and previews by which the list was imported are emptied too. A second time changes nothing.
    """
    stored = _open(training, by, erased=True)
    if stored.names_erased_at is not None:
        return stored
    if not reason.strip():
        raise ValidationError({"reason": _("Enter the reason.")})
    count = stored.trainees.update(**dict.fromkeys(_NAMED, ""), birth_year=None)
    stored.names_erased_at = now
    stored.save(update_fields=["names_erased_at"])
    files = forget(kind=LIST_IMPORT, options={"class": str(stored.pk)})
    told = {"erased": count, "files": files}
    _record(stored, by=by, action="trainings.erase_names", told=told, reason=reason.strip()[:300])
    return stored


@transaction.atomic
def note_export(*, training: TrainingClass, count: int, by: User) -> None:
    """The trail of who took a list with names out of the portal."""
    require(may_keep_list(by, training.organiser))
    _record(training, by=by, action="trainings.export_list", told={"people": count})


def _open(training: TrainingClass, by: User, *, erased: bool = False) -> TrainingClass:
    """The class, locked, for a change of its list."""
    lock_units({training.organiser_id})
    stored = fetch(training)
    require(may_keep_list(by, stored.organiser))
    if stored.is_cancelled:
        raise ValidationError(_("This training was cancelled and can no longer be edited."))
    if stored.names_erased_at is not None and not erased:
        raise ValidationError(_("The names of this class were erased; its list can no longer be changed."))
    return stored


def _require_sound(training: TrainingClass, people: Sequence[TraineeDetails], present: Sequence[Trainee]) -> None:
    if len(present) + len(people) > MOST_TRAINEES:
        text = _("A list holds at most %(limit)s people. Record the others as a class of their own.")
        raise ValidationError(text % {"limit": format_number(MOST_TRAINEES)})
    wanted = {details.unit.pk for details in people}
    below = Lineage.objects.filter(ancestor=training.organiser_id, unit__in=wanted).values_list("unit_id", flat=True)
    if foreign := wanted - set(below):
        name = next(details.unit.name for details in people if details.unit.pk in foreign)
        text = _("“%(unit)s” is not a unit below the organiser. Leave the unit empty and write it at the position.")
        raise ValidationError(text % {"unit": name})
    if wrong := list_problems(people, training, standing_keys(present)):
        raise ValidationError(list(wrong.values()))


def _new(training: TrainingClass, place: int, details: TraineeDetails) -> Trainee:
    made = Trainee(training=training, place=place, **details.as_values())
    made.fill_keys()
    persons.fill(made, training.end.year)
    return made


def _settle(
    training: TrainingClass, *, by: User, action: str, told: dict[str, Any], reason: str = "", certified: bool = False
) -> None:
    """After a change of the list: let the counts follow where it makes them, and write the trail.

    `certified`: numbers of certificates changed, so their count follows even where none is left.
    """
    found = list_counts(training)
    if not found.turns:
        training.counts_from = CountsFrom.TYPED  # without a list the last numbers stand as if typed
    elif training.counts_from == CountsFrom.TYPED and _is_free(training, found.counts()):
        training.counts_from = CountsFrom.LIST
    values = found.counts() if training.is_counted_by_list else {}
    if found.numbered or certified:
        values["certificates"] = found.numbered
    before, after = audit.changes(training, values)
    for name, value in after.items():
        setattr(training, name, value)
    _require_fewer_certificates(training)
    training.save(update_fields=[*after, "counts_from"])
    told = {**told, "listed": found.turns, **after}
    _record(training, by=by, action=action, told=told, before=before, reason=reason)
    if after:
        source = Remark.LISTED if training.is_counted_by_list else Remark.TYPED
        refresh(places_of(training), by=by, reason=remark(source, training.title))


def _require_fewer_certificates(training: TrainingClass) -> None:
    if training.certificates > training.turns:
        text = _("The class would have %(issued)s certificates and %(turns)s turns. Correct one of the two first.")
        words = {"issued": format_number(training.certificates), "turns": format_number(training.turns)}
        raise ValidationError(text % words)


def _is_free(training: TrainingClass, counts: dict[str, int]) -> bool:
    """Nobody typed other numbers: there is nothing to decide."""
    typed = [getattr(training, name) for name in LISTED]
    return not any(typed) or typed == list(counts.values())


def _record(training: TrainingClass, *, by: User, action: str, told: dict[str, Any], **more: Any) -> None:
    audit.record(by=by, action=action, obj=training, unit_id=training.organiser_id, after=told, **more)
