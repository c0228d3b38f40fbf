"""Fixed words: what a report covers, how far it is, who signs it, and the files that are made of it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportKind(TextChoices):
    """The periods of which units report. «9 months» is a report of its own in the practice of the Union."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    HALF = "half", _("Half-year")
    NINE = "nine", _("9 months")
    YEAR = "year", _("Year")

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half": 6, "nine": 9, "year": 12}[self.value]


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", _("Withdrawn")


REPORT_TONES: dict[str, str] = {
    ReportState.DRAFT: "plain",
    ReportState.ISSUED: "good",
    ReportState.WITHDRAWN: "bad",
}


class Signer(TextChoices):
    """Who signs for the standing committee: the chair, or a vice-chair in her place (KT.)."""

    CHAIR = "chair", _("Chair")
    VICE = "vice", _("Vice-chair, in place of the chair")


class FileKind(TextChoices):
    WORD = "docx", _("Word")
    PDF = "pdf", _("PDF")
    EXCEL = "xlsx", _("Excel annex")

    @property
    def content_type(self) -> str:
        return {
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "pdf": "application/pdf",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[self.value]
