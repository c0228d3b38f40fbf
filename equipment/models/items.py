"""Items, what happened to them, and what a unit has: computed, never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import fold
from equipment.choices import ComputerState, Condition, ItemEventKind
from units.models import Reorganisation, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ItemKind(models.Model):
    """A kind of thing that is given: desktop, laptop, test kit, house."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    counted_in = models.CharField(_("counted in"), max_length=20)
    is_computer = models.BooleanField(_("is a computer"), default=False)
    registered = models.BooleanField(
        _("kept as single items"), default=True, help_text=_("Consumables and houses are counted, not registered.")
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("kind of item")
        verbose_name_plural = _("kinds of item")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(is_computer=False) | Q(registered=True), name="computers_are_registered")
        ]

    def __str__(self) -> str:
        return self.name


class MinimumSpecification(models.Model):
    """What a computer must have to be fit for the work, from a day on. Administrators edit it."""

    valid_from = models.DateField(_("valid from"), unique=True)
    min_ram_gb = models.PositiveSmallIntegerField(_("least memory (GB)"), default=4)
    min_storage_gb = models.PositiveSmallIntegerField(_("least storage (GB)"), default=120)
    max_age_years = models.PositiveSmallIntegerField(_("greatest age (years)"), default=10)
    legal_basis = models.CharField(_("basis"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("minimum specification")
        verbose_name_plural = _("minimum specifications")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=Unit.objects.visible_to(user).values("pk"))

    def computers(self) -> Self:
        return self.filter(kind__is_computer=True)

    def present(self) -> Self:
        """Items that are still there: not lost, not disposed of."""
        return self.exclude(condition__in=[Condition.LOST, Condition.DISPOSED])

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found


class Item(models.Model):
    """One machine with its present state; how it came there is in its events.

    `unit`, `condition`, `shared`, `ram_gb` and `storage_gb` repeat what the events say of today, for lists;
    `actions.items` keeps them so.
    """

    kind = models.ForeignKey(ItemKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="items")
    unit = models.ForeignKey(Unit, verbose_name=_("kept at"), on_delete=models.PROTECT, related_name="items")
    model = models.CharField(_("model"), max_length=120, blank=True)
    serial = models.CharField(
        _("serial number"), max_length=60, null=True, blank=True, unique=True
    )  # unknown serials are NULL: many may be unknown
    year = models.PositiveSmallIntegerField(_("year of make"), null=True, blank=True)
    ram_gb = models.PositiveSmallIntegerField(_("memory (GB)"), null=True, blank=True)
    storage_gb = models.PositiveIntegerField(_("storage (GB)"), null=True, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    condition = models.CharField(_("condition"), max_length=8, choices=Condition.choices, default=Condition.GOOD)
    shared = models.BooleanField(_("shared with another body"), default=False)
    place = models.CharField(_("place"), max_length=160, blank=True)
    value = models.PositiveBigIntegerField(_("value (đồng)"), null=True, blank=True)
    asset_code = models.CharField(_("asset book number"), max_length=40, blank=True)
    received_on = models.DateField(_("received on"))
    handover_line = models.ForeignKey(
        "equipment.HandoverLine", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=500, editable=False, default="")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        indexes = [models.Index(fields=["unit", "condition"], name="items_of_unit")]
        constraints = [
            models.CheckConstraint(condition=~Q(serial=""), name="item_serial_not_empty"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1990, year__lte=2100), name="item_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model or self.kind} {self.serial or f'#{self.pk}'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Fill the search column; bulk writers call it themselves."""
        self.search = fold(f"{self.model} {self.serial or ''} {self.asset_code} {self.place} {self.specification}")[
            :500
        ]


class ItemEventQuerySet(models.QuerySet["ItemEvent"]):
    def standing(self) -> Self:
        """Events that count: a wrong one is cancelled with a reason, never removed."""
        return self.filter(cancelled_for="")


class ItemEvent(models.Model):
    """Something that happened to an item on a day. The whole life can be replayed from its events.

    `unit` is where the item was, for a receipt or transfer where it came to; `from_unit` is where a transfer began.
    Memory and storage stand in the receipt (as it came) and in upgrades (as it became).
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what happened"), max_length=11, choices=ItemEventKind.choices)
    on = models.DateField(_("date"))
    unit = models.ForeignKey(Unit, verbose_name=_("at unit"), on_delete=models.PROTECT, related_name="item_events")
    from_unit = models.ForeignKey(
        Unit, verbose_name=_("from unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ram_gb = models.PositiveSmallIntegerField(_("memory (GB)"), null=True, blank=True)
    storage_gb = models.PositiveIntegerField(_("storage (GB)"), null=True, blank=True)
    reorganisation = models.ForeignKey(
        Reorganisation, null=True, blank=True, on_delete=models.PROTECT, related_name="item_events"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    cancelled_for = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of an item")
        verbose_name_plural = _("events of items")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["unit", "on"], name="item_events_of_unit")]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(kind="received"), name="item_received_once"),
            models.CheckConstraint(
                condition=Q(kind="transferred", from_unit__isnull=False)
                | (~Q(kind="transferred") & Q(from_unit__isnull=True)),
                name="transfer_has_a_start",
            ),
            models.CheckConstraint(
                condition=Q(from_unit__isnull=True) | ~Q(from_unit=F("unit")), name="transfer_moves"
            ),
            models.CheckConstraint(condition=~Q(kind="received") | Q(cancelled_for=""), name="receipt_stands"),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "upgraded"]) | Q(ram_gb__isnull=True, storage_gb__isnull=True),
                name="specification_only_where_it_changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


class Declaration(models.Model):
    """A unit's statement that it has no computer of its own on a day: «none» instead of «not declared»."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="computer_declarations")
    on = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reorganisation = models.ForeignKey(
        Reorganisation, null=True, blank=True, on_delete=models.PROTECT, related_name="computer_declarations"
    )
    sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        verbose_name = _("declaration of no computer")
        verbose_name_plural = _("declarations of no computer")
        constraints = [models.UniqueConstraint(fields=["unit", "on"], name="declaration_once_a_day")]

    def __str__(self) -> str:
        return f"{self.unit} {self.on:%d/%m/%Y}"


class UnitEquipmentQuerySet(models.QuerySet["UnitEquipment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=Unit.objects.visible_to(user).values("pk"))


class UnitEquipment(models.Model):
    """What a unit has now, computed from its items by the minimum specification. Kept for lists; never edited.

    `since` is the first month of the present state (month = year × 12 + month − 1). A unit without a row is unknown.
    """

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, primary_key=True, related_name="equipment")
    state = models.CharField(_("computer"), max_length=7, choices=ComputerState.choices, default=ComputerState.UNKNOWN)
    computers = models.PositiveIntegerField(_("computers"), default=0)
    fit = models.PositiveIntegerField(_("fit computers"), default=0)
    since = models.PositiveIntegerField(_("since (month)"), null=True)

    objects = UnitEquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("equipment of a unit")
        verbose_name_plural = _("equipment of units")
        indexes = [models.Index(fields=["state"], name="units_by_computer_state")]
        constraints = [models.CheckConstraint(condition=Q(fit__lte=F("computers")), name="fit_among_computers")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.state}"
