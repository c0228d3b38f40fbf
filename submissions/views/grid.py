"""The form of one unit and month: look, save as a draft, send, reopen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.periods import label, month_of
from core.verdicts import require
from submissions import actions, drawing
from submissions.forms import CellsForm, ReopenForm
from submissions.models import Submission
from submissions.permissions import CORRECTORS, SENDERS, may_reopen, may_send, may_type
from submissions.queries import load_sheet, sections_of
from submissions.queries.history import history
from submissions.rules import place_problem
from submissions.views.base import PageOfMonth, grid_url
from units.choices import Right
from units.permissions import rights_at
from units.queries import successors


class _Grid(PageOfMonth):
    template_name = "submissions/grid.html"
    form_class = CellsForm

    def load(self) -> None:
        super().load()
        self.sheet = load_sheet(self.unit, self.month)
        if not self.sheet.typed:  # districts, branches, the centre
            raise Http404
        self.rights = rights_at(self.person, self.unit)
        self.problem = place_problem(self.unit, self.month, today=self.today)

    def form_arguments(self) -> dict[str, Any]:
        """Inputs for who may type. A sent form keeps them all: a save that comes too late shows what was typed."""
        posted = self.request.method == "POST"
        typing = Right.ENTER in self.rights and (posted or (self.sheet.is_open and not self.problem))
        return {
            "sheets": {(self.unit.pk, self.month): self.sheet} if typing else {},
            "measures": self.sheet.typed.values(),
            "notes": True,
            "closed_too": posted,
        }

    def get_title(self) -> str:
        return self.unit.name

    def show(self, form: Any) -> HttpResponseBase:
        self.blocks = drawing.blocks(self.sheet, sections_of(self.sheet.measures), form)
        self.typing = any(block.open for block in self.blocks)
        return super().show(form)

    def context(self) -> dict[str, Any]:
        submission = self.sheet.submission
        return {
            "unit": self.unit,
            "month": self.month,
            "submission": submission,
            "blocks": self.blocks,
            "typing": self.typing,
            "problem": self.problem,
            "successors": successors(self.unit) if self.problem else [],
            "may_send": self.sheet.is_open and not self.problem and bool(SENDERS & self.rights),
            "may_decide": Right.ACCEPT in self.rights,
            "may_reopen": bool(CORRECTORS & self.rights),
            "earlier": self.month - 1,
            "later": self.month + 1 if self.month < month_of(self.today) else None,
            "history": history(submission) if submission else [],
            "breadcrumbs": self.breadcrumbs(),
        }

    def success_url(self, result: Any) -> str:
        return grid_url("grid", self.unit.pk, self.month)


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
        return redirect(grid_url("grid", kwargs["unit"], kwargs["month"]))

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
        submission = Submission.objects.filter(unit=self.unit, period=self.month).first()
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
        self.sheet = load_sheet(self.unit, self.month)
        form = self.form_class(**self.form_arguments())
        form.show_refusal(self.refusal)
        return self.show(form)

    def success_message(self, result: Any) -> str:
        return _("The report for %(month)s has been sent for acceptance.") % {"month": label(self.month)}


@signed_in
class Reopen(PageOfMonth):
    """Opens an accepted report for a correction, with the reason."""

    form_class = ReopenForm
    title = gettext_lazy("Correct an accepted report")
    lead = gettext_lazy("The accepted figures stay in force until the correction is accepted.")
    submit_label = gettext_lazy("Reopen the report")
    message = gettext_lazy("The report is open again. Correct it and send it.")

    def load(self) -> None:
        super().load()
        require(may_reopen(self.person, self.unit))
        self.submission = self.fetch(
            Submission.objects.visible_to(self.person).select_related("unit"), unit=self.unit, period=self.month
        )

    def perform(self, form: ReopenForm) -> Submission:
        return actions.reopen_submission(submission=self.submission, reason=form.cleaned_data["reason"], by=self.person)

    def success_url(self, result: Any) -> str:
        return grid_url("grid", self.unit.pk, self.month)

    def context(self) -> dict[str, Any]:
        return {"breadcrumbs": self.breadcrumbs((self.title, ""))}
