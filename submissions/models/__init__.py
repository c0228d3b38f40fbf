from submissions.models.forms import CheckRule, DueRule, Form, FormLine, FormSection, FormVersion, RuleTerm
from submissions.models.notices import Mail, MailChoice, Notice, NoticeQuerySet
from submissions.models.periods import Holiday, PeriodDue, Permit, ReportingPeriod
from submissions.models.submissions import Cell, ReturnedCell, Submission, SubmissionQuerySet

__all__ = [
    "Cell",
    "CheckRule",
    "DueRule",
    "Form",
    "FormLine",
    "FormSection",
    "FormVersion",
    "Holiday",
    "Mail",
    "MailChoice",
    "Notice",
    "NoticeQuerySet",
    "PeriodDue",
    "Permit",
    "ReportingPeriod",
    "ReturnedCell",
    "RuleTerm",
    "Submission",
    "SubmissionQuerySet",
]
