"""Reporting periods: opened from a form by its calendar, with their own due days, and closed by a lock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from submissions.models.forms import Form, FormVersion
from submissions.wording import period_name
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class Holiday(models.Model):
    """A day on which offices are closed; due days move off it as their form says."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.name


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(form__in=Form.objects.visible_to(user).values("pk"))

    def unlocked(self, today: date) -> Self:
        return self.filter(Q(locks_on__isnull=True) | Q(locks_on__gte=today))


class ReportingPeriod(models.Model):
    """One period of one form. Its figures are written to `month`, the month in which it ends.

    `starts_on` to `ends_on` are the days that the report covers; the last day of `month` decides which units owe it.
    `locks_on` is the last day on which numbers may be typed and sent; none: never locked.
    """

    form = models.ForeignKey(Form, verbose_name=_("form"), on_delete=models.PROTECT, related_name="periods")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="periods")
    month = models.PositiveIntegerField(_("month"))
    title = models.CharField(_("name"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("cut-off date"))
    locks_on = models.DateField(_("locked after"), null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        ordering = ["-month", "form"]
        constraints = [
            models.UniqueConstraint(fields=["form", "month"], name="reporting_period_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="reporting_period_in_order"),
            models.CheckConstraint(
                condition=Q(locks_on__isnull=True) | Q(locks_on__gte=F("ends_on")), name="reporting_period_locked_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} · {self.label}"

    @property
    def label(self) -> str:
        """Tháng 10/2026, Quý III/2026, 9 tháng năm 2026; the own name of one that was opened by hand."""
        return self.title or period_name(self.form.frequency, self.month)

    def is_locked(self, today: date) -> bool:
        return self.locks_on is not None and today > self.locks_on


class PeriodDue(models.Model):
    """By when units of one kind report for a period; worked out at its opening, changed by hand where needed."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="dues")
    kind = models.CharField(_("kind of unit"), max_length=8, choices=UnitKind.choices)
    due_on = models.DateField(_("due date"))

    class Meta:
        verbose_name = _("due date")
        verbose_name_plural = _("due dates")
        ordering = ["period", "kind"]
        constraints = [models.UniqueConstraint(fields=["period", "kind"], name="period_due_once")]

    def __str__(self) -> str:
        return f"{self.period} · {self.get_kind_display()}"


class PermitQuerySet(models.QuerySet["Permit"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def in_force(self, today: date) -> Self:
        return self.filter(until__gte=today, withdrawn_at__isnull=True)


class Permit(models.Model):
    """Lets one unit report for a locked period until a day. It lifts the lock, not the due date: late stays late."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="permits")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="permits")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = _("late permit")
        verbose_name_plural = _("late permits")
        ordering = ["-given_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="permit_has_reason")]

    def __str__(self) -> str:
        return f"{self.period} · {self.unit}"
