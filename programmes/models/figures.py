"""Figures as reported and totals as kept. One writer only: `programmes.actions.record_figures`.

Numbers are stored as whole hundredths (`VALUE_SCALE`), totals as whole ten-thousandths (hundredths × weight in
hundredths): integers add up exactly on both databases, where SQLite would fall back to floating point.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from programmes.choices import Provenance
from programmes.models.catalogue import Measure
from units.models import Unit

VALUE_SCALE = 100
WEIGHT_SCALE = 100
LARGEST_VALUE = 10**13  # a figure stays below: ten thousand billion đồng
LARGEST_TOTAL = 9 * 10**18


class ScaledField(models.BigIntegerField):  # type: ignore[type-arg]
    """A decimal with two places kept as a whole number of hundredths."""

    _pyi_private_set_type: Decimal | int | str | Combinable | None  # type: ignore[assignment]  # read by the checker
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / VALUE_SCALE

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        return int((Decimal(str(value)) * VALUE_SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Figure(models.Model):
    """What one unit reported for one measure in one month (month = year × 12 + month − 1)."""

    pk = models.CompositePrimaryKey("unit_id", "measure_id", "period")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="figures", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="figures", db_index=False)
    period = models.PositiveIntegerField(_("month"))
    value = ScaledField(_("value"))
    provenance = models.CharField(_("origin"), max_length=10, choices=Provenance.choices)
    as_of = models.DateField(_("as of"), null=True)
    reference = models.CharField(_("document"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.measure_id}/{self.period} = {self.value}"


class FigureChange(models.Model):
    """A figure that was corrected or taken back: old value, new value, why, by whom. First entries are not rows.

    A unit with figures cannot be removed; one that goes because its reorganisation was undone takes its history along.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="figure_changes")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.PositiveIntegerField(_("month"))
    old = ScaledField(_("old value"))
    new = ScaledField(_("new value"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reference = models.CharField(_("document"), max_length=60, blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("change of a figure")
        verbose_name_plural = _("changes of figures")
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "measure", "period"], name="change_of_figure")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Contribution(models.Model):
    """Whose figures stand in which totals: the lineage as the totals know it, kept by `programmes.totals.sync`.

    One row for each reporting unit and each unit of its lineage that has units below it. When lineage, children or
    lives change, the difference to these rows says exactly what the totals have to lose and to gain, without reading
    the figures of the whole country. `closing` is the month from which the reporter counts no more.
    """

    pk = models.CompositePrimaryKey("reporter_id", "ancestor_id")
    reporter = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    weight = models.PositiveSmallIntegerField()
    counts = models.BooleanField()
    depth = models.PositiveSmallIntegerField()
    closing = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("contribution to totals")
        verbose_name_plural = _("contributions to totals")

    def __str__(self) -> str:
        return f"{self.reporter_id} → {self.ancestor_id}"


class Total(models.Model):
    """The change of one measure in one month under one unit that has units below it.

    `change` is in ten-thousandths: a flow's value itself; a stock's difference from each unit's report before.
    The level at a month is the running sum up to it. `n` counts units that reported in the month, `n_new` the
    change in the number of units that have any value.
    """

    pk = models.CompositePrimaryKey("unit_id", "measure_id", "period")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+", db_index=False)
    period = models.PositiveIntegerField()
    change = models.BigIntegerField(default=0)
    n = models.IntegerField(default=0)
    n_new = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
        constraints = [
            # SQLite turns a sum beyond 64 bits into a floating number without a word
            models.CheckConstraint(condition=Q(change__range=(-LARGEST_TOTAL, LARGEST_TOTAL)), name="total_is_exact")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.measure_id}/{self.period}: {self.change}"
