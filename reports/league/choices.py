"""How the place of a unit in a league table moved."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Move(TextChoices):
    """Against the same ranking a month before."""

    RISEN = "risen", _("Risen")
    FALLEN = "fallen", _("Fallen")
    SAME = "same", _("Same place")
    NEW = "new", _("No place a month before")
    MISSING = "missing", _("No data")


BACK = {"month": 1, "quarter": 3, "year": 12}  # months back, by the columns of the table
