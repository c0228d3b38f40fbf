"""Units through time: one tree, dated lives, the links between them, and who may do what where."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from core.text import fold, nfc, sort_key
from units.choices import Designation, ReorganisationKind, ReorganisationState, Role, Share, UnitKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

RECORDS_BEGIN = date(2020, 1, 1)  # earlier openings are not known from the official lists


def without_union(folded: str) -> str:
    """The search words without the Union's own name in front (unless nothing else was typed)."""
    for title in ("hoi lhpn ", "hoi lien hiep phu nu "):
        if folded.startswith(title):
            return folded.removeprefix(title)
    return folded


class UnitQuerySet(MP_NodeQuerySet):
    """The questions asked of units. `visible_to` comes first in every chain that serves a person."""

    def visible_to(self, user: User | AnonymousUser, *, on: date | None = None) -> Self:
        """Units that a grant of the person covers: the granted unit, what is below it, and their predecessors."""
        if not user.is_authenticated:
            return self.none()
        granted = Grant.objects.in_force(on).filter(user=user).values("unit")
        return self.filter(pk__in=Lineage.objects.filter(ancestor__in=granted).values("unit"))

    def active(self, on: date) -> Self:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)

    def below(self, unit: Unit) -> Self:
        """The unit and its subtree, by path: the fixed step length makes a prefix a whole number of steps."""
        return self.filter(path__range=(unit.path, unit.path_end))

    def matching(self, text: str) -> Self:
        """Tone-free search in present and former names and in the code; every word must be found.

        «Hội LHPN» in front is passed over: names are kept without it.
        """
        found = self
        for word in without_union(fold(text)).split():
            found = found.filter(search__contains=word)
        return found

    def in_order(self) -> Self:
        return self.order_by("sort_key", "pk")


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """One unit of the Union during one life. Its key identifies it: a code names different units at different times.

    `valid_to` is the last day of the life. `valid_from` = RECORDS_BEGIN means «known since the records begin».
    """

    steplen = 4
    kind = models.CharField(_("level"), max_length=10, choices=UnitKind.choices)
    designation = models.CharField(_("type"), max_length=10, choices=Designation.choices, blank=True, default="")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=120)
    valid_from = models.DateField(_("valid from"), default=RECORDS_BEGIN)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    closing_basis = models.CharField(_("legal basis of the closing"), max_length=200, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    area_km2 = models.DecimalField(_("area (km²)"), max_digits=10, decimal_places=2, null=True, blank=True)
    upland = models.BooleanField(_("upland"), default=False)
    ethnic_minority = models.BooleanField(_("ethnic minority area"), default=False)
    remote = models.BooleanField(_("remote"), default=False)
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    parent_body = models.CharField(_("parent body on letters"), max_length=160, blank=True)
    issuing_body = models.CharField(_("issuing body on letters"), max_length=160, blank=True)
    document_mark = models.CharField(_("abbreviation in document numbers"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=500, editable=False, default="")
    sort_key = models.CharField(max_length=300, editable=False, default="", db_index=True)

    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_life_in_order"
            ),
            models.UniqueConstraint(fields=["kind", "code", "valid_from"], name="unit_code_once_per_life"),
        ]
        indexes = [models.Index(fields=["code"], name="unit_by_code")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self, former_names: str = "") -> None:
        """Fill the search and sort columns; bulk writers call it themselves."""
        self.name, self.short_name = nfc(self.name), nfc(self.short_name)
        former = former_names or (" ".join(self.names.values_list("name", flat=True)) if self.pk else "")
        self.search = fold(f"{self.name} {self.code} {former}")[:500]
        self.sort_key = sort_key(self.short_name)[:300]

    @property
    def union_name(self) -> str:
        """The Union of this administrative unit, as it signs: Hội LHPN xã Tân Cương. Other units sign by their name."""
        if not self.designation:
            return self.name
        return f"Hội LHPN {self.name[0].lower()}{self.name[1:]}"

    @property
    def path_end(self) -> str:
        """Upper bound of the subtree's paths. Letters and digits only: locale collations skip other signs."""
        return f"{self.path}{'Z' * self.steplen}"

    @property
    def is_reporting_kind(self) -> bool:
        return self.kind in {UnitKind.COMMUNE, UnitKind.ATTACHED}

    def is_active(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


class UnitName(models.Model):
    """A former name of a unit that was renamed and kept its life. The present name stands in the unit."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("former name"), max_length=160)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="unit_name_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person to call at a unit: chair, vice-chair, specialist. Not an account."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="contacts")
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=120)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.position}"


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those prepared for, or that touched, a unit that the person may see."""
        visible = Unit.objects.visible_to(user).order_by().values("pk")
        touched = Succession.objects.filter(Q(predecessor__in=visible) | Q(successor__in=visible))
        return self.filter(Q(scope__in=visible) | Q(pk__in=touched.values("reorganisation")))


class Reorganisation(models.Model):
    """A dated event in the life of units, with its legal basis. `on` is the first day of the new order.

    `plan` holds the arrows of a proposal; only applying makes successions of them. `scope` is the smallest unit
    that holds everything concerned.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ReorganisationKind.choices)
    on = models.DateField(_("in force on"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=ReorganisationState.choices, default=ReorganisationState.PROPOSED
    )
    title = models.CharField(_("title"), max_length=200)
    scope = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.JSONField(default=dict, editable=False)
    note = models.TextField(_("note"), blank=True)
    sample = models.BooleanField(_("sample data"), default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undo_data = models.JSONField(default=dict, editable=False)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-on", "pk"]

    def __str__(self) -> str:
        return self.title


class Succession(models.Model):
    """An old unit and one of the units that came of it. `percent` is the real share, where one is set (estimate)."""

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    share = models.CharField(_("share"), max_length=5, choices=Share.choices, default=Share.WHOLE)
    percent = models.PositiveSmallIntegerField(
        _("share in percent"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_to_another"),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="succession_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    @property
    def weight(self) -> int:
        """Hundredths of the old unit's counts that pass to the new one; whole = main = 100, part = 0 unless set."""
        if self.percent is not None:
            return self.percent
        return 0 if self.share == Share.PART else 100


class Lineage(models.Model):
    """Each unit with every unit it counts for: itself, its ancestors then, its successors' ancestors today.

    `weight` is in hundredths (100 = whole); `counts` says whether the unit is counted there as one
    (yes/no measures, number of reporters): true for whole and main, never a fraction.
    `depth` is the ancestor's depth in the tree: writers go from the deepest to the root in one fixed order.
    """

    pk = models.CompositePrimaryKey("unit_id", "ancestor_id")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="lineage")
    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="descent")
    weight = models.PositiveSmallIntegerField(default=100)
    counts = models.BooleanField(default=True)
    depth = models.PositiveSmallIntegerField()
    own = models.BooleanField(default=True, help_text="the ancestor stands in the unit's own path")

    class Meta:
        indexes = [models.Index(fields=["ancestor", "unit"], name="lineage_down")]
        constraints = [models.CheckConstraint(condition=Q(weight__lte=100), name="lineage_weight")]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.ancestor_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Who holds which role at the units that the person may see; and the person's own grants."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(unit__in=Unit.objects.visible_to(user).order_by().values("pk")) | Q(user=user))

    def in_force(self, on: date | None = None) -> Self:
        """Grants that hold on the day (today unless told)."""
        from django.utils import timezone  # the clock only when no day is given

        day = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Grant(models.Model):
    """A person holds a role on a unit and what is below it, for a time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("role holder"), on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=14, choices=Role.choices)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("granted by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit", "valid_from"], name="grant_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="grant_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"
