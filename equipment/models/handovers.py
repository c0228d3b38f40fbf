"""Handovers: the minutes between giver and receiver, and the receiver's confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import fold
from equipment.choices import HandoverState
from equipment.models.gifts import Allotment, Gift
from units.models import Reorganisation, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Handovers received by, or prepared by, a unit that the person may see."""
        visible = Unit.objects.visible_to(user).values("pk")
        return self.filter(Q(receiver__in=visible) | Q(giver__in=visible) | Q(gift__unit__in=visible))

    def waiting(self) -> Self:
        return self.filter(state=HandoverState.HANDED)

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(Q(search__contains=word) | Q(receiver__search__contains=word))
        return found


class Handover(models.Model):
    """Minutes of a handover: number, day, place, basis, both parties, lines. Only a confirmed one counts.

    Fields after the form 01/TSC-BBGN (handover of public property) and the layout of Nghị định 30/2020.
    Numbers run within a year for each giver (article 15): `sequence` 12 with the mark BB-BTV reads 12/BB-BTV.
    """

    sequence = models.PositiveIntegerField(_("running number"))
    year = models.PositiveSmallIntegerField(_("year of the number"))
    number = models.CharField(_("number of the minutes"), max_length=40)
    gift = models.ForeignKey(Gift, verbose_name=_("gift"), on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(Unit, verbose_name=_("giver"), on_delete=models.PROTECT, related_name="handovers_given")
    receiver = models.ForeignKey(Unit, verbose_name=_("receiver"), on_delete=models.PROTECT, related_name="handovers")
    on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200)
    legal_basis = models.TextField(_("basis"), max_length=1000, blank=True)
    giver_name = models.CharField(_("representative of the giver"), max_length=120)
    giver_position = models.CharField(_("position of the giver"), max_length=160, blank=True)
    receiver_name = models.CharField(_("representative of the receiver"), max_length=120, blank=True)
    receiver_position = models.CharField(_("position of the receiver"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=HandoverState.choices, default=HandoverState.DRAFT)
    note = models.TextField(_("note"), blank=True)
    scan = models.FileField(_("signed minutes (scan)"), upload_to="handovers/", blank=True)
    scan_name = models.CharField(max_length=120, blank=True)
    scan_type = models.CharField(max_length=20, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_on = models.DateField(_("handed over on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=500, editable=False, default="")

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["receiver", "state"], name="handovers_of_receiver")]
        constraints = [
            models.UniqueConstraint(fields=["giver", "year", "sequence"], name="handover_number_once_a_year"),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="handover_has_number"),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_on__isnull=False), name="handover_received_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed", "received"]) | Q(handed_on__isnull=False),
                name="handover_handed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("handed_on")),
                name="handover_received_after_handed",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="handover_refused_has_reason"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(f"{self.number} {self.gift.code} {self.gift.title}")[:500]
        super().save(*args, **kwargs)


class HandoverLine(models.Model):
    """One line of the minutes: an allotment, how many, and (after receipt) its items.

    `void` lines belong to minutes that were refused or cancelled: their allotment may stand in newer minutes.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="lines")
    allotment = models.ForeignKey(Allotment, on_delete=models.PROTECT, related_name="handover_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    received = models.PositiveIntegerField(_("quantity received"), null=True, blank=True)
    serials = models.JSONField(_("serial numbers"), default=list, blank=True)
    condition_note = models.CharField(_("condition and accessories"), max_length=200, blank=True)
    void = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a handover")
        verbose_name_plural = _("lines of handovers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="handover_line_has_quantity"),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__lte=F("quantity")), name="handover_line_received"
            ),
            models.UniqueConstraint(fields=["allotment"], condition=Q(void=False), name="allotment_in_one_handover"),
        ]

    def __str__(self) -> str:
        return f"{self.handover}: {self.quantity}"


class Passing(models.Model):
    """An open allotment or handover that went to the successor with a reorganisation: the way back when undone."""

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="+")
    allotment = models.ForeignKey(Allotment, null=True, on_delete=models.PROTECT, related_name="passings")
    handover = models.ForeignKey(Handover, null=True, on_delete=models.PROTECT, related_name="passings")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("passing to a successor")
        verbose_name_plural = _("passings to successors")
        constraints = [
            models.CheckConstraint(
                condition=Q(allotment__isnull=True, handover__isnull=False)
                | Q(allotment__isnull=False, handover__isnull=True),
                name="passing_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}"
