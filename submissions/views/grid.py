"""The form of one unit and period: look, save as a draft, send, sign, take back, reopen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.forms import Form
from core.verdicts import require
from submissions import actions, drawing
from submissions.forms import CellsForm, ReopenForm, ReturnForm
from submissions.models import Submission
from submissions.permissions import CORRECTORS, SENDERS, may_reopen, may_send, may_sign, may_type
from submissions.queries import load_sheet
from submissions.queries.history import history
from submissions.queries.periods import due_dates, owed_pairs, permitted
from submissions.rules import lock_problem, place_problem, too_early
from submissions.views.base import PageOfPeriod, grid_url
from units.choices import Right
from units.permissions import rights_at
from units.queries import successors


class _Grid(PageOfPeriod):
    template_name = "submissions/grid.html"
    form_class = CellsForm

    def load(self) -> None:
        super().load()
        self.sheet = load_sheet(self.unit, self.period)
        if not self.sheet.typed:  # districts, branches, the centre
            raise Http404
        self.rights = rights_at(self.person, self.unit)
        self.problem = self._problem()

    def _problem(self) -> str:
        """Why nothing can be typed here, whatever the rights."""
        pair = (self.unit.pk, self.period.pk)
        if text := place_problem(self.unit, self.period, today=self.today):
            return text
        if pair not in owed_pairs([pair], {self.period.pk: self.period}):
            return _("“%(unit)s” does not owe this report.") % {"unit": self.unit.name}
        opened = permitted([self.unit], [self.period], self.today)
        return lock_problem(self.period, permitted=pair in opened, today=self.today)

    def form_arguments(self) -> dict[str, Any]:
        """Inputs for who may type. A sent form keeps them all: a save that comes too late shows what was typed."""
        posted = self.request.method == "POST"
        typing = Right.ENTER in self.rights and (posted or (self.sheet.is_open and not self.problem))
        return {
            "sheets": {(self.unit.pk, self.period.pk): self.sheet} if typing else {},
            "measures": self.sheet.typed.values(),
            "notes": True,
            "closed_too": posted,
        }

    def get_title(self) -> str:
        return self.unit.name

    def show(self, form: Any) -> HttpResponseBase:
        self.blocks = drawing.blocks(self.sheet, form)
        self.typing = any(block.open for block in self.blocks)
        return super().show(form)

    def context(self) -> dict[str, Any]:
        submission = self.sheet.submission
        return {
            "unit": self.unit,
            "period": self.period,
            "due_on": due_dates([self.period]).get((self.period.pk, self.unit.kind)),
            "submission": submission,
            "blocks": self.blocks,
            "typing": self.typing,
            "problem": self.problem,
            "early": too_early(self.period, today=self.today),
            "successors": successors(self.unit) if self.problem else [],
            "may_send": self.sheet.is_open and not self.problem and bool(SENDERS & self.rights),
            "may_sign": Right.SIGN in self.rights,
            "may_take_back": submission is not None and self._may_take_back(submission),
            "may_decide": Right.ACCEPT in self.rights,
            "may_reopen": bool(CORRECTORS & self.rights) and not self.problem,
            "history": history(submission) if submission else [],
            "breadcrumbs": self.breadcrumbs(),
            **self.neighbours(),
        }

    def _may_take_back(self, submission: Submission) -> bool:
        return bool(SENDERS & self.rights) and (submission.is_sent or submission.is_unsigned) and not self.problem

    def success_url(self, result: Any) -> str:
        return grid_url("grid", self.unit.pk, self.period.pk)


@signed_in
class UnitGrid(_Grid):
    http_method_names = ["get", "head", "options"]


@signed_in
class SaveUnitGrid(_Grid):
    """Stores what was typed as a draft. Opened by its address it leads to the form."""

    def load(self) -> None:
        super().load()
        require(may_type(self.person, self.unit))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(grid_url("grid", kwargs["unit"], kwargs["period"]))

    def perform(self, form: CellsForm) -> Any:
        return actions.save_grid(edits=form.edits(), by=self.person, today=self.today)


@signed_in
class SendUnitGrid(SaveUnitGrid):
    """Stores what was typed, then sends. What is refused for sending stays stored as a draft."""

    refusal: ValidationError | None = None

    def load(self) -> None:
        super(SaveUnitGrid, self).load()
        require(may_send(self.person, self.unit))

    def perform(self, form: CellsForm) -> Submission:
        super().perform(form)
        submission = Submission.objects.filter(unit=self.unit, period=self.period).first()
        if submission is None:
            raise ValidationError(_("No number has been entered yet. Enter at least one before sending."))
        try:
            with transaction.atomic():
                return actions.send_submission(submission=submission, by=self.person, today=self.today)
        except ValidationError as refusal:
            self.refusal = refusal
        return submission

    def done(self, result: Any) -> HttpResponseBase:
        if self.refusal is None:
            return super().done(result)
        self.sheet = load_sheet(self.unit, self.period)
        form = self.form_class(**self.form_arguments())
        form.show_refusal(self.refusal)
        return self.show(form)

    def success_message(self, result: Any) -> str:
        words = {"period": self.period.label}
        if result.is_unsigned:
            return _("The report for %(period)s waits for the signature of the unit's leader.") % words
        return _("The report for %(period)s has been sent for acceptance.") % words


class _OfReport(PageOfPeriod):
    """A page about the report of the unit, which has been begun."""

    def load(self) -> None:
        super().load()
        self.submission = self.fetch(
            Submission.objects.visible_to(self.person).select_related("unit", "period__form"),
            unit=self.unit,
            period=self.period,
        )

    def success_url(self, result: Any) -> str:
        return grid_url("grid", self.unit.pk, self.period.pk)

    def context(self) -> dict[str, Any]:
        return {"lead": self.get_lead(), "breadcrumbs": self.breadcrumbs((self.title, ""))}

    def get_lead(self) -> str:
        return f"{self.unit.name} · {self.period.form.name} · {self.period.label}"


@signed_in
class Sign(_OfReport):
    """The leader of the unit signs what was entered; with that the report is sent."""

    form_class = Form
    title = gettext_lazy("Sign the report")
    submit_label = gettext_lazy("Sign and send")
    message = gettext_lazy("Signed. The report has been sent for acceptance.")

    def load(self) -> None:
        super().load()
        require(may_sign(self.person, self.unit))

    def perform(self, form: Form) -> Submission:
        return actions.sign_submission(submission=self.submission, by=self.person, today=self.today)


@signed_in
class GiveBack(_OfReport):
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
class TakeBack(_OfReport):
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


@signed_in
class Reopen(_OfReport):
    """Opens an accepted report for a correction, with the reason."""

    form_class = ReopenForm
    title = gettext_lazy("Correct an accepted report")
    lead = gettext_lazy("The accepted figures stay in force until the correction is accepted.")
    submit_label = gettext_lazy("Reopen the report")
    message = gettext_lazy("The report is open again. Correct it and send it.")

    def load(self) -> None:
        super().load()
        require(may_reopen(self.person, self.unit))

    def get_lead(self) -> str:
        return str(self.lead)

    def perform(self, form: ReopenForm) -> Submission:
        return actions.reopen_submission(
            submission=self.submission, reason=form.cleaned_data["reason"], by=self.person, today=self.today
        )
