"""What lies ahead of one unit, in one word."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Arrival(TextChoices):
    """When a unit reaches its target at its pace so far, the most pressing first."""

    NEVER = "never", _("Not at this pace")
    LATE = "late", _("After the deadline")
    IN_TIME = "in_time", _("In time")
    MET = "met", _("Reached")
    UNKNOWN = "unknown", _("Not enough data")
    NONE = "none", _("No target")


MARKS = {
    Arrival.NEVER: "behind",
    Arrival.LATE: "at_risk",
    Arrival.IN_TIME: "on_track",
    Arrival.MET: "reached",
    Arrival.UNKNOWN: "unknown",
    Arrival.NONE: "none",
}
