"""What is counted (measures) and what is made of it (indicators)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc
from programmes.choices import Direction, MeasureKind, MeasureSource, Window
from units.choices import UnitKind

RANK_LABEL = "hạng"  # the unit of measure of places in a ranking


def default_entered_at() -> list[str]:
    return [UnitKind.COMMUNE.value, UnitKind.ATTACHED.value]


class MeasureQuerySet(models.QuerySet["Measure"]):
    def typed(self) -> MeasureQuerySet:
        """Measures that people enter in forms; all others are computed from records."""
        return self.filter(source=MeasureSource.FORM, active=True)

    def totalled(self) -> MeasureQuerySet:
        return self.exclude(kind=MeasureKind.GIVEN)


class Measure(models.Model):
    """A number that units report or that is computed from their records.

    A measure with a `whole` is a breakdown («trong đó») of it and may not exceed it.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=MeasureKind.choices)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=30)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(2)])
    source = models.CharField(_("source"), max_length=10, choices=MeasureSource.choices, default=MeasureSource.FORM)
    whole = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    entered_at = models.JSONField(_("entered at kinds of unit"), default=default_entered_at)
    minimum = models.DecimalField(_("least value"), max_digits=16, decimal_places=2, default=Decimal(0))
    maximum = models.DecimalField(_("greatest value"), max_digits=16, decimal_places=2, null=True, blank=True)
    group = models.CharField(_("group"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    search = models.CharField(max_length=300, editable=False, default="")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")), name="measure_limits"
            ),
            models.CheckConstraint(condition=Q(decimals__lte=2), name="measure_decimals"),
            models.CheckConstraint(
                condition=~Q(kind="flag") | Q(decimals=0, minimum=0), name="measure_flag_is_zero_or_one"
            ),
            models.CheckConstraint(
                condition=Q(whole__isnull=True) | ~Q(whole=F("id")), name="measure_not_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.search = fold(f"{self.code} {self.name}")[:300]
        super().save(*args, **kwargs)

    @property
    def computed(self) -> bool:
        return self.source != MeasureSource.FORM

    @property
    def is_level(self) -> bool:
        """Whether the last value counts until the next (stock and flag)."""
        return self.kind in {MeasureKind.STOCK, MeasureKind.FLAG}


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def in_use(self) -> IndicatorQuerySet:
        return self.filter(active=True)


class Indicator(models.Model):
    """A measure alone, or one over another. Percentages are always Σ numerator / Σ denominator.

    «Over the number of active units» is a denominator measure with source `units`.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=80, blank=True)
    numerator = models.ForeignKey(Measure, verbose_name=_("numerator"), on_delete=models.PROTECT, related_name="over")
    denominator = models.ForeignKey(
        Measure, verbose_name=_("denominator"), null=True, blank=True, on_delete=models.PROTECT, related_name="under"
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.UP)
    window = models.CharField(_("summed over"), max_length=9, choices=Window.choices, default=Window.PROGRAMME)
    unit_label = models.CharField(_("unit of measure"), max_length=30)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=1, validators=[MaxValueValidator(2)])
    frequency = models.CharField(_("frequency"), max_length=80, blank=True)
    source_text = models.TextField(_("sources"), blank=True)
    note = models.TextField(_("note"), blank=True)
    active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    search = models.CharField(max_length=300, editable=False, default="")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | ~Q(denominator=F("numerator")), name="indicator_two_measures"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.search = fold(f"{self.code} {self.name}")[:300]
        super().save(*args, **kwargs)

    @property
    def is_ratio(self) -> bool:
        return self.denominator_id is not None

    @property
    def is_rank(self) -> bool:
        """A place with «of how many» beside it (8/63): shown as it stands, never divided. Known by its unit."""
        return self.is_ratio and self.unit_label == RANK_LABEL
