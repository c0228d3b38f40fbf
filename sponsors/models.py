"""Those who give: companies, organisations, state bodies, persons. Gifts and trainings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.text import fold, nfc, sort_key
from units.models import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class SponsorKind(models.TextChoices):
    COMPANY = "company", _("Company")
    ORGANISATION = "organisation", _("Organisation")
    STATE = "state", _("State or Party body")
    PERSON = "person", _("Person")


class SponsorQuerySet(models.QuerySet["Sponsor"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Sponsors kept by a unit that the person may see."""
        return self.filter(kept_by__in=Unit.objects.visible_to(user))

    def matching(self, text: str) -> Self:
        found = self
        for word in fold(text).split():
            found = found.filter(search__contains=word)
        return found


class Sponsor(models.Model):
    """A giver, kept by the unit that deals with it."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=SponsorKind.choices, default=SponsorKind.COMPANY)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_position = models.CharField(_("position of the contact"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    note = models.TextField(_("note"), blank=True)
    kept_by = models.ForeignKey(Unit, verbose_name=_("kept by"), on_delete=models.PROTECT, related_name="sponsors")
    sample = models.BooleanField(_("sample data"), default=False)
    search = models.CharField(max_length=400, editable=False)
    sort_key = models.CharField(max_length=400, editable=False, db_index=True)

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="sponsor_has_name"),
            models.UniqueConstraint(fields=["name", "kept_by"], name="sponsor_once_per_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = nfc(self.name)
        self.search = fold(f"{self.name} {self.tax_code} {self.contact_name}")[:400]
        self.sort_key = sort_key(self.name)[:400]
        super().save(*args, **kwargs)
