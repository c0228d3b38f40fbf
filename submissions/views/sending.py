"""From the filled-in form to the sent report: looked over, sent, signed, given back, taken back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.forms import Form
from core.verdicts import require
from submissions import actions
from submissions.forms import ConfirmForm, ReturnForm
from submissions.models import Submission
from submissions.permissions import may_send, may_sign
from submissions.queries import load_sheet
from submissions.rules import too_early
from submissions.summary import summary
from submissions.views.base import PageOfPeriod, PageOfReport, grid_url
from submissions.views.grid import SaveUnitGrid


class _LookedOver(PageOfPeriod):
    """Shows what the report says and does, and asks for a confirmation where most of it is empty."""

    template_name = "submissions/check.html"
    form_class = ConfirmForm

    def load(self) -> None:
        super().load()
        self.sheet = load_sheet(self.unit, self.period)
        if not self.sheet.typed:  # districts, branches, the centre
            raise Http404
        self.summary = summary(self.sheet)

    def form_arguments(self) -> dict[str, Any]:
        version = self.sheet.submission.version if self.sheet.submission else 0
        return {"empty": self.summary.empty if self.summary.is_mostly_empty else 0, "initial": {"version": version}}

    def context(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "period": self.period,
            "summary": self.summary,
            "lead": self.get_lead(),
            "early": too_early(self.period, today=self.today),
            "breadcrumbs": self.breadcrumbs((self.get_title(), "")),
        }


class _BeforeSending(_LookedOver):
    title = gettext_lazy("Look over and send")

    def load(self) -> None:
        super().load()
        require(may_send(self.person, self.unit))

    def show(self, form: Any) -> HttpResponseBase:
        if not self.sheet.is_open:  # it has left meanwhile: its page says when and by whom
            return redirect(self.success_url(None))
        return super().show(form)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "submit_label": self._label(),
            "send_url": grid_url("send", self.unit.pk, self.period.pk),
        }

    def _label(self) -> str:
        if not self.period.form.signed:
            return _("Send the report")
        return _("Sign and send") if may_sign(self.person, self.unit) else _("Send for the signature")


@signed_in
class SaveAndCheck(SaveUnitGrid):
    """Stores what was typed and leads to the page that looks it over."""

    def success_url(self, result: Any) -> str:
        return grid_url("check", self.unit.pk, self.period.pk)


@signed_in
class Check(_BeforeSending):
    """Looks a report over before it is sent."""

    http_method_names = ["get", "head", "options"]


@signed_in
class Send(_BeforeSending):
    """Sends the report as it was looked over. Opened by its address it leads there."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(grid_url("check", kwargs["unit"], kwargs["period"]))

    def perform(self, form: ConfirmForm) -> Submission:
        if self.sheet.submission is None:
            raise ValidationError(_("No number has been entered yet. Enter at least one before sending."))
        return actions.send_submission(
            submission=self.sheet.submission, by=self.person, today=self.today, seen=form.cleaned_data["version"]
        )

    def success_message(self, result: Any) -> str:
        words = {"period": self.period.label}
        if result.is_unsigned:
            return _("The report for %(period)s waits for the signature of the unit's leader.") % words
        return _("The report for %(period)s has been sent for acceptance.") % words


@signed_in
class Sign(_LookedOver, PageOfReport):
    """The leader of the unit looks over what was entered and signs it; with that the report is sent."""

    title = gettext_lazy("Sign the report")
    submit_label = gettext_lazy("Sign and send")
    message = gettext_lazy("Signed. The report has been sent for acceptance.")

    def load(self) -> None:
        super().load()
        require(may_sign(self.person, self.unit))

    def perform(self, form: ConfirmForm) -> Submission:
        return actions.sign_submission(
            submission=self.submission, by=self.person, today=self.today, seen=form.cleaned_data["version"]
        )


@signed_in
class GiveBack(PageOfReport):
    """The leader of the unit gives a report back instead of signing it."""

    form_class = ReturnForm
    title = gettext_lazy("Give the report back")
    submit_label = gettext_lazy("Give back")
    message = gettext_lazy("The report has been given back to be mended.")
    danger = True

    def load(self) -> None:
        super().load()
        require(may_sign(self.person, self.unit))

    def form_arguments(self) -> dict[str, Any]:
        return {"sheet": load_sheet(self.unit, self.period)}

    def perform(self, form: ReturnForm) -> Submission:
        if not self.submission.is_unsigned:
            raise ValidationError(_("This report does not wait for a signature."))
        reason = form.cleaned_data["reason"]
        return actions.return_submission(submission=self.submission, reason=reason, cells=form.named(), by=self.person)


@signed_in
class TakeBack(PageOfReport):
    """Opens a report again that nobody has decided on."""

    form_class = Form
    title = gettext_lazy("Take the report back")
    submit_label = gettext_lazy("Take back")
    message = gettext_lazy("The report is a draft again. It counts as not sent until you send it.")
    danger = True

    def load(self) -> None:
        super().load()
        require(may_send(self.person, self.unit))

    def perform(self, form: Form) -> Submission:
        return actions.take_back(submission=self.submission, by=self.person)
