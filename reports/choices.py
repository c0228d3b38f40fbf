"""Fixed words of the reading room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sharing(TextChoices):
    """Who may open a saved view beside the person who saved it."""

    ME = "me", _("Only me")
    BELOW = "below", _("My unit and the units below it")
    NATION = "nation", _("Everybody in the portal")
