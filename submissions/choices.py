"""Fixed words of the submissions room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from units.choices import Right

if TYPE_CHECKING:
    from django.utils.functional import Promise


class SubmissionState(TextChoices):
    """From draft to acceptance. An accepted one that is reopened for a correction is a draft again."""

    DRAFT = "draft", _("Draft")
    UNSIGNED = "unsigned", _("Waiting for the signature")
    SENT = "sent", _("Sent, waiting for acceptance")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


OPEN_STATES: tuple[str, ...] = (SubmissionState.DRAFT, SubmissionState.RETURNED)  # cells may be changed
ARRIVED_STATES: tuple[str, ...] = (SubmissionState.SENT, SubmissionState.ACCEPTED)  # counts as reported


class Standing(TextChoices):
    """How far a unit is with a period, as seen from above: has it reported, and in time?

    `untimed`: its figures came by an import, so that nobody can say whether they came in time.
    """

    IN_TIME = "in_time", _("Sent in time")
    LATE = "late", _("Sent late")
    UNTIMED = "untimed", _("Has figures, day unknown")
    RETURNED = "returned", _("Returned, to be mended")
    UNSIGNED = "unsigned", _("Waiting for the signature")
    DRAFT = "draft", _("Draft, not sent")
    MISSING = "missing", _("Not reported")
    NOT_DUE = "not_due", _("Its days still run")
    ABSENT = "absent", _("Did not report then")


REPORTED: tuple[str, ...] = (Standing.IN_TIME, Standing.LATE, Standing.UNTIMED)
UNSENT: tuple[str, ...] = (Standing.RETURNED, Standing.UNSIGNED, Standing.DRAFT, Standing.MISSING)

# In the cells of a table, where the legend says the rest.
STANDING_WORDS: dict[str, str | Promise] = {
    Standing.IN_TIME: _("In time"),
    Standing.LATE: _("Came late"),
    Standing.UNTIMED: _("Has figures"),
    Standing.RETURNED: _("Returned"),
    Standing.UNSIGNED: _("To be signed"),
    Standing.DRAFT: _("Draft"),
    Standing.MISSING: _("Not sent"),
    Standing.NOT_DUE: _("Not due yet"),
    Standing.ABSENT: "–",
}
STANDING_TONES: dict[str, str] = {
    Standing.IN_TIME: "good",
    Standing.LATE: "warn",
    Standing.UNTIMED: "info",
    Standing.RETURNED: "bad",
    Standing.UNSIGNED: "plain",
    Standing.DRAFT: "plain",
    Standing.MISSING: "bad",
    Standing.NOT_DUE: "plain",
    Standing.ABSENT: "plain",
}

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


class CellState(TextChoices):
    """What became of a cell that saves by itself."""

    SAVED = "saved", _("saved")
    INVALID = "invalid", _("wrong, not saved")
    CONFLICT = "conflict", _("two values")


class Occasion(TextChoices):
    """Why a person is told about a report."""

    WEEK = "week", _("7 days before the due date")
    DAYS = "days", _("2 days before the due date")
    DUE = "due", _("On the due date")
    OVERDUE = "overdue", _("After the due date")
    ASKED = "asked", _("Reminded by an officer")
    RETURNED = "returned", _("Returned")
    LAGGING = "lagging", _("Units below lag")


class MailPace(TextChoices):
    """How often a person gets e-mail; in the portal everything is shown at once."""

    EACH = "each", _("Each time something is to be done")
    DAILY = "daily", _("At most once a day, everything together")
    WEEKLY = "weekly", _("Once a week, on Monday")
    NEVER = "never", _("No e-mail: I look into the portal")


class MailState(TextChoices):
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("E-mail sent")
    FAILED = "failed", _("E-mail failed")


class NoticeMail(TextChoices):
    """What became of a notice on its way into an e-mail; once taken, the e-mail tells the rest."""

    WAITING = "waiting", _("Waits for the next e-mail")
    TAKEN = "taken", _("In an e-mail")
    SETTLED = "settled", _("No e-mail: the report had come")
    UNWANTED = "unwanted", _("No e-mail: not wanted")
    NOWHERE = "nowhere", _("No e-mail: the account has no address")


MAIL_TONES: dict[str, str] = {MailState.CLAIMED: "plain", MailState.SENT: "good", MailState.FAILED: "bad"}

FOLLOWERS = frozenset({Right.ACCEPT, Right.MANAGE_CATALOGUE})  # who looks after the reports of the units below

REMIND = "submissions.remind"  # work in the ledger of jobs
