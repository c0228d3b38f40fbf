"""Fixed words of the submissions room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubmissionState(TextChoices):
    """From draft to acceptance. An accepted one that is reopened for a correction is a draft again."""

    DRAFT = "draft", _("Draft")
    UNSIGNED = "unsigned", _("Waiting for the signature")
    SENT = "sent", _("Sent, waiting for acceptance")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


OPEN_STATES: tuple[str, ...] = (SubmissionState.DRAFT, SubmissionState.RETURNED)  # cells may be changed
ARRIVED_STATES: tuple[str, ...] = (SubmissionState.SENT, SubmissionState.ACCEPTED)  # counts as reported

# The tones of `status_badge`.
STATE_TONES: dict[str, str] = {
    SubmissionState.DRAFT: "plain",
    SubmissionState.UNSIGNED: "warn",
    SubmissionState.SENT: "info",
    SubmissionState.RETURNED: "bad",
    SubmissionState.ACCEPTED: "good",
}


class Frequency(TextChoices):
    """How often a form is reported. Figures are kept by month: a longer period writes to the month in which it ends."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF = "half", _("Every half-year")
    NINE = "nine", _("Nine months")
    YEAR = "year", _("Every year")
    ADHOC = "adhoc", _("Ad hoc, opened by hand")


class DayShift(TextChoices):
    """Where a due day goes that falls on a weekend or a holiday."""

    NONE = "none", _("Stays")
    NEXT = "next", _("To the next working day")
    BEFORE = "before", _("To the working day before")


class RuleKind(TextChoices):
    """What a rule of a form compares."""

    COMPARE = "compare", _("One sum of numbers against another")
    CHANGE = "change", _("A number against the one reported before")


class Severity(TextChoices):
    """Errors block; a warning asks for a note before the report is sent."""

    ERROR = "error", _("Error: blocks")
    WARNING = "warning", _("Warning: asks for a note")


class Relation(TextChoices):
    AT_MOST = "le", _("at most (≤)")
    EQUAL = "eq", _("equal (=)")
    AT_LEAST = "ge", _("at least (≥)")


class Side(TextChoices):
    LEFT = "left", _("left")
    RIGHT = "right", _("right")
