"""Classes, workshops, contests and campaigns, counted in turns; they flow into measures. Lists of who attended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.periods import first_day, last_day
from core.text import fold, nfc, person_sort_key
from programmes.models import Programme
from sponsors.models import Sponsor
from trainings.choices import CountsFrom, Gender, Standing, Topic, TrainingKind, TrainingMode, TrainingState
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class TrainingQuerySet(models.QuerySet["TrainingClass"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(organiser__in=Unit.objects.visible_to(user))

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found

    def held(self) -> Self:
        """Those that flow into measures."""
        return self.filter(state=TrainingState.HELD)

    def ending_in(self, month: int) -> Self:
        return self.filter(end__range=(first_day(month), last_day(month)))

    def of_units(self, unit_ids: Iterable[int]) -> Self:
        return self.filter(organiser__in=unit_ids)


class TrainingClass(models.Model):
    """One class, workshop, contest or campaign of an organising unit. Counts are turns, not persons.

    Every count is a part of `turns` and may not exceed it. What was held flows into measures, in the month of its
    last day.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TrainingKind.choices, default=TrainingKind.CLASS)
    title = models.CharField(_("title"), max_length=250)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="trainings",
    )
    organiser = models.ForeignKey(Unit, verbose_name=_("organiser"), on_delete=models.PROTECT, related_name="trainings")
    sponsor = models.ForeignKey(
        Sponsor, verbose_name=_("sponsor"), null=True, blank=True, on_delete=models.PROTECT, related_name="trainings"
    )
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    mode = models.CharField(_("mode"), max_length=7, choices=TrainingMode.choices, default=TrainingMode.ONSITE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    trainers = models.CharField(_("trainers"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=TrainingState.choices, default=TrainingState.HELD)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)
    turns = models.PositiveIntegerField(_("turns in all"), default=0)
    women = models.PositiveIntegerField(_("women"), default=0)
    ethnic_minority = models.PositiveIntegerField(_("ethnic minority"), default=0)
    officers = models.PositiveIntegerField(_("officers of the Union"), default=0)
    members = models.PositiveIntegerField(_("members"), default=0)
    certificates = models.PositiveIntegerField(_("certificates issued"), default=0)
    counts_from = models.CharField(
        _("what the counts come from"),
        max_length=5,
        choices=CountsFrom.choices,
        default=CountsFrom.TYPED,
        editable=False,
    )
    names_erased_at = models.DateTimeField(_("names erased at"), null=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=800, editable=False, default="")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-end", "-pk"]
        indexes = [
            models.Index(fields=["organiser", "end"], name="trainings_of_unit"),
            models.Index(fields=["-end", "-id"], name="trainings_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="training_has_title"),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="training_in_order",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(women__lte=F("turns"))
                & Q(ethnic_minority__lte=F("turns"))
                & Q(officers__lte=F("turns"))
                & Q(members__lte=F("turns"))
                & Q(certificates__lte=F("turns")),
                name="training_parts_within_turns",
                violation_error_message=_("One of the parts is more than the turns in all."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancel_reason="") | ~Q(state="cancelled") & Q(cancel_reason=""),
                name="training_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Fill the search column; bulk writers call it themselves."""
        self.title = nfc(self.title)
        self.search = fold(f"{self.title} {self.trainers} {self.place}")[:800]

    @property
    def is_held(self) -> bool:
        return self.state == TrainingState.HELD

    @property
    def is_cancelled(self) -> bool:
        return self.state == TrainingState.CANCELLED

    @property
    def is_counted_by_list(self) -> bool:
        return self.counts_from == CountsFrom.LIST

    def is_overdue(self, on: date) -> bool:
        """Planned, and its last day has passed: somebody has to say whether it was held."""
        return self.state == TrainingState.PLANNED and self.end < on


class TraineeQuerySet(models.QuerySet["Trainee"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Names are for those who keep the class: who may enter data at its organiser. Others see counts only."""
        return self.filter(training__organiser__in=units_with(user, Right.ENTER).values("pk"))

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found

    def in_order(self) -> Self:
        """By given name, as lists of people are read."""
        return self.order_by("sort_key", "pk")


class Trainee(models.Model):
    """One person in the list of one class: one turn. `unit`: where the person belongs, the organiser unless said.

    `unit_key` and `phone_key` are keyed hashes by which the same person is found in other classes of the same year
    (see `trainings.persons`). Of ethnicity only «minority or not» is kept. Erasing the names of a class empties all
    that names a person; what is counted and the keys stay.
    """

    training = models.ForeignKey(
        TrainingClass, verbose_name=_("training"), on_delete=models.PROTECT, related_name="trainees"
    )
    place = models.PositiveIntegerField(_("number in the list"))
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True)
    gender = models.CharField(_("gender"), max_length=5, choices=Gender.choices, default=Gender.WOMAN)
    ethnic_minority = models.BooleanField(_("ethnic minority"), default=False)
    standing = models.CharField(_("standing"), max_length=7, choices=Standing.choices, default=Standing.MEMBER)
    position = models.CharField(_("position"), max_length=120, blank=True)
    branch = models.CharField(_("branch, place of work"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="trainees")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    certificate = models.CharField(_("number of the certificate"), max_length=40, blank=True)
    unit_key = models.CharField(max_length=32, editable=False)
    phone_key = models.CharField(max_length=32, blank=True, editable=False)
    sort_key = models.CharField(max_length=500, blank=True, editable=False)
    search = models.CharField(max_length=400, blank=True, editable=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        ordering = ["place", "pk"]
        indexes = [
            models.Index(fields=["unit_key"], name="trainees_by_unit_key"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="trainees_by_phone_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["training", "unit_key"], name="trainee_once_in_class"),
            models.UniqueConstraint(
                fields=["training", "phone_key"], condition=~Q(phone_key=""), name="trainee_once_by_phone"
            ),
            models.UniqueConstraint(
                fields=["training", "certificate"], condition=~Q(certificate=""), name="trainee_certificate_once"
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900) & Q(birth_year__lte=2200),
                name="trainee_birth_year",
            ),
            models.CheckConstraint(
                condition=~Q(full_name="") & Q(birth_year__isnull=False)
                | Q(full_name="", birth_year__isnull=True, phone="", position="", branch="", sort_key="", search=""),
                name="trainee_named_or_erased",
            ),
            models.CheckConstraint(condition=~Q(unit_key=""), name="trainee_has_key"),
        ]

    def __str__(self) -> str:
        return self.full_name or str(_("Trainee %(number)s")) % {"number": self.place}

    def fill_keys(self) -> None:
        """Fill the columns for sorting and searching; bulk writers call it themselves."""
        self.full_name = nfc(self.full_name)
        self.sort_key = person_sort_key(self.full_name)[:500] if self.full_name else ""
        self.search = fold(f"{self.full_name} {self.position} {self.branch}")[:400]
