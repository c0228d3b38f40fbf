"""Gifts: what a sponsor pledged, and to which units it is allotted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc
from equipment.choices import AllotmentState, GiftForm, GiftState
from equipment.models.items import ItemKind
from programmes.models import Programme
from sponsors.models import Sponsor
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class GiftQuerySet(models.QuerySet["Gift"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Gifts kept by a unit that the person may see."""
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found


class Gift(models.Model):
    """A pledge of a sponsor to a unit (as a rule a province), in kind or in money."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=250)
    sponsor = models.ForeignKey(Sponsor, verbose_name=_("sponsor"), on_delete=models.PROTECT, related_name="gifts")
    unit = models.ForeignKey(Unit, verbose_name=_("given to"), on_delete=models.PROTECT, related_name="gifts")
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), null=True, blank=True, on_delete=models.SET_NULL, related_name="gifts"
    )
    form = models.CharField(_("form"), max_length=7, choices=GiftForm.choices, default=GiftForm.IN_KIND)
    state = models.CharField(_("state"), max_length=9, choices=GiftState.choices, default=GiftState.PLEDGED)
    pledged_on = models.DateField(_("pledged on"))
    ceremony_on = models.DateField(_("date of the ceremony"), null=True, blank=True)
    ceremony_place = models.CharField(_("place of the ceremony"), max_length=200, blank=True)
    connecting_body = models.CharField(_("connecting body"), max_length=160, blank=True)
    wishes = models.TextField(_("wishes of the sponsor"), blank=True)
    amount = models.PositiveBigIntegerField(_("value (đồng)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=400, editable=False, default="")

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-pledged_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(form="money") | Q(amount__isnull=False), name="money_gift_has_amount"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = nfc(self.title)
        self.search = fold(f"{self.code} {self.title} {self.sponsor.name}")[:400]
        super().save(*args, **kwargs)


class GiftLine(models.Model):
    """One kind of thing in a gift: how many, of what model, worth how much each."""

    gift = models.ForeignKey(Gift, on_delete=models.CASCADE, related_name="lines")
    kind = models.ForeignKey(ItemKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="gift_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    model = models.CharField(_("model"), max_length=120, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    ram_gb = models.PositiveSmallIntegerField(_("memory (GB)"), null=True, blank=True)
    storage_gb = models.PositiveIntegerField(_("storage (GB)"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year of make"), null=True, blank=True)
    unit_value = models.PositiveBigIntegerField(_("unit price (đồng)"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a gift")
        verbose_name_plural = _("lines of gifts")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="gift_line_has_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.kind.counted_in} {self.model or self.kind.name}"


class GiftPayment(models.Model):
    """Money of a money gift that arrived on a day."""

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="payments")
    on = models.DateField(_("received on"))
    amount = models.PositiveBigIntegerField(_("amount (đồng)"))
    document = models.CharField(_("document"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("payment of a gift")
        verbose_name_plural = _("payments of gifts")
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_has_amount")]

    def __str__(self) -> str:
        return f"{self.amount} ({self.on:%d/%m/%Y})"


class Allotment(models.Model):
    """A part of a gift line meant for one unit."""

    line = models.ForeignKey(GiftLine, on_delete=models.PROTECT, related_name="allotments")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="allotments")
    quantity = models.PositiveIntegerField(_("quantity"))
    on = models.DateField(_("allotted on"))
    state = models.CharField(
        _("state"), max_length=9, choices=AllotmentState.choices, default=AllotmentState.OPEN
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allotment_has_quantity"),
            models.UniqueConstraint(
                fields=["line", "unit"], condition=~Q(state="cancelled"), name="allotment_once_per_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.quantity}"
