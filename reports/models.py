"""The only thing of its own that reading keeps: cross tables that people saved, as the address that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.choices import Sharing
from units.models import Grant, Lineage, Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

LONGEST_ADDRESS = 4000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The person's own, those shared by a unit at or above one where the person has a role, and national ones."""
        if not user.is_authenticated:
            return self.none()
        held = Grant.objects.in_force().filter(user=user).values("unit")
        above = Lineage.objects.filter(unit__in=held).values("ancestor")
        shared = Q(sharing=Sharing.BELOW) | Q(sharing=Sharing.NATION, unit__depth=1)
        return self.filter(Q(owner=user) | Q(shared, unit__in=above))


class SavedView(models.Model):
    """A cross table under a name. `query` is the address that shows it, read again by whoever opens it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("saved by"), on_delete=models.PROTECT, related_name="saved_views"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("shared by the unit"), on_delete=models.PROTECT, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=LONGEST_ADDRESS, editable=False)
    sharing = models.CharField(_("who may open it"), max_length=6, choices=Sharing.choices, default=Sharing.ME)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
            models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="saved_view_sharing"),
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once_per_person"),
        ]

    def __str__(self) -> str:
        return self.name
