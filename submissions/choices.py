"""Fixed words of the submissions room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubmissionState(TextChoices):
    """From draft to acceptance. An accepted one that is reopened for a correction is a draft again."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent, waiting for acceptance")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


OPEN_STATES: tuple[str, ...] = (SubmissionState.DRAFT, SubmissionState.RETURNED)  # cells may be changed

# The tones of `status_badge`.
STATE_TONES: dict[str, str] = {
    SubmissionState.DRAFT: "plain",
    SubmissionState.SENT: "info",
    SubmissionState.RETURNED: "bad",
    SubmissionState.ACCEPTED: "good",
}
