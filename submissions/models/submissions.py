"""Figures on their way from a unit's form to acceptance. Accepted cells are written by `record_figures`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Measure, ScaledField
from submissions.choices import OPEN_STATES, STATE_TONES, SubmissionState
from submissions.models.periods import ReportingPeriod
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def waiting(self) -> Self:
        """Sent and not yet decided."""
        return self.filter(state=SubmissionState.SENT)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class Submission(models.Model):
    """The figures of one unit for one reporting period, from draft to acceptance.

    `version` counts every change: an officer accepts what was on the screen or nothing. `arrived_at` is when it was
    first sent: it decides whether the unit was in time, whatever is returned and mended later. `correction_reason`
    stands while an accepted submission is reopened: its accepted figures stay in force until the new acceptance.
    `moved_from` is the closed unit whose draft passed to its successor.
    """

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="submissions")
    period = models.ForeignKey(
        ReportingPeriod, verbose_name=_("reporting period"), on_delete=models.PROTECT, related_name="submissions"
    )
    state = models.CharField(_("state"), max_length=8, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("first sent at"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    return_reason = models.TextField(_("reason of the return"), blank=True)
    correction_reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    moved_from = models.ForeignKey(
        Unit, verbose_name=_("taken over from"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sample = models.BooleanField(_("sample data"), default=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-period__month", "unit"]
        indexes = [models.Index(fields=["state", "period"], name="submissions_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="submission_once_a_period"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="submission_returned_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(correction_reason=""), name="submission_accepted_is_corrected"
            ),
            models.CheckConstraint(
                condition=Q(moved_from__isnull=True) | ~Q(moved_from=F("unit")), name="submission_moved_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period.label}"

    @property
    def mark(self) -> str:
        """Key and version, as lists send back what was on the screen: «12:3»."""
        return f"{self.pk}:{self.version}"

    @property
    def tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_sent(self) -> bool:
        return self.state == SubmissionState.SENT

    @property
    def is_returned(self) -> bool:
        return self.state == SubmissionState.RETURNED

    @property
    def is_accepted(self) -> bool:
        return self.state == SubmissionState.ACCEPTED

    @property
    def is_unsigned(self) -> bool:
        return self.state == SubmissionState.UNSIGNED

    @property
    def is_correction(self) -> bool:
        return bool(self.correction_reason)


class Cell(models.Model):
    """One typed value of a submission. No value means that it was emptied: not reported, never 0.

    `edited_by` decides who may not accept it; `version` guards against saves of a page that is out of date.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="cells")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="cells")
    value = ScaledField(_("value"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        constraints = [models.UniqueConstraint(fields=["submission", "measure"], name="cell_once")]

    def __str__(self) -> str:
        return f"{self.measure_id} = {self.value}"


class ReturnedCell(models.Model):
    """A number that the officer returned: while any is named, only these may be changed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="returned_cells")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("what to check"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("returned cell")
        verbose_name_plural = _("returned cells")
        ordering = ["submission", "measure__order"]
        constraints = [models.UniqueConstraint(fields=["submission", "measure"], name="returned_cell_once")]

    def __str__(self) -> str:
        return str(self.measure)
