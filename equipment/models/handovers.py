"""Handovers: the minutes between giver and receiver, and the receiver's confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from equipment.choices import HandoverState
from equipment.models.gifts import Allotment, Gift
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Handovers received by, or prepared by, a unit that the person may see."""
        visible = Unit.objects.visible_to(user).values("pk")
        return self.filter(Q(receiver__in=visible) | Q(gift__unit__in=visible))

    def waiting(self) -> Self:
        return self.filter(state=HandoverState.HANDED)


class Handover(models.Model):
    """Minutes of a handover: number, day, place, basis, both parties, lines. Only a confirmed one counts.

    Fields after the form 01/TSC-BBGN (handover of public property) and the layout of Nghị định 30/2020.
    """

    number = models.CharField(_("number of the minutes"), max_length=40)
    gift = models.ForeignKey(Gift, verbose_name=_("gift"), on_delete=models.PROTECT, related_name="handovers")
    receiver = models.ForeignKey(Unit, verbose_name=_("receiver"), on_delete=models.PROTECT, related_name="handovers")
    on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200)
    legal_basis = models.CharField(_("basis"), max_length=250, blank=True)
    giver_name = models.CharField(_("representative of the giver"), max_length=120)
    giver_position = models.CharField(_("position of the giver"), max_length=160, blank=True)
    receiver_name = models.CharField(_("representative of the receiver"), max_length=120)
    receiver_position = models.CharField(_("position of the receiver"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=HandoverState.choices, default=HandoverState.DRAFT)
    note = models.TextField(_("note"), blank=True)
    scan = models.FileField(_("signed minutes (scan)"), upload_to="handovers/", blank=True)
    scan_name = models.CharField(max_length=120, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gift", "number"], name="handover_number_once_per_gift"),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_on__isnull=False), name="handover_received_has_day"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="handover_refused_has_reason"),
        ]

    def __str__(self) -> str:
        return self.number


class HandoverLine(models.Model):
    """One line of the minutes: an allotment, how many, and (after receipt) its items."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="lines")
    allotment = models.OneToOneField(Allotment, on_delete=models.PROTECT, related_name="handover_line")
    quantity = models.PositiveIntegerField(_("quantity"))
    serials = models.JSONField(_("serial numbers"), default=list, blank=True)
    condition_note = models.CharField(_("condition and accessories"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a handover")
        verbose_name_plural = _("lines of handovers")
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="handover_line_has_quantity")]

    def __str__(self) -> str:
        return f"{self.handover}: {self.quantity}"
