"""Gifts: what a sponsor pledged, what money came, and to which units things are allotted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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
        return self.filter(unit__in=Unit.objects.visible_to(user).values("pk"))

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found


class Gift(models.Model):
    """A pledge of a sponsor to a unit (as a rule a province), in kind or in money.

    `unit` stays the unit that was given to, also when it is closed later: its successor keeps the gift then."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=250)
    sponsor = models.ForeignKey(Sponsor, verbose_name=_("sponsor"), on_delete=models.PROTECT, related_name="gifts")
    unit = models.ForeignKey(Unit, verbose_name=_("given to"), on_delete=models.PROTECT, related_name="gifts")
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), null=True, blank=True, on_delete=models.SET_NULL, related_name="gifts"
    )
    form = models.CharField(_("kind of gift"), max_length=7, choices=GiftForm.choices, default=GiftForm.IN_KIND)
    state = models.CharField(_("state"), max_length=9, choices=GiftState.choices, default=GiftState.PLEDGED)
    pledged_on = models.DateField(_("pledged on"))
    ceremony_on = models.DateField(_("date of the ceremony"), null=True, blank=True)
    ceremony_place = models.CharField(_("place of the ceremony"), max_length=200, blank=True)
    connecting_body = models.CharField(_("connecting body"), max_length=160, blank=True)
    wishes = models.TextField(_("wishes of the sponsor"), blank=True)
    amount = models.PositiveBigIntegerField(_("value (đồng)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    ended_on = models.DateField(_("closed or withdrawn on"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=500, editable=False, default="")

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-pledged_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(form="money") | Q(amount__gt=0), name="money_gift_has_amount"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(end_reason=""), name="withdrawn_gift_has_reason"
            ),
            models.CheckConstraint(condition=Q(state="pledged") | Q(ended_on__isnull=False), name="ended_gift_has_day"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = nfc(self.title)
        self.search = fold(f"{self.code} {self.title} {self.sponsor.name} {self.connecting_body}")[:500]
        super().save(*args, **kwargs)


class GiftLineQuerySet(models.QuerySet["GiftLine"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(gift__unit__in=Unit.objects.visible_to(user).values("pk"))

    def open(self) -> Self:
        """Lines of gifts that still stand as pledged."""
        return self.filter(gift__state=GiftState.PLEDGED)


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

    objects = GiftLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a gift")
        verbose_name_plural = _("lines of gifts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="gift_line_has_quantity"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1990, year__lte=2100), name="gift_line_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.kind.counted_in} {self.model or self.kind.name}"


class GiftPayment(models.Model):
    """Money of a money gift that arrived on a day. A wrong one is cancelled with a reason, never removed."""

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="payments")
    on = models.DateField(_("received on"))
    amount = models.PositiveBigIntegerField(_("amount (đồng)"))
    document = models.CharField(_("document"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    cancelled_for = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("payment of a gift")
        verbose_name_plural = _("payments of gifts")
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_has_amount")]

    def __str__(self) -> str:
        return f"{self.amount} ({self.on:%d/%m/%Y})"


class AllotmentQuerySet(models.QuerySet["Allotment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Allotments to, or from a gift of, a unit that the person may see."""
        visible = Unit.objects.visible_to(user).values("pk")
        return self.filter(Q(unit__in=visible) | Q(line__gift__unit__in=visible))

    def open(self) -> Self:
        return self.filter(state=AllotmentState.OPEN)

    def pending(self) -> Self:
        """Promised to the unit and not yet received."""
        return self.filter(state__in=[AllotmentState.OPEN, AllotmentState.PREPARED, AllotmentState.HANDED])

    def standing(self) -> Self:
        """All that takes from the line: everything but the cancelled."""
        return self.exclude(state=AllotmentState.CANCELLED)


class Allotment(models.Model):
    """A part of a gift line meant for one unit.

    One per line and unit, except what came from a predecessor (`passed_on`) or what a short delivery left open
    (`remainder_of`).
    """

    line = models.ForeignKey(GiftLine, on_delete=models.PROTECT, related_name="allotments")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="allotments")
    quantity = models.PositiveIntegerField(_("quantity"))
    on = models.DateField(_("allotted on"))
    state = models.CharField(_("state"), max_length=9, choices=AllotmentState.choices, default=AllotmentState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    passed_on = models.BooleanField(_("came from a predecessor"), default=False)
    remainder_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="remainders",
        verbose_name=_("remainder of"),
    )

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        ordering = ["unit__sort_key", "pk"]
        indexes = [models.Index(fields=["unit", "state"], name="allotments_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allotment_has_quantity"),
            models.CheckConstraint(condition=~Q(remainder_of=F("id")), name="allotment_not_its_own_remainder"),
            models.UniqueConstraint(
                fields=["line", "unit"],
                condition=~Q(state="cancelled") & Q(passed_on=False, remainder_of__isnull=True),
                name="allotment_once_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.quantity}"
