"""The form of one unit and period: look, save as a draft, confirm as unchanged, reopen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import signed_in
from core.numbers import format_number
from core.verdicts import require
from submissions import actions, drawing
from submissions.forms import CellsForm, ReopenForm
from submissions.models import Submission
from submissions.permissions import CORRECTORS, SENDERS, may_reopen, may_type
from submissions.queries import load_sheet
from submissions.queries.history import history
from submissions.queries.periods import due_dates, owed_pairs, permitted
from submissions.rules import lock_problem, place_problem, too_early
from submissions.views.base import PageOfPeriod, PageOfReport, draft_name, grid_url
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
            "draft": draft_name(self.person, self.period, self.unit),
            "due_on": due_dates([self.period]).get((self.period.pk, self.unit.kind)),
            "submission": submission,
            "blocks": self.blocks,
            "returned": self._returned(),
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

    def _returned(self) -> list[tuple[str, str]]:
        """The numbers that were returned by name: the field of each, and what it is called."""
        named = self.sheet.facts.named
        return [(str(self.sheet.key(pk)), measure.name) for pk, measure in self.sheet.typed.items() if pk in named]

    def _may_take_back(self, submission: Submission) -> bool:
        return bool(SENDERS & self.rights) and (submission.is_sent or submission.is_unsigned) and not self.problem


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
class Unchanged(SaveUnitGrid):
    """Stores what was typed, then answers what is empty in a section, or in the whole form: «nothing changed»."""

    def load(self) -> None:
        super().load()
        chosen = self.request.GET.get("phan", "")
        self.section = int(chosen) if chosen.isdecimal() else None

    def perform(self, form: CellsForm) -> Any:
        super().perform(form)
        return actions.confirm_unchanged(
            unit=self.unit, period=self.period, section=self.section, by=self.person, today=self.today
        )

    def success_message(self, result: actions.Filled) -> str:
        if not result.levels and not result.flows:
            return _("No empty cell could be filled. %(left)s stay empty.") % {"left": format_number(result.left)}
        words = {
            "levels": format_number(result.levels),
            "flows": format_number(result.flows),
            "left": format_number(result.left),
        }
        return (
            _(
                "Filled: %(levels)s cells with the value reported before, %(flows)s with 0. %(left)s stay empty. "
                "Change any of them by typing."
            )
            % words
        )


@signed_in
class Reopen(PageOfReport):
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
