"""The steps of a report, each a page with one form: draw up, edit, freeze anew, make, issue, withdraw, replace."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import needs
from core.keys import key_of
from core.pages import FormPage
from core.verdicts import Verdict, require
from issuing.actions import making, reports
from issuing.forms import DraftForm, IssueForm, TextForm, WithdrawForm
from issuing.models import IssuedReport
from issuing.permissions import may_change, may_make, may_replace, may_withdraw
from issuing.queries.changed import changes_since
from issuing.queries.freezing import chosen_of
from programmes.models import Programme
from reports.queries.scope import PROGRAMME, UNIT
from units.choices import Right

DRAFTING = f"right.{Right.ISSUE}"


@needs(DRAFTING)
class ReportAdd(FormPage):
    """A draft; `?don-vi=` and `?chuong-trinh=` choose beforehand, as on the dashboards."""

    form_class = DraftForm
    title = gettext_lazy("Draw up a report")
    lead = gettext_lazy("The figures are frozen now and can be frozen again until the report is issued.")
    submit_label = gettext_lazy("Draw up")
    message = gettext_lazy("The draft is there; its figures are being frozen.")

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.by, "today": timezone.localdate(), "initial": _asked(self.request.GET)}

    def perform(self, form: DraftForm) -> IssuedReport:
        return reports.draft_report(by=self.by, today=timezone.localdate(), **form.cleaned_data)

    def success_url(self, result: IssuedReport | None) -> str:
        return reverse("issuing:detail", args=[result.pk]) if result else reverse("issuing:list")

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": [(_("Issued reports"), reverse("issuing:list")), (self.get_title(), "")]}


class ReportStep(FormPage):
    """Base of the steps of one report."""

    def verdict(self) -> Verdict:
        """Whether the person may do this with the report."""
        return may_change(self.by, self.report)

    def load(self) -> None:
        visible = IssuedReport.objects.visible_to(self.request.user).select_related("unit", "programme", "job")
        self.report: IssuedReport = self.fetch(visible, pk=self.kwargs["pk"])
        require(self.verdict())

    def success_url(self, result: Any) -> str:
        return reverse("issuing:detail", args=[self.report.pk])

    def context(self) -> dict[str, Any]:
        name = self.report.code or self.report.period.label
        way = [(_("Issued reports"), reverse("issuing:list")), (name, self.success_url(None)), (self.get_title(), "")]
        return {"breadcrumbs": way, "kicker": f"{self.report.unit.name} · {self.report}"}


@needs(DRAFTING)
class ReportText(ReportStep):
    form_class = TextForm
    title = gettext_lazy("Edit the text")
    message = gettext_lazy("The text has been saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"instance": copy(self.report), "codes": [one.indicator.code for one in chosen_of(self.report)]}

    def perform(self, form: TextForm) -> IssuedReport:
        return reports.edit_text(report=self.report, by=self.by, **form.changed_values())


@needs(DRAFTING)
class ReportFigures(ReportStep):
    title = gettext_lazy("Freeze the figures again")
    lead = gettext_lazy("The report takes the figures as they stand now; the earlier snapshot is kept.")
    submit_label = gettext_lazy("Freeze the figures")
    message = gettext_lazy("The figures are being frozen.")

    def perform(self, form: Any) -> IssuedReport:
        return making.ask_for_figures(report=self.report, by=self.by)


@needs(DRAFTING)
class ReportFiles(ReportStep):
    title = gettext_lazy("Make the files")
    lead = gettext_lazy("Word, PDF and the Excel annex are made from the last snapshot and the text as it is now.")
    submit_label = gettext_lazy("Make the files")
    message = gettext_lazy("The files are being made.")

    def verdict(self) -> Verdict:
        return may_make(self.by, self.report)

    def perform(self, form: Any) -> IssuedReport:
        return making.ask_for_files(report=self.report, by=self.by)


@needs(DRAFTING)
class ReportIssue(ReportStep):
    form_class = IssueForm
    title = gettext_lazy("Issue the report")
    lead = gettext_lazy("Type in the number and the day that the signed paper got. After that nothing can be changed.")
    submit_label = gettext_lazy("Issue")
    message = gettext_lazy("The report has been issued.")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"on": timezone.localdate()}}

    def perform(self, form: IssueForm) -> IssuedReport:
        return reports.issue_report(report=self.report, by=self.by, today=timezone.localdate(), **form.cleaned_data)

    def context(self) -> dict[str, Any]:
        changed = [] if self.report.at_work else changes_since(self.report, timezone.localdate())
        note = ""
        if changed:
            note = _("Since the snapshot was taken %(count)s figures have changed. Freeze the figures again first?")
        return {**super().context(), "note": note % {"count": len(changed)} if note else ""}


@needs(DRAFTING)
class ReportWithdraw(ReportStep):
    form_class = WithdrawForm
    title = gettext_lazy("Withdraw the report")
    lead = gettext_lazy("The report stays readable and is marked as withdrawn, with the reason.")
    submit_label = gettext_lazy("Withdraw")
    message = gettext_lazy("The report has been withdrawn.")
    danger = True

    def verdict(self) -> Verdict:
        return may_withdraw(self.by, self.report)

    def perform(self, form: WithdrawForm) -> IssuedReport:
        return reports.withdraw_report(
            report=self.report, reason=form.cleaned_data["reason"], by=self.by, today=timezone.localdate()
        )


@needs(DRAFTING)
class ReportReplace(ReportStep):
    title = gettext_lazy("Draw up a report in its place")
    lead = gettext_lazy(
        "A draft with the same text and the figures of now. It says what it replaces; the old report stays."
    )
    submit_label = gettext_lazy("Draw up")
    message = gettext_lazy("The draft is there; its figures are being frozen.")

    def verdict(self) -> Verdict:
        return may_replace(self.by, self.report)

    def perform(self, form: Any) -> IssuedReport:
        return reports.replace_report(report=self.report, by=self.by)

    def success_url(self, result: IssuedReport | None) -> str:
        return reverse("issuing:detail", args=[(result or self.report).pk])


@needs(DRAFTING)
class ReportDiscard(ReportStep):
    title = gettext_lazy("Delete the draft")
    lead = gettext_lazy("The draft is removed with its snapshots and files. This cannot be undone.")
    submit_label = gettext_lazy("Delete")
    message = gettext_lazy("The draft has been deleted.")
    danger = True

    def perform(self, form: Any) -> None:
        reports.discard_draft(report=self.report, by=self.by)

    def success_url(self, result: Any) -> str:
        return reverse("issuing:list")

    def cancel_url(self) -> str:
        return reverse("issuing:detail", args=[self.report.pk])


def _asked(query: QueryDict) -> dict[str, Any]:
    """What the link chose beforehand; what it cannot choose is left to the form."""
    found: dict[str, Any] = {}
    if key := key_of(query.get(UNIT, "")):
        found["unit"] = key
    programme = Programme.objects.filter(code=query.get(PROGRAMME, "")).values_list("pk", flat=True).first()
    return {**found, "programme": programme} if programme else found
