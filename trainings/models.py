"""Classes, workshops, contests and campaigns, counted in turns; they flow into measures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.periods import first_day, last_day
from core.text import fold, nfc
from programmes.models import Programme
from sponsors.models import Sponsor
from trainings.choices import Topic, TrainingKind, TrainingMode, TrainingState
from units.models import Unit

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

    def is_overdue(self, on: date) -> bool:
        """Planned, and its last day has passed: somebody has to say whether it was held."""
        return self.state == TrainingState.PLANNED and self.end < on
