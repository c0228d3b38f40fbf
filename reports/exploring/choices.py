"""Fixed words of the cross table: what stands in its rows and columns, and what its cells hold."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Axis(TextChoices):
    """What may stand in rows or columns; the values are the words of the address."""

    UNIT = "don-vi", _("Units")
    PERIOD = "ky", _("Periods")
    INDICATOR = "chi-so", _("Indicators")
    PART = "trong-do", _("Breakdown (of which)")


class Amount(TextChoices):
    """What a cell holds: the indicator as it is defined at the end of the period, or what the period itself added."""

    DEFINED = "cuoi-ky", _("As the indicator is defined, at the end of the period")
    WITHIN = "trong-ky", _("Only what the period itself added")


class Level(TextChoices):
    """Which units are listed; beside the kinds of unit those directly below."""

    BELOW = "truc-tiep", _("Directly below")
    PROVINCE = "province", _("Provinces")
    DISTRICT = "district", _("Districts (before 07/2025)")
    COMMUNE = "commune", _("Communes and wards")
    ATTACHED = "attached", _("Attached units")
