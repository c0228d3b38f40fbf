"""Fixed words of the trainings room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.remarks import remarks_of


class TrainingKind(TextChoices):
    CLASS = "class", _("Training class")
    WORKSHOP = "workshop", _("Workshop")
    CONTEST = "contest", _("Contest")
    CAMPAIGN = "campaign", _("Campaign")


class TrainingMode(TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")
    BLENDED = "blended", _("Blended")


class TrainingState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


@remarks_of("trainings")
class Remark(TextChoices):
    """Why figures changed: stored as a code, see `core.remarks`."""

    RECORDED = "recorded", _("Training recorded: %(about)s")
    IMPORTED = "imported", _("Trainings imported from Excel")
    EDITED = "edited", _("Training edited: %(about)s")
    CANCELLED = "cancelled", _("Training cancelled: %(about)s")
    LISTED = "listed", _("Counted from the list of trainees: %(about)s")
    TYPED = "typed", _("Counted as typed, not from the list of trainees: %(about)s")


class CountsFrom(TextChoices):
    """What makes the counts of a class: nobody has said, its list of trainees, or the typed numbers by decision."""

    TYPED = "typed", _("As typed")
    LIST = "list", _("The list of trainees")
    KEPT = "kept", _("The typed numbers, although the list says otherwise")


class Gender(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")


class Standing(TextChoices):
    """Each person stands under one of them: who is an officer of the Union is not counted again as a member."""

    OFFICER = "officer", _("Officer of the Union")
    MEMBER = "member", _("Member")
    OTHER = "other", _("Other women, other people")


class Topic(TextChoices):
    DIGITAL = "digital", _("Digital transformation and IT skills")
    SAFETY = "safety", _("Safety on the internet")
    SERVICES = "services", _("VNeID and online public services")
    BUSINESS = "business", _("Online business and start-up")
    SOFTWARE = "software", _("Software of the Union")
    OTHER = "other", _("Other")


# What counts as training. People who enter a contest or are reached by a campaign were not trained.
TRAINING_KINDS: tuple[str, ...] = (TrainingKind.CLASS, TrainingKind.WORKSHOP)
