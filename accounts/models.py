"""People who sign in, the trail of what they did, and the memory of forms already sent."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.models import AccessAttempt
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc, person_sort_key


class UserManager(DjangoUserManager["User"]):
    """Reaches accounts; visibility by unit is `units.permissions.users_visible_to`, for accounts know no units."""

    use_in_migrations = False  # migrations import no code of ours

    def active(self) -> models.QuerySet[User]:
        return self.filter(is_active=True)


class User(AbstractUser):
    """A person with an account. What the person may do comes from grants on units, never from the account."""

    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one field, sorted by its last word
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    search = models.CharField(max_length=300, editable=False, db_index=True)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects: ClassVar[UserManager] = UserManager()
    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            # an address signs in one person; accounts without an address sign in by name
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another account already uses this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = nfc(self.full_name)
        self.search = fold(f"{self.full_name} {self.username} {self.email}")[:300]
        self.sort_key = person_sort_key(self.full_name)[:300]
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.rsplit(" ", 1)[-1] or self.username


class AuditEntry(models.Model):
    """One effect, or one refused attempt. Append-only: a trigger on both databases refuses change and removal.

    `unit_id` is a bare number: accounts know no units, the units room reads the trail through it.
    """

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, verbose_name=_("person"), null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=60, db_index=True)
    object_type = models.CharField(_("kind of record"), max_length=60)
    object_id = models.CharField(_("record"), max_length=40, blank=True)
    object_label = models.CharField(_("name of the record"), max_length=200, blank=True)
    unit_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.TextField(_("reason"), blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    denied = models.BooleanField(_("denied"), default=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class OnceToken(models.Model):
    """A form that was sent: the same token again leads to the first result instead of a second effect."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64, unique=True, help_text="hash of person, path and token")
    result_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.mark


class SignInLink(models.Model):
    """A one-time link by which a person sets the first password. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} ({self.expires_at:%d/%m/%Y})"


class FailedSignIn(AccessAttempt):
    """Wrong passwords for one account from one place; enough of them pause the sign-in there for a while.

    Kept by django-axes, under the name that `accounts.pauses.name_tried` gives.
    """

    class Meta:
        proxy = True
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")

    def __str__(self) -> str:
        return f"{self.username} · {self.ip_address}"
