"""The ledger of background work. The database is the truth; the broker may lose everything at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.registry import title_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed, will be tried again")
    PARKED = "parked", _("Parked after three attempts")


JOB_TONES: dict[str, str] = {
    JobState.WAITING: "plain",
    JobState.RUNNING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "warn",
    JobState.PARKED: "bad",
}


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Each person sees the jobs that this person asked for."""
        return self.filter(asked_by=user.pk) if user.is_authenticated else self.none()


class Job(models.Model):
    """One piece of long work: what was asked, by whom, how far it is, and where its result lies."""

    kind = models.CharField(_("work"), max_length=60)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(_("state"), max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(_("message"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    result_file = models.FileField(upload_to="jobs/", blank=True)
    result_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "created_at"], name="jobs_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def title(self) -> str:
        """What the work is called on screens."""
        return title_of(self.kind)

    @property
    def is_over(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in {JobState.DONE, JobState.PARKED}

    @property
    def is_parked(self) -> bool:
        return self.state == JobState.PARKED

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
