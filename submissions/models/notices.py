"""What people are told about reports: in the portal always, by e-mail as often as each person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.choices import MailPace, MailState, NoticeMail, Occasion
from submissions.models.periods import ReportingPeriod
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class MailChoice(models.Model):
    """How often a person wants e-mail. Without a row: each time."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice")
    pace = models.CharField(_("e-mail"), max_length=6, choices=MailPace.choices, default=MailPace.EACH)

    class Meta:
        verbose_name = _("choice of e-mails")
        verbose_name_plural = _("choices of e-mails")

    def __str__(self) -> str:
        return f"{self.person} · {self.get_pace_display()}"


class Mail(models.Model):
    """One e-mail to one person about one notice or several.

    The row is the claim: it is committed before the mail server is called, and closed afterwards. What was claimed
    and not closed is sent again, so that a crash in between may send twice but never loses; both copies carry the
    same Message-ID.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField(_("address"))
    state = models.CharField(_("state"), max_length=7, choices=MailState.choices, default=MailState.CLAIMED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(fields=["claimed_at"], condition=Q(state="claimed"), name="mails_under_way"),
            models.Index(fields=["person", "created_at"], name="mails_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="mail_sent_has_time"),
        ]

    def __str__(self) -> str:
        return f"{self.address} · {self.get_state_display()}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The log: what was told about the units that the person may see."""
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def of(self, user: User | AnonymousUser) -> Self:
        """What was told to the person."""
        return self.filter(person=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing that one person was told: about one unit's report, on one occasion. Also the log of it.

    `key` names the occasion, so that it is told once however often the work runs.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="notices"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="notices")
    period = models.ForeignKey(
        ReportingPeriod, verbose_name=_("reporting period"), on_delete=models.CASCADE, related_name="notices"
    )
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion.choices)
    key = models.CharField(max_length=80, unique=True, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("time"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    by_mail = models.CharField(_("e-mail"), max_length=8, choices=NoticeMail.choices, default=NoticeMail.WAITING)
    mail = models.ForeignKey(Mail, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notices_unread"),
            models.Index(fields=["person"], condition=Q(by_mail="waiting"), name="notices_to_mail"),
            models.Index(fields=["unit", "period"], name="notices_of_report"),
            models.Index(fields=["created_at"], name="notices_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(occasion="returned") | ~Q(reason=""), name="notice_return_has_reason"),
            models.CheckConstraint(
                condition=Q(by_mail="taken", mail__isnull=False) | (~Q(by_mail="taken") & Q(mail__isnull=True)),
                name="notice_taken_has_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} · {self.unit} · {self.period}"

    @property
    def is_about_others(self) -> bool:
        """About the units below, for who looks after them; not about the unit's own report."""
        return self.occasion == Occasion.LAGGING

    @property
    def mail_words(self) -> str:
        """What became of the e-mail."""
        return str(self.mail.get_state_display() if self.mail else self.get_by_mail_display())
