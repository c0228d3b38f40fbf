"""Classes, workshops, contests and campaigns, counted in turns; they flow into measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc
from programmes.models import Programme
from sponsors.models import Sponsor
from trainings.choices import TrainingKind, TrainingMode, TrainingState, Topic
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


class TrainingClass(models.Model):
    """One class, workshop, contest or campaign of an organising unit. Counts are turns, not persons.

    Every count is a part of `turns` and may not exceed it. Only held ones flow into measures, in the month of
    their last day.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TrainingKind.choices, default=TrainingKind.CLASS)
    title = models.CharField(_("title"), max_length=250)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), null=True, blank=True, on_delete=models.SET_NULL, related_name="trainings"
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
    turns = models.PositiveIntegerField(_("turns in all"), default=0)
    women = models.PositiveIntegerField(_("women"), default=0)
    ethnic_minority = models.PositiveIntegerField(_("ethnic minority"), default=0)
    officers = models.PositiveIntegerField(_("officers of the Union"), default=0)
    members = models.PositiveIntegerField(_("members"), default=0)
    certificates = models.PositiveIntegerField(_("certificates issued"), default=0)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=400, editable=False, default="")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-end", "-pk"]
        indexes = [models.Index(fields=["organiser", "end"], name="trainings_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="training_in_order"),
            models.CheckConstraint(
                condition=Q(women__lte=F("turns"))
                & Q(ethnic_minority__lte=F("turns"))
                & Q(officers__lte=F("turns"))
                & Q(members__lte=F("turns"))
                & Q(certificates__lte=F("turns")),
                name="training_parts_within_turns",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = nfc(self.title)
        self.search = fold(f"{self.title} {self.trainers} {self.place}")[:400]
        super().save(*args, **kwargs)
